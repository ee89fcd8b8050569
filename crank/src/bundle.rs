//! The bundle: the directory that explains an epoch, so that anybody can recompute its root.
//!
//! | file | holds |
//! | --- | --- |
//! | `manifest.json` | the terms, where the rows come from, the other files' hashes, leaf count, total and root |
//! | `manifest.sha256` | the SHA-256 of every line of `manifest.json` and of the whole, to name a line that was changed |
//! | `results.csv` | `address,value`: what the query returned, in rank order |
//! | `allocations.csv` | `index,address,value,rank,amount`: the leaves, amounts in base units |
//! | `rejected.csv` | `address,value,reason`: every other row |
//!
//! Every byte follows from a [`Statement`] and the rows: a bundle is checked by building it again. Only `directory`
//! touches the disk. Not here: how amounts come about (`evaluation`), and running the query (`commands`).

mod difference;
mod directory;
mod manifest;
mod statement;
mod tables;
mod text;
mod verify;

pub use difference::{Difference, compare};
pub(crate) use directory::refuse_occupied;
pub use directory::{DirectoryError, read_directory};
pub use manifest::Manifest;
pub use statement::{Query, Statement};
pub use tables::results_table;
pub use verify::verify;

use std::{collections::BTreeMap, path::Path};

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use solana_pubkey::Pubkey;
use torque::merkle::{Hash, leaf_hash};

use crate::{
    evaluation::{Allocation, Evaluation},
    tree::MerkleTree,
};

/// The name of the file that binds the others together.
pub const MANIFEST: &str = "manifest.json";
/// The name of the file with the hashes of the manifest's lines.
pub const MANIFEST_HASHES: &str = "manifest.sha256";
/// The name of the file with what the query returned.
pub const RESULTS: &str = "results.csv";
/// The name of the file with the leaves.
pub const ALLOCATIONS: &str = "allocations.csv";
/// The name of the file with the rows that are not paid.
pub const REJECTED: &str = "rejected.csv";

/// Every file of a bundle, in the order in which they are checked.
pub const FILE_NAMES: [&str; 5] = [RESULTS, ALLOCATIONS, REJECTED, MANIFEST, MANIFEST_HASHES];

/// A bundle's files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// An epoch with everything that explains it.
#[derive(Debug)]
pub struct Bundle {
    statement: Statement,
    evaluation: Evaluation,
    tree: MerkleTree,
    manifest: Manifest,
    files: Files,
}

/// An epoch without a leaf, which has no root and cannot be posted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no row is paid, so the epoch has no root and there is nothing to post")]
pub struct NothingToPay;

impl Bundle {
    /// Writes down what `statement` and the rows come to.
    ///
    /// # Errors
    /// When no row is paid.
    pub fn new(statement: Statement, evaluation: Evaluation) -> Result<Self, NothingToPay> {
        let allocations: Vec<Allocation> = evaluation.allocations().collect();
        let epoch = statement.epoch_address();
        let tree = MerkleTree::from_leaves(leaves(&epoch, &allocations)).ok_or(NothingToPay)?;
        let mut files = Files::new();
        files.insert(RESULTS.to_owned(), results_table(evaluation.rows().iter().map(|decided| &decided.row)));
        files.insert(ALLOCATIONS.to_owned(), tables::allocations_table(&allocations));
        files.insert(REJECTED.to_owned(), tables::rejected_table(evaluation.rejected()));
        let manifest = Manifest::new(&statement, &evaluation, &tree, &files);
        let text = manifest.to_json();
        files.insert(MANIFEST_HASHES.to_owned(), manifest::line_hashes(text.as_bytes()));
        files.insert(MANIFEST.to_owned(), text.into_bytes());
        Ok(Self { statement, evaluation, tree, manifest, files })
    }

    /// Writes the bundle as the directory `path`, which must not exist or be empty.
    ///
    /// It appears whole or not at all, and is on the disk when this returns.
    ///
    /// # Errors
    /// When the directory has something in it, or the disk fails.
    pub fn write(&self, path: &Path) -> Result<(), DirectoryError> {
        directory::write(path, &self.files)
    }

    /// What the bundle's maker stated: all that is not computed.
    #[must_use]
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// What became of every row.
    #[must_use]
    pub fn evaluation(&self) -> &Evaluation {
        &self.evaluation
    }

    /// The tree over the allocations.
    #[must_use]
    pub fn tree(&self) -> &MerkleTree {
        &self.tree
    }

    /// The manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The SHA-256 of `manifest.json`, which goes on-chain with the root.
    #[must_use]
    pub fn manifest_hash(&self) -> Hash {
        sha256(self.file(MANIFEST))
    }

    /// The bytes of one file; none for a name that is not in `FILE_NAMES`.
    #[must_use]
    pub fn file(&self, name: &str) -> &[u8] {
        self.files.get(name).map_or(&[], Vec::as_slice)
    }
}

/// The leaves of an epoch's tree, in index order.
fn leaves(epoch: &Pubkey, allocations: &[Allocation]) -> Vec<Hash> {
    allocations
        .par_iter()
        .with_min_len(1024)
        .map(|allocation| leaf_hash(epoch, allocation.index, &allocation.address, allocation.amount))
        .collect()
}

/// The SHA-256 of a file's bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests;
