//! Powers and square roots: exact if the result is a rational number that is not too long.
//!
//! `transcendental` computes the others, and `rounding` rounds them.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use dashu::{
    base::{Abs, BitTest, Gcd, Sign, Signed, SquareRoot, SquareRootRem, UnsignedAbs},
    integer::{IBig, UBig},
};

use super::{
    EvaluationCause, Exact, Rational,
    arithmetic::{self, MAX_BITS, Outcome},
    exact::{self, Form, Fraction},
    rounding, transcendental,
};

/// How many bits of a root are computed before it is rounded: 40 decimal digits are 133.
const ROOT_BITS: usize = 256;

/// A number to a power; a power of 0.5 is the square root.
pub(super) fn power(base: &Exact, exponent: &Exact) -> Outcome {
    if let Some(result) = short_power(base, exponent) {
        return Ok(result);
    }
    if *exponent == half() && !base.is_negative() {
        return square_root(base);
    }
    let (base, exponent) = (base.to_rational(), exponent.to_rational());
    if exponent.is_int() {
        whole_power(&base, exponent.numerator())
    } else if base.is_zero() {
        if exponent.is_negative() { Err(EvaluationCause::PowerOfZero) } else { Ok(Exact::ZERO) }
    } else if base.is_negative() {
        Err(EvaluationCause::PowerOfNegative)
    } else {
        transcendental::power(&base, &exponent)
    }
}

/// One half.
fn half() -> Exact {
    Fraction::new(1, 2).map_or(Exact::ZERO, Exact::from)
}

/// A whole power, if it fits the short form, which is always within the limits.
fn short_power(base: &Exact, exponent: &Exact) -> Option<Exact> {
    let (Form::Short(base), Form::Short(exponent)) = (&base.0, &exponent.0) else { return None };
    if exponent.denominator() != 1 {
        return None;
    }
    let power = base.to_power(u32::try_from(exponent.numerator().unsigned_abs()).ok()?)?;
    if exponent.numerator() < 0 { power.inverse() } else { Some(power) }.map(Exact::from)
}

/// A number to a whole power: exact, unless the result would have more than `MAX_BITS` above or below the line.
fn whole_power(base: &Rational, exponent: &IBig) -> Outcome {
    if base.is_zero() && exponent.is_negative() {
        return Err(EvaluationCause::PowerOfZero);
    }
    let magnitude = base.clone().abs();
    let exact = short_exponent(&magnitude, exponent)
        .map(|short| magnitude.pow(short))
        .filter(|power| exact::bits(power.as_relaxed()) <= MAX_BITS);
    let result = match exact {
        Some(exact) => arithmetic::limited(exact.into())?,
        None => transcendental::power(&magnitude, &Rational::from(exponent.clone()))?,
    };
    let is_odd = exponent.bit(0);
    Ok(if base.is_negative() && is_odd { result.negated() } else { result })
}

/// The exponent as a machine number, if the power can be computed without great cost.
///
/// A part of `b` bits to the power of `n` has more than `(b - 1) n` and at most `b n` bits. So a power that passes here
/// is at most twice too long, and one that does not is certainly too long. All powers of 0 and 1 have the same length.
fn short_exponent(magnitude: &Rational, exponent: &IBig) -> Option<isize> {
    let growth = exact::bits(magnitude.as_relaxed()).saturating_sub(1);
    if growth == 0 {
        // For 0 and 1 only whether the exponent is zero matters.
        return Some(isize::from(!exponent.is_zero()));
    }
    let exponent = isize::try_from(exponent).ok()?;
    (growth.saturating_mul(exponent.unsigned_abs()) < MAX_BITS).then_some(exponent)
}

/// The square root: exact if it is rational, else rounded.
pub(super) fn square_root(number: &Exact) -> Outcome {
    if number.is_negative() {
        return Err(EvaluationCause::SquareRootOfNegative);
    }
    let (numerator, denominator) = in_lowest_terms(number);
    // The two have no common divisor, so the root is rational only if both have whole roots.
    if let Some(above) = whole_root(&numerator)
        && let Some(below) = whole_root(&denominator)
    {
        return Ok(Rational::from_parts(above.into(), below).into());
    }
    let missing = (2 * ROOT_BITS + denominator.bit_len()).saturating_sub(numerator.bit_len());
    let shift = missing / 2 + 1;
    let square = numerator << (2 * shift);
    let square = if denominator.is_one() { square } else { square / denominator };
    Ok(rounding::rounded(Sign::Positive, &square.sqrt(), shift))
}

/// The numerator and denominator of a number that is not negative, without a common divisor.
fn in_lowest_terms(number: &Exact) -> (UBig, UBig) {
    match &number.0 {
        Form::Short(fraction) => {
            let (above, below) = (fraction.numerator().unsigned_abs(), fraction.denominator().unsigned_abs());
            let divisor = if below == 1 { 1 } else { above.gcd(below) };
            (UBig::from(above / divisor), UBig::from(below / divisor))
        }
        Form::Long(_) => {
            let (above, below) = number.to_rational().into_parts();
            (above.unsigned_abs(), below)
        }
    }
}

/// The square root of a square number; `None` for other numbers.
fn whole_root(number: &UBig) -> Option<UBig> {
    let (root, remainder) = number.sqrt_rem();
    remainder.is_zero().then_some(root)
}
