//! An exact number in one of two forms: a fraction of machine integers if it fits, else of integers of any size.
//!
//! Neither form is reduced to lowest terms, because finding common divisors costs more than everything else in a
//! formula. No result depends on the form: comparisons compare values, and operations that need lowest terms (a root,
//! the limit on digits) compute them first. Every operation of the short form checks for overflow; then the long form
//! is used. Not here: limits (`arithmetic`), roots and powers (`power`).
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

mod fraction;

use std::cmp::Ordering;

use dashu::{
    base::{Abs, BitTest, Sign, Signed},
    integer::{IBig, UBig},
    rational::Relaxed,
};

pub(super) use fraction::Fraction;

use super::{Rational, expression::Operator};
use crate::values::decimal::Decimal;

/// An exact number.
#[derive(Clone, Debug)]
pub struct Exact(pub(super) Form);

/// How an exact number is kept.
#[derive(Clone, Debug)]
pub(super) enum Form {
    Short(Fraction),
    Long(Relaxed),
}

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self(Form::Short(Fraction::ZERO));

    /// The fraction of two whole numbers, or `None` if the denominator is zero.
    #[must_use]
    pub fn from_parts(numerator: i128, denominator: u128) -> Option<Self> {
        let short = i128::try_from(denominator).ok().and_then(|below| Fraction::new(numerator, below));
        match short {
            Some(fraction) => Some(fraction.into()),
            None if denominator == 0 => None,
            None => Some(Self(Form::Long(Relaxed::from_parts(numerator.into(), denominator.into())))),
        }
    }

    /// The number in lowest terms.
    #[must_use]
    pub fn to_rational(&self) -> Rational {
        match &self.0 {
            Form::Short(fraction) => fraction.to_relaxed().canonicalize(),
            Form::Long(number) => number.clone().canonicalize(),
        }
    }

    /// This number in units of `1 / scale`, rounded down. A number below zero gives zero, and one beyond 64 bits their
    /// maximum.
    #[must_use]
    pub fn floor_scaled(&self, scale: u64) -> u64 {
        if let Form::Short(fraction) = &self.0
            && let Some(floor) = fraction.floor_scaled(scale)
        {
            return u64::try_from(floor.max(0)).unwrap_or(u64::MAX);
        }
        let scaled = (self.to_relaxed() * UBig::from(scale)).floor();
        if scaled.is_negative() { 0 } else { u64::try_from(scaled).unwrap_or(u64::MAX) }
    }

    /// Whether the number is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        match &self.0 {
            Form::Short(fraction) => fraction.numerator() == 0,
            Form::Long(number) => number.is_zero(),
        }
    }

    /// Whether the number is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Form::Short(fraction) => fraction.numerator() < 0,
            Form::Long(number) => number.is_negative(),
        }
    }

    /// The number in the long form.
    pub(super) fn to_relaxed(&self) -> Relaxed {
        match &self.0 {
            Form::Short(fraction) => fraction.to_relaxed(),
            Form::Long(number) => number.clone(),
        }
    }

    /// The result of an operator; a divisor must not be zero.
    pub(super) fn combined(operator: Operator, left: &Self, right: &Self) -> Self {
        if let (Form::Short(left), Form::Short(right)) = (&left.0, &right.0)
            && let Some(result) = left.combined(operator, *right)
        {
            return result.into();
        }
        let (left, right) = (left.to_relaxed(), right.to_relaxed());
        Self(Form::Long(match operator {
            Operator::Plus => left + right,
            Operator::Minus => left - right,
            Operator::Times => left * right,
            Operator::Divide => left / right,
            Operator::Remainder => {
                let whole = (&left / &right).trunc();
                left - right * whole
            }
        }))
    }

    /// The number with the other sign.
    pub(super) fn negated(self) -> Self {
        Self(match self.0 {
            Form::Short(fraction) => Form::Short(fraction.negated()),
            Form::Long(number) => Form::Long(-number),
        })
    }

    /// The number without its sign.
    pub(super) fn absolute(self) -> Self {
        Self(match self.0 {
            Form::Short(fraction) => Form::Short(fraction.absolute()),
            Form::Long(number) => Form::Long(number.abs()),
        })
    }

    /// The whole number below or at this one.
    pub(super) fn floor(&self) -> Self {
        match &self.0 {
            Form::Short(fraction) => fraction.floor().into(),
            Form::Long(number) => whole(number.floor()),
        }
    }

    /// The whole number above or at this one.
    pub(super) fn ceiling(&self) -> Self {
        match &self.0 {
            Form::Short(fraction) => fraction.negated().floor().negated().into(),
            Form::Long(number) => whole(number.ceil()),
        }
    }

    /// The nearest whole number, half away from zero.
    pub(super) fn nearest_whole(&self) -> Self {
        match &self.0 {
            Form::Short(fraction) => fraction.nearest_whole().into(),
            Form::Long(number) => whole(number.round()),
        }
    }
}

/// A whole number of any size.
fn whole(number: IBig) -> Exact {
    Exact::from(Rational::from(number))
}

impl From<Fraction> for Exact {
    fn from(fraction: Fraction) -> Self {
        Self(Form::Short(fraction))
    }
}

impl From<Rational> for Exact {
    fn from(number: Rational) -> Self {
        let (numerator, denominator) = (i128::try_from(number.numerator()), i128::try_from(number.denominator()));
        let short = numerator.ok().zip(denominator.ok()).and_then(|(above, below)| Fraction::new(above, below));
        short.map_or_else(|| Self(Form::Long(number.relax())), Self::from)
    }
}

impl From<Decimal> for Exact {
    fn from(number: Decimal) -> Self {
        // The power of ten has at most 38 zeros and fits.
        Self::from_parts(number.mantissa(), 10_u128.saturating_pow(number.scale())).unwrap_or(Self::ZERO)
    }
}

impl From<u64> for Exact {
    fn from(number: u64) -> Self {
        Fraction::from(number).into()
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let short = match (&self.0, &other.0) {
            (Form::Short(left), Form::Short(right)) => left.compared(*right),
            _ => None,
        };
        short.unwrap_or_else(|| self.to_relaxed().cmp(&other.to_relaxed()))
    }
}

/// The length of the numerator or of the denominator, whichever is longer.
pub(super) fn bits(number: &Relaxed) -> usize {
    number.numerator().bit_len().max(number.denominator().bit_len())
}

/// A rational number from its sign, numerator and denominator, which must not be zero.
pub(super) fn from_magnitudes(sign: Sign, above: UBig, below: UBig) -> Exact {
    Exact(Form::Long(Relaxed::from_parts(IBig::from_parts(sign, above), below)))
}
