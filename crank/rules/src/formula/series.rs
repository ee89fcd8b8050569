//! The series of the natural logarithm and the exponential function, in integer arithmetic.
//!
//! A number is an integer that counts steps of a power of two. `transcendental` and `quick` both use these series, and
//! decide how many bits they need and how results are rounded.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use std::sync::LazyLock;

use dashu::{
    base::{BitTest, UnsignedAbs},
    integer::{IBig, UBig},
};

use super::Rational;

/// Bits behind the point in `transcendental`, which is the definition.
pub(super) const FRACTION_BITS: usize = 256;

/// The argument of the exponential series is divided by two this often, and its result squared as often.
const HALVINGS: usize = 8;

/// The natural logarithm of 2: twice the inverse hyperbolic tangent of a third.
pub(super) static LOGARITHM_OF_TWO: LazyLock<UBig> =
    LazyLock::new(|| inverse_hyperbolic_tangent((UBig::ONE << FRACTION_BITS) / UBig::from(3_u8), FRACTION_BITS) << 1);

/// A number as a count of steps of 2 to the power of minus `fraction_bits`.
pub(super) struct FixedPoint {
    pub(super) steps: IBig,
    pub(super) fraction_bits: usize,
}

/// The natural logarithm of a positive number, to about `FRACTION_BITS` significant bits even close to 1.
pub(super) fn natural_logarithm(number: &Rational) -> FixedPoint {
    let (numerator, denominator, twos) = without_powers_of_two(number);
    let sum = &numerator + &denominator;
    let (sign, difference) = (IBig::from(numerator) - IBig::from(denominator)).into_parts();
    // Close to 1 the logarithm is about as small as the difference, so more bits are used, as many as leading zeros.
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
    // Both have the same length now, and the fraction is between 1/2 and 2.
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

/// The exponential function of steps below the logarithm of 2, and the result's bits behind the point.
pub(super) fn exponential_of_small(steps: &UBig) -> (UBig, usize) {
    // The same steps with more bits behind the point divide the argument by a power of two.
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

/// The logarithm of 2, in steps of 2 to the power of minus `fraction_bits`, which may be at most 256.
pub(super) fn logarithm_of_two(fraction_bits: usize) -> IBig {
    IBig::from(LOGARITHM_OF_TWO.clone()) >> (FRACTION_BITS - fraction_bits)
}

/// The exponential function of `number` times 2 to the negative of `bits`, if that is below the logarithm of 2.
pub(super) fn exponential_steps(number: &UBig, bits: usize, fraction_bits: usize) -> UBig {
    let (result, result_bits) = exponential_of_small(&(number << (FRACTION_BITS - bits)));
    result >> (result_bits - fraction_bits)
}
