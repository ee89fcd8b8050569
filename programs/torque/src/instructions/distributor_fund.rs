//! Moves rewards, and the fee on top of them, from the owner into the vault.

use anchor_lang::prelude::*;
use anchor_lang::system_program;
use anchor_spl::token_interface::{self, TransferChecked};

use crate::error::TorqueError;
use crate::events::DistributorFunded;
use crate::state::{Config, Distributor};

/// Accounts of `distributor_fund`.
#[derive(Accounts)]
pub struct DistributorFund<'info> {
    /// The owner, who pays.
    #[account(mut)]
    pub owner: Signer<'info>,
    /// Tells whether the protocol is paused.
    pub config: Box<Account<'info, Config>>,
    /// The distributor to fund.
    #[account(
        mut,
        has_one = owner @ TorqueError::NotOwner,
        has_one = vault @ TorqueError::VaultMismatch,
        has_one = mint @ TorqueError::MintMismatch,
        has_one = token_program @ TorqueError::TokenProgramMismatch,
    )]
    pub distributor: Box<Account<'info, Distributor>>,
    /// CHECK: the distributor names it.
    #[account(mut)]
    pub vault: UncheckedAccount<'info>,
    /// CHECK: the owner's token account, which the token program checks; the owner again for SOL.
    #[account(mut)]
    pub source: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the distributor names it. For SOL it is the system program, which makes the transfer.
    pub token_program: UncheckedAccount<'info>,
}

impl DistributorFund<'_> {
    pub(crate) fn handler(ctx: Context<Self>, amount: u64) -> Result<()> {
        ctx.accounts.distributor.require_running(&ctx.accounts.config)?;
        let fee = ctx.accounts.distributor.fund(amount)?;
        let payment = amount.checked_add(fee).ok_or(TorqueError::ArithmeticOverflow)?;
        ctx.accounts.transfer(payment)?;
        emit!(DistributorFunded {
            distributor: ctx.accounts.distributor.key(),
            funder: ctx.accounts.owner.key(),
            amount,
            fee,
            funded: ctx.accounts.distributor.funded,
        });
        Ok(())
    }

    fn transfer(&self, amount: u64) -> Result<()> {
        if self.distributor.is_native() {
            let accounts =
                system_program::Transfer { from: self.owner.to_account_info(), to: self.vault.to_account_info() };
            return system_program::transfer(CpiContext::new(self.token_program.key(), accounts), amount);
        }
        let accounts = TransferChecked {
            from: self.source.to_account_info(),
            mint: self.mint.to_account_info(),
            to: self.vault.to_account_info(),
            authority: self.owner.to_account_info(),
        };
        let ctx = CpiContext::new(self.token_program.key(), accounts);
        token_interface::transfer_checked(ctx, amount, self.distributor.decimals)
    }
}
