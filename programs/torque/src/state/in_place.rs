//! What lets payments read a distributor and the configuration where they lie, through Anchor's `AccountLoader`.
//!
//! All other instructions decode the same bytes with Borsh (`Account`). Both ways see the same account because no field
//! lies behind a gap: then the memory of a struct is its Borsh encoding. Here are the proof of that and the only unsafe
//! code of the accounts; the epoch, which nobody decodes, needs none.
#![expect(unsafe_code, reason = "the compiler cannot see that a struct in an account has valid bytes only")]

use anchor_lang::prelude::*;
use anchor_lang::{Space, ZeroCopy};
use bytemuck::{Pod, Zeroable};

use crate::state::{Config, Distributor};

// A gap would make the struct larger than its encoding.
const _: () = assert!(size_of::<Distributor>() == Distributor::INIT_SPACE);
const _: () = assert!(size_of::<Config>() == Config::INIT_SPACE);

// SAFETY: zeros are a value of every field; those of `kind` and `mode` are the first variants, that of `is_refunding`
// is false.
unsafe impl Zeroable for Distributor {}
// SAFETY: there are no gaps and no pointers. Not all bytes are a value of `kind`, `mode` and `is_refunding`, so nothing
// but the loader may make a distributor of bytes, and it does so only with an account of this program that begins with
// the discriminator. The program writes such an account only as a whole encoding, or through a reference to the struct,
// so that its bytes are always those of a value.
unsafe impl Pod for Distributor {}
impl ZeroCopy for Distributor {}

// SAFETY: zeros are a value of every field.
unsafe impl Zeroable for Config {}
// SAFETY: there are no gaps and no pointers, and all bytes are a value of every field.
unsafe impl Pod for Config {}
impl ZeroCopy for Config {}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use super::*;
    use crate::state::Mode;

    /// Bytes of which no two neighbourhoods are alike.
    fn pattern(len: usize) -> Vec<u8> {
        (1..=len as u64).map(|place| (place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
    }

    fn encoded(value: &impl AnchorSerialize) -> Vec<u8> {
        let mut bytes = Vec::new();
        value.serialize(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_distributor_lies_in_memory_as_borsh_encodes_it() {
        let mut bytes = pattern(Distributor::INIT_SPACE);
        bytes[offset_of!(Distributor, kind)] = 4;
        bytes[offset_of!(Distributor, mode)] = 1;
        bytes[offset_of!(Distributor, is_refunding)] = 1;
        let distributor = Distributor::try_from_slice(&bytes).unwrap();
        assert_eq!(bytemuck::bytes_of(&distributor), bytes);
        assert!(distributor.mode == Mode::Push && distributor.is_refunding);
        assert_eq!(encoded(&distributor), bytes);
    }

    #[test]
    fn the_configuration_lies_in_memory_as_borsh_encodes_it() {
        let bytes = pattern(Config::INIT_SPACE);
        let config = Config::try_from_slice(&bytes).unwrap();
        assert_eq!(bytemuck::bytes_of(&config), bytes);
        assert_eq!(encoded(&config), bytes);
    }

    #[test]
    fn the_version_is_the_first_byte_of_each() {
        assert_eq!((offset_of!(Distributor, version), offset_of!(Config, version)), (0, 0));
    }
}
