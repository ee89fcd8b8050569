//! An exact decimal number of events, query results and campaigns: at most 38 digits and never a float.
//!
//! It does no arithmetic: formulas use the fraction from `to_rational`. It is always normalised, so two equal numbers
//! have the same fields, the same text and the same hash.

mod error;
mod sum;
mod text;

use std::cmp::Ordering;
use std::ops::Mul;

use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;

pub use error::DecimalError;
pub use sum::{Sum, sum};

/// The most digits a number may have, before and after the point together (those of SQL's `DECIMAL(38, …)`).
pub const MAX_DIGITS: u32 = 38;

/// An exact decimal number of at most 38 digits: `mantissa / 10^scale`.
///
/// The fraction never ends in a zero and whole numbers have scale 0, so equality of the fields is equality of the
/// numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// Builds `mantissa / 10^scale`.
    ///
    /// # Errors
    ///
    /// [`DecimalError::TooManyDigits`] if the normalised number needs more than 38 digits or a scale above 38.
    pub fn new(mantissa: i128, scale: u32) -> Result<Self, DecimalError> {
        let number = normalise(mantissa, scale);
        let has_room = number.scale <= MAX_DIGITS && number.mantissa.unsigned_abs() < 10_u128.pow(MAX_DIGITS);
        if has_room { Ok(number) } else { Err(DecimalError::TooManyDigits(format!("{mantissa}e-{scale}"))) }
    }

    /// An amount of base units of a token with so many decimals; more than 38 decimals count as 38.
    #[must_use]
    pub fn from_base_units(amount: u64, decimals: u8) -> Self {
        normalise(i128::from(amount), u32::from(decimals).min(MAX_DIGITS))
    }

    /// The digits of the number without its point; with [`Self::scale`], the number itself.
    #[must_use]
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// How many of the mantissa's digits are behind the point: 0 to 38.
    #[must_use]
    pub const fn scale(self) -> u32 {
        self.scale
    }

    /// Whether the number is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Whether the number is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// The same number as an exact fraction, for the formula engine.
    #[must_use]
    pub fn to_rational(self) -> RBig {
        RBig::from_parts(IBig::from(self.mantissa), UBig::from(10_u128.pow(self.scale)))
    }

    /// The number in base units of a token with so many decimals, if that is a whole number; it never rounds.
    ///
    /// # Errors
    ///
    /// [`DecimalError::NegativeAmount`], [`DecimalError::FinerThanBaseUnit`] or [`DecimalError::AmountTooLarge`].
    pub fn to_base_units_exact(self, decimals: u8) -> Result<u64, DecimalError> {
        if self.is_negative() {
            return Err(DecimalError::NegativeAmount(self));
        }
        let missing_zeros = u32::from(decimals)
            .checked_sub(self.scale)
            .ok_or(DecimalError::FinerThanBaseUnit { value: self, decimals })?;
        scale_up(self.mantissa, missing_zeros)
            .and_then(|units| u64::try_from(units).ok())
            .ok_or(DecimalError::AmountTooLarge { value: self, decimals })
    }
}

/// The powers of ten that a machine integer of 128 bits holds.
#[expect(clippy::indexing_slicing, reason = "the compiler evaluates it")]
const POWERS_OF_TEN: [i128; 39] = {
    let mut powers = [1; 39];
    let mut power = 1;
    while power < powers.len() {
        powers[power] = powers[power - 1] * 10;
        power += 1;
    }
    powers
};

/// `mantissa × 10^zeros`, if it fits.
fn scale_up(mantissa: i128, zeros: u32) -> Option<i128> {
    if mantissa == 0 {
        return Some(0);
    }
    POWERS_OF_TEN.get(usize::try_from(zeros).ok()?).and_then(|factor| mantissa.checked_mul(*factor))
}

/// Drops the zeros at the end of the fraction.
const fn normalise(mut mantissa: i128, mut scale: u32) -> Decimal {
    if mantissa == 0 {
        return Decimal::ZERO;
    }
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale = scale.saturating_sub(1);
    }
    Decimal { mantissa, scale }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.scale == other.scale {
            return self.mantissa.cmp(&other.mantissa);
        }
        // At a common scale the mantissas decide. If one does not fit it, whole parts and fractions are compared.
        let scale = self.scale.max(other.scale);
        match (self.mantissa_at(scale), other.mantissa_at(scale)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => self.floor_and_rest().cmp(&other.floor_and_rest()),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Decimal {
    /// The number in units of `10^-scale`, if it is a whole number of them and fits.
    #[must_use]
    pub fn mantissa_at(self, scale: u32) -> Option<i128> {
        scale_up(self.mantissa, scale.checked_sub(self.scale)?)
    }

    /// The number in units of `10^-scale`, as a whole number of any size; `scale` must be at least the number's own.
    #[must_use]
    pub fn units_at(self, scale: u32) -> IBig {
        let zeros = usize::try_from(scale.saturating_sub(self.scale)).unwrap_or_default();
        IBig::from(self.mantissa).mul(IBig::from(10_u8).pow(zeros))
    }

    /// The largest whole number not above this one, and the distance to it in units of 10^-38: below 10^38.
    ///
    /// Both fit at any scale.
    const fn floor_and_rest(self) -> (i128, i128) {
        let unit = 10_i128.pow(self.scale);
        let places = MAX_DIGITS.saturating_sub(self.scale);
        (self.mantissa.div_euclid(unit), self.mantissa.rem_euclid(unit).saturating_mul(10_i128.pow(places)))
    }
}

impl From<u64> for Decimal {
    fn from(number: u64) -> Self {
        Self { mantissa: i128::from(number), scale: 0 }
    }
}

#[cfg(test)]
mod tests;
