//! Ends an epoch after its window, or once every leaf is paid: what is unpaid is free again and the rent returns. A
//! vacant epoch ends once its grace is over, or a milestone missed.
//!
//! Anybody may; nothing that moves is the caller's. Works while the protocol is paused.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::EpochClosed;
use crate::rent;
use crate::state::{Config, Distributor, Epoch, layout};

/// Accounts of `epoch_close`.
#[derive(Accounts)]
pub struct EpochClose<'info> {
    /// Tells for how long the protocol has been paused.
    pub config: Box<Account<'info, Config>>,
    /// The distributor that owed it.
    #[account(mut)]
    pub distributor: Box<Account<'info, Distributor>>,
    /// The epoch to remove.
    #[account(
        mut,
        constraint = layout::read(&epoch)?.distributor == distributor.key() @ TorqueError::EpochMismatch,
        constraint = layout::read(&epoch)?.rent_payer == rent_payer.key() @ TorqueError::RentPayerMismatch,
    )]
    pub epoch: AccountLoader<'info, Epoch>,
    /// CHECK: gets the rent back; the epoch names it.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
}

impl EpochClose<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let Epoch { index, reserved, spent, paid_total, paid_count, struck_count, .. } = {
            let epoch = layout::read(&ctx.accounts.epoch)?;
            let distributor = &ctx.accounts.distributor;
            let moment = distributor.moment(&ctx.accounts.config)?;
            // Nothing can be posted any more into what was skipped before a milestone was missed.
            if !(epoch.is_vacant() && distributor.milestone.is_missed(moment.now)) {
                epoch.require_closable(moment)?;
            }
            *epoch
        };
        let distributor = &mut ctx.accounts.distributor;
        distributor.settle(index, reserved, spent)?;
        let info = distributor.to_account_info();
        let freed = ctx.accounts.epoch.as_ref().lamports();
        let receiver = rent::receiver(&ctx.accounts.rent_payer, &info, freed)?;
        ctx.accounts.epoch.close(receiver.clone())?;
        emit!(EpochClosed {
            distributor: distributor.key(),
            epoch: ctx.accounts.epoch.key(),
            index,
            paid_count,
            struck_count,
            paid_total,
            spent,
            unpaid: reserved.checked_sub(spent).ok_or(TorqueError::ArithmeticOverflow)?,
        });
        Ok(())
    }
}
