//! One event for every change of money or authority, with every amount, written to the transaction's log.
//!
//! Logs can be cut by the runtime, so nothing may be paid on an event's word: the accounts are the truth. Logs were
//! preferred to self-calls because a push has no bytes and no compute units to spare for one.

mod authority;
mod epoch;
mod raffle;
mod settlement;

use std::io::Write as _;

use anchor_lang::Event;
use anchor_lang::prelude::*;
use anchor_lang::solana_program::log::sol_log_data;

pub use authority::*;
pub use epoch::*;
pub use raffle::*;
pub use settlement::{FeeCollected, SponsorRefunded};

use crate::powers::Powers;
use crate::state::{Audience, Milestone, Terms};

/// Bytes of the largest event of a payment: a push of 32 leaves that pays none.
const MAX_PAYMENT_LEN: usize = 8 + 100 + 32 * 5;

/// Writes `event`, of a payment, to the log, as `emit!` does, but from the stack: to make a vector grow costs more than
/// to log it.
pub(crate) fn log<E: Event>(event: &E) -> Result<()> {
    let mut bytes = [0; MAX_PAYMENT_LEN];
    let mut rest = &mut bytes[..];
    rest.write_all(E::DISCRIMINATOR).and_then(|()| event.serialize(&mut rest))?;
    let len = MAX_PAYMENT_LEN.saturating_sub(rest.len());
    sol_log_data(&[bytes.get(..len).unwrap_or_default()]);
    Ok(())
}

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

/// The fee of later distributors changed; those that exist keep the fee that they were created with.
#[event]
pub struct ProtocolFeeChanged {
    /// Who changed it.
    pub admin: Pubkey,
    /// The fee before and after.
    pub fee_basis_points: [u16; 2],
}

/// Another wallet receives earned fees.
#[event]
pub struct TreasuryChanged {
    /// Who changed it.
    pub admin: Pubkey,
    /// The wallet before and after.
    pub treasury: [Pubkey; 2],
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
    /// What must be reached together before anything is paid; zeros if nothing must.
    pub milestone: Milestone,
    /// Of a raffle: the distributor whose draws decide.
    pub draw: Pubkey,
    /// What others, and the owner, can do to the mint: they can stop, take or shrink what wallets are owed.
    pub accepted_powers: Powers,
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
    /// Base units that the mint took besides, for moving both.
    pub transfer_fee: u64,
    /// Base units of rewards added in all.
    pub funded: u64,
    /// The funder's number for the sponsorship; none if it is the owner.
    pub sponsorship: Option<u32>,
    /// What others, and the owner, may be able to do to the mint, as the creator accepted it.
    pub accepted_powers: Powers,
}

/// What the community has reached towards a distributor's milestone.
#[event]
pub struct MilestoneReported {
    /// The distributor.
    pub distributor: Pubkey,
    /// Who reported it.
    pub publisher: Pubkey,
    /// The total before and after.
    pub total: [u64; 2],
    /// The part of the rewards that it unlocked before and after, in basis points.
    pub unlocked_basis_points: [u64; 2],
}

/// The schedule was cut short.
#[event]
pub struct DistributorEnded {
    /// The distributor.
    pub distributor: Pubkey,
    /// The number of epochs before and after.
    pub epoch_count: [u32; 2],
}

/// The owner of a distributor that is over took back what belongs to nobody else.
#[event]
pub struct DistributorClosed {
    /// The distributor.
    pub distributor: Pubkey,
    /// Base units of rewards that were added in all.
    pub funded: u64,
    /// Base units of rewards that were paid in all.
    pub paid: u64,
    /// Base units that went to the treasury by this closing.
    pub fee: u64,
    /// Base units that went to the owner by this closing.
    pub refunded: u64,
    /// Base units that stay in the vault: for sponsors, and for a treasury that cannot be credited.
    pub held: u64,
    /// Whether it is closed for ever; its address cannot be used again.
    pub is_final: bool,
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
