//! How every account of this program begins: eight bytes that name its type, and one that names the version of its
//! layout, whatever follows.
//!
//! So an account of another layout is refused by name before anything else in it is read. [`account!`] gives that to a
//! type that is read as a whole; [`Epoch`](super::Epoch), which is read in place, asks [`require`] itself. Not here:
//! what the bytes behind mean, which the file of each account says.

use std::cell::Ref;

use anchor_lang::prelude::*;
use anchor_lang::{Owner, ZeroCopy};

use crate::constants::ACCOUNT_VERSION;
use crate::error::TorqueError;

/// Where the version is, in bytes from the account's beginning.
pub const VERSION_OFFSET: usize = 8;

/// The version of the layout of `data`, an account's bytes. A closed distributor has none.
#[must_use]
pub fn version(data: &[u8]) -> Option<u8> {
    data.get(VERSION_OFFSET).copied()
}

/// Refuses `data`, an account's bytes, unless it is of the type that `discriminator` names, in the layout that this
/// program reads. The log says which version was found (left) and which is read (right).
///
/// # Errors
/// `AccountDiscriminatorMismatch` or `AccountDidNotDeserialize` of Anchor, `AccountVersionUnsupported`.
pub fn require(data: &[u8], discriminator: &[u8]) -> Result<()> {
    ensure!(data.starts_with(discriminator), ErrorCode::AccountDiscriminatorMismatch);
    match version(data) {
        Some(ACCOUNT_VERSION) => Ok(()),
        Some(found) => Err(unsupported(found)),
        None => Err(ErrorCode::AccountDidNotDeserialize.into()),
    }
}

/// What lies in `account`, read in place.
///
/// # Errors
/// Those of [`require`] and of Anchor's loader.
pub fn read<'a, T: ZeroCopy + Owner>(account: &'a AccountLoader<'_, T>) -> Result<Ref<'a, T>> {
    require(&account.as_ref().try_borrow_data()?, T::DISCRIMINATOR)?;
    #[expect(clippy::disallowed_methods, reason = "its version is checked")]
    account.load()
}

/// Apart, because it is rarely called and its log takes room.
#[cold]
fn unsupported(found: u8) -> Error {
    error!(TorqueError::AccountVersionUnsupported).with_values((found, ACCOUNT_VERSION))
}

/// Makes a type an account of this program, as Anchor's attribute `account` does, but one whose layout has another
/// version is refused wherever Anchor or the program reads it.
///
/// With `in place` behind the type's name it is copied as it lies (`in_place`), which takes a tenth of the
/// instructions.
macro_rules! account {
    ($type:ident) => {
        $crate::state::layout::account!($type, AnchorDeserialize::deserialize, AnchorSerialize::serialize);
    };
    ($type:ident in place) => {
        $crate::state::layout::account!(
            $type,
            |fields: &mut &[u8]| $crate::state::in_place::copy(fields).ok_or(ErrorCode::AccountDidNotDeserialize),
            |account: &Self, writer: &mut W| std::io::Write::write_all(writer, bytemuck::bytes_of(account))
        );
    };
    ($type:ident, $decode:expr, $encode:expr) => {
        /// Anchor makes the discriminator from the type's name.
        mod tag {
            use anchor_lang::prelude::*;

            #[account]
            pub(super) struct $type {}
        }

        impl anchor_lang::Discriminator for $type {
            const DISCRIMINATOR: &'static [u8] = tag::$type::DISCRIMINATOR;
        }

        impl anchor_lang::Owner for $type {
            fn owner() -> Pubkey {
                crate::ID
            }
        }

        impl anchor_lang::AccountSerialize for $type {
            fn try_serialize<W: std::io::Write>(&self, writer: &mut W) -> Result<()> {
                let written = writer.write_all(Self::DISCRIMINATOR).and_then(|()| $encode(self, writer));
                written.map_err(|_| ErrorCode::AccountDidNotSerialize.into())
            }
        }

        impl anchor_lang::AccountDeserialize for $type {
            fn try_deserialize(data: &mut &[u8]) -> Result<Self> {
                $crate::state::layout::require(data, Self::DISCRIMINATOR)?;
                Self::try_deserialize_unchecked(data)
            }

            fn try_deserialize_unchecked(data: &mut &[u8]) -> Result<Self> {
                let mut fields = data.get(Self::DISCRIMINATOR.len()..).ok_or(ErrorCode::AccountDidNotDeserialize)?;
                $decode(&mut fields).map_err(|_| ErrorCode::AccountDidNotDeserialize.into())
            }
        }
    };
}
pub(super) use account;
