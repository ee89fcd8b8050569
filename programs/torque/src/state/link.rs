//! That an action feeds a distributor. One action may feed many and one distributor may be fed by many.

use anchor_lang::prelude::*;

use crate::state::layout;

/// Seeds: `link`, action, distributor. Created by the distributor's owner, whose money it is.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Debug, InitSpace)]
pub struct Link {
    /// Layout version.
    pub version: u8,
    /// Of the address.
    pub bump: u8,
    /// What is measured.
    pub action: Pubkey,
    /// What pays for it.
    pub distributor: Pubkey,
    /// What a value of the action counts for in the distributor's sum: 10,000 is once. Never zero.
    pub weight_basis_points: u32,
    /// Paid the rent and gets it back. A closed distributor no longer tells its owner.
    pub rent_payer: Pubkey,
}

layout::account!(Link);
