//! `manifest.json`: its fields, in the order in which they stand there, and the hashes of its lines.
//!
//! Pretty JSON with two blanks a level and a line feed at the end. The fields are the promise to readers of bundles;
//! the types the rest of the crank works with are in `statement`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;

use super::{
    ALLOCATIONS, Files, MANIFEST, Query, REJECTED, RESULTS, Statement, sha256,
    text::{HexHash, Text},
};
use crate::{
    campaign::{DistributionMode, Reward, SOL_DECIMALS},
    evaluation::{Audience, Circumstances, Evaluation, Kind, MAX_DECIMALS, Shape, Terms},
    formula::Formula,
    period::Period,
    tree::MerkleTree,
};

/// The version of the bundle's format.
const VERSION: u32 = 1;
/// The query engine, which no other can replace without changing results.
const ENGINE: &str = "datafusion";

/// The manifest of a bundle. Amounts are base units in decimal digits.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    version: u32,
    cluster: String,
    distributor: Option<Text<Pubkey>>,
    epoch: u32,
    epoch_address: Text<Pubkey>,
    period_start: Text<Timestamp>,
    period_end: Text<Timestamp>,
    terms: ManifestTerms,
    query: Option<String>,
    formula: String,
    engine: Option<Engine>,
    inputs: Inputs,
    /// SHA-256 of every table.
    files: BTreeMap<String, Text<HexHash>>,
    leaf_count: usize,
    total: Text<u64>,
    root: Text<HexHash>,
    /// Only a raffle has one.
    raffle_seed: Option<Text<HexHash>>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ManifestTerms {
    #[serde(rename = "type")]
    kind: Kind,
    emission_type: EmissionType,
    /// The mint; null for SOL.
    token_address: Option<Text<Pubkey>>,
    decimals: u8,
    distribution_mode: DistributionMode,
    pool: Text<u64>,
    /// Null for no cap.
    max_per_participant: Option<Text<u64>>,
    /// Null for everyone.
    audience: Option<ManifestAudience>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum EmissionType {
    Tokens,
    Sol,
    Points,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
enum ManifestAudience {
    AllowList(BTreeSet<Text<Pubkey>>),
    DenyList(BTreeSet<Text<Pubkey>>),
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Engine {
    name: String,
    version: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Inputs {
    /// SHA-256 of the events file; null where there is no query.
    events: Option<Text<HexHash>>,
}

impl Manifest {
    /// The manifest of an epoch whose tables are in `files`.
    pub(super) fn new(statement: &Statement, evaluation: &Evaluation, tree: &MerkleTree, files: &Files) -> Self {
        let query = statement.query.as_ref();
        let hash_of = |name: &str| Text(HexHash(sha256(files.get(name).map_or(&[], Vec::as_slice))));
        Self {
            version: VERSION,
            cluster: statement.cluster.clone(),
            distributor: statement.distributor.map(Text),
            epoch: statement.epoch,
            epoch_address: Text(statement.epoch_address()),
            period_start: Text(timestamp(statement.period.start)),
            period_end: Text(timestamp(statement.period.end)),
            terms: ManifestTerms::new(statement),
            query: query.map(|query| query.sql.clone()),
            formula: statement.terms.shape.formula().map(|formula| formula.source().to_owned()).unwrap_or_default(),
            engine: query.map(|query| Engine { name: ENGINE.to_owned(), version: query.engine_version.clone() }),
            inputs: Inputs { events: query.map(|query| Text(HexHash(query.events))) },
            files: [RESULTS, ALLOCATIONS, REJECTED].map(|name| (name.to_owned(), hash_of(name))).into(),
            leaf_count: tree.leaf_count(),
            total: Text(evaluation.total()),
            root: Text(HexHash(tree.root())),
            raffle_seed: None,
        }
    }

    /// The bytes of `manifest.json`.
    pub(super) fn to_json(&self) -> String {
        // Writing plain fields into a string cannot fail; an empty file would be refused by whoever reads it.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The SHA-256 that the manifest gives for one of the tables.
    pub(super) fn hash_of(&self, name: &str) -> Option<[u8; 32]> {
        self.files.get(name).map(|hash| hash.0.0)
    }

    /// What the manifest states, or the name of the field that makes no sense and why.
    pub(super) fn statement(&self) -> Result<Statement, (&'static str, String)> {
        if self.version != VERSION {
            return Err(("version", format!("this crank reads bundles of version {VERSION}")));
        }
        let period = Period { start: self.period_start.0.as_second(), end: self.period_end.0.as_second() };
        if period.start >= period.end {
            return Err(("periodEnd", "the period ends after its start".to_owned()));
        }
        let formula = Formula::parse(&self.formula).map_err(|error| ("formula", error.to_string()))?;
        Ok(Statement {
            cluster: self.cluster.clone(),
            distributor: self.distributor.map(|distributor| distributor.0),
            epoch: self.epoch,
            period,
            reward: self.terms.reward()?,
            distribution_mode: self.terms.distribution_mode,
            terms: self.terms.terms(formula),
            circumstances: Circumstances::default(),
            query: self.query()?,
        })
    }

    fn query(&self) -> Result<Option<Query>, (&'static str, String)> {
        match (self.terms.kind, &self.query, &self.engine, self.inputs.events) {
            (Kind::Direct, None, None, None) => Ok(None),
            (Kind::Direct, ..) => Err(("query", "a direct campaign has no query, no engine and no events".to_owned())),
            (Kind::Leaderboard, Some(sql), Some(engine), Some(events)) if engine.name == ENGINE => {
                Ok(Some(Query { sql: sql.clone(), engine_version: engine.version.clone(), events: events.0.0 }))
            }
            _ => Err(("query", format!("a leaderboard has a query, the engine {ENGINE} and the hash of its events"))),
        }
    }
}

impl ManifestTerms {
    fn new(statement: &Statement) -> Self {
        let terms = &statement.terms;
        let (emission_type, token_address) = match statement.reward {
            Reward::Sol => (EmissionType::Sol, None),
            Reward::Points { .. } => (EmissionType::Points, None),
            Reward::Tokens { mint, .. } => (EmissionType::Tokens, Some(Text(mint))),
        };
        Self {
            kind: terms.shape.kind(),
            emission_type,
            token_address,
            decimals: terms.decimals,
            distribution_mode: statement.distribution_mode,
            pool: Text(terms.pool),
            max_per_participant: terms.max_per_participant.map(Text),
            audience: match &terms.audience {
                Audience::Everyone => None,
                Audience::AllowList(list) => {
                    Some(ManifestAudience::AllowList(list.iter().copied().map(Text).collect()))
                }
                Audience::DenyList(list) => Some(ManifestAudience::DenyList(list.iter().copied().map(Text).collect())),
            },
        }
    }

    fn reward(&self) -> Result<Reward, (&'static str, String)> {
        match (self.emission_type, self.token_address) {
            (EmissionType::Sol, None) if self.decimals == SOL_DECIMALS => Ok(Reward::Sol),
            (EmissionType::Points, None) if self.decimals <= MAX_DECIMALS => {
                Ok(Reward::Points { decimals: self.decimals })
            }
            (EmissionType::Tokens, Some(mint)) if self.decimals <= MAX_DECIMALS => {
                Ok(Reward::Tokens { mint: mint.0, decimals: self.decimals })
            }
            _ => Err((
                "emissionType",
                "SOL has no mint and 9 decimals, POINTS no mint and at most 18, TOKENS a mint and at most 18"
                    .to_owned(),
            )),
        }
    }

    fn terms(&self, formula: Formula) -> Terms {
        let keys = |list: &BTreeSet<Text<Pubkey>>| list.iter().map(|address| address.0).collect();
        Terms {
            shape: if self.kind == Kind::Direct { Shape::Direct(formula) } else { Shape::Leaderboard(formula) },
            decimals: self.decimals,
            pool: self.pool.0,
            max_per_participant: self.max_per_participant.map(|cap| cap.0),
            audience: match &self.audience {
                None => Audience::Everyone,
                Some(ManifestAudience::AllowList(list)) => Audience::AllowList(keys(list)),
                Some(ManifestAudience::DenyList(list)) => Audience::DenyList(keys(list)),
            },
        }
    }
}

/// A bound of the period; the campaign's schedule lets none through that the calendar does not have.
fn timestamp(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}

/// The bytes of `manifest.sha256`: the hash of every line with its line feed, then the hash of the whole file.
///
/// The last line has the form that `sha256sum --check` reads.
pub(super) fn line_hashes(manifest: &[u8]) -> Vec<u8> {
    let mut hashes = String::new();
    for line in manifest.split_inclusive(|byte| *byte == b'\n') {
        hashes.push_str(&hex::encode(sha256(line)));
        hashes.push('\n');
    }
    hashes.push_str(&format!("{}  {MANIFEST}\n", hex::encode(sha256(manifest))));
    hashes.into_bytes()
}
