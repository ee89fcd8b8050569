//! Tells what `distributor_close` would send now, and to whom. Changes nothing: to be simulated, or called by another
//! program.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::powers::Powers;
use crate::state::{Config, Distributor};
use crate::treasury;
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
    /// CHECK: for SOL the treasury, for a mint its associated token account; the handler compares it.
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
    /// Base units of earned fee for the treasury; it waits in the vault if it cannot be credited.
    pub treasury: u64,
    /// Base units that stay in the vault: for sponsors that are not refunded, and for the treasury if it must wait.
    pub held_back: u64,
    /// What others, and the owner, may be able to do to the mint, as the creator accepted it.
    pub accepted_powers: Powers,
}

impl ViewRefund<'_> {
    pub(crate) fn handler(ctx: &Context<Self>) -> Result<RefundView> {
        let accounts = &ctx.accounts;
        let distributor = &accounts.distributor;
        treasury::require(&accounts.treasury, &accounts.config, distributor)?;
        let vault = Vault {
            distributor,
            authority: accounts.distributor.as_ref().as_ref(),
            account: &accounts.vault,
            mint: &accounts.mint,
            token_program: &accounts.token_program,
        };
        let (balance, accepted_powers) = (vault.balance()?, distributor.accepted_powers);
        let now = Clock::get()?.unix_timestamp;
        if distributor.require_over(now, distributor.downtime_at(&accounts.config, now)).is_err() {
            return Ok(RefundView { is_over: false, owner: 0, treasury: 0, held_back: balance, accepted_powers });
        }
        let owner = distributor.owners_part(balance)?;
        let fee = distributor.treasurys_part(balance)?;
        let treasury = if treasury::is_creditable(&accounts.treasury, distributor, fee)? { fee } else { 0 };
        let sent = owner.checked_add(treasury).ok_or(TorqueError::ArithmeticOverflow)?;
        let held_back = balance.checked_sub(sent).ok_or(TorqueError::VaultShort)?;
        Ok(RefundView { is_over: true, owner, treasury, held_back, accepted_powers })
    }
}
