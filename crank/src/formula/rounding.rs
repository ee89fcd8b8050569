//! Rounds what has no exact result: roots, logarithms and powers that are not rational, or too long.
//!
//! Decimal digits rather than bits, so that a result which is a short decimal, as `pow(8, 1 / 3)` is, comes out exact.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use std::sync::LazyLock;

use dashu::{
    base::{BitTest, Sign},
    integer::UBig,
};

use super::{Exact, exact};

/// How many significant decimal digits a rounded result has.
const SIGNIFICANT_DIGITS: usize = 40;

/// A result that is smaller than 10 to the negative of this is rounded to zero.
const SMALLEST_EXPONENT: usize = 60;

/// The powers of ten up to the most decimals that a rounded result has: those of 10^-60.
static POWERS_OF_TEN: LazyLock<Vec<UBig>> =
    LazyLock::new(|| (0..SIGNIFICANT_DIGITS + SMALLEST_EXPONENT).map(|power| UBig::from(10_u8).pow(power)).collect());

/// The least number of 40 digits.
static LEAST_OF_ALL_DIGITS: LazyLock<UBig> = LazyLock::new(|| UBig::from(10_u8).pow(SIGNIFICANT_DIGITS - 1));

/// So many steps of 2 to the negative of `fraction_bits` (above 0), to the nearest number of 40 significant decimal
/// digits, or to zero where they are below 10^-60.
///
/// The steps approximate an irrational number to many more digits. Where the two nearest candidates are about equally
/// far, the steps decide, not the number: either is as good, and it is the same one on every machine.
pub(super) fn rounded(sign: Sign, steps: &UBig, fraction_bits: usize) -> Exact {
    let decimals = fewest_decimals(steps, fraction_bits);
    for scale in POWERS_OF_TEN.iter().skip(decimals) {
        let scaled = steps * scale;
        let mut digits = &scaled >> fraction_bits;
        if digits >= *LEAST_OF_ALL_DIGITS {
            if scaled.bit(fraction_bits - 1) {
                digits += UBig::ONE;
            }
            return exact::from_magnitudes(sign, digits, scale.clone());
        }
    }
    Exact::ZERO
}

/// As many decimals as give 40 significant digits, or a few less.
fn fewest_decimals(steps: &UBig, fraction_bits: usize) -> usize {
    // The number is below a power of two with so many bits, or below one over it. A bit is 0.30103 decimal digits: the
    // factors are a little more and a little less.
    let bits = steps.bit_len();
    if bits >= fraction_bits {
        SIGNIFICANT_DIGITS.saturating_sub(((bits - fraction_bits) * 1234).div_ceil(4096))
    } else {
        (SIGNIFICANT_DIGITS - 1).saturating_add((fraction_bits - bits).saturating_mul(1233) / 4096)
    }
}
