//! An exact decimal number, as events, query results and campaigns carry them: at most 38 digits and never a float.
//!
//! It does no arithmetic: formulas work on the rational that `to_rational` gives. Always normalised, so two equal
//! numbers have the same fields, the same text and the same hash.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;

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

/// Why something is not a [`Decimal`], or why one is not a whole number of base units.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// The text is empty.
    #[error("a number is missing: write one such as 12.5")]
    Empty,
    /// The text does not follow the grammar of JSON numbers.
    #[error("`{0}` is not a number: write digits with at most one point, such as 12.5, -3 or 1e6")]
    Syntax(String),
    /// The number has more digits than fit.
    #[error("`{0}` does not fit a decimal of {MAX_DIGITS} digits")]
    TooManyDigits(String),
    /// A negative number was to become base units.
    #[error("{0} is negative: an amount is at least 0")]
    NegativeAmount(Decimal),
    /// The fraction is finer than the token's smallest unit.
    #[error("{value} has more than the {decimals} decimals of the token")]
    FinerThanBaseUnit {
        /// The refused number.
        value: Decimal,
        /// The decimals the token has.
        decimals: u8,
    },
    /// The number of base units does not fit 64 bits.
    #[error("{value} with {decimals} decimals is more than {max} base units", max = u64::MAX)]
    AmountTooLarge {
        /// The refused number.
        value: Decimal,
        /// The decimals the token has.
        decimals: u8,
    },
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

    /// An amount of smallest units of a token with that many decimals, of which more than 38 count as 38.
    #[must_use]
    pub fn from_base_units(amount: u64, decimals: u8) -> Self {
        normalise(i128::from(amount), u32::from(decimals).min(MAX_DIGITS))
    }

    /// The digits of the number without its point; with [`Self::scale`], the number itself.
    #[must_use]
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// How many of the mantissa's digits stand behind the point: 0 to 38.
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

    /// The number of smallest units of a token with that many decimals, if it is a whole one: no rounding.
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

/// `mantissa × 10^zeros`, if it fits.
fn scale_up(mantissa: i128, zeros: u32) -> Option<i128> {
    if mantissa == 0 {
        return Some(0);
    }
    10_i128.checked_pow(zeros).and_then(|factor| mantissa.checked_mul(factor))
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
        // At one scale the mantissas decide. Where one has no room for that, division takes the numbers apart.
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

    /// The largest whole number not above this one, and the distance to it in units of 10^-38: below 10^38.
    ///
    /// Both fit at any scale.
    const fn floor_and_rest(self) -> (i128, i128) {
        let unit = 10_i128.pow(self.scale);
        let places = MAX_DIGITS.saturating_sub(self.scale);
        (self.mantissa.div_euclid(unit), self.mantissa.rem_euclid(unit).saturating_mul(10_i128.pow(places)))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Written from the back into a text that has room for every digit, a point and a zero in front of it.
        let mut text = [b'0'; TEXT_LENGTH];
        let mut digits = Digits(self.mantissa.unsigned_abs());
        let scale = usize::try_from(self.scale).unwrap_or_default();
        let (places, point) = if scale == 0 { (0, 0) } else { (scale, 1) };
        let (whole, fraction) = text.split_at_mut(TEXT_LENGTH.saturating_sub(places.saturating_add(point)));
        for place in fraction.iter_mut().rev().take(places) {
            *place = digits.next().unwrap_or(b'0');
        }
        if let Some(place) = fraction.first_mut() {
            *place = b'.';
        }
        let mut length = 0_usize;
        for (place, digit) in whole.iter_mut().rev().zip(digits) {
            *place = digit;
            length = length.saturating_add(1);
        }
        let start = whole.len().saturating_sub(length.max(1));
        let text = text.get(start..).and_then(|text| std::str::from_utf8(text).ok()).ok_or(fmt::Error)?;
        formatter.pad_integral(!self.is_negative(), "", text)
    }
}

/// As long as a number's text without its sign may be: every digit, a point and a zero in front of it.
const TEXT_LENGTH: usize = 40;

/// The decimal digits of a number, the last one first; zero has none.
struct Digits(u128);

impl Iterator for Digits {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        // Dividing a short number is many times cheaper.
        let (rest, digit) = match u64::try_from(self.0) {
            Ok(0) => return None,
            Ok(short) => (u128::from(short.div_euclid(10)), u8::try_from(short.rem_euclid(10))),
            Err(_) => (self.0.div_euclid(10), u8::try_from(self.0.rem_euclid(10))),
        };
        self.0 = rest;
        digit.ok().map(|digit| digit.saturating_add(b'0'))
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads the text of a JSON number (RFC 8259, section 6): no blanks, no `+` in front, no leading zeros.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(number) = short_number(text) {
            return Ok(number);
        }
        if text.is_empty() {
            return Err(DecimalError::Empty);
        }
        let parts = NumberText::split(text).ok_or_else(|| DecimalError::Syntax(shortened(text)))?;
        parts.value().ok_or_else(|| DecimalError::TooManyDigits(shortened(text)))
    }
}

/// Reads what nearly every number is: digits, perhaps a sign and a point, and no more of them than fit 64 bits.
///
/// None says nothing about the text: whoever asked reads it the long way.
fn short_number(text: &str) -> Option<Decimal> {
    const MOST_DIGITS: usize = 18;
    let (is_negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(whole, rest)| (whole, Some(rest)));
    let places = fraction.map_or(0, str::len);
    let is_plain = !whole.is_empty() && (whole.len() == 1 || !whole.starts_with('0')) && fraction != Some("");
    if !is_plain || whole.len().saturating_add(places) > MOST_DIGITS {
        return None;
    }
    let mut magnitude = 0_u64;
    for byte in whole.bytes().chain(fraction.unwrap_or_default().bytes()) {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        magnitude = magnitude.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    let mantissa = i128::from(magnitude);
    Some(normalise(if is_negative { mantissa.saturating_neg() } else { mantissa }, u32::try_from(places).ok()?))
}

/// A long text cut for a message.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// The pieces of a number's text, each checked to be digits only.
struct NumberText<'a> {
    is_negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent_is_negative: bool,
    exponent: &'a str,
}

impl<'a> NumberText<'a> {
    /// Takes a text apart, or `None` if it is not a JSON number.
    fn split(text: &'a str) -> Option<Self> {
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (number, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(n, e)| (n, Some(e)));
        let (whole, fraction) = number.split_once('.').map_or((number, None), |(w, f)| (w, Some(f)));
        let (exponent_is_negative, exponent) = match exponent {
            None => (false, None),
            Some(e) => (e.starts_with('-'), Some(e.strip_prefix(['-', '+']).unwrap_or(e))),
        };
        let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
        let are_digits = [Some(whole), fraction, exponent].into_iter().flatten().all(is_digits);
        (are_digits && !has_leading_zero).then_some(Self {
            is_negative,
            whole,
            fraction: fraction.unwrap_or_default(),
            exponent_is_negative,
            exponent: exponent.unwrap_or("0"),
        })
    }

    /// The number, or `None` if it needs too many digits.
    fn value(&self) -> Option<Decimal> {
        let digits = [self.whole, self.fraction].concat();
        let significant = digits.trim_start_matches('0').trim_end_matches('0');
        if significant.is_empty() {
            return Some(Decimal::ZERO);
        }
        let cut_zeros = digits.len().checked_sub(digits.trim_end_matches('0').len())?;
        let magnitude: i128 = significant.parse().ok()?;
        let mantissa = if self.is_negative { magnitude.checked_neg()? } else { magnitude };
        // The power of ten behind the significant digits.
        let power = self
            .exponent()?
            .checked_sub(i64::try_from(self.fraction.len()).ok()?)?
            .checked_add(i64::try_from(cut_zeros).ok()?)?;
        match u32::try_from(power) {
            Ok(zeros) => Decimal::new(scale_up(mantissa, zeros)?, 0).ok(),
            Err(_) => Decimal::new(mantissa, u32::try_from(power.checked_neg()?).ok()?).ok(),
        }
    }

    fn exponent(&self) -> Option<i64> {
        let magnitude: i64 = self.exponent.parse().ok()?;
        if self.exponent_is_negative { magnitude.checked_neg() } else { Some(magnitude) }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl From<u64> for Decimal {
    fn from(number: u64) -> Self {
        Self { mantissa: i128::from(number), scale: 0 }
    }
}

#[cfg(test)]
mod tests;
