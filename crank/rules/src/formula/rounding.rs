//! Rounds results that are not exact: roots, logarithms and powers that are not rational, or too long.
//!
//! It rounds to decimal digits and not to bits, so that a result that is a short decimal, such as `pow(8, 1 / 3)`, is
//! exact.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use std::sync::LazyLock;

use dashu::{
    base::{BitTest, Sign},
    integer::{IBig, UBig},
};

use super::{Exact, exact};

/// How many significant decimal digits a rounded result has.
const SIGNIFICANT_DIGITS: usize = 40;

/// A result that is smaller than 10 to the power of minus this is rounded to zero.
const SMALLEST_EXPONENT: usize = 60;

/// The powers of ten up to the most decimals that a rounded result has: those of 10^-60.
static POWERS_OF_TEN: LazyLock<Vec<UBig>> =
    LazyLock::new(|| (0..SIGNIFICANT_DIGITS + SMALLEST_EXPONENT).map(|power| UBig::from(10_u8).pow(power)).collect());

/// The least number of 40 digits.
static LEAST_OF_ALL_DIGITS: LazyLock<UBig> = LazyLock::new(|| UBig::from(10_u8).pow(SIGNIFICANT_DIGITS - 1));

/// Rounds a count of steps of 2 to the power of minus `fraction_bits` (above 0) to the nearest number of 40 significant
/// decimal digits, or to zero if it is below 10^-60.
///
/// The steps approximate an irrational number to many more digits. If the two nearest candidates are about equally far,
/// the steps decide and not the number: either candidate is as good, and all machines choose the same one.
pub(super) fn rounded(sign: Sign, steps: &UBig, fraction_bits: usize) -> Exact {
    let Some((scale, scaled)) = scaled(steps, fraction_bits) else { return Exact::ZERO };
    nearest(sign, &scaled, fraction_bits, scale)
}

/// The same for steps that are not known exactly, if all counts less than `uncertain_steps` away round to the same
/// number. `None` if that is in doubt, or if the number might be rounded to zero.
///
/// Counts on both sides of a number of 40 digits all round to that number. So only counts close to the middle between
/// two such numbers are in doubt.
pub(super) fn rounded_if_certain(
    sign: Sign,
    steps: &UBig,
    fraction_bits: usize,
    uncertain_steps: u32,
) -> Option<Exact> {
    let (scale, scaled) = scaled(steps, fraction_bits)?;
    let fraction = &scaled - ((&scaled >> fraction_bits) << fraction_bits);
    let half = UBig::ONE << (fraction_bits - 1);
    let (_, distance) = (IBig::from(fraction) - IBig::from(half)).into_parts();
    // A result may also lie on the other side of a power of ten, and then has one digit less behind the point.
    let uncertain = scale * UBig::from(uncertain_steps) * UBig::from(10_u8);
    (distance > uncertain).then(|| nearest(sign, &scaled, fraction_bits, scale))
}

/// The power of ten that makes the steps a number of 40 digits before the point, and their product.
fn scaled(steps: &UBig, fraction_bits: usize) -> Option<(&'static UBig, UBig)> {
    let decimals = fewest_decimals(steps, fraction_bits);
    POWERS_OF_TEN.iter().skip(decimals).find_map(|scale| {
        let scaled = steps * scale;
        (&scaled >> fraction_bits >= *LEAST_OF_ALL_DIGITS).then_some((scale, scaled))
    })
}

/// The number that is `scaled / scale`, rounded to a whole number of `1 / scale`.
fn nearest(sign: Sign, scaled: &UBig, fraction_bits: usize, scale: &UBig) -> Exact {
    let mut digits = scaled >> fraction_bits;
    if scaled.bit(fraction_bits - 1) {
        digits += UBig::ONE;
    }
    exact::from_magnitudes(sign, digits, scale.clone())
}

/// The number of decimals that gives 40 significant digits, or a few less.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_certain_unless_it_is_half_way_between_two() {
        // Forty digits before the point and none behind it, so that a step is one of 2^64 parts of the last digit.
        let digits: UBig = "1234567890123456789012345678901234567890".parse().unwrap();
        let half = 1_u64 << 63;
        for (fraction, is_certain) in [
            (0, true),
            (half - 1_001, true),
            (half - 1_000, false),
            (half, false),
            (half + 1_000, false),
            (half + 1_001, true),
            (u64::MAX, true),
        ] {
            let steps = (&digits << 64) + UBig::from(fraction);
            let found = rounded_if_certain(Sign::Negative, &steps, 64, 100);
            assert_eq!(found, is_certain.then(|| rounded(Sign::Negative, &steps, 64)), "{fraction}");
        }
    }
}
