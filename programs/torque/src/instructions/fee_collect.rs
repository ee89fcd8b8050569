//! Moves the fee that closed epochs have earned to the treasury, at any time and whatever the owner does.
//!
//! Anybody may; it can go nowhere else. Works while the protocol is paused.

use anchor_lang::prelude::*;

use crate::constants::SEED_CONFIG;
use crate::error::TorqueError;
use crate::events::FeeCollected;
use crate::state::{Config, Distributor};
use crate::treasury;
use crate::vault::Vault;

/// Accounts of `fee_collect`.
#[derive(Accounts)]
pub struct FeeCollect<'info> {
    /// Names the treasury.
    #[account(seeds = [SEED_CONFIG], bump = config.bump)]
    pub config: Box<Account<'info, Config>>,
    /// The distributor whose epochs earned it.
    #[account(
        mut,
        has_one = vault @ TorqueError::VaultMismatch,
        has_one = mint @ TorqueError::MintMismatch,
        has_one = token_program @ TorqueError::TokenProgramMismatch,
    )]
    pub distributor: Box<Account<'info, Distributor>>,
    /// CHECK: the distributor names it.
    #[account(mut)]
    pub vault: UncheckedAccount<'info>,
    /// CHECK: for SOL the treasury, for a mint its associated token account; the handler compares it.
    #[account(mut)]
    pub treasury: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub token_program: UncheckedAccount<'info>,
}

impl<'info> FeeCollect<'info> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let accounts = ctx.accounts;
        treasury::require(&accounts.treasury, &accounts.config, &accounts.distributor)?;
        ensure!(accounts.distributor.fee_uncollected()? > 0, TorqueError::AmountZero);
        let available = accounts.vault().available()?;
        let amount = accounts.distributor.treasurys_part(available)?;
        ensure!(amount > 0 && amount <= available, TorqueError::VaultShort);
        accounts.distributor.collect_fee(amount)?;
        accounts.vault().pay(&accounts.treasury, amount)?;
        emit!(FeeCollected {
            distributor: accounts.distributor.key(),
            treasury: accounts.treasury.key(),
            amount,
            collected: accounts.distributor.fee_collected,
        });
        Ok(())
    }
    fn vault(&self) -> Vault<'_, 'info> {
        Vault {
            distributor: &self.distributor,
            authority: self.distributor.as_ref().as_ref(),
            account: &self.vault,
            mint: &self.mint,
            token_program: &self.token_program,
        }
    }
}
