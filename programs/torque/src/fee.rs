//! The protocol fee: a share on top of the rewards, earned as they are paid.
//!
//! It is a function of a running total, never of one payment, so that many small fundings or payments come to the same
//! fee as one large. What is put in and what is earned are rounded alike, upwards: so the vault is never short, and
//! many small distributors pay no less than a large one.

use anchor_lang::prelude::*;

use crate::constants::BASIS_POINTS;
use crate::error::TorqueError;

/// The fee on `rewards` base units: to be put in with them, and earned once they are paid.
///
/// # Errors
/// `ArithmeticOverflow` past `u64`.
pub fn rounded_up(rewards: u64, fee_basis_points: u16) -> Result<u64> {
    let product = u128::from(rewards).checked_mul(u128::from(fee_basis_points));
    let fee = product.ok_or(TorqueError::ArithmeticOverflow)?.div_ceil(u128::from(BASIS_POINTS));
    Ok(u64::try_from(fee).map_err(|_| TorqueError::ArithmeticOverflow)?)
}

/// `rewards` base units and the fee on them.
///
/// # Errors
/// `ArithmeticOverflow` past `u64`.
pub fn with_fee_rounded_up(rewards: u64, fee_basis_points: u16) -> Result<u64> {
    let fee = rounded_up(rewards, fee_basis_points)?;
    Ok(rewards.checked_add(fee).ok_or(TorqueError::ArithmeticOverflow)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_is_rounded_up() {
        for (rewards, fee) in [(0, 0), (1, 1), (19, 1), (20, 1), (21, 2), (10_000, 500)] {
            assert_eq!(rounded_up(rewards, 500).unwrap(), fee, "of {rewards}");
            assert_eq!(with_fee_rounded_up(rewards, 500).unwrap(), rewards + fee, "with {rewards}");
        }
    }

    #[test]
    fn the_largest_amount_has_a_fee_that_fits_but_not_with_it() {
        assert_eq!(rounded_up(u64::MAX, 1_000).unwrap(), 1_844_674_407_370_955_162);
        assert!(with_fee_rounded_up(u64::MAX, 1_000).is_err());
        assert_eq!(with_fee_rounded_up(u64::MAX / 11 * 10, 1_000).unwrap(), u64::MAX / 11 * 11);
    }

    #[test]
    fn a_fee_past_u64_is_an_error() {
        assert!(rounded_up(u64::MAX, u16::MAX).is_err());
    }

    #[test]
    fn nothing_is_charged_without_a_fee() {
        assert_eq!(rounded_up(u64::MAX, 0).unwrap(), 0);
        assert_eq!(with_fee_rounded_up(u64::MAX, 0).unwrap(), u64::MAX);
    }
}
