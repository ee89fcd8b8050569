//! Addresses as base58 and back, at the speed that millions of rows need. The alphabet is that of Bitcoin, and a zero
//! byte in front is a `1`, as the Base58 draft of the IETF (draft-msporny-base58) says.

use std::iter;

/// The bytes of an address.
pub(crate) const ADDRESS_BYTES: usize = 32;

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
pub(crate) fn encode(out: &mut Vec<u8>, bytes: &[u8; ADDRESS_BYTES]) {
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

/// Reads an address in base58.
pub(crate) fn decode(text: &[u8]) -> Option<[u8; ADDRESS_BYTES]> {
    let mut bytes = [0; ADDRESS_BYTES];
    five8::decode_32(text, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use solana_pubkey::Pubkey;

    use super::*;

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
            encode(&mut written, &bytes);
            assert_eq!(String::from_utf8_lossy(&written), key.to_string());
            assert_eq!(decode(&written), Some(bytes));
        }
        assert_eq!(decode(b"O"), None);
        assert_eq!(decode(b""), None);
    }
}
