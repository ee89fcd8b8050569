//! Checks that an existing account is the one that a step wants, field by field, so that a refusal names the field.

use std::fmt::Display;

use anchor_lang::{AccountDeserialize, Discriminator};
use torque::merkle::Hash;
use torque::state::Epoch;

use crate::error::{ChainError, Difference};
use crate::fetched::FetchedAccount;

/// An account of the program that a step has found.
#[derive(Clone, Copy)]
pub(super) struct Existing<'a> {
    account: &'a FetchedAccount,
    /// Its name in messages.
    what: &'static str,
}

impl<'a> Existing<'a> {
    pub(super) fn new(account: &'a FetchedAccount, what: &'static str) -> Self {
        Self { account, what }
    }

    /// Decodes the account as one of the program.
    ///
    /// # Errors
    /// `Closed`, `WrongAccount`.
    pub(super) fn decode<T: AccountDeserialize + Discriminator>(&self) -> Result<T, ChainError> {
        self.account.decode(self.what)
    }

    /// Refuses the account unless the value `found` of its `field` is the `wanted` one.
    ///
    /// # Errors
    /// `Different`.
    pub(super) fn require<T: Display>(&self, field: &'static str, found: T, wanted: T) -> Result<(), ChainError> {
        let (found, wanted) = (found.to_string(), wanted.to_string());
        if found == wanted {
            return Ok(());
        }
        let (address, what) = (self.account.address, self.what);
        Err(ChainError::Different(Box::new(Difference { what, address, field, found, wanted })))
    }

    /// Refuses the account unless its `epoch` has the `wanted` root.
    ///
    /// # Errors
    /// `Different`.
    pub(super) fn require_root(&self, epoch: &Epoch, wanted: Hash) -> Result<(), ChainError> {
        let empty = "empty, since the epoch was cancelled or skipped,";
        let found = if epoch.is_vacant() { empty.to_owned() } else { hex::encode(epoch.root) };
        self.require("root", found, hex::encode(wanted))
    }
}
