//! Whether an account that exists is the one that a step wants: compared field by field, so that a refusal names one.

use std::fmt::Display;

use anchor_lang::{AccountDeserialize, Discriminator};
use solana_pubkey::Pubkey;
use torque::merkle::Hash;
use torque::state::Epoch;

use crate::error::{ChainError, Difference};
use crate::fetched::FetchedAccount;

/// An account of the program that a step has found.
#[derive(Clone, Copy)]
pub(super) struct Existing<'a> {
    account: &'a FetchedAccount,
    /// What it is called in messages.
    what: &'static str,
}

impl<'a> Existing<'a> {
    /// The account; `what` is its name in messages.
    pub(super) fn new(account: &'a FetchedAccount, what: &'static str) -> Self {
        Self { account, what }
    }

    /// Decodes it as an account of the program.
    ///
    /// # Errors
    /// `Closed` when only its type is left, which keeps its number from being used again; `WrongAccount`.
    pub(super) fn decode<T: AccountDeserialize + Discriminator>(&self) -> Result<T, ChainError> {
        if self.account.owner == torque::ID && self.account.data == T::DISCRIMINATOR {
            return Err(closed(self.what, self.account.address));
        }
        self.account.decode(self.what)
    }

    /// Refuses unless the account's `field`, which is `found`, is what is `wanted`.
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
}

impl Existing<'_> {
    /// Refuses unless `epoch`, which the account holds, has the root that is `wanted`.
    ///
    /// # Errors
    /// `Different`.
    pub(super) fn require_root(&self, epoch: &Epoch, wanted: Hash) -> Result<(), ChainError> {
        let empty = "empty, since the epoch was cancelled or skipped,";
        let found = if epoch.is_vacant() { empty.to_owned() } else { hex::encode(epoch.root) };
        self.require("root", found, hex::encode(wanted))
    }
}

/// A step was asked for something at an address where there was something and never will be again.
pub(super) fn closed(what: &'static str, address: Pubkey) -> ChainError {
    ChainError::Closed { what, address }
}
