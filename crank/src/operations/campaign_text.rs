//! A campaign file, read and checked once, with the hash by which its author confirms it.
//!
//! `campaign` gives the fields their meaning. This module chooses the distributor and computes the hash.

use std::{
    fs,
    path::{Path, PathBuf},
    str,
};

use torque::merkle::Hash;

use super::OperationError;
use crank_rules::{
    campaign::{Campaign, CampaignError, CampaignFile},
    values::canonical_json::canonical_object,
    values::hash::sha256,
};

/// The field that the hash leaves out: it chooses between preview and creation, and says nothing about the campaign.
const NOT_CONFIRMED: [&str; 1] = ["confirmed"];

/// A campaign file that has been checked.
#[derive(Clone, Debug)]
pub struct CampaignText {
    /// The file that it was read from; `None` for other texts.
    path: Option<PathBuf>,
    file: CampaignFile,
    confirmation: Hash,
}

impl CampaignText {
    /// Reads and checks the file at `path`.
    ///
    /// # Errors
    /// [`OperationError::Input`] when it cannot be read or is not a campaign.
    pub fn read(path: &Path) -> Result<Self, OperationError> {
        let bytes = fs::read(path).map_err(|error| OperationError::input(error).about(path.display()))?;
        let text = Self::parse(&bytes).map_err(|error| error.about(path.display()))?;
        Ok(Self { path: Some(path.to_owned()), ..text })
    }

    /// Checks the text of a campaign file.
    ///
    /// # Errors
    /// [`OperationError::Input`] when it is not a campaign.
    pub fn parse(bytes: &[u8]) -> Result<Self, OperationError> {
        let file = CampaignFile::parse(bytes).map_err(OperationError::input)?;
        let canonical = str::from_utf8(bytes).ok().and_then(|text| canonical_object(text, &NOT_CONFIRMED));
        let canonical =
            canonical.ok_or_else(|| OperationError::Input("the campaign is nested too deeply".to_owned()))?;
        Ok(Self { path: None, file, confirmation: sha256(canonical.as_bytes()) })
    }

    /// The campaign's name, which its distributors share.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.file.name
    }

    /// The distributor of that name, or the only one.
    ///
    /// # Errors
    /// When there is no such distributor, or there are several and none is named.
    pub fn distributor(&self, name: Option<&str>) -> Result<&Campaign, OperationError> {
        self.file.distributor(name).map_err(|error| {
            let error = match error {
                CampaignError::SeveralDistributors(_) => {
                    OperationError::Held { problem: error.to_string(), advice: "do so with", name: "distributor_name" }
                }
                _ => OperationError::input(error),
            };
            match &self.path {
                Some(path) => error.about(path.display()),
                None => error,
            }
        })
    }

    /// The SHA-256 of all parameters except `confirmed`; it does not depend on how the JSON is written.
    #[must_use]
    pub fn confirmation(&self) -> Hash {
        self.confirmation
    }
}
