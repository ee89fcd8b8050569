//! Tells what `distributor_close` would send now, and to whom. Changes nothing: to be simulated, or called by another
//! program.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::instructions::DistributorClose;
use crate::state::{Config, Distributor};
use crate::vault::Vault;

/// Accounts of `view_refund`.
#[derive(Accounts)]
pub struct ViewRefund<'info> {
    /// Names the treasury.
    pub config: Box<Account<'info, Config>>,
    /// The distributor that would be closed.
    #[account(
        has_one = vault @ TorqueError::VaultMismatch,
        has_one = mint @ TorqueError::MintMismatch,
        has_one = token_program @ TorqueError::TokenProgramMismatch,
    )]
    pub distributor: Box<Account<'info, Distributor>>,
    /// CHECK: the distributor names it.
    pub vault: UncheckedAccount<'info>,
    /// CHECK: for SOL the treasury, for a mint its associated token account.
    #[account(address = DistributorClose::treasury_of(&config, &distributor) @ TorqueError::TreasuryMismatch)]
    pub treasury: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub mint: UncheckedAccount<'info>,
    /// CHECK: the distributor names it.
    pub token_program: UncheckedAccount<'info>,
}

/// What closing would do with what lies in the vault; the three amounts are all of it.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, PartialEq)]
pub struct RefundView {
    /// Whether it can be closed. If not, everything is held back.
    pub is_over: bool,
    /// Base units for the owner.
    pub owner: u64,
    /// Base units of earned fee for the treasury; none if it cannot be credited.
    pub treasury: u64,
    /// Base units that stay in the vault.
    pub held_back: u64,
}

impl ViewRefund<'_> {
    pub(crate) fn handler(ctx: &Context<Self>) -> Result<RefundView> {
        let accounts = &ctx.accounts;
        let vault = Vault {
            distributor: &accounts.distributor,
            account: &accounts.vault,
            mint: &accounts.mint,
            token_program: &accounts.token_program,
        };
        let balance = vault.balance()?;
        if accounts.distributor.require_over(Clock::get()?.unix_timestamp).is_err() {
            return Ok(RefundView { is_over: false, owner: 0, treasury: 0, held_back: balance });
        }
        let treasury = DistributorClose::collectable(&accounts.distributor, &accounts.treasury)?;
        let owner = balance.checked_sub(treasury).ok_or(TorqueError::VaultShort)?;
        Ok(RefundView { is_over: true, owner, treasury, held_back: 0 })
    }
}
