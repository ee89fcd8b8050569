//! Logarithms, exponentials and powers in a fraction of `transcendental`'s steps, given only if the rounded result is
//! certain to be the same.
//!
//! Tables bring the arguments of both series close to zero, and 192 bits behind the point are used instead of 256. The
//! error is less than `UNCERTAIN_STEPS`. If no rounding boundary is that close, both methods round to the same 40
//! digits; else this module gives no answer. `transcendental` remains the definition.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use std::sync::LazyLock;

use dashu::{
    base::{BitTest, DivRemEuclid, Sign, UnsignedAbs},
    integer::{IBig, UBig},
};

use super::{Exact, Rational, rounding, series};

/// Bits behind the point.
const FRACTION_BITS: usize = 192;

/// A bound on the error of a result, in steps of 2^-192, with a wide margin.
///
/// A series of at most 20 terms, each rounded down, and a table's entry are off by less than 2^7 steps; the logarithm
/// of 2, taken at most 4,096 times, by at most 2^12. An exponent of at most 2^10 turns the two into less than 2^23, and
/// the exponential function below at most doubles that. `transcendental`'s own error is below one step.
const UNCERTAIN_STEPS: u32 = 1 << 24;

/// A logarithm closer to zero than 2 to the power of minus this has too few significant bits here.
const SMALLEST_LOGARITHM_BITS: usize = 20;

/// The largest exponent that a power may have here, of either sign.
const MAX_EXPONENT: u32 = 1 << 10;

/// The exponential function is computed here between these: from 2^-92 to 2^127.
const MIN_ARGUMENT: i32 = -64;
const MAX_ARGUMENT: i32 = 88;

/// The table of logarithms divides 1 into so many parts.
const PARTS: u32 = 256;

/// The first part with a logarithm in the table; the fractions are at least 2/3.
const FIRST_PART: u32 = 170;

/// The natural logarithm of 2.
static LOGARITHM_OF_TWO: LazyLock<IBig> = LazyLock::new(|| series::logarithm_of_two(FRACTION_BITS));

/// The logarithms of the parts of 1 from 2/3 to 4/3.
static LOGARITHMS: LazyLock<Vec<IBig>> = LazyLock::new(|| {
    let part = |part: u32| Rational::from_parts(part.into(), PARTS.into());
    (FIRST_PART..=PARTS * 4 / 3 + 1).map(|number| series::logarithm_steps(&part(number), FRACTION_BITS)).collect()
});

/// The exponential function of the 256ths below the logarithm of 2.
static EXPONENTIALS: LazyLock<Vec<UBig>> = LazyLock::new(|| exponentials(178, 8));

/// The exponential function of the 65,536ths below a 256th.
static SMALL_EXPONENTIALS: LazyLock<Vec<UBig>> = LazyLock::new(|| exponentials(256, 16));

/// The exponential function of `0`, `1`, `2`, … times 2 to the power of minus `bits`, `count` of them.
fn exponentials(count: u32, bits: usize) -> Vec<UBig> {
    (0..count).map(|number| series::exponential_steps(&UBig::from(number), bits, FRACTION_BITS)).collect()
}

/// The natural logarithm of a positive number, rounded.
pub(super) fn logarithm(number: &Rational) -> Option<Exact> {
    let (sign, steps) = logarithm_steps(number)?.into_parts();
    if steps.bit_len() + SMALLEST_LOGARITHM_BITS < FRACTION_BITS {
        return None;
    }
    rounding::rounded_if_certain(sign, &steps, FRACTION_BITS, UNCERTAIN_STEPS)
}

/// The exponential function, rounded.
pub(super) fn exponential(number: &Rational) -> Option<Exact> {
    exponential_of_steps(&((number.numerator() << FRACTION_BITS) / number.denominator()))
}

/// A positive number to any power, rounded.
pub(super) fn power(base: &Rational, exponent: &Rational) -> Option<Exact> {
    if exponent.numerator().unsigned_abs() > exponent.denominator() * UBig::from(MAX_EXPONENT) {
        return None;
    }
    exponential_of_steps(&(exponent.numerator() * logarithm_steps(base)? / exponent.denominator()))
}

/// The natural logarithm of a positive number.
fn logarithm_steps(number: &Rational) -> Option<IBig> {
    let (numerator, denominator, twos) = series::without_powers_of_two(number);
    // The nearest part of 1 from the table, and the logarithm of the fraction's ratio to it.
    let parts = &numerator * UBig::from(PARTS);
    let nearest = ((&parts << 1) + &denominator) / (&denominator << 1);
    let nearest = u32::try_from(nearest).ok()?;
    let of_part = LOGARITHMS.get(usize::try_from(nearest.checked_sub(FIRST_PART)?).ok()?)?;
    let part = denominator * UBig::from(nearest);
    let sum = &parts + &part;
    let (sign, difference) = (IBig::from(parts) - IBig::from(part)).into_parts();
    let tangent = (difference << FRACTION_BITS) / sum;
    let near_zero = IBig::from_parts(sign, series::inverse_hyperbolic_tangent(tangent, FRACTION_BITS) << 1);
    Some(near_zero + of_part + twos * &*LOGARITHM_OF_TWO)
}

/// The exponential function of so many steps, rounded.
fn exponential_of_steps(steps: &IBig) -> Option<Exact> {
    let one = IBig::ONE << FRACTION_BITS;
    if *steps > &one * IBig::from(MAX_ARGUMENT) || *steps < one * IBig::from(MIN_ARGUMENT) {
        return None;
    }
    let (twos, rest) = steps.div_rem_euclid(&*LOGARITHM_OF_TWO);
    let sixteen_bits = &rest >> (FRACTION_BITS - 16);
    let below = rest - (&sixteen_bits << (FRACTION_BITS - 16));
    let sixteen_bits = usize::try_from(sixteen_bits).ok()?;
    let (large, small) = (EXPONENTIALS.get(sixteen_bits / 256)?, SMALL_EXPONENTIALS.get(sixteen_bits % 256)?);
    let series = series::exponential_series(&below, FRACTION_BITS);
    let result = (((series * large) >> FRACTION_BITS) * small) >> FRACTION_BITS;
    // The power of two only moves the point.
    let fraction_bits = isize::try_from(FRACTION_BITS).ok()?.checked_sub(isize::try_from(twos).ok()?)?;
    rounding::rounded_if_certain(Sign::Positive, &result, usize::try_from(fraction_bits).ok()?, UNCERTAIN_STEPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearly_every_result_is_certain() {
        for number in 2..500_u32 {
            let number = Rational::from_parts(IBig::from(number * number), UBig::from(7_u8));
            assert!(logarithm(&number).is_some(), "the logarithm of {number}");
            let exponent = Rational::from_parts(IBig::from(3), UBig::from(4_u8));
            assert!(power(&number, &exponent).is_some(), "a power of {number}");
            assert!(exponential(&(exponent / number)).is_some());
        }
    }

    #[test]
    fn arguments_out_of_reach_are_left_to_the_longer_way() {
        let close_to_one = Rational::from_parts(IBig::from(10_000_001), UBig::from(10_000_000_u32));
        assert!(logarithm(&close_to_one).is_none());
        assert!(exponential(&Rational::from(89)).is_none() && exponential(&Rational::from(-65)).is_none());
        assert!(power(&close_to_one, &Rational::from(1_025)).is_none());
    }
}
