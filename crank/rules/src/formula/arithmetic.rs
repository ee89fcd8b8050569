//! Operations on exact numbers, and the limits that every result must keep.
//!
//! The limits bound the time and memory a hostile formula can take. Roots, powers and logarithms are in `power` and
//! `transcendental`.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use dashu::{
    base::{BitTest, Signed},
    integer::UBig,
    rational::Relaxed,
};

use super::{
    EvaluationCause, Exact,
    exact::{self, Form},
    expression::Operator,
};

/// A result must be below this power of two, and above its negative.
const MAX_MAGNITUDE_BITS: usize = 127;

/// The most bits that the numerator and the denominator of a result may each have, in lowest terms.
pub(super) const MAX_BITS: usize = 4096;

/// A long number with more bits than this is brought to lowest terms, so that numbers stay short in a chain of
/// operations.
const BITS_LEFT_UNREDUCED: usize = 1024;

/// An operation's result, or why it has none.
pub(super) type Outcome = Result<Exact, EvaluationCause>;

/// Applies an operator to two numbers.
pub(super) fn apply(operator: Operator, left: &Exact, right: &Exact) -> Outcome {
    let divides = matches!(operator, Operator::Divide | Operator::Remainder);
    if divides && right.is_zero() {
        return Err(EvaluationCause::DivisionByZero);
    }
    limited(Exact::combined(operator, left, right))
}

/// The number, if it keeps the limits.
pub(super) fn limited(number: Exact) -> Outcome {
    let Form::Long(long) = number.0 else {
        // A number in the short form is always within the limits.
        return Ok(number);
    };
    if is_too_large(&long) {
        return Err(EvaluationCause::TooLarge);
    }
    if exact::bits(&long) <= BITS_LEFT_UNREDUCED {
        return Ok(Exact(Form::Long(long)));
    }
    let reduced = long.canonicalize();
    if exact::bits(reduced.as_relaxed()) > MAX_BITS { Err(EvaluationCause::TooManyDigits) } else { Ok(reduced.into()) }
}

/// Whether the number is 2^127 or more, or the negative of that or less.
fn is_too_large(number: &Relaxed) -> bool {
    let longest = number.denominator().bit_len().saturating_add(MAX_MAGNITUDE_BITS);
    // The lengths decide, unless the numerator is exactly as long as the smallest one that is too large.
    let length = number.numerator().bit_len();
    length > longest || (length == longest && magnitude(number) >= number.denominator() << MAX_MAGNITUDE_BITS)
}

/// The numerator without its sign.
fn magnitude(number: &Relaxed) -> UBig {
    let (_, magnitude) = number.numerator().clone().into_parts();
    magnitude
}

/// A number as an error shows it: at most twelve decimals, and three points if more would follow.
pub(super) fn shown(number: &Exact) -> String {
    const DECIMALS: usize = 12;
    let scaled = number.to_rational() * UBig::from(10_u8).pow(DECIMALS);
    let (_, digits) = scaled.trunc().into_parts();
    let padded = format!("{digits:0>width$}", width = DECIMALS + 1);
    let (whole, decimals) = padded.split_at(padded.len().saturating_sub(DECIMALS));
    let sign = if scaled.is_negative() { "-" } else { "" };
    let text = format!("{sign}{whole}.{decimals}");
    if scaled.is_int() { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { format!("{text}...") }
}
