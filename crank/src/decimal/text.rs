//! A decimal number's text: read by the grammar of JSON numbers, and written in one way only.

use std::{fmt, str::FromStr};

use super::{Decimal, DecimalError, normalise, scale_up};
use crate::message_text::shown;

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
        let parts = NumberText::split(text).ok_or_else(|| DecimalError::Syntax(shown(text)))?;
        parts.value().ok_or_else(|| DecimalError::TooManyDigits(shown(text)))
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
