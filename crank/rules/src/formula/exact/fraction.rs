//! A fraction of two machine integers, not in lowest terms; a result that does not fit is `None`.

use std::cmp::Ordering;

use dashu::{
    integer::{IBig, UBig},
    rational::Relaxed,
};

use crate::formula::expression::Operator;

/// A fraction whose numerator is between -2^127 and 2^127, both excluded, and whose denominator is above zero.
///
/// Every such number is within the limits of a formula: it is below 2^127 and has fewer than 4,096 bits.
#[derive(Clone, Copy, Debug)]
pub(in crate::formula) struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Fraction {
    /// Zero.
    pub(in crate::formula) const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// The fraction, if its parts are in range.
    pub(in crate::formula) const fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if numerator == i128::MIN || denominator <= 0 {
            return None;
        }
        Some(Self { numerator, denominator })
    }

    /// The numerator.
    pub(in crate::formula) const fn numerator(self) -> i128 {
        self.numerator
    }

    /// The denominator.
    pub(in crate::formula) const fn denominator(self) -> i128 {
        self.denominator
    }

    /// The same number in the long form.
    pub(in crate::formula) fn to_relaxed(self) -> Relaxed {
        Relaxed::from_parts(IBig::from(self.numerator), UBig::from(self.denominator.unsigned_abs()))
    }

    /// The result of an operator, if it fits; a divisor must not be zero.
    pub(in crate::formula) fn combined(self, operator: Operator, right: Self) -> Option<Self> {
        match operator {
            Operator::Plus => self.at_common_denominator(right, i128::checked_add),
            Operator::Minus => self.at_common_denominator(right, i128::checked_sub),
            Operator::Remainder => self.at_common_denominator(right, i128::checked_rem),
            Operator::Times => Self::new(
                self.numerator.checked_mul(right.numerator)?,
                self.denominator.checked_mul(right.denominator)?,
            ),
            Operator::Divide => self.divided_by(right),
        }
    }

    /// Brings two fractions to one denominator and applies an operation to their numerators.
    fn at_common_denominator(self, right: Self, apply: fn(i128, i128) -> Option<i128>) -> Option<Self> {
        if self.denominator == right.denominator {
            return Self::new(apply(self.numerator, right.numerator)?, self.denominator);
        }
        let left_numerator = self.numerator.checked_mul(right.denominator)?;
        let right_numerator = right.numerator.checked_mul(self.denominator)?;
        Self::new(apply(left_numerator, right_numerator)?, self.denominator.checked_mul(right.denominator)?)
    }

    fn divided_by(self, right: Self) -> Option<Self> {
        let (numerator, denominator) = if self.denominator == right.denominator {
            (self.numerator, right.numerator)
        } else {
            (self.numerator.checked_mul(right.denominator)?, self.denominator.checked_mul(right.numerator)?)
        };
        if denominator < 0 {
            return Self::new(numerator.checked_neg()?, denominator.checked_neg()?);
        }
        Self::new(numerator, denominator)
    }

    /// Which of two is larger, if machine integers are enough to compare them.
    pub(in crate::formula) fn compared(self, right: Self) -> Option<Ordering> {
        if self.denominator == right.denominator {
            return Some(self.numerator.cmp(&right.numerator));
        }
        let left_numerator = self.numerator.checked_mul(right.denominator)?;
        Some(left_numerator.cmp(&right.numerator.checked_mul(self.denominator)?))
    }

    /// The number with the other sign.
    pub(in crate::formula) const fn negated(self) -> Self {
        // The numerator is never the smallest integer, so this does not saturate.
        Self { numerator: self.numerator.saturating_neg(), denominator: self.denominator }
    }

    /// The number without its sign.
    pub(in crate::formula) const fn absolute(self) -> Self {
        Self { numerator: self.numerator.saturating_abs(), denominator: self.denominator }
    }

    /// The whole number below or at this one.
    pub(in crate::formula) const fn floor(self) -> Self {
        Self { numerator: self.numerator.div_euclid(self.denominator), denominator: 1 }
    }

    /// The nearest whole number, half away from zero.
    pub(in crate::formula) const fn nearest_whole(self) -> Self {
        let Self { numerator, denominator } = self.absolute();
        let rest = numerator.rem_euclid(denominator);
        let up = if rest >= denominator.saturating_sub(rest) { 1 } else { 0 };
        let magnitude = numerator.div_euclid(denominator).saturating_add(up);
        Self { numerator: magnitude.saturating_mul(self.numerator.signum()), denominator: 1 }
    }

    /// The whole number below or at `scale` times this one, if the product fits.
    pub(in crate::formula) fn floor_scaled(self, scale: u64) -> Option<i128> {
        self.numerator.checked_mul(i128::from(scale)).map(|product| product.div_euclid(self.denominator))
    }

    /// The number to a whole power, if it fits.
    pub(in crate::formula) fn to_power(self, exponent: u32) -> Option<Self> {
        Self::new(self.numerator.checked_pow(exponent)?, self.denominator.checked_pow(exponent)?)
    }

    /// One over the number; `None` for zero.
    pub(in crate::formula) fn inverse(self) -> Option<Self> {
        Self::new(1, 1)?.divided_by(self)
    }
}

impl From<u64> for Fraction {
    fn from(number: u64) -> Self {
        Self { numerator: i128::from(number), denominator: 1 }
    }
}
