//! The reference's rounding, which divides by whatever the denominator is.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use dashu::{
    base::{BitTest, DivRem, Sign},
    integer::{IBig, UBig},
};

use super::Rational;

/// How many significant decimal digits a rounded result has.
const SIGNIFICANT_DIGITS: usize = 40;

/// A result that is smaller than 10 to the negative of this is rounded to zero.
const SMALLEST_EXPONENT: usize = 60;

/// The fraction to the nearest number of 40 significant decimal digits, or to zero where it is below 10^-60.
///
/// The fraction approximates an irrational number to many more digits. Where the two nearest candidates are about
/// equally far, the fraction decides, not the number: either is as good, and it is the same one on every machine.
pub(super) fn rounded(sign: Sign, numerator: UBig, denominator: &UBig) -> Rational {
    let shifted = &numerator * power_of_ten(SMALLEST_EXPONENT) / denominator;
    if shifted.is_zero() {
        return Rational::ZERO;
    }
    // `shifted` is the fraction without the decimals below the smallest exponent, so it has one digit or more.
    let surplus = SIGNIFICANT_DIGITS.saturating_add(SMALLEST_EXPONENT);
    let decimals = surplus.saturating_sub(decimal_digits(&shifted));
    let scale = power_of_ten(decimals);
    let (mut digits, remainder) = (numerator * &scale).div_rem(denominator);
    if remainder << 1 >= *denominator {
        digits += UBig::ONE;
    }
    Rational::from_parts(IBig::from_parts(sign, digits), scale)
}

/// The number 10 to a power.
pub(super) fn power_of_ten(exponent: usize) -> UBig {
    UBig::from(10_u8).pow(exponent)
}

/// How many decimal digits a number has that is not zero.
fn decimal_digits(number: &UBig) -> usize {
    // 1233 / 4096 is a little less than the digits per bit, so that this never counts too many.
    let full_bits = number.bit_len().saturating_sub(1);
    let mut digits = full_bits.saturating_mul(1233) / 4096 + 1;
    while *number >= power_of_ten(digits) {
        digits += 1;
    }
    digits
}
