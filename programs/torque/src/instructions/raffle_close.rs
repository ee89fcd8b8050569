//! Removes a raffle's account once its epoch is over, so that its rent returns, and its bounty unless it was claimed.
//!
//! Only its payer may, since prizes of other distributors may still need the draw. A raffle whose epoch was never
//! posted stays until its distributor is closed, for if it went earlier there could be a second draw.

use anchor_lang::prelude::*;

use crate::constants::SEED_EPOCH;
use crate::error::TorqueError;
use crate::events::RaffleClosed;
use crate::state::{Distributor, Raffle};

/// Accounts of `raffle_close`.
#[derive(Accounts)]
pub struct RaffleClose<'info> {
    /// Paid the rent and the bounty, and gets back what is left.
    #[account(mut)]
    pub rent_payer: Signer<'info>,
    /// CHECK: the distributor that drew, which may be closed; the handler decodes it if it is not.
    #[account(address = raffle.distributor @ TorqueError::RaffleMismatch)]
    pub distributor: UncheckedAccount<'info>,
    /// CHECK: the epoch that was drawn; only whether it is there matters.
    #[account(seeds = [SEED_EPOCH, distributor.key().as_ref(), &raffle.index.to_le_bytes()], bump)]
    pub epoch: UncheckedAccount<'info>,
    /// The raffle to remove.
    #[account(mut, close = rent_payer, has_one = rent_payer @ TorqueError::RentPayerMismatch)]
    pub raffle: Box<Account<'info, Raffle>>,
}

impl RaffleClose<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let Raffle { distributor, index, seed, .. } = **ctx.accounts.raffle;
        ensure!(ctx.accounts.is_over(index)?, TorqueError::RaffleNotOver);
        emit!(RaffleClosed { distributor, raffle: ctx.accounts.raffle.key(), index, seed });
        Ok(())
    }

    /// Whether no root can be posted any more for which this is the draw.
    fn is_over(&self, index: u32) -> Result<bool> {
        let Some(distributor) = Distributor::unless_closed(&self.distributor)? else { return Ok(true) };
        Ok(index < distributor.next_epoch && *self.epoch.owner != crate::ID)
    }
}
