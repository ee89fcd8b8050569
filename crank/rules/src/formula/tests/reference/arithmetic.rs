//! The reference's operations on rational numbers in lowest terms, and their limits.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use dashu::{
    base::{Abs, BitTest, Signed},
    integer::UBig,
};

use super::{EvaluationCause, Rational, expression::Operator, rounding};

/// A result must be below this power of two, and above its negative.
const MAX_MAGNITUDE_BITS: usize = 127;

/// The most bits that the numerator and the denominator of a result may each have.
pub(super) const MAX_BITS: usize = 4096;

/// An operation's result, or why it has none.
pub(super) type Outcome = Result<Rational, EvaluationCause>;

/// Applies an operator to two numbers.
pub(super) fn apply(operator: Operator, left: &Rational, right: &Rational) -> Outcome {
    let divides = matches!(operator, Operator::Divide | Operator::Remainder);
    if divides && right.is_zero() {
        return Err(EvaluationCause::DivisionByZero);
    }
    limited(match operator {
        Operator::Plus => left + right,
        Operator::Minus => left - right,
        Operator::Times => left * right,
        Operator::Divide => left / right,
        Operator::Remainder => remainder(left, right),
    })
}

/// What is left of `left` after as many whole `right` as fit, counted towards zero: it has the sign of `left`.
fn remainder(left: &Rational, right: &Rational) -> Rational {
    left - right * Rational::from((left / right).trunc())
}

/// The number with the other sign.
pub(super) fn negative(number: Rational) -> Rational {
    -number
}

/// The number without its sign.
pub(super) fn absolute(number: &Rational) -> Rational {
    number.clone().abs()
}

/// A whole number less one.
pub(super) fn one_less(number: u64) -> Rational {
    Rational::from(number) - Rational::ONE
}

/// The whole number below or at a number.
pub(super) fn floor(number: &Rational) -> Outcome {
    limited(number.floor().into())
}

/// The whole number above or at a number.
pub(super) fn ceiling(number: &Rational) -> Outcome {
    limited(number.ceil().into())
}

/// The nearest whole number, half away from zero.
pub(super) fn nearest_whole(number: &Rational) -> Outcome {
    limited(number.round().into())
}

/// The number, if it keeps the limits.
pub(super) fn limited(number: Rational) -> Outcome {
    if is_too_large(&number) {
        Err(EvaluationCause::TooLarge)
    } else if !has_few_bits(&number) {
        Err(EvaluationCause::TooManyDigits)
    } else {
        Ok(number)
    }
}

/// Whether the numerator and the denominator are short enough for an exact result.
pub(super) fn has_few_bits(number: &Rational) -> bool {
    bits(number) <= MAX_BITS
}

/// The length of the numerator or of the denominator, whichever is longer.
pub(super) fn bits(number: &Rational) -> usize {
    number.numerator().bit_len().max(number.denominator().bit_len())
}

/// Whether the number is 2^127 or more, or the negative of that or less.
fn is_too_large(number: &Rational) -> bool {
    let longest = number.denominator().bit_len().saturating_add(MAX_MAGNITUDE_BITS);
    // Lengths decide, unless the numerator is exactly as long as the smallest one that is too large.
    let length = number.numerator().bit_len();
    length > longest || (length == longest && absolute_numerator(number) >= number.denominator() << MAX_MAGNITUDE_BITS)
}

/// The numerator without its sign.
pub(super) fn absolute_numerator(number: &Rational) -> UBig {
    let (_, magnitude) = number.numerator().clone().into_parts();
    magnitude
}

/// A number as an error shows it: at most twelve decimals, and three points where more would follow.
pub(super) fn shown(number: &Rational) -> String {
    const DECIMALS: usize = 12;
    let scaled = number * Rational::from(rounding::power_of_ten(DECIMALS));
    let (_, digits) = scaled.trunc().into_parts();
    let padded = format!("{digits:0>width$}", width = DECIMALS + 1);
    let (whole, decimals) = padded.split_at(padded.len().saturating_sub(DECIMALS));
    let sign = if number.is_negative() { "-" } else { "" };
    let text = format!("{sign}{whole}.{decimals}");
    if scaled.is_int() { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { format!("{text}...") }
}
