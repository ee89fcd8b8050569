//! One event for every change of money or authority, with every amount, written to the transaction's log.
//!
//! Logs can be cut by the runtime, so nothing may be paid on an event's word: the accounts are the truth. Logs were
//! preferred to self-calls because a push has no bytes and no compute units to spare for one.

mod authority;

use anchor_lang::prelude::*;

pub use authority::*;

use crate::state::{Audience, Epoch, Terms};

/// The protocol was set up.
#[event]
pub struct ConfigInitialized {
    /// May change the configuration.
    pub admin: Pubkey,
    /// Receives earned fees.
    pub treasury: Pubkey,
    /// The fee of distributors created from now on.
    pub fee_basis_points: u16,
}

/// The protocol's settings changed; distributors keep the fee that they were created with.
#[event]
pub struct ConfigUpdated {
    /// Who changed them.
    pub admin: Pubkey,
    /// The treasury before and after.
    pub treasury: [Pubkey; 2],
    /// The fee before and after.
    pub fee_basis_points: [u16; 2],
    /// Whether the protocol was paused before and is after.
    pub paused: [bool; 2],
}

/// An action was launched.
#[event]
pub struct ActionCreated {
    /// The action's address.
    pub action: Pubkey,
    /// Its owner.
    pub owner: Pubkey,
    /// Its owner's number for it.
    pub id: u64,
    /// Who may do it.
    pub audience: Audience,
    /// SHA-256 of the query that measures it.
    pub query_hash: [u8; 32],
}

/// A distributor was created, with nothing in it.
#[event]
pub struct DistributorCreated {
    /// The distributor's address.
    pub distributor: Pubkey,
    /// Its owner.
    pub owner: Pubkey,
    /// May post roots.
    pub publisher: Pubkey,
    /// May cancel a root before it opens, as the owner may.
    pub guardian: Pubkey,
    /// The mint it pays, or zero for SOL.
    pub mint: Pubkey,
    /// The schedule and its limits.
    pub terms: Terms,
    /// The fee that funding adds.
    pub fee_basis_points: u16,
}

/// Rewards were added to a distributor.
#[event]
pub struct DistributorFunded {
    /// The distributor.
    pub distributor: Pubkey,
    /// Who paid.
    pub funder: Pubkey,
    /// Base units of rewards added.
    pub amount: u64,
    /// Base units of fee added on top.
    pub fee: u64,
    /// Base units of rewards added in all.
    pub funded: u64,
}

/// The schedule was cut short.
#[event]
pub struct DistributorEnded {
    /// The distributor.
    pub distributor: Pubkey,
    /// The number of epochs before and after.
    pub epoch_count: [u32; 2],
}

/// A distributor was closed for ever; its address cannot be used again.
#[event]
pub struct DistributorClosed {
    /// The distributor.
    pub distributor: Pubkey,
    /// Base units of rewards that were added in all.
    pub funded: u64,
    /// Base units of rewards that were paid in all.
    pub paid: u64,
    /// Base units that went to the treasury.
    pub fee_earned: u64,
    /// Base units that went back to the owner.
    pub refunded: u64,
}

/// An action feeds a distributor from now on.
#[event]
pub struct LinkCreated {
    /// The action.
    pub action: Pubkey,
    /// The distributor.
    pub distributor: Pubkey,
    /// What a value of the action counts for, in basis points.
    pub weight_basis_points: u32,
}

/// A root was posted and its total reserved.
#[event]
pub struct EpochPosted {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The epoch's index.
    pub index: u32,
    /// The root of its allocations.
    pub root: [u8; 32],
    /// SHA-256 of the bundle's manifest.
    pub manifest_hash: [u8; 32],
    /// How many roots of this epoch were cancelled before.
    pub revision: u16,
    /// How many leaves the tree has.
    pub leaf_count: u32,
    /// Base units reserved.
    pub total: u64,
    /// When payments open, unix seconds.
    pub opens_at: i64,
    /// When they end, unix seconds.
    pub closes_at: i64,
}

impl EpochPosted {
    /// That `epoch`, which is at `address`, has its root.
    #[must_use]
    pub fn of(address: Pubkey, epoch: &Epoch) -> Self {
        let Epoch { distributor, index, root, manifest_hash, revision, leaf_count, total, opens_at, closes_at, .. } =
            *epoch;
        Self {
            distributor,
            epoch: address,
            index,
            root,
            manifest_hash,
            revision,
            leaf_count,
            total,
            opens_at,
            closes_at,
        }
    }
}

/// An epoch was passed over, because nobody qualified; it may still be posted until its grace is over.
#[event]
pub struct EpochSkipped {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The epoch's index.
    pub index: u32,
}

/// A root was taken back before it opened.
#[event]
pub struct EpochCancelled {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The epoch's index.
    pub index: u32,
    /// The root taken back.
    pub root: [u8; 32],
    /// Base units no longer reserved.
    pub total: u64,
    /// The owner or the guardian.
    pub authority: Pubkey,
}

/// A wallet claimed its leaf.
#[event]
pub struct Claimed {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The leaf.
    pub index: u32,
    /// The wallet that the leaf names.
    pub recipient: Pubkey,
    /// The account that received the payment.
    pub destination: Pubkey,
    /// Base units paid.
    pub amount: u64,
}

/// A block of leaves was pushed.
#[event]
pub struct Pushed {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The block's first leaf.
    pub first_index: u32,
    /// Bit `i`: leaf `first_index + i` was paid by this push.
    pub paid: u32,
    /// Base units paid in all.
    pub amount: u64,
    /// The leaves that were not paid, and why.
    pub skipped: Vec<Skipped>,
}

/// A leaf that a push did not pay.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, PartialEq)]
pub struct Skipped {
    /// The leaf.
    pub index: u32,
    /// Why not.
    pub reason: SkipReason,
}

/// Why a push left a leaf unpaid; none of these stops the other leaves.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, PartialEq)]
pub enum SkipReason {
    /// It was paid before.
    AlreadyPaid,
    /// The push named the wallet without an account.
    Absent,
    /// The recipient's token account is frozen.
    Frozen,
    /// The recipient's token account insists on a memo.
    MemoRequired,
    /// The amount would leave the recipient's account below the rent-exempt minimum.
    BelowRentExemption,
    /// The recipient's account cannot be credited: it is a program or was passed read-only.
    NotCreditable,
}

/// An epoch ended, and what it did not pay is free again.
#[event]
pub struct EpochClosed {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The epoch's index.
    pub index: u32,
    /// How many leaves were paid.
    pub paid_count: u32,
    /// How many leaves the guardian had struck.
    pub struck_count: u32,
    /// Base units paid.
    pub paid_total: u64,
    /// Base units returned to the pool.
    pub unpaid: u64,
}
