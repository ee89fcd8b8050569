//! The events of money that leaves a distributor other than by a leaf or by its owner.

use anchor_lang::prelude::*;

/// A sponsor got back what a distributor did not spend of a sponsorship.
#[event]
pub struct SponsorRefunded {
    /// The distributor.
    pub distributor: Pubkey,
    /// The sponsor's wallet.
    pub sponsor: Pubkey,
    /// The account that received it.
    pub destination: Pubkey,
    /// The sponsor's number for it.
    pub number: u32,
    /// Base units of rewards that had been added by it.
    pub contributed: u64,
    /// Base units that went back, fee included.
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
