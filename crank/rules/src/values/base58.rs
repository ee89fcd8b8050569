//! Writes addresses as base58 and reads them, without Rust's formatting machinery, which is slow for millions of rows.
//!
//! `five8` does the work; the `Display` of addresses uses it too.

/// The bytes of an address.
pub const ADDRESS_BYTES: usize = 32;

/// Appends an address in base58.
pub fn encode(out: &mut Vec<u8>, bytes: &[u8; ADDRESS_BYTES]) {
    let mut text = [0; five8::BASE58_ENCODED_32_MAX_LEN];
    let length = five8::encode_32(bytes, &mut text);
    out.extend_from_slice(text.get(..usize::from(length)).unwrap_or_default());
}

/// Reads an address in base58.
pub fn decode(text: &[u8]) -> Option<[u8; ADDRESS_BYTES]> {
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
            let mut bytes: [u8; 32] = crate::values::hash::sha256(&round.to_le_bytes());
            // Some addresses begin with zeros, and some have zeros or ones where limbs meet.
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
