//! The protocol fee: a share on top of the rewards, earned as they are paid.
//!
//! Both sides are functions of a running total, never of one payment, so that many small fundings or payments come to
//! the same fee as one large. What is put in rounds up and what is earned rounds down: the vault is never short, and a
//! fraction of a base unit goes back to the owner.

use anchor_lang::prelude::*;

use crate::constants::BASIS_POINTS;
use crate::error::TorqueError;

/// The fee that lies in the vault for `funded` base units of rewards.
///
/// # Errors
/// `ArithmeticOverflow` past `u64`.
pub fn deposited_rounded_up(funded: u64, fee_basis_points: u16) -> Result<u64> {
    let product = product(funded, fee_basis_points)?;
    to_amount(product.div_ceil(u128::from(BASIS_POINTS)))
}

/// The fee that the protocol has earned once `paid` base units of rewards are paid.
///
/// # Errors
/// `ArithmeticOverflow` past `u64`.
pub fn earned_rounded_down(paid: u64, fee_basis_points: u16) -> Result<u64> {
    let product = product(paid, fee_basis_points)?;
    to_amount(product.checked_div(u128::from(BASIS_POINTS)).ok_or(TorqueError::ArithmeticOverflow)?)
}

fn product(amount: u64, fee_basis_points: u16) -> Result<u128> {
    Ok(u128::from(amount).checked_mul(u128::from(fee_basis_points)).ok_or(TorqueError::ArithmeticOverflow)?)
}

fn to_amount(wide: u128) -> Result<u64> {
    Ok(u64::try_from(wide).map_err(|_| TorqueError::ArithmeticOverflow)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deposit_rounds_up_and_the_earning_rounds_down() {
        for (amount, deposited, earned) in
            [(0, 0, 0), (1, 1, 0), (19, 1, 0), (20, 1, 1), (21, 2, 1), (10_000, 500, 500)]
        {
            assert_eq!(deposited_rounded_up(amount, 500).unwrap(), deposited, "deposit for {amount}");
            assert_eq!(earned_rounded_down(amount, 500).unwrap(), earned, "earning for {amount}");
        }
    }

    #[test]
    fn the_largest_amount_has_a_fee_that_fits() {
        assert_eq!(deposited_rounded_up(u64::MAX, 1_000).unwrap(), 1_844_674_407_370_955_162);
        assert_eq!(earned_rounded_down(u64::MAX, 1_000).unwrap(), 1_844_674_407_370_955_161);
    }

    #[test]
    fn a_fee_past_u64_is_an_error() {
        assert!(deposited_rounded_up(u64::MAX, u16::MAX).is_err());
        assert!(earned_rounded_down(u64::MAX, u16::MAX).is_err());
    }

    #[test]
    fn nothing_is_charged_without_a_fee() {
        assert_eq!(deposited_rounded_up(u64::MAX, 0).unwrap(), 0);
        assert_eq!(earned_rounded_down(u64::MAX, 0).unwrap(), 0);
    }
}
