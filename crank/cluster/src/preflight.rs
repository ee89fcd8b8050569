//! Checks before money moves, so that a mistake gives a clear message instead of a failed transaction.
//!
//! Pure: the caller provides the accounts.

use solana_pubkey::Pubkey;
use torque::fee;

use super::address::Asset;
use super::error::ChainError;
use super::fetched::FetchedAccount;
use super::mint;
use crank_rules::values::decimal::Decimal;

/// Why a campaign cannot be funded.
#[derive(Debug, thiserror::Error)]
pub enum PreflightError {
    /// The mint does not exist.
    #[error("tokenAddress: there is no mint at {address} on this cluster; give the address of a mint that exists")]
    NoMint {
        /// The mint's address.
        address: Pubkey,
    },
    /// The account is not a mint.
    #[error("tokenAddress: {0}; give the address of a mint")]
    NotAMint(ChainError),
    /// The campaign's decimals are not those of the mint.
    #[error("tokenDecimals: found {found}, but the mint {address} has {actual} decimals")]
    WrongDecimals {
        /// The mint.
        address: Pubkey,
        /// The campaign's decimals.
        found: u8,
        /// The mint's decimals.
        actual: u8,
    },
    /// The owner cannot pay.
    #[error("balance: {0}")]
    BalanceTooSmall(Box<Shortage>),
    /// The sum is more than a token account can hold.
    #[error("totalFundAmount: with the fee it exceeds what an account can hold, 2^64 - 1 base units")]
    TooMuch,
}

/// What an owner lacks, in display units.
#[derive(Debug, thiserror::Error)]
#[error("funding {reward} needs {needed} with the fee of {fee}, but {owner} holds {held}; add {missing} and try again")]
pub struct Shortage {
    owner: Pubkey,
    reward: Decimal,
    fee: Decimal,
    needed: Decimal,
    held: Decimal,
    missing: Decimal,
}

/// Refuses unless `account`, which the cluster has at `address`, is a mint with `decimals`.
///
/// # Errors
/// `NoMint`, `NotAMint`, `WrongDecimals`.
pub fn require_mint(account: Option<&FetchedAccount>, address: Pubkey, decimals: u8) -> Result<Asset, PreflightError> {
    let account = account.ok_or(PreflightError::NoMint { address })?;
    let (actual, token_program) = mint::read(account).map_err(PreflightError::NotAMint)?;
    if actual != decimals {
        return Err(PreflightError::WrongDecimals { address, found: decimals, actual });
    }
    Ok(Asset { mint: address, token_program })
}

/// Refuses unless `owner`, who holds `held` base units, has `amount` and the fee on top. Returns the fee.
///
/// # Errors
/// `TooMuch`, `BalanceTooSmall`.
pub fn require_balance(
    held: u64,
    decimals: u8,
    owner: &Pubkey,
    amount: u64,
    fee_basis_points: u16,
) -> Result<u64, PreflightError> {
    let fee = fee::deposited_rounded_up(amount, fee_basis_points).map_err(|_| PreflightError::TooMuch)?;
    let needed = amount.checked_add(fee).ok_or(PreflightError::TooMuch)?;
    if let Some(missing) = needed.checked_sub(held).filter(|missing| *missing > 0) {
        let display = |base_units| Decimal::from_base_units(base_units, decimals);
        return Err(PreflightError::BalanceTooSmall(Box::new(Shortage {
            owner: *owner,
            reward: display(amount),
            fee: display(fee),
            needed: display(needed),
            held: display(held),
            missing: display(missing),
        })));
    }
    Ok(fee)
}
