//! Checks before money moves, so that a mistake gives a clear message instead of a failed transaction.
//!
//! Pure: the caller provides the accounts.

use std::fmt::{self, Display, Formatter};

use solana_pubkey::Pubkey;
use torque::extension_policy::PayableMint;
use torque::fee;
use torque::powers::Powers;

use super::address::Asset;
use super::error::ChainError;
use super::fetched::FetchedAccount;
use super::mint;
use crank_rules::campaign::{named_powers, written_powers};
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
    /// The mint can never be paid.
    #[error("tokenAddress: the mint {address} cannot be paid: {reason}; give the address of another")]
    NotPayable {
        /// The mint.
        address: Pubkey,
        /// The program's reason.
        reason: String,
    },
    /// The campaign does not accept exactly the powers that the mint gives.
    #[error(transparent)]
    PowersDiffer(Box<PowersDifference>),
    /// The owner cannot pay.
    #[error("balance: {0}")]
    BalanceTooSmall(Box<Shortage>),
    /// The sum is more than a token account can hold.
    #[error("totalFundAmount: with the fee it exceeds what an account can hold, 2^64 - 1 base units")]
    TooMuch,
}

/// The powers that a mint gives, and those that a campaign accepts.
#[derive(Debug)]
pub struct PowersDifference {
    mint: Pubkey,
    given: Powers,
    accepted: Powers,
}

impl std::error::Error for PowersDifference {}

impl Display for PowersDifference {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self { mint, given, accepted } = self;
        let (found, wanted) = (written_powers(*accepted), written_powers(*given));
        if *given == Powers::NONE {
            return write!(formatter, "acceptedPowers: found {found}, but nobody has power over {mint}; leave it out");
        }
        write!(formatter, "acceptedPowers: found {found}, but of {mint} ")?;
        let meanings: Vec<&str> = named_powers(*given).map(|named| named.meaning).collect();
        write!(formatter, "{}; write \"acceptedPowers\": {wanted} to accept that", meanings.join(", "))?;
        formatter.write_str(", or pay another token")
    }
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

/// Refuses unless `accepted` are exactly the powers that the mint in `account` gives to others and to `owner`.
///
/// # Errors
/// `NotPayable`, `PowersDiffer`.
pub fn require_powers(account: &FetchedAccount, owner: &Pubkey, accepted: Powers) -> Result<(), PreflightError> {
    let mint = PayableMint::of_data(&account.data, &[*owner]).map_err(|error| {
        let reason = match error {
            anchor_lang::error::Error::AnchorError(error) => error.error_msg.clone(),
            other => other.to_string(),
        };
        PreflightError::NotPayable { address: account.address, reason }
    })?;
    if mint.powers != accepted {
        let difference = PowersDifference { mint: account.address, given: mint.powers, accepted };
        return Err(PreflightError::PowersDiffer(Box::new(difference)));
    }
    Ok(())
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
    let fee = fee::rounded_up(amount, fee_basis_points).map_err(|_| PreflightError::TooMuch)?;
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
