//! The reference's powers and square roots.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use dashu::{
    base::{BitTest, Sign, Signed, SquareRoot, SquareRootRem},
    integer::{IBig, UBig},
};

use super::{
    EvaluationCause, Rational,
    arithmetic::{self, MAX_BITS, Outcome},
    rounding, transcendental,
};

/// How many bits of a root are computed before it is rounded: 40 decimal digits are 133.
const ROOT_BITS: usize = 256;

/// A number to a power; to 0.5 it is the square root.
pub(super) fn power(base: &Rational, exponent: &Rational) -> Outcome {
    if exponent.is_int() {
        whole_power(base, exponent.numerator())
    } else if base.is_zero() {
        if exponent.is_negative() { Err(EvaluationCause::PowerOfZero) } else { Ok(Rational::ZERO) }
    } else if base.is_negative() {
        Err(EvaluationCause::PowerOfNegative)
    } else if *exponent == Rational::from_parts_const(Sign::Positive, 1, 2) {
        square_root(base)
    } else {
        transcendental::power(base, exponent)
    }
}

/// A number to a whole power: exact, unless the result would have more than `MAX_BITS` above or below the line.
fn whole_power(base: &Rational, exponent: &IBig) -> Outcome {
    if base.is_zero() && exponent.is_negative() {
        return Err(EvaluationCause::PowerOfZero);
    }
    let magnitude = arithmetic::absolute(base);
    let exact = short_exponent(&magnitude, exponent).map(|short| magnitude.pow(short)).filter(arithmetic::has_few_bits);
    let result = match exact {
        Some(exact) => arithmetic::limited(exact)?,
        None => transcendental::power(&magnitude, &Rational::from(exponent.clone()))?,
    };
    let is_odd = exponent.bit(0);
    Ok(if base.is_negative() && is_odd { -result } else { result })
}

/// The exponent as a machine number, if the power can be computed without great cost.
///
/// A part of `b` bits to the `n` has more than `(b - 1) n` bits and at most `b n`, so what passes here is at most twice
/// too long, and what does not is too long for certain. Of 0 and 1, every power is as long as the first.
fn short_exponent(magnitude: &Rational, exponent: &IBig) -> Option<isize> {
    let growth = arithmetic::bits(magnitude).saturating_sub(1);
    if growth == 0 {
        // Only whether the exponent is zero matters, and it fits the smallest of numbers.
        return Some(isize::from(!exponent.is_zero()));
    }
    let exponent = isize::try_from(exponent).ok()?;
    (growth.saturating_mul(exponent.unsigned_abs()) < MAX_BITS).then_some(exponent)
}

/// The square root: exact where it is rational, else rounded.
pub(super) fn square_root(number: &Rational) -> Outcome {
    if number.is_negative() {
        return Err(EvaluationCause::SquareRootOfNegative);
    }
    let (numerator, denominator) = (arithmetic::absolute_numerator(number), number.denominator());
    // The two have no common divisor, so the root is rational only if both have whole roots.
    if let (Some(above), Some(below)) = (whole_root(&numerator), whole_root(denominator)) {
        return Ok(Rational::from_parts(above.into(), below));
    }
    let missing = (2 * ROOT_BITS + denominator.bit_len()).saturating_sub(numerator.bit_len());
    let shift = missing / 2 + 1;
    let root = ((numerator << (2 * shift)) / denominator).sqrt();
    Ok(rounding::rounded(Sign::Positive, root, &(UBig::ONE << shift)))
}

/// The square root of a square.
fn whole_root(number: &UBig) -> Option<UBig> {
    let (root, remainder) = number.sqrt_rem();
    remainder.is_zero().then_some(root)
}
