//! Moves rewards, and the fee on top of them, from the owner into the vault.

use anchor_lang::prelude::*;
use anchor_lang::system_program;

use crate::error::TorqueError;
use crate::events::DistributorFunded;
use crate::extension_policy::decimals_of_payable;
use crate::state::{Config, Distributor};
use crate::transfer_fee::{self, Transfer};

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
        ctx.accounts.config.require_running()?;
        let fee = ctx.accounts.distributor.fund(amount)?;
        let payment = amount.checked_add(fee).ok_or(TorqueError::ArithmeticOverflow)?;
        let transfer_fee = ctx.accounts.transfer(payment)?;
        emit!(DistributorFunded {
            distributor: ctx.accounts.distributor.key(),
            funder: ctx.accounts.owner.key(),
            amount,
            fee,
            transfer_fee,
            funded: ctx.accounts.distributor.funded,
        });
        Ok(())
    }

    /// Lets `amount` arrive in the vault. Returns what the mint takes for that besides.
    fn transfer(&self, amount: u64) -> Result<u64> {
        if self.distributor.is_native() {
            let accounts =
                system_program::Transfer { from: self.owner.to_account_info(), to: self.vault.to_account_info() };
            system_program::transfer(CpiContext::new(self.token_program.key(), accounts), amount)?;
            return Ok(0);
        }
        self.deposit(amount)
    }

    /// The same for a mint, which may have been closed and created anew since it was judged.
    fn deposit(&self, amount: u64) -> Result<u64> {
        let decimals = decimals_of_payable(&self.mint, self.token_program.key)?;
        require!(decimals == self.distributor.decimals, TorqueError::MintInvalid);
        let fee = transfer_fee::in_force(&self.mint)?;
        let gross = transfer_fee::gross(&fee, amount).ok_or(TorqueError::ArithmeticOverflow)?;
        let transfer = Transfer {
            from: &self.source,
            mint: &self.mint,
            to: &self.vault,
            authority: &self.owner,
            token_program: &self.token_program,
            decimals,
        };
        transfer.send(gross, amount, &[])?;
        Ok(gross.saturating_sub(amount))
    }
}
