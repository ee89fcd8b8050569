//! A number's text as units of a number column: exactly, or not at all.

use super::limits::{NUMBER_PRECISION, NUMBER_SCALE};
use crate::decimal::Decimal;

/// Reads the text of a JSON number in units of 10^-9, or `None` if it has too many digits on either side of the point.
pub(super) fn number_units(text: &str) -> Option<i128> {
    short_number_units(text).or_else(|| text.parse().ok().and_then(from_decimal))
}

fn from_decimal(number: Decimal) -> Option<i128> {
    let factor = 10_i128.checked_pow(NUMBER_SCALE.checked_sub(number.scale())?)?;
    let units = number.mantissa().checked_mul(factor)?;
    (units.unsigned_abs() < 10_u128.pow(u32::from(NUMBER_PRECISION))).then_some(units)
}

/// What most numbers are: a few digits without an exponent, read without a detour. `None` says nothing about the number.
fn short_number_units(text: &str) -> Option<i128> {
    let (is_negative, magnitude) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, "0"));
    // Nine and nine digits fit 64 bits together. Leading zeros are left to the strict reader, as is everything odd.
    if whole.starts_with('0') && whole.len() > 1 {
        return None;
    }
    let units = u64::from(digits(whole)?).checked_mul(10_u64.pow(NUMBER_SCALE))?;
    let missing = NUMBER_SCALE.checked_sub(u32::try_from(fraction.len()).ok()?)?;
    let units = units.checked_add(u64::from(digits(fraction)?).checked_mul(10_u64.pow(missing))?)?;
    let units = i128::from(units);
    Some(if is_negative { units.wrapping_neg() } else { units })
}

/// The value of one to nine digits.
fn digits(text: &str) -> Option<u32> {
    let are_digits = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if are_digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_reads_what_the_long_way_reads() {
        let texts = [
            "0",
            "-0",
            "1",
            "-1",
            "12.5",
            "-12.5",
            "0.000000001",
            "999999999.999999999",
            "-999999999.999999999",
            "1.0",
            "1.10",
            "01",
            "1.",
            ".1",
            "",
            "-",
            "+1",
            "--1",
            "1.-1",
            "1.1.1",
            "1e3",
            "1234567890",
            "1.0000000000",
            "0.1234567891",
            " 1",
            "00",
            "00.1",
            "1_0",
            "1.1-",
        ];
        for text in texts {
            let long = text.parse().ok().and_then(from_decimal);
            assert_eq!(number_units(text), long, "{text}");
            let short = short_number_units(text);
            assert!(short.is_none() || short == long, "{text}: {short:?}");
        }
    }
}
