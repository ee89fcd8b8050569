//! The cells of a table: numbers to bytes and back, at the speed that millions of rows need. Addresses are in `base58`.
//!
//! What is written is what the types themselves display. Reading is exact: where the quick way does not know a form, the
//! type's own parser decides.

use crate::decimal::Decimal;

/// The most digits that certainly fit 64 bits.
const MOST_QUICK_DIGITS: usize = 19;

/// Appends a whole number in decimal digits.
pub(super) fn push_whole(out: &mut Vec<u8>, number: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Appends a number as it displays.
pub(super) fn push_decimal(out: &mut Vec<u8>, number: Decimal) {
    if number.is_negative() {
        out.push(b'-');
    }
    let mut buffer = itoa::Buffer::new();
    let magnitude = number.mantissa().unsigned_abs();
    // Formatting 128 bits takes several times as long, and hardly a value needs them.
    let digits = match u64::try_from(magnitude) {
        Ok(magnitude) => buffer.format(magnitude),
        Err(_) => buffer.format(magnitude),
    };
    let scale = usize::try_from(number.scale()).unwrap_or_default();
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
    out.extend_from_slice(if whole.is_empty() { b"0" } else { whole.as_bytes() });
    if scale > 0 {
        out.push(b'.');
        out.resize(out.len().saturating_add(scale.saturating_sub(fraction.len())), b'0');
        out.extend_from_slice(fraction.as_bytes());
    }
}

/// Reads a number.
pub(super) fn decimal(cell: &[u8]) -> Option<Decimal> {
    quick_decimal(cell).or_else(|| std::str::from_utf8(cell).ok()?.parse().ok())
}

/// Reads a whole number.
pub(super) fn whole(cell: &[u8]) -> Option<u64> {
    std::str::from_utf8(cell).ok()?.parse().ok()
}

/// Reads a number without a sign, an exponent or leading zeros whose digits fit 64 bits.
fn quick_decimal(cell: &[u8]) -> Option<Decimal> {
    let has_leading_zero = cell.starts_with(b"0") && cell.len() > 1 && !cell.starts_with(b"0.");
    if cell.len() > MOST_QUICK_DIGITS || has_leading_zero {
        return None;
    }
    let mut parts = cell.split(|byte| *byte == b'.');
    let (whole, fraction) = (parts.next()?, parts.next());
    if whole.is_empty() || fraction.is_some_and(<[u8]>::is_empty) || parts.next().is_some() {
        return None;
    }
    let digits = whole.iter().chain(fraction.unwrap_or_default());
    let mantissa = digits.copied().try_fold(0_u64, |number, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        number.checked_mul(10)?.checked_add(u64::from(digit))
    })?;
    let scale = u32::try_from(fraction.map_or(0, <[u8]>::len)).ok()?;
    Decimal::new(i128::from(mantissa), scale).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: [&str; 16] = [
        "0",
        "1",
        "-1",
        "12.5",
        "0.000001",
        "-0.05",
        "77.000001",
        "100",
        "9999999999999999999",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999999999999999",
        "-99999999999999999999999999999999999999",
        "0.00000000000000000000000000000000000001",
        "-1234567890123456789012345678.0123456789",
        "1234567.890123",
    ];

    #[test]
    fn a_number_is_written_as_it_displays_and_read_back() {
        for text in NUMBERS {
            let number: Decimal = text.parse().unwrap();
            let mut written = Vec::new();
            push_decimal(&mut written, number);
            assert_eq!(String::from_utf8_lossy(&written), number.to_string());
            assert_eq!(decimal(&written), Some(number), "{text}");
        }
    }

    #[test]
    fn what_the_number_s_own_parser_refuses_is_refused() {
        for text in
            ["", ".", "1.", ".5", "01", "00", "+1", "1,5", " 1", "1 ", "1.2.3", "--1", "x", "1e", "\u{661}", "NaN"]
        {
            assert_eq!(decimal(text.as_bytes()), None, "{text:?}");
            assert!(text.parse::<Decimal>().is_err(), "{text:?}");
        }
        for text in ["1e3", "10.50", "0.10", "-0", "5.0"] {
            assert_eq!(decimal(text.as_bytes()), text.parse().ok(), "{text:?}");
        }
    }
}
