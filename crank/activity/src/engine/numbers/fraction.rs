//! Exact fractions, the results of divisions. `code` has their form in a column.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

mod code;

use std::cmp::Ordering;
use std::result::Result;

use dashu::base::{DivRem, Sign, Signed, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use datafusion::arrow::datatypes::i256;

use super::{Fault, fitting};

/// `numerator / denominator`, not always in lowest terms; its code always is.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Fraction {
    numerator: IBig,
    /// Above zero.
    denominator: UBig,
}

/// Which neighbour a number is rounded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::engine) enum Direction {
    /// The nearest; of two equally near ones, the even one.
    NearestEven,
    /// The nearest; of two equally near ones, the one farther from zero.
    NearestAway,
    /// The one below.
    Down,
    /// The one above.
    Up,
    /// The one nearer to zero.
    TowardsZero,
}

impl Fraction {
    /// `numerator / denominator`; the denominator must not be zero.
    pub(in crate::engine) const fn new(numerator: IBig, denominator: UBig) -> Self {
        Self { numerator, denominator }
    }

    /// `number / 10^scale`.
    pub(in crate::engine) fn of_decimal(number: i256, scale: u8) -> Self {
        let numerator = number.to_i128().map_or_else(|| IBig::from_le_bytes(&number.to_le_bytes()), IBig::from);
        Self { numerator, denominator: power_of_ten(scale.into()) }
    }

    /// The number above the line.
    pub(in crate::engine) const fn numerator(&self) -> &IBig {
        &self.numerator
    }

    /// The number below the line.
    pub(in crate::engine) const fn denominator(&self) -> &UBig {
        &self.denominator
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        if self.denominator == other.denominator {
            return Self::new(&self.numerator + &other.numerator, self.denominator.clone());
        }
        let (left, right) = self.over_one_line(other);
        Self::new(left + right, &self.denominator * &other.denominator)
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&Self::new(-&other.numerator, other.denominator.clone()))
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        Self::new(&self.numerator * &other.numerator, &self.denominator * &other.denominator)
    }

    pub(in crate::engine) fn over(&self, other: &Self) -> Result<Self, Fault> {
        let (sign, divisor) = other.numerator.clone().into_parts();
        if divisor.is_zero() {
            return Err(Fault::DivisionByZero);
        }
        let numerator = &self.numerator * IBig::from_parts(sign, other.denominator.clone());
        Ok(Self::new(numerator, &self.denominator * divisor))
    }

    /// The remainder of dividing this number by the other, with this number's sign.
    pub(super) fn remainder(&self, other: &Self) -> Result<Self, Fault> {
        let quotient = self.over(other)?.rounded(0, Direction::TowardsZero);
        Ok(self.minus(&quotient.times(other)))
    }

    pub(super) fn magnitude(&self) -> Self {
        Self::new(IBig::from(self.numerator.clone().unsigned_abs()), self.denominator.clone())
    }

    /// The number rounded to `places` digits behind the point, or before it if `places` is negative.
    pub(super) fn rounded(&self, places: i32, direction: Direction) -> Self {
        let unit = power_of_ten(places.unsigned_abs());
        if places >= 0 {
            Self::new(self.in_units_of(&unit, direction), unit)
        } else {
            let tens = Self::new(self.numerator.clone(), &self.denominator * &unit);
            Self::new(tens.in_units_of(&UBig::ONE, direction) * unit, UBig::ONE)
        }
    }

    /// The number in units of `10^-scale`, rounded.
    pub(in crate::engine) fn units(&self, scale: u32, direction: Direction) -> IBig {
        self.in_units_of(&power_of_ten(scale), direction)
    }

    /// The number as a wide decimal of that scale, rounded.
    pub(in crate::engine) fn to_wide(&self, scale: u8, direction: Direction) -> Result<i256, Fault> {
        fitting(in_256_bits(&self.units(scale.into(), direction)))
    }

    fn in_units_of(&self, unit: &UBig, direction: Direction) -> IBig {
        let (sign, magnitude) = (self.numerator.sign(), self.numerator.clone().unsigned_abs());
        let (whole, rest) = (magnitude * unit).div_rem(&self.denominator);
        let half = (&rest << 1_usize).cmp(&self.denominator);
        let is_even = (&whole & &UBig::ONE).is_zero();
        let is_farther = !rest.is_zero()
            && match direction {
                Direction::NearestEven => half == Ordering::Greater || (half == Ordering::Equal && !is_even),
                Direction::NearestAway => half != Ordering::Less,
                Direction::Down => sign == Sign::Negative,
                Direction::Up => sign == Sign::Positive,
                Direction::TowardsZero => false,
            };
        IBig::from_parts(sign, if is_farther { whole + UBig::ONE } else { whole })
    }

    /// The numerators of both fractions after they are brought to the product of their denominators.
    fn over_one_line(&self, other: &Self) -> (IBig, IBig) {
        (
            &self.numerator * IBig::from(other.denominator.clone()),
            &other.numerator * IBig::from(self.denominator.clone()),
        )
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Fraction {}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = self.over_one_line(other);
        left.cmp(&right)
    }
}

fn power_of_ten(power: u32) -> UBig {
    10_u128
        .checked_pow(power)
        .map_or_else(|| UBig::from(10_u8).pow(usize::try_from(power).unwrap_or(usize::MAX)), UBig::from)
}

/// The number as 256 bits, if it fits them.
pub(in crate::engine) fn in_256_bits(number: &IBig) -> Option<i256> {
    if let Ok(short) = i128::try_from(number) {
        return Some(i256::from_i128(short));
    }
    let bytes = number.to_le_bytes();
    let sign = if number.is_negative() { u8::MAX } else { 0 };
    let mut all = [sign; 32];
    all.get_mut(..bytes.len())?.copy_from_slice(&bytes);
    Some(i256::from_le_bytes(all))
}

#[cfg(test)]
mod tests;
