//! The natural logarithm, the exponential function and powers that are not whole, in integer arithmetic.
//!
//! A number is an integer that counts steps of a power of two. At 256 bits behind the point the errors stay below
//! 2^-230 of the result, far under the 40 digits (133 bits) to which `rounding` rounds it, and the bits are the same on
//! every machine.
//!
//! Design note: `dashu` has floating point functions too. They choose their precision by the machine's own floating
//! point logarithm and retry until they can prove the last digit; these are shorter than the conversions to and from
//! them, need a bounded number of steps, and take a tenth of the time.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use std::sync::LazyLock;

use dashu::{
    base::{BitTest, DivRemEuclid, Sign, Signed, UnsignedAbs},
    integer::{IBig, UBig},
};

use super::{
    EvaluationCause, Exact, Rational,
    arithmetic::{self, Outcome},
    quick, rounding,
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
pub(super) fn without_powers_of_two(number: &Rational) -> (UBig, UBig, IBig) {
    let (numerator, denominator) = (number.numerator().unsigned_abs(), number.denominator().clone());
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
pub(super) fn inverse_hyperbolic_tangent(argument: UBig, fraction_bits: usize) -> UBig {
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
        return Ok(Exact::ZERO);
    }
    let (twos, rest) = steps.div_rem_euclid(IBig::from(LOGARITHM_OF_TWO.clone()));
    let (series, fraction_bits) = exponential_of_small(&rest);
    let (sign, twos) = twos.into_parts();
    let twos = usize::try_from(twos).map_err(|_| EvaluationCause::TooLarge)?;
    let (up, down) = if sign == Sign::Negative { (0, twos) } else { (twos, 0) };
    arithmetic::limited(rounding::rounded(Sign::Positive, &(series << up), fraction_bits + down))
}

/// The exponential function of steps below the logarithm of 2, and the result's bits behind the point.
fn exponential_of_small(steps: &UBig) -> (UBig, usize) {
    // The same steps with more bits behind the point are the argument divided by a power of two.
    let fraction_bits = FRACTION_BITS + HALVINGS;
    let mut result = exponential_series(steps, fraction_bits);
    for _ in 0..HALVINGS {
        result = (&result * &result) >> fraction_bits;
    }
    (result, fraction_bits)
}

/// The series `1 + x + x^2 / 2 + x^3 / 6 + ...`.
pub(super) fn exponential_series(steps: &UBig, fraction_bits: usize) -> UBig {
    let mut term = UBig::ONE << fraction_bits;
    let mut sum = term.clone();
    let mut factor = UBig::ZERO;
    while !term.is_zero() {
        factor += UBig::ONE;
        term = ((term * steps) >> fraction_bits) / &factor;
        sum += &term;
    }
    sum
}

/// The natural logarithm of a positive number that is not close to 1, in steps of 2 to the negative of `fraction_bits`.
pub(super) fn logarithm_steps(number: &Rational, fraction_bits: usize) -> IBig {
    let logarithm = natural_logarithm(number);
    logarithm.steps >> (logarithm.fraction_bits - fraction_bits)
}

/// The logarithm of 2, in steps of 2 to the negative of `fraction_bits`, of which there are 256 at most.
pub(super) fn logarithm_of_two(fraction_bits: usize) -> IBig {
    IBig::from(LOGARITHM_OF_TWO.clone()) >> (FRACTION_BITS - fraction_bits)
}

/// The exponential function of `number` times 2 to the negative of `bits`, if that is below the logarithm of 2.
pub(super) fn exponential_steps(number: &UBig, bits: usize, fraction_bits: usize) -> UBig {
    let (result, result_bits) = exponential_of_small(&(number << (FRACTION_BITS - bits)));
    result >> (result_bits - fraction_bits)
}
