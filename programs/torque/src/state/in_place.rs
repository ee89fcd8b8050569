//! What lets a distributor and the configuration be read where they lie.
//!
//! No field of theirs lies behind a gap, so that the memory of a struct is its Borsh encoding: a claim and a push read
//! it in place, all other instructions copy it, and everybody else decodes it. Here are the proof of that, the checks
//! that Anchor makes of an account that it decodes, and the only unsafe code of the accounts; the epoch, which nobody
//! copies, needs none.
#![expect(unsafe_code, reason = "the compiler does not know what of a struct's memory is a value")]

use std::mem::offset_of;

use anchor_lang::prelude::*;
use anchor_lang::{Discriminator, Space};
use bytemuck::{AnyBitPattern, CheckedBitPattern, NoUninit, Zeroable, checked};
use pinocchio::AccountView;

use crate::state::layout::VERSION_OFFSET;
use crate::state::{Config, Distributor, Kind, Mode, layout};

// A gap would make the struct larger than its encoding.
const _: () = assert!(size_of::<Distributor>() == Distributor::INIT_SPACE);
const _: () = assert!(size_of::<Config>() == Config::INIT_SPACE);

// SAFETY: there are no gaps.
unsafe impl NoUninit for Distributor {}
// SAFETY: there are no pointers, and all bytes are a value of every field but the three that are asked for.
unsafe impl CheckedBitPattern for Distributor {
    // As large and aligned as the struct.
    type Bits = [u64; size_of::<Self>() / size_of::<u64>()];

    #[inline(always)]
    fn is_valid_bit_pattern(bits: &Self::Bits) -> bool {
        let bytes: &[u8] = bytemuck::must_cast_slice(bits);
        let is_at_most = |place: usize, most: u8| bytes.get(place).is_some_and(|byte| *byte <= most);
        is_at_most(offset_of!(Self, kind), Kind::Curve as u8)
            && is_at_most(offset_of!(Self, mode), Mode::Push as u8)
            && is_at_most(offset_of!(Self, is_refunding), 1)
    }
}

// SAFETY: zeros are a value of every field.
unsafe impl Zeroable for Config {}
// SAFETY: there are no pointers, and all bytes are a value of every field.
unsafe impl AnyBitPattern for Config {}
// SAFETY: there are no gaps.
unsafe impl NoUninit for Config {}

/// Refuses `account`, which an error calls `name`, unless it is one of this program's of type `T`, as Anchor does.
///
/// # Errors
/// `AccountOwnedByWrongProgram`, `AccountDiscriminatorNotFound`, `AccountDiscriminatorMismatch` of Anchor.
#[inline(always)]
pub fn require<T: Discriminator>(account: &AccountView, name: &str) -> Result<()> {
    if !account.owned_by(&crate::ID) {
        return Err(foreign(account, name));
    }
    let data = account.try_borrow()?;
    let Some(discriminator) = data.first_chunk::<VERSION_OFFSET>() else {
        return Err(refused(ErrorCode::AccountDiscriminatorNotFound, name));
    };
    if discriminator.as_slice() != T::DISCRIMINATOR {
        return Err(refused(ErrorCode::AccountDiscriminatorMismatch, name));
    }
    Ok(())
}

/// What an account of type `T` holds that has the bytes `data` and that an error calls `name`.
///
/// # Errors
/// Those of [`layout::require`].
#[inline(always)]
pub fn read<'a, T: CheckedBitPattern + NoUninit + Discriminator>(data: &'a [u8], name: &str) -> Result<&'a T> {
    layout::require(data, T::DISCRIMINATOR).map_err(|error| error.with_account_name(name))?;
    let fields = data.get(VERSION_OFFSET..).and_then(|rest| rest.get(..size_of::<T>()));
    let value = fields.and_then(|fields| checked::try_from_bytes(fields).ok());
    value.ok_or_else(|| refused(ErrorCode::AccountDidNotDeserialize, name))
}

/// The same, to be changed.
///
/// # Errors
/// Those of [`read`].
#[inline(always)]
pub fn read_mut<'a, T: CheckedBitPattern + NoUninit + Discriminator>(
    data: &'a mut [u8],
    name: &str,
) -> Result<&'a mut T> {
    layout::require(data, T::DISCRIMINATOR).map_err(|error| error.with_account_name(name))?;
    let fields = data.get_mut(VERSION_OFFSET..).and_then(|rest| rest.get_mut(..size_of::<T>()));
    let value = fields.and_then(|fields| checked::try_from_bytes_mut(fields).ok());
    value.ok_or_else(|| refused(ErrorCode::AccountDidNotDeserialize, name))
}

/// A copy of what the `fields` of an account of type `T` say, behind its discriminator; none if they are too few or not
/// those of one.
pub(super) fn copy<T: CheckedBitPattern>(fields: &[u8]) -> Option<T> {
    checked::try_pod_read_unaligned(fields.get(..size_of::<T>())?).ok()
}

/// Refuses `account`, which an error calls `name`, unless the transaction lets it be written.
///
/// # Errors
/// `ConstraintMut` of Anchor.
#[inline(always)]
pub fn require_writable(account: &AccountView, name: &str) -> Result<()> {
    if account.is_writable() { Ok(()) } else { Err(refused(ErrorCode::ConstraintMut, name)) }
}

/// Refuses `account`, which an error calls `name`, unless it has signed.
///
/// # Errors
/// `AccountNotSigner` of Anchor.
#[inline(always)]
pub fn require_signer(account: &AccountView, name: &str) -> Result<()> {
    if account.is_signer() { Ok(()) } else { Err(refused(ErrorCode::AccountNotSigner, name)) }
}

/// An error of Anchor about the account that it calls `name`.
#[cold]
#[inline(never)]
fn refused(error: ErrorCode, name: &str) -> Error {
    Error::from(error).with_account_name(name)
}

#[cold]
#[inline(never)]
fn foreign(account: &AccountView, name: &str) -> Error {
    refused(ErrorCode::AccountOwnedByWrongProgram, name).with_pubkeys((*account.owner(), crate::ID))
}

#[cfg(test)]
mod tests {
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
    fn bytes_that_borsh_refuses_are_no_distributor() {
        let good = vec![0; Distributor::INIT_SPACE];
        for place in 0..good.len() {
            for value in [1, 2, 4, 5, 255] {
                let mut bytes = good.clone();
                bytes[place] = value;
                let decoded = Distributor::try_from_slice(&bytes).ok().map(|distributor| encoded(&distributor));
                let copied = copy::<Distributor>(&bytes).map(|distributor| encoded(&distributor));
                assert_eq!(copied, decoded, "{value} at {place}");
            }
        }
        assert!(copy::<Distributor>(&good[1..]).is_none());
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
