//! The events of money that leaves a distributor other than by a leaf or by its owner.

use anchor_lang::prelude::*;

/// A sponsor got back its share of what a distributor did not spend.
#[event]
pub struct SponsorRefunded {
    /// The distributor.
    pub distributor: Pubkey,
    /// The sponsor's wallet.
    pub sponsor: Pubkey,
    /// The account that received the share.
    pub destination: Pubkey,
    /// Base units of rewards that it had added.
    pub contributed: u64,
    /// Base units that it got back, its share of the fee included.
    pub amount: u64,
}

/// Earned fees went to the treasury.
#[event]
pub struct FeeCollected {
    /// The distributor.
    pub distributor: Pubkey,
    /// The account that received them.
    pub treasury: Pubkey,
    /// Base units that it received now.
    pub amount: u64,
    /// Base units that went to the treasury in all.
    pub collected: u64,
}
