//! Brings a raffle to its seed, a step at a time: keeps the hash of its slot while it is known, and takes the secret.
//!
//! Anybody may, and the moment of the call does not change the outcome. The first call keeps the hash within the 512
//! slots in which it is known; without a call another slot is named, whose hash nobody knows yet. A secret is refused
//! before the hash is kept: shown too early, it would let the maker of that slot's block choose. Works while the
//! protocol is paused, so that a pause cannot lose a hash.

use anchor_lang::prelude::*;

use crate::constants::SLOT_HASHES;
use crate::error::TorqueError;
use crate::events::{RaffleCaptured, RaffleDrawn, RaffleRenewed};
use crate::slot_hashes::{FirstFrom, first_from};
use crate::state::{Raffle, RaffleStage};

/// Accounts of `raffle_draw`.
#[derive(Accounts)]
pub struct RaffleDraw<'info> {
    /// The raffle.
    #[account(mut)]
    pub raffle: Box<Account<'info, Raffle>>,
    /// CHECK: the sysvar of the slots' hashes, known by its address; read in place.
    #[account(address = SLOT_HASHES @ TorqueError::SlotHashesMismatch)]
    pub slot_hashes: UncheckedAccount<'info>,
}

impl RaffleDraw<'_> {
    pub(crate) fn handler(ctx: Context<Self>, secret: Option<[u8; 32]>) -> Result<()> {
        let accounts = ctx.accounts;
        let address = accounts.raffle.key();
        let clock = Clock::get()?;
        match secret {
            Some(secret) => accounts.raffle.reveal(&address, &secret, clock.unix_timestamp)?,
            None if accounts.raffle.stage == RaffleStage::Committed => return accounts.seek_hash(&clock),
            None => accounts.raffle.draw_unrevealed(&address, clock.unix_timestamp)?,
        }
        let Raffle { distributor, index, seed, .. } = **accounts.raffle;
        emit!(RaffleDrawn { distributor, raffle: address, index, seed, secret });
        Ok(())
    }

    /// Keeps the hash of the slot that decides, or names another slot if it is lost.
    fn seek_hash(&mut self, clock: &Clock) -> Result<()> {
        let address = self.raffle.key();
        let raffle = &mut self.raffle;
        let Raffle { distributor, index, target_slot, .. } = ***raffle;
        match first_from(&self.slot_hashes.try_borrow_data()?, target_slot) {
            FirstFrom::Ahead => return err!(TorqueError::RaffleSlotAhead),
            FirstFrom::Found { slot, hash } => {
                raffle.capture(slot, hash, clock.unix_timestamp);
                let deadline = raffle.deadline;
                emit!(RaffleCaptured { distributor, raffle: address, index, slot, slot_hash: hash, deadline });
            }
            FirstFrom::Gone => {
                raffle.renew(clock.slot)?;
                let (target_slot, renewals) = ([target_slot, raffle.target_slot], raffle.renewals);
                emit!(RaffleRenewed { distributor, raffle: address, index, target_slot, renewals });
            }
        }
        Ok(())
    }
}
