//! Accounts of the program from a node or a file, with the checks that make them trustworthy.
//!
//! A node could show anything. So an account is decoded only if the program is its owner, and callers ask only for
//! addresses that they derived themselves.

use anchor_lang::{AccountDeserialize, Discriminator};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use solana_pubkey::Pubkey;
use torque::constants::ACCOUNT_VERSION;
use torque::state::{Epoch, EpochMarks, layout};

use super::error::ChainError;
use crank_rules::wording::shown;

/// The bytes of an account and the program that they belong to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FetchedAccount {
    /// Its address.
    pub address: Pubkey,
    /// The program that may change it.
    pub owner: Pubkey,
    /// Lamports that it holds.
    pub lamports: u64,
    /// Its bytes, or the first of them.
    pub data: Vec<u8>,
}

/// An account in the JSON of nodes, with only those fields that are used here.
#[derive(Deserialize)]
pub(super) struct AccountJson {
    data: (String, String),
    owner: String,
    lamports: u64,
}

/// The output of `solana account ADDRESS --output json`.
#[derive(Deserialize)]
struct AccountFile {
    pubkey: String,
    account: AccountJson,
}

impl FetchedAccount {
    /// Reads the account at `address` from the output of `solana account ADDRESS --output json`.
    ///
    /// # Errors
    /// `WrongAccount` when the text is not such an output, or is about another account.
    pub fn from_file(address: Pubkey, text: &[u8]) -> Result<Self, ChainError> {
        let wrong = |reason: String| ChainError::WrongAccount { address, expected: "account in a file", reason };
        let file: AccountFile = serde_json::from_slice(text).map_err(|error| wrong(error.to_string()))?;
        if file.pubkey != address.to_string() {
            return Err(wrong(format!("the file is about {}", shown(&file.pubkey))));
        }
        Self::from_json(address, &file.account)
    }

    pub(super) fn from_json(address: Pubkey, json: &AccountJson) -> Result<Self, ChainError> {
        let wrong = |reason: String| ChainError::WrongAccount { address, expected: "account in base64", reason };
        let (data, encoding) = &json.data;
        if encoding != "base64" {
            return Err(wrong(format!("its bytes are in {}", shown(encoding))));
        }
        let data = STANDARD.decode(data).map_err(|error| wrong(error.to_string()))?;
        let owner = json.owner.parse().map_err(|_| wrong("its owner is not a public key".to_owned()))?;
        Ok(Self { address, owner, lamports: json.lamports, data })
    }

    /// The header of the epoch in this account.
    ///
    /// # Errors
    /// `WrongAccount`, also when its layout has another version.
    pub fn epoch(&self) -> Result<Epoch, ChainError> {
        self.split_epoch(&mut Vec::new()).map(|(epoch, _)| *epoch)
    }

    /// The epoch that it holds, with its marks. They are read in place in bytes that can be changed, so `copy` takes
    /// the account's bytes for as long as they are needed.
    ///
    /// # Errors
    /// `WrongAccount`, also when its layout has another version.
    pub(super) fn split_epoch<'a>(&self, copy: &'a mut Vec<u8>) -> Result<(&'a Epoch, EpochMarks<'a>), ChainError> {
        self.require_type::<Epoch>("epoch")?;
        copy.clone_from(&self.data);
        let (epoch, marks) = Epoch::split(copy).map_err(|error| self.wrong("epoch", error.to_string()))?;
        Ok((epoch, marks))
    }

    /// Decodes the account as one of the program; `expected` is its name in messages.
    ///
    /// # Errors
    /// `Closed` when only the account's type is left, which keeps its number from being used again; `WrongAccount`,
    /// also when its layout has another version.
    pub fn decode<T: AccountDeserialize + Discriminator>(&self, expected: &'static str) -> Result<T, ChainError> {
        if self.owner == torque::ID && self.data == T::DISCRIMINATOR {
            return Err(ChainError::Closed { what: expected, address: self.address });
        }
        self.require_type::<T>(expected)?;
        T::try_deserialize(&mut self.data.as_slice()).map_err(|error| self.wrong(expected, error.to_string()))
    }

    /// Refuses an account of another program, and one of the right type whose layout is not the one that is read here.
    fn require_type<T: Discriminator>(&self, expected: &'static str) -> Result<(), ChainError> {
        if self.owner != torque::ID {
            let reason = format!("it belongs to the program {} and not to {}", self.owner, torque::ID);
            return Err(self.wrong(expected, reason));
        }
        let version = layout::version(&self.data).filter(|version| *version != ACCOUNT_VERSION);
        match version.filter(|_| self.data.starts_with(T::DISCRIMINATOR)) {
            Some(found) => Err(self.wrong(
                expected,
                format!(
                    "its layout has version {found}, and this crank reads version {ACCOUNT_VERSION}: \
                     use the crank of that version"
                ),
            )),
            None => Ok(()),
        }
    }

    pub(super) fn wrong(&self, expected: &'static str, reason: String) -> ChainError {
        ChainError::WrongAccount { address: self.address, expected, reason }
    }
}
