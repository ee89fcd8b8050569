//! Unsigned LEB128: seven bits to a byte, lowest first, the top bit set while more follow. A push packs its amounts
//! with it, since eight bytes for each would cost a recipient or two.

use anchor_lang::prelude::*;

use crate::error::TorqueError;

/// The most bytes of a value.
pub const MAX_LEN: u32 = u64::BITS.div_ceil(7);

/// Appends `value` to `bytes`.
pub fn write(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push((value & 0x7f) as u8);
}

/// Takes a value from the front of `bytes`. Every value has one encoding, so that a push of the same leaves is the same
/// bytes.
///
/// # Errors
/// `BlockEncoding` when there is none, it does not fit, or it is longer than it need be.
#[inline(always)]
pub fn read(bytes: &mut &[u8]) -> Result<u64> {
    take(bytes).ok_or_else(|| TorqueError::BlockEncoding.into())
}

#[inline(always)]
fn take(bytes: &mut &[u8]) -> Option<u64> {
    let (mut value, mut shift, mut rest) = (0_u64, 0_u32, *bytes);
    loop {
        let (byte, behind) = rest.split_first()?;
        rest = behind;
        let bits = u64::from(byte & 0x7f);
        let shifted = bits.checked_shl(shift)?;
        if shifted >> shift != bits {
            return None;
        }
        value |= shifted;
        if byte & 0x80 == 0 {
            *bytes = rest;
            return (*byte > 0 || shift == 0).then_some(value);
        }
        shift = shift.saturating_add(7);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for value in [0, 1, 127, 128, 300, 16_383, 16_384, 1 << 35, u64::MAX - 1, u64::MAX] {
            let mut bytes = Vec::new();
            write(&mut bytes, value);
            let mut rest = &bytes[..];
            assert_eq!(read(&mut rest).unwrap(), value);
            assert!(rest.is_empty(), "{value} leaves bytes behind");
        }
    }

    #[test]
    fn the_known_encodings_are_these() {
        for (value, encoding) in [(0, &[0][..]), (127, &[0x7f]), (128, &[0x80, 1]), (624_485, &[0xe5, 0x8e, 0x26])] {
            let mut bytes = Vec::new();
            write(&mut bytes, value);
            assert_eq!(bytes, encoding);
        }
    }

    #[test]
    fn an_encoding_that_is_longer_than_it_need_be_is_refused() {
        for bytes in [&[0x80, 0][..], &[0xff, 0], &[0x80, 0x80, 0], &[0xe5, 0x8e, 0x26 | 0x80, 0]] {
            assert!(read(&mut &bytes[..]).is_err(), "{bytes:?}");
        }
        let longest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80, 0];
        assert!(read(&mut &longest[..]).is_err());
    }

    #[test]
    fn a_value_that_is_cut_or_too_wide_is_refused() {
        for bytes in
            [&[][..], &[0x80], &[0xff; 10], &[0x80; 11], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]]
        {
            assert!(read(&mut &bytes[..]).is_err(), "{bytes:?}");
        }
    }
}
