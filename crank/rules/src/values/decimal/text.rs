//! Reads decimal numbers by the grammar of JSON numbers, and writes each in exactly one way, in JSON too.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{Decimal, DecimalError, scale_up};
use crate::wording::shown;

/// The most digits that certainly fit 64 bits.
const MAX_SHORT_DIGITS: usize = 19;

impl Decimal {
    /// Reads the text of a JSON number (RFC 8259, section 6): no blanks, no `+` in front, no leading zeros. `None` if
    /// it is not such a text or has too many digits; [`str::parse`] says which.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        short_number(text).or_else(|| NumberText::split(std::str::from_utf8(text).ok()?)?.value())
    }

    /// Appends the number as it displays.
    pub fn write(self, out: &mut Vec<u8>) {
        if self.is_negative() {
            out.push(b'-');
        }
        let mut buffer = itoa::Buffer::new();
        let magnitude = self.mantissa.unsigned_abs();
        // Formatting 128 bits takes several times as long, and hardly any number needs them.
        let digits = match u64::try_from(magnitude) {
            Ok(magnitude) => buffer.format(magnitude),
            Err(_) => buffer.format(magnitude),
        };
        let scale = usize::try_from(self.scale).unwrap_or_default();
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
        out.extend_from_slice(if whole.is_empty() { b"0" } else { whole.as_bytes() });
        if scale > 0 {
            out.push(b'.');
            out.resize(out.len().saturating_add(scale.saturating_sub(fraction.len())), b'0');
            out.extend_from_slice(fraction.as_bytes());
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        self.write(&mut text);
        let text = std::str::from_utf8(&text).map_err(|_| fmt::Error)?;
        formatter.pad_integral(!self.is_negative(), "", text.trim_start_matches('-'))
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads the same texts as [`Decimal::read`].
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Self::read(text.as_bytes()) {
            Some(number) => Ok(number),
            None if text.is_empty() => Err(DecimalError::Empty),
            None if NumberText::split(text).is_none() => Err(DecimalError::Syntax(shown(text))),
            None => Err(DecimalError::TooManyDigits(shown(text))),
        }
    }
}

/// In JSON a decimal is a text, because many readers, such as JavaScript's, round numbers above 2^53.
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Reads the form of nearly every number: digits that fit 64 bits, with an optional sign and point.
///
/// `None` does not mean that the text is wrong: then the strict reader decides.
fn short_number(text: &[u8]) -> Option<Decimal> {
    let (is_negative, unsigned) = text.strip_prefix(b"-").map_or((false, text), |rest| (true, rest));
    let point = unsigned.iter().position(|byte| *byte == b'.');
    let (whole, fraction) = match point {
        None => (unsigned, &[][..]),
        Some(point) => (unsigned.get(..point)?, unsigned.get(point.saturating_add(1)..)?),
    };
    let is_plain = matches!(whole, [_] | [b'1'..=b'9', ..]) && point.is_some() != fraction.is_empty();
    if !is_plain || whole.len().saturating_add(fraction.len()) > MAX_SHORT_DIGITS {
        return None;
    }
    // A zero at the end of the fraction does not count as a digit.
    let zeros = fraction.iter().rev().take_while(|digit| **digit == b'0').count();
    let fraction = fraction.get(..fraction.len().saturating_sub(zeros))?;
    let mut magnitude = 0_u64;
    for byte in whole.iter().chain(fraction) {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        magnitude = magnitude.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    let mantissa = i128::from(magnitude);
    let scale = u32::try_from(fraction.len()).ok()?;
    Some(Decimal { mantissa: if is_negative { mantissa.wrapping_neg() } else { mantissa }, scale })
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

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: [&str; 24] = [
        "0",
        "1",
        "-1",
        "12.5",
        "-12.5",
        "0.000001",
        "-0.05",
        "77.000001",
        "100",
        "999999999.999999999",
        "-999999999.999999999",
        "999999999999999999",
        "9999999999999999999",
        "-9999999999999999999",
        "1.999999999999999999",
        "12345678901234567.891",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999999999999999",
        "-99999999999999999999999999999999999999",
        "0.00000000000000000000000000000000000001",
        "-1234567890123456789012345678.0123456789",
        "1234567.890123",
        "0.1234567891",
    ];
    const OTHER_FORMS: [&str; 9] = ["-0", "1.0", "1.10", "10.50", "0.10", "5.000", "1e3", "1.0000000000", "-0.0"];
    const NO_NUMBERS: [&str; 27] = [
        "", ".", "-", "-.", "1.", ".1", "-1.", "+1", "--1", "1.-1", "1.1.1", "1..1", "01", "-01", "00", "00.1", "1,5",
        " 1", "1 ", "1_0", "1.1-", "x", "1e", "1.e3", "NaN", "\u{661}", "/0",
    ];

    #[test]
    fn the_short_way_reads_what_the_strict_way_reads() {
        for text in NUMBERS.iter().chain(&OTHER_FORMS).chain(&NO_NUMBERS) {
            let strict = NumberText::split(text).and_then(|parts| parts.value());
            let short = short_number(text.as_bytes());
            assert!(short.is_none() || short == strict, "{text:?}: {short:?}");
            assert_eq!((Decimal::read(text.as_bytes()), text.parse().ok()), (strict, strict), "{text:?}");
        }
        assert!(NO_NUMBERS.iter().all(|text| Decimal::read(text.as_bytes()).is_none()));
        assert_eq!(Decimal::read(b"1\xff"), None);
    }

    #[test]
    fn a_number_is_written_as_it_displays_and_as_it_was() {
        for text in NUMBERS {
            let number: Decimal = text.parse().unwrap();
            let mut written = b"a,".to_vec();
            number.write(&mut written);
            assert_eq!(
                (String::from_utf8_lossy(&written).as_ref(), number.to_string()),
                (format!("a,{text}").as_str(), text.to_owned())
            );
        }
        let number: Decimal = "-12.5".parse().unwrap();
        assert_eq!(
            (format!("{number:8}|{number:08}"), format!("{:+}", Decimal::from(7))),
            ("   -12.5|-00012.5".to_owned(), "+7".to_owned())
        );
    }
}
