//! The bundle: the directory that explains an epoch, so that anybody can recompute its root.
//!
//! | file | holds |
//! | --- | --- |
//! | `manifest.json` | the terms, where the rows come from, the other files' hashes, leaf count, total and root |
//! | `manifest.sha256` | the SHA-256 of each line of `manifest.json` and of the whole, to name a changed line |
//! | `manifest.sig` | the publisher's signature; not in a bundle that nobody has signed |
//! | `results.csv` | `address,value`: what the query returned, in rank order, for a curve in time order |
//! | `allocations.csv` | `index,address,value,rank,amount`: the leaves, amounts in base units |
//! | `rejected.csv` | `address,value,reason`: every other row |
//! | `actions.csv` | `action,address,value`: what each query returned; where the results are a weighted sum |
//! | `filters.csv` | `address,unfiltered,filtered,reason`: whom filters touch; where there are filters |
//! | `allotted.csv` | `address,amount`: what earlier bundles of the epoch allotted; in a correction |
//!
//! Every byte except the signature follows from a [`Statement`] and what was [`Measured`]: a bundle is checked by
//! building it again. An epoch without a leaf has a bundle too, without a root, which says why the epoch is skipped.
//! Only `directory` touches the disk. Not here: computing amounts (`evaluation`) and running queries (`measurement`).

mod cells;
mod comparison;
mod difference;
mod directory;
mod evidence;
mod manifest;
mod measured;
mod signature;
mod statement;
mod tables;
mod text;
mod verify;

pub use comparison::{Change, Comparison, RowChanges};
pub use difference::{Difference, compare};
pub use directory::refuse_occupied;
pub use directory::{DirectoryError, read_directory, write_signature};
pub use manifest::{Manifest, Skip};
pub use measured::{FilteredWallet, Measured};
pub use signature::{SIGNED_PREFIX, signature_file, signed_message};
pub use statement::{Correction, Input, Occasion, Previous, Queries, Statement};
pub use verify::verify;

use std::{
    collections::BTreeMap,
    mem,
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use solana_pubkey::Pubkey;
use torque::merkle::{Hash, leaf_hash};

use crate::{
    evaluation::{Allocation, Circumstances, Evaluation, EvaluationError, Rejection, Row, evaluate},
    tree::MerkleTree,
    values::decimal::Decimal,
    values::hash::sha256,
};

/// The name of the file that binds the others together.
pub const MANIFEST: &str = "manifest.json";
/// The name of the file with the hashes of the manifest's lines.
pub const MANIFEST_HASHES: &str = "manifest.sha256";
/// The name of the file with the publisher's signature.
pub const SIGNATURE: &str = "manifest.sig";
/// The name of the file with what the query returned.
pub const RESULTS: &str = "results.csv";
/// The name of the file with the leaves.
pub const ALLOCATIONS: &str = "allocations.csv";
/// The name of the file with the rows that are not paid.
pub const REJECTED: &str = "rejected.csv";
/// The name of the file with what each action's query returned.
pub const ACTIONS: &str = "actions.csv";
/// The name of the file with what the filters change.
pub const FILTERS: &str = "filters.csv";
/// The name of the file with what earlier bundles of the epoch allotted.
pub const ALLOTTED: &str = "allotted.csv";

/// Every file that a bundle may have, in the order in which they are checked.
pub const FILE_NAMES: [&str; 9] =
    [RESULTS, ACTIONS, FILTERS, ALLOTTED, ALLOCATIONS, REJECTED, MANIFEST, MANIFEST_HASHES, SIGNATURE];

/// A bundle's files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// An epoch with everything that explains it.
#[derive(Debug)]
pub struct Bundle {
    statement: Statement,
    evaluation: Evaluation,
    tree: Option<MerkleTree>,
    manifest: Manifest,
    files: Files,
    publisher: Option<Pubkey>,
}

/// The computed part of a bundle, with the total that was measured for the milestone.
struct Outcome {
    milestone_total: Option<Decimal>,
    evaluation: Evaluation,
    tree: Option<MerkleTree>,
}

impl Bundle {
    /// Evaluates the measured rows and writes all tables and the manifest.
    ///
    /// # Errors
    /// When the rows cannot be evaluated.
    pub fn new(mut statement: Statement, mut measured: Measured) -> Result<Self, EvaluationError> {
        let mut files = evidence_tables(&statement, &mut measured);
        let mut circumstances = Circumstances {
            raffle_seed: statement.raffle_seed,
            first_conversion: statement.first_conversion(),
            excluded: measured.excluded(),
            // Moved out and put back below, because a copy of a million wallets would need much memory.
            allotted_before: statement.correction.as_mut().map(|correction| mem::take(&mut correction.allotted)),
            is_milestone_missed: statement.misses_milestone(measured.milestone_total),
        };
        let evaluation = evaluate(measured.rows, &statement.terms, &circumstances)?;
        if let (Some(correction), Some(allotted)) = (&mut statement.correction, circumstances.allotted_before.take()) {
            correction.allotted = allotted;
        }
        let allocations: Vec<Allocation> = evaluation.allocations().collect();
        let epoch = statement.epoch_address();
        let (tree, tables) = rayon::join(
            || MerkleTree::from_leaves(leaves(&epoch, &allocations)),
            || outcome_tables(&statement, &evaluation, &allocations),
        );
        files.extend(tables);
        let outcome = Outcome { milestone_total: measured.milestone_total, evaluation, tree };
        Ok(Self::bound(statement, outcome, files))
    }

    /// Adds the files that bind the tables together.
    fn bound(statement: Statement, outcome: Outcome, mut files: Files) -> Self {
        let manifest = Manifest::new(&statement, &outcome, &files);
        let text = manifest.to_json();
        files.insert(MANIFEST_HASHES.to_owned(), manifest::line_hashes(text.as_bytes()));
        files.insert(MANIFEST.to_owned(), text.into_bytes());
        let Outcome { evaluation, tree, .. } = outcome;
        Self { statement, evaluation, tree, manifest, files, publisher: None }
    }

    /// Writes the bundle as the directory `path`, which must not exist or be empty.
    ///
    /// The directory appears complete or not at all, and is on the disk when this returns.
    ///
    /// # Errors
    /// When the directory is not empty, or the disk fails.
    pub fn write(&self, path: &Path) -> Result<(), DirectoryError> {
        directory::write(path, &self.files)
    }

    /// Writes the bundle into `root`, as a directory that is named by the manifest's hash, and returns its path.
    ///
    /// A directory of that name holds the same bundle already, so writing it again changes nothing.
    ///
    /// # Errors
    /// When the directory has other files in it, or the disk fails.
    pub fn write_by_hash(&self, root: &Path) -> Result<PathBuf, DirectoryError> {
        directory::write_by_hash(root, &hex::encode(self.manifest_hash()), &self.files)
    }

    /// The statement of the bundle's maker: everything that is neither measured nor computed.
    #[must_use]
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// The decision about every row.
    #[must_use]
    pub fn evaluation(&self) -> &Evaluation {
        &self.evaluation
    }

    /// The tree over the allocations; `None` if there are no allocations.
    #[must_use]
    pub fn tree(&self) -> Option<&MerkleTree> {
        self.tree.as_ref()
    }

    /// How many leaves there are.
    #[must_use]
    pub fn leaf_count(&self) -> usize {
        self.tree.as_ref().map_or(0, MerkleTree::leaf_count)
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

    /// The signer's key; `None` for a bundle without a signature, such as one that was just made.
    #[must_use]
    pub fn publisher(&self) -> Option<Pubkey> {
        self.publisher
    }

    /// The bytes of one file; empty for a file that the bundle does not have.
    #[must_use]
    pub fn file(&self, name: &str) -> &[u8] {
        self.files.get(name).map_or(&[], Vec::as_slice)
    }

    /// The files by name, without the signature.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Why a row is not paid, in words.
    fn reason_text(&self, reason: Rejection) -> String {
        tables::reason_text(reason, &self.statement.filters)
    }
}

/// The tables of the measured rows.
fn evidence_tables(statement: &Statement, measured: &mut Measured) -> Files {
    let mut files = Files::new();
    if let Some(queries) = statement.queries.as_ref().filter(|queries| queries.are_weighted()) {
        let mut per_action = mem::take(&mut measured.per_action);
        files.insert(ACTIONS.to_owned(), evidence::actions_table(&queries.actions, &mut per_action));
    }
    if !statement.filters.is_empty() {
        let kind = statement.terms.shape.kind();
        files.insert(FILTERS.to_owned(), evidence::filters_table(kind, measured, &statement.filters));
    }
    if let Some(correction) = &statement.correction {
        files.insert(ALLOTTED.to_owned(), evidence::allotted_table(&correction.allotted));
    }
    files
}

/// The tables of the decisions about the rows.
fn outcome_tables(statement: &Statement, evaluation: &Evaluation, allocations: &[Allocation]) -> Files {
    let rejected: Vec<(&Row, Rejection)> = evaluation.rejected().collect();
    let results = tables::results_table(evaluation.rows(), |decided| &decided.row);
    Files::from([
        (RESULTS.to_owned(), results),
        (ALLOCATIONS.to_owned(), tables::allocations_table(allocations)),
        (REJECTED.to_owned(), tables::rejected_table(&rejected, &statement.filters)),
    ])
}

/// The leaves of an epoch's tree, in index order.
fn leaves(epoch: &Pubkey, allocations: &[Allocation]) -> Vec<Hash> {
    allocations
        .par_iter()
        .with_min_len(1024)
        .map(|allocation| leaf_hash(epoch, allocation.index, &allocation.address, allocation.amount))
        .collect()
}

#[cfg(test)]
mod tests;
