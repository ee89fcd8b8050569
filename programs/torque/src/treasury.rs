//! The account that receives earned fees, and whether it can be credited now.
//!
//! If it cannot, the fee stays in the vault until the account is thawed or the admin names another treasury. The owner
//! need not wait for that and does not get the fee, or an owner who can freeze the treasury's account would pay none.

use anchor_lang::prelude::*;
use anchor_spl::token_2022::spl_token_2022::extension::StateWithExtensions;
use anchor_spl::token_2022::spl_token_2022::state::Account as TokenAccountLayout;

use crate::error::TorqueError;
use crate::recipient::refusal;
use crate::state::{Config, Distributor};

/// Refuses unless `account` is the one that receives the fees of `distributor`.
///
/// # Errors
/// `TreasuryMismatch`.
pub fn require(account: &AccountInfo<'_>, config: &Config, distributor: &Distributor) -> Result<()> {
    ensure_same!(distributor.account_of(&config.treasury), account.key(), TorqueError::TreasuryMismatch);
    Ok(())
}

/// Whether `amount` base units can be credited to `account`, the treasury's.
///
/// # Errors
/// Those of the runtime.
pub fn is_creditable(account: &AccountInfo<'_>, distributor: &Distributor, amount: u64) -> Result<bool> {
    if distributor.is_native() {
        let balance = account.lamports().saturating_add(amount);
        return Ok(!account.executable && balance >= Rent::get()?.minimum_balance(account.data_len()));
    }
    let data = account.try_borrow_data()?;
    let token_account = StateWithExtensions::<TokenAccountLayout>::unpack(&data);
    let is_thawed = token_account.is_ok_and(|token_account| !token_account.base.is_frozen());
    Ok(*account.owner == distributor.token_program && is_thawed && refusal(&data).is_none())
}
