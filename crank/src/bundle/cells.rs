//! The cells of a table: addresses and numbers to bytes and back, at the speed that millions of rows need.
//!
//! What is written is what the types themselves display. Reading is exact: where the quick way does not know a form, the
//! type's own parser decides.

use std::iter;

use solana_pubkey::Pubkey;

use crate::decimal::Decimal;

/// The most digits that certainly fit 64 bits.
const MOST_QUICK_DIGITS: usize = 19;

/// The digits of base58.
const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// 58^5: what five digits of base58 count to.
const FIVE_DIGITS: u64 = 58 * 58 * 58 * 58 * 58;
/// 2^(32 × (7 − row)), in digits of base 58^5, the highest first. Multiplied by 32 bits each, a column's sum fits 64.
const POWERS: [[u64; 9]; 8] = [
    [0, 513_735, 77_223_048, 437_087_610, 300_156_666, 605_448_490, 214_625_350, 141_436_834, 379_377_856],
    [0, 0, 78_508, 646_269_101, 118_408_823, 91_512_303, 209_184_527, 413_102_373, 153_715_680],
    [0, 0, 0, 11_997, 486_083_817, 3_737_691, 294_005_210, 247_894_721, 289_024_608],
    [0, 0, 0, 0, 1_833, 324_463_681, 385_795_061, 551_597_588, 21_339_008],
    [0, 0, 0, 0, 0, 280, 127_692_781, 389_432_875, 357_132_832],
    [0, 0, 0, 0, 0, 0, 42, 537_767_569, 410_450_016],
    [0, 0, 0, 0, 0, 0, 0, 6, 356_826_688],
    [0, 0, 0, 0, 0, 0, 0, 0, 1],
];

/// Appends an address in base58: first in base 58^5, by the powers of 2^32, and then five digits from each of these.
///
/// `five8`, by which addresses display, does the same and takes six times as long where overflow is checked, as it is
/// in our releases.
pub(super) fn push_address(out: &mut Vec<u8>, address: &Pubkey) {
    let bytes = address.as_ref();
    let mut sums = [0_u64; 9];
    for (bytes, powers) in bytes.as_chunks::<4>().0.iter().zip(&POWERS) {
        let limb = u64::from(u32::from_be_bytes(*bytes));
        for (sum, power) in sums.iter_mut().zip(powers) {
            *sum = sum.wrapping_add(limb.wrapping_mul(*power));
        }
    }
    let mut digits = [0_u8; 45];
    let mut carry = 0_u64;
    for (sum, digits) in sums.iter().zip(digits.as_chunks_mut::<5>().0).rev() {
        let sum = sum.wrapping_add(carry);
        carry = sum / FIVE_DIGITS;
        let mut rest = u32::try_from(sum % FIVE_DIGITS).unwrap_or_default();
        for digit in digits.iter_mut().rev() {
            *digit = u8::try_from(rest % 58).unwrap_or_default();
            rest /= 58;
        }
    }
    // Every zero byte in front is a digit of its own.
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    out.extend(iter::repeat_n(b'1', zeros));
    let empty = digits.iter().take_while(|digit| **digit == 0).count();
    let text = digits.map(|digit| ALPHABET.get(usize::from(digit)).copied().unwrap_or_default());
    out.extend_from_slice(text.get(empty..).unwrap_or_default());
}

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

/// Reads an address in base58.
pub(super) fn address(cell: &[u8]) -> Option<Pubkey> {
    let mut bytes = [0; 32];
    five8::decode_32(cell, &mut bytes).ok()?;
    Some(Pubkey::new_from_array(bytes))
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

    #[test]
    fn an_address_is_written_as_it_displays_and_read_back() {
        let mut keys = vec![[0; 32], [255; 32], std::array::from_fn(|place| u8::from(place == 31))];
        for round in 0..2_000_u32 {
            let mut bytes: [u8; 32] = crate::hash::sha256(&round.to_le_bytes());
            // Some begin with zeros, some have zeros or ones where limbs meet.
            let place = usize::try_from(round % 32).unwrap();
            match round % 4 {
                0 => bytes[..place].fill(0),
                1 => bytes[place..].fill(0),
                2 => bytes[place..].fill(255),
                _ => {}
            }
            keys.push(bytes);
        }
        for bytes in keys {
            let key = Pubkey::new_from_array(bytes);
            let mut written = Vec::new();
            push_address(&mut written, &key);
            assert_eq!(String::from_utf8_lossy(&written), key.to_string());
            assert_eq!(address(&written), Some(key));
        }
        assert_eq!(address(b"O"), None);
        assert_eq!(address(b""), None);
    }
}
