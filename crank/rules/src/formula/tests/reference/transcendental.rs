//! The reference's logarithm, exponential function and powers: every series at full length, from the whole argument.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use std::sync::LazyLock;

use dashu::{
    base::{BitTest, DivRemEuclid, Sign, Signed},
    integer::{IBig, UBig},
};

use super::{
    EvaluationCause, Rational,
    arithmetic::{self, Outcome},
    rounding,
};

/// Bits behind the point.
const FRACTION_BITS: usize = 256;

/// `exp` is not computed from here on: its result would be past 2^127, which is `exp` of 88.03.
const EXPONENT_PAST_MAXIMUM: i32 = 89;

/// `exp` is not computed from here on downward: its result would be rounded to zero, as is that of -138.2.
const EXPONENT_PAST_ZERO: i32 = -139;

/// The argument of the exponential series is divided by two this often, and its result squared as often.
const HALVINGS: usize = 8;

/// The natural logarithm of 2: twice the inverse hyperbolic tangent of a third.
static LOGARITHM_OF_TWO: LazyLock<UBig> =
    LazyLock::new(|| inverse_hyperbolic_tangent((UBig::ONE << FRACTION_BITS) / UBig::from(3_u8), FRACTION_BITS) << 1);

/// A number as a count of steps, each of which is 2 to the negative of `fraction_bits`.
struct FixedPoint {
    steps: IBig,
    fraction_bits: usize,
}

/// The natural logarithm, rounded.
pub(super) fn logarithm(number: &Rational) -> Outcome {
    if number.is_zero() || number.is_negative() {
        return Err(EvaluationCause::LogOfNonPositive);
    }
    let FixedPoint { steps, fraction_bits } = natural_logarithm(number);
    let (sign, steps) = steps.into_parts();
    Ok(rounding::rounded(sign, steps, &(UBig::ONE << fraction_bits)))
}

/// The exponential function, rounded.
pub(super) fn exponential(number: &Rational) -> Outcome {
    exponential_of_steps(&((number.numerator() << FRACTION_BITS) / number.denominator()))
}

/// A positive number to any power, rounded: the exponential of the exponent times the logarithm.
pub(super) fn power(base: &Rational, exponent: &Rational) -> Outcome {
    let FixedPoint { steps, fraction_bits } = natural_logarithm(base);
    let product = (exponent.numerator() * steps) << FRACTION_BITS;
    exponential_of_steps(&(product / (exponent.denominator() << fraction_bits)))
}

/// The natural logarithm of a positive number, to about `FRACTION_BITS` significant bits even close to 1.
fn natural_logarithm(number: &Rational) -> FixedPoint {
    let (numerator, denominator, twos) = without_powers_of_two(number);
    let sum = &numerator + &denominator;
    let (sign, difference) = (IBig::from(numerator) - IBig::from(denominator)).into_parts();
    // Close to 1 the logarithm is about as small as the difference; further bits make up for its leading zeros.
    let leading_zeros = if twos.is_zero() { sum.bit_len() - difference.bit_len() } else { 0 };
    let fraction_bits = FRACTION_BITS + leading_zeros;
    let tangent = (difference << fraction_bits) / sum;
    let near_zero = IBig::from_parts(sign, inverse_hyperbolic_tangent(tangent, fraction_bits) << 1);
    FixedPoint { steps: near_zero + twos * IBig::from(LOGARITHM_OF_TWO.clone()), fraction_bits }
}

/// A fraction from 2/3 to 4/3, and the power of two by which it must be multiplied to give the number.
fn without_powers_of_two(number: &Rational) -> (UBig, UBig, IBig) {
    let (numerator, denominator) = (arithmetic::absolute_numerator(number), number.denominator().clone());
    let mut up = numerator.bit_len().saturating_sub(denominator.bit_len());
    let mut down = denominator.bit_len().saturating_sub(numerator.bit_len());
    let (mut numerator, mut denominator) = (numerator << down, denominator << up);
    // Both are of one length now, and the fraction is between 1/2 and 2.
    if &numerator * UBig::from(3_u8) > &denominator << 2 {
        denominator <<= 1;
        up += 1;
    } else if &numerator * UBig::from(3_u8) < &denominator << 1 {
        numerator <<= 1;
        down += 1;
    }
    (numerator, denominator, IBig::from(up) - IBig::from(down))
}

/// The series `z + z^3 / 3 + z^5 / 5 + ...`, for an argument of at most a third.
fn inverse_hyperbolic_tangent(argument: UBig, fraction_bits: usize) -> UBig {
    let square = (&argument * &argument) >> fraction_bits;
    let mut power = argument.clone();
    let mut sum = argument;
    let mut divisor = UBig::ONE;
    loop {
        power = (power * &square) >> fraction_bits;
        if power.is_zero() {
            return sum;
        }
        divisor += UBig::from(2_u8);
        sum += &power / &divisor;
    }
}

/// The exponential function of so many steps of 2^-256, rounded.
fn exponential_of_steps(steps: &IBig) -> Outcome {
    let one = IBig::ONE << FRACTION_BITS;
    if *steps >= &one * IBig::from(EXPONENT_PAST_MAXIMUM) {
        return Err(EvaluationCause::TooLarge);
    }
    if *steps <= one * IBig::from(EXPONENT_PAST_ZERO) {
        return Ok(Rational::ZERO);
    }
    let (twos, rest) = steps.div_rem_euclid(IBig::from(LOGARITHM_OF_TWO.clone()));
    let (series, fraction_bits) = exponential_series(&rest);
    let (sign, twos) = twos.into_parts();
    let twos = usize::try_from(twos).map_err(|_| EvaluationCause::TooLarge)?;
    let (up, down) = if sign == Sign::Negative { (0, twos) } else { (twos, 0) };
    arithmetic::limited(rounding::rounded(Sign::Positive, series << up, &(UBig::ONE << (fraction_bits + down))))
}

/// The series `1 + x + x^2 / 2 + x^3 / 6 + ...` of steps below the logarithm of 2, and the result's bits behind the
/// point.
fn exponential_series(steps: &UBig) -> (UBig, usize) {
    // The same steps with more bits behind the point are the argument divided by a power of two.
    let fraction_bits = FRACTION_BITS + HALVINGS;
    let mut term = UBig::ONE << fraction_bits;
    let mut sum = term.clone();
    let mut factor = UBig::ZERO;
    while !term.is_zero() {
        factor += UBig::ONE;
        term = ((term * steps) >> fraction_bits) / &factor;
        sum += &term;
    }
    for _ in 0..HALVINGS {
        sum = (&sum * &sum) >> fraction_bits;
    }
    (sum, fraction_bits)
}
