//! Grows a large epoch's account by one step. Anybody may: a lost publisher must not strand the wallets. It costs
//! nothing, since who posted the epoch has paid the rent of its full size.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::state::{Epoch, layout};

/// Accounts of `epoch_extend`.
#[derive(Accounts)]
pub struct EpochExtend<'info> {
    /// The epoch to grow.
    #[account(mut)]
    pub epoch: AccountLoader<'info, Epoch>,
}

impl EpochExtend<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let account = ctx.accounts.epoch.to_account_info();
        let current = account.data_len();
        let size = layout::read(&ctx.accounts.epoch)?.grown_size(current);
        ensure!(size > current, TorqueError::EpochComplete);
        account.resize(size)?;
        Ok(())
    }
}
