//! The natural logarithm, the exponential function and powers that are not whole, in integer arithmetic.
//!
//! This module chooses the method and rounds the result; `series` adds up the series. With 256 bits behind the point
//! the error stays below 2^-230 of the result, far less than the 40 digits (133 bits) to which `rounding` rounds it,
//! and the bits are the same on every machine.
//!
//! Design note: `dashu` has floating point functions too. They choose their precision by the machine's own floating
//! point logarithm and retry until they can prove the last digit. The functions here are shorter than the conversions
//! to and from those, need a bounded number of steps, and take a tenth of the time.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use dashu::{
    base::{DivRemEuclid, Sign, Signed},
    integer::IBig,
};

use super::{
    EvaluationCause, Exact, Rational,
    arithmetic::{self, Outcome},
    quick, rounding,
    series::{FRACTION_BITS, FixedPoint, LOGARITHM_OF_TWO, exponential_of_small, natural_logarithm},
};

/// `exp` of this and more is not computed: its result would be above 2^127, which is `exp` of 88.03.
const EXPONENT_PAST_MAXIMUM: i32 = 89;

/// `exp` of this and less is not computed: its result would be rounded to zero, as already that of -138.2 is.
const EXPONENT_PAST_ZERO: i32 = -139;

/// The natural logarithm, rounded.
pub(super) fn logarithm(number: &Rational) -> Outcome {
    if number.is_zero() || number.is_negative() {
        return Err(EvaluationCause::LogOfNonPositive);
    }
    if let Some(result) = quick::logarithm(number) {
        return Ok(result);
    }
    let FixedPoint { steps, fraction_bits } = natural_logarithm(number);
    let (sign, steps) = steps.into_parts();
    Ok(rounding::rounded(sign, &steps, fraction_bits))
}

/// The exponential function, rounded.
pub(super) fn exponential(number: &Rational) -> Outcome {
    if let Some(result) = quick::exponential(number) {
        return arithmetic::limited(result);
    }
    exponential_of_steps(&((number.numerator() << FRACTION_BITS) / number.denominator()))
}

/// A positive number to any power, rounded: the exponential of the exponent times the logarithm.
pub(super) fn power(base: &Rational, exponent: &Rational) -> Outcome {
    if let Some(result) = quick::power(base, exponent) {
        return arithmetic::limited(result);
    }
    let FixedPoint { steps, fraction_bits } = natural_logarithm(base);
    let product = (exponent.numerator() * steps) << FRACTION_BITS;
    exponential_of_steps(&(product / (exponent.denominator() << fraction_bits)))
}

/// The exponential function of so many steps of 2^-256, rounded.
fn exponential_of_steps(steps: &IBig) -> Outcome {
    let one = IBig::ONE << FRACTION_BITS;
    if *steps >= &one * IBig::from(EXPONENT_PAST_MAXIMUM) {
        return Err(EvaluationCause::TooLarge);
    }
    if *steps <= one * IBig::from(EXPONENT_PAST_ZERO) {
        return Ok(Exact::ZERO);
    }
    let (twos, rest) = steps.div_rem_euclid(IBig::from(LOGARITHM_OF_TWO.clone()));
    let (series, fraction_bits) = exponential_of_small(&rest);
    let (sign, twos) = twos.into_parts();
    let twos = usize::try_from(twos).map_err(|_| EvaluationCause::TooLarge)?;
    let (up, down) = if sign == Sign::Negative { (0, twos) } else { (twos, 0) };
    arithmetic::limited(rounding::rounded(Sign::Positive, &(series << up), fraction_bits + down))
}
