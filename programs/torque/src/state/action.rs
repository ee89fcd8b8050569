//! A behaviour to reward: what measures it and who may do it. Distributors pay for it through links.

use anchor_lang::prelude::*;

use crate::error::TorqueError;

/// Seeds: `action`, owner, id. Created by its owner.
#[account]
#[derive(Debug, InitSpace)]
pub struct Action {
    /// Layout version.
    pub version: u8,
    /// Of the address.
    pub bump: u8,
    /// Launched it.
    pub owner: Pubkey,
    /// The owner's number for it.
    pub id: u64,
    /// Who may do it. Evaluation applies it; anyone can recompute that.
    pub audience: Audience,
    /// SHA-256 of the query that measures it; zero where amounts are given directly.
    pub query_hash: [u8; 32],
    /// SHA-256 of its description for people.
    pub metadata_hash: [u8; 32],
    /// Unix seconds from which it counts.
    pub start: i64,
    /// Unix seconds before which it counts; `i64::MAX` for no end.
    pub end: i64,
    /// Zero, for later versions.
    pub spare: [u8; 96],
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
    /// What must hold at the end of every instruction that changes an action.
    ///
    /// # Errors
    /// `ActionPeriodInvalid`, `AudienceInvalid`.
    pub fn invariant(&self) -> Result<()> {
        require!(0 <= self.start && self.start < self.end, TorqueError::ActionPeriodInvalid);
        let audience_is_valid = match self.audience {
            Audience::Everyone => true,
            Audience::AllowList { root } | Audience::DenyList { root } => root != [0; 32],
            Audience::TokenGate { mint, minimum_amount } => mint != Pubkey::default() && minimum_amount > 0,
        };
        require!(audience_is_valid, TorqueError::AudienceInvalid);
        Ok(())
    }
}
