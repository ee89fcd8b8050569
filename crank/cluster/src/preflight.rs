//! What is looked up before money moves, so that a mistake is a sentence instead of a failed transaction.

use solana_pubkey::Pubkey;
use torque::fee;

use super::address::Asset;
use super::embedded::Embedded;
use super::error::ChainError;
use super::mint;
use crank_rules::values::decimal::Decimal;

/// Why a campaign cannot be funded as it stands.
#[derive(Debug, thiserror::Error)]
pub enum PreflightError {
    /// The mint is not there.
    #[error("tokenAddress: there is no mint at {address} on this cluster; give the address of a mint that exists")]
    NoMint {
        /// Where it was looked for.
        address: Pubkey,
    },
    /// There is something else.
    #[error("tokenAddress: {0}; give the address of a mint")]
    NotAMint(ChainError),
    /// The campaign counts differently than the mint.
    #[error("tokenDecimals: found {found}, but the mint {address} has {actual} decimals")]
    WrongDecimals {
        /// The mint.
        address: Pubkey,
        /// What the campaign says.
        found: u8,
        /// What the mint says.
        actual: u8,
    },
    /// The owner cannot pay.
    #[error("balance: {0}")]
    BalanceTooSmall(Box<Shortage>),
    /// The sum is past what a token account holds.
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

/// Refuses unless `asset`'s mint exists and has `decimals`.
///
/// # Errors
/// `NoMint`, `NotAMint`, `WrongDecimals`.
pub fn require_mint(cluster: &Embedded, address: &Pubkey, decimals: u8) -> Result<Asset, PreflightError> {
    match mint::read(cluster, address) {
        Ok((actual, token_program)) if actual == decimals => Ok(Asset { mint: *address, token_program }),
        Ok((actual, _)) => Err(PreflightError::WrongDecimals { address: *address, found: decimals, actual }),
        Err(ChainError::NoAccount(address)) => Err(PreflightError::NoMint { address }),
        Err(error) => Err(PreflightError::NotAMint(error)),
    }
}

/// Refuses unless `owner` holds `amount` base units and the fee on top. Returns the fee.
///
/// # Errors
/// `TooMuch`, `BalanceTooSmall`.
pub fn require_balance(
    cluster: &Embedded,
    asset: &Asset,
    decimals: u8,
    owner: &Pubkey,
    amount: u64,
    fee_basis_points: u16,
) -> Result<u64, PreflightError> {
    let fee = fee::deposited_rounded_up(amount, fee_basis_points).map_err(|_| PreflightError::TooMuch)?;
    let needed = amount.checked_add(fee).ok_or(PreflightError::TooMuch)?;
    let held = mint::balance(cluster, asset, owner);
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
