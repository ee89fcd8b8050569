//! Grows a large epoch's account by one step. Anybody may: a lost publisher must not strand the wallets.

use anchor_lang::prelude::*;
use anchor_lang::system_program::{self, Transfer};

use crate::error::TorqueError;
use crate::state::Epoch;

/// Accounts of `epoch_extend`.
#[derive(Accounts)]
pub struct EpochExtend<'info> {
    /// Pays the added rent. It returns, with the rest of the rent, to whoever posted the epoch.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// The epoch to grow.
    #[account(mut)]
    pub epoch: AccountLoader<'info, Epoch>,
    /// Moves the rent.
    pub system_program: Program<'info, System>,
}

impl EpochExtend<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let account = ctx.accounts.epoch.to_account_info();
        let current = account.data_len();
        let size = ctx.accounts.epoch.load()?.grown_size(current);
        require!(size > current, TorqueError::EpochComplete);
        let missing = Rent::get()?.minimum_balance(size).saturating_sub(account.lamports());
        let accounts = Transfer { from: ctx.accounts.payer.to_account_info(), to: account.clone() };
        system_program::transfer(CpiContext::new(ctx.accounts.system_program.key(), accounts), missing)?;
        account.resize(size)?;
        Ok(())
    }
}
