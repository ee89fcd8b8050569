//! Brings a raffle to its seed, a step at a time: keeps the hash of its slot while it is known, and takes the secret.
//!
//! Anybody may, and the moment of the call does not change the outcome. The first call keeps the hash within the 512
//! slots in which it is known, for a bounty; without a call another slot is named, whose hash nobody knows yet, and
//! after the last one the raffle has failed. A secret is refused before the hash is kept: shown too early, it would let
//! the maker of that slot's block choose. Works while the protocol is paused, so that a pause cannot lose a hash.

use anchor_lang::prelude::*;

use crate::constants::{RAFFLE_BOUNTY, SLOT_HASHES};
use crate::error::TorqueError;
use crate::events::{RaffleCaptured, RaffleDrawn, RaffleFailed, RaffleRenewed};
use crate::rent;
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
    /// CHECK: gets the bounty if this call keeps the hash; the caller chose it. Without it the bounty stays with the
    /// raffle, and returns with its rent.
    #[account(mut)]
    pub keeper: Option<UncheckedAccount<'info>>,
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

    /// Keeps the hash of the slot that decides. If it is lost, names another slot, or gives up after the last.
    fn seek_hash(&mut self, clock: &Clock) -> Result<()> {
        let raffle = self.raffle.key();
        let Raffle { distributor, index, target_slot, .. } = **self.raffle;
        let first = first_from(&self.slot_hashes.try_borrow_data()?, target_slot);
        match first {
            FirstFrom::Ahead => return refuse!(TorqueError::RaffleSlotAhead),
            FirstFrom::Found { slot, hash: slot_hash } => {
                self.raffle.capture(slot, slot_hash, clock.unix_timestamp);
                let (deadline, bounty) = (self.raffle.deadline, self.pay_keeper()?);
                let keeper = self.keeper.as_ref().map(|keeper| keeper.key());
                emit!(RaffleCaptured { distributor, raffle, index, slot, slot_hash, deadline, keeper, bounty });
            }
            FirstFrom::Gone => {
                self.raffle.lose(clock.slot)?;
                let (target_slot, renewals) = ([target_slot, self.raffle.target_slot], self.raffle.renewals);
                if self.raffle.stage == RaffleStage::Failed {
                    emit!(RaffleFailed { distributor, raffle, index });
                } else {
                    emit!(RaffleRenewed { distributor, raffle, index, target_slot, renewals });
                }
            }
        }
        Ok(())
    }

    /// Moves the bounty to the keeper, if one is named, and never a lamport of the rent. Returns how much that was.
    fn pay_keeper(&self) -> Result<u64> {
        let Some(keeper) = &self.keeper else { return Ok(0) };
        let raffle = self.raffle.to_account_info();
        let bounty = rent::surplus(&raffle, raffle.data_len())?.min(RAFFLE_BOUNTY);
        raffle.sub_lamports(bounty)?;
        keeper.add_lamports(bounty)?;
        Ok(bounty)
    }
}
