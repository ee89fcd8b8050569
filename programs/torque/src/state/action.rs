//! A behaviour to reward: what measures it and who may do it. Distributors pay for it through links.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::state::layout;

/// Seeds: `action`, creator, id. Once closed, its address stays taken.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Debug, InitSpace)]
pub struct Action {
    /// Layout version.
    pub version: u8,
    /// Of the address.
    pub bump: u8,
    /// Launched it; part of the address for good.
    pub creator: Pubkey,
    /// The creator's number for it.
    pub id: u64,
    /// May change it.
    pub owner: Pubkey,
    /// Will be the owner once it accepts; zero if nobody is named.
    pub pending_owner: Pubkey,
    /// Who may do it, unless [`Self::next`] is in force. Evaluation applies it; anyone can recompute that.
    pub audience: Audience,
    /// SHA-256 of the query that measures it; zero where amounts are given directly.
    pub query_hash: [u8; 32],
    /// SHA-256 of its description for people.
    pub metadata_hash: [u8; 32],
    /// Unix seconds from which it counts.
    pub start: i64,
    /// Unix seconds before which it counts; `i64::MAX` for no end.
    pub end: i64,
    /// What is in force from a time on that was in the future when it was set; `from` is zero if nothing is.
    pub next: NextRules,
    /// Zero, for later versions.
    pub spare: [u8; 96],
}

layout::account!(Action);

/// Who may do an action and what measures it, from a time on.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, InitSpace, PartialEq)]
pub struct NextRules {
    /// Unix seconds. An epoch goes by what is in force when it begins.
    pub from: i64,
    /// Who may do it.
    pub audience: Audience,
    /// SHA-256 of the query that measures it.
    pub query_hash: [u8; 32],
    /// SHA-256 of its description for people.
    pub metadata_hash: [u8; 32],
}

impl Default for NextRules {
    fn default() -> Self {
        Self { from: 0, audience: Audience::Everyone, query_hash: [0; 32], metadata_hash: [0; 32] }
    }
}

/// Which public keys may do an action.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, InitSpace, PartialEq)]
pub enum Audience {
    /// Every key.
    Everyone,
    /// The keys of a list.
    AllowList {
        /// Merkle root over the sorted keys.
        root: [u8; 32],
    },
    /// Every key but those of a list.
    DenyList {
        /// Merkle root over the sorted keys.
        root: [u8; 32],
    },
    /// The keys that hold a token.
    TokenGate {
        /// Of what.
        mint: Pubkey,
        /// Base units, at least one.
        minimum_amount: u64,
    },
}

impl Action {
    /// Sets what is in force from a time after `now` on, in place of what has not come into force yet.
    ///
    /// # Errors
    /// `ChangeNotInFuture`, `AudienceInvalid`.
    pub fn update(&mut self, next: NextRules, now: i64) -> Result<()> {
        ensure!(next.from > now.max(0), TorqueError::ChangeNotInFuture);
        if self.next.from != 0 && self.next.from <= now {
            let NextRules { audience, query_hash, metadata_hash, .. } = self.next;
            (self.audience, self.query_hash, self.metadata_hash) = (audience, query_hash, metadata_hash);
        }
        self.next = next;
        self.invariant()
    }

    /// What must hold at the end of every instruction that changes an action.
    ///
    /// # Errors
    /// `ActionPeriodInvalid`, `AudienceInvalid`.
    pub fn invariant(&self) -> Result<()> {
        ensure!(0 <= self.start && self.start < self.end, TorqueError::ActionPeriodInvalid);
        ensure!(self.audience.is_valid() && self.next.audience.is_valid(), TorqueError::AudienceInvalid);
        Ok(())
    }
}

impl Audience {
    /// Whether its list has a root, its mint is one and its amount is something.
    fn is_valid(&self) -> bool {
        match *self {
            Self::Everyone => true,
            Self::AllowList { root } | Self::DenyList { root } => root != [0; 32],
            Self::TokenGate { mint, minimum_amount } => mint != Pubkey::default() && minimum_amount > 0,
        }
    }
}
