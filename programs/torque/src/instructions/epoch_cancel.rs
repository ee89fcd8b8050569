//! Takes a root back before it opens. The epoch is then vacant, and may get another root by `epoch_repost`.
//!
//! Works while the protocol is paused: it only ever keeps money in.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::EpochCancelled;
use crate::rent;
use crate::state::{Config, Distributor, Epoch, layout};

/// Accounts of `epoch_cancel`.
#[derive(Accounts)]
pub struct EpochCancel<'info> {
    /// The distributor's owner, or the guardian under whom the epoch began.
    pub authority: Signer<'info>,
    /// Tells for how long the protocol has been paused.
    pub config: Box<Account<'info, Config>>,
    /// The distributor that no longer owes it.
    #[account(mut)]
    pub distributor: Box<Account<'info, Distributor>>,
    /// The epoch.
    #[account(
        mut,
        constraint = layout::read(&epoch)?.distributor == distributor.key() @ TorqueError::EpochMismatch,
        constraint = layout::read(&epoch)?.rent_payer == rent_payer.key() @ TorqueError::RentPayerMismatch,
    )]
    pub epoch: AccountLoader<'info, Epoch>,
    /// CHECK: gets the rent of the leaves' marks back; the epoch names it.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
}

impl EpochCancel<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let accounts = ctx.accounts;
        let may = [accounts.distributor.owner, layout::read(&accounts.epoch)?.terms.guardian];
        ensure!(may.contains(accounts.authority.key), TorqueError::NotOwnerOrGuardian);
        let moment = accounts.distributor.moment(&accounts.config)?;
        let cancelled = accounts.epoch.load_mut()?.cancel(moment)?;
        accounts.distributor.release(cancelled.reserved)?;
        let distributor = accounts.distributor.to_account_info();
        let freed = rent::surplus(accounts.epoch.as_ref(), Epoch::VACANT_SIZE)?;
        let receiver = rent::receiver(&accounts.rent_payer, &distributor, freed)?;
        rent::shrink(accounts.epoch.as_ref(), Epoch::VACANT_SIZE, freed, receiver)?;
        emit!(EpochCancelled {
            distributor: distributor.key(),
            epoch: accounts.epoch.key(),
            index: cancelled.index,
            root: cancelled.root,
            total: cancelled.total,
            released: cancelled.reserved,
            authority: accounts.authority.key(),
        });
        Ok(())
    }
}
