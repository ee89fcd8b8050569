//! `manifest.json`: its fields in their order, and the hashes of its lines.
//!
//! Pretty JSON, indented by two blanks, with a line feed at the end. Every field is always present, and null if it does
//! not apply. These fields are a promise to readers of bundles; the rest of the crank works with the types in
//! `statement`.

mod origins;
mod terms;

use std::collections::BTreeMap;

use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;
use torque::merkle::Hash;

use super::{
    Files, MANIFEST, Outcome, Previous, Queries, Statement,
    text::{HexHash, Text},
};
use crate::{
    campaign::MAX_FILTERS,
    evaluation::{Kind, SeedError},
    tree::MerkleTree,
    values::decimal::Decimal,
    values::hash::sha256,
    values::period::Period,
};

use origins::{Engine, ManifestAction, ManifestFilter, ManifestInput, ManifestMilestone, ManifestTickets};
use terms::ManifestTerms;

/// The version of the bundle's format.
const VERSION: u32 = 3;
/// The query engine. Another engine could compute other results.
const ENGINE: &str = "datafusion";

/// A field that is not valid, and what would be right.
pub(super) type Fault = (&'static str, String);

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
    campaign_start: Text<Timestamp>,
    terms: ManifestTerms,
    /// The query of the only action; null where `actions` lists them.
    query: Option<String>,
    /// Null for a single action without a name that counts once.
    actions: Option<Vec<ManifestAction>>,
    filters: Vec<ManifestFilter>,
    milestone: Option<ManifestMilestone>,
    /// Null for a raffle and a curve.
    formula: Option<String>,
    engine: Option<Engine>,
    inputs: Vec<ManifestInput>,
    /// SHA-256 of every table.
    files: BTreeMap<String, Text<HexHash>>,
    leaf_count: usize,
    total: Text<u64>,
    /// Null if there is no leaf.
    root: Option<Text<HexHash>>,
    /// Why there is no leaf; null if there is one.
    skip: Option<Skip>,
    /// Only a raffle has one.
    raffle_seed: Option<Text<HexHash>>,
    /// The ticket table that a raffle commits to before it has a seed.
    raffle_tickets: Option<ManifestTickets>,
    /// The manifest of the epoch before, from which a curve counts on; null in its first epoch.
    previous: Option<Text<HexHash>>,
    /// How many conversions a curve had before this epoch.
    first_conversion: Option<u64>,
    /// How many conversions of a curve this epoch counts.
    conversions: Option<u64>,
    /// The manifest that this one corrects.
    corrects: Option<Text<HexHash>>,
}

/// Why an epoch has no leaf and is to be skipped.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Skip {
    /// The milestone is not reached.
    #[serde(rename = "the milestone is not reached")]
    MilestoneNotReached,
    /// A correction found no wallet that was allotted too little.
    #[serde(rename = "there is nothing to correct")]
    NothingToCorrect,
    /// No row is worth a base unit.
    #[serde(rename = "nobody qualified")]
    NobodyQualified,
}

impl Manifest {
    /// The manifest of an epoch whose tables are in `files`.
    pub(super) fn new(statement: &Statement, outcome: &Outcome, files: &Files) -> Self {
        let Outcome { milestone_total, evaluation, tree } = outcome;
        let (milestone_total, tree) = (*milestone_total, tree.as_ref());
        let hex = |hash: Hash| Text(HexHash(hash));
        let queries = statement.queries.as_ref();
        let actions = queries.map_or(&[][..], |queries| &queries.actions);
        let shape = &statement.terms.shape;
        let of_curve = |count: u64| (shape.kind() == Kind::Curve).then_some(count);
        Self {
            version: VERSION,
            cluster: statement.cluster.clone(),
            distributor: statement.distributor.map(Text),
            epoch: statement.epoch,
            epoch_address: Text(statement.epoch_address()),
            period_start: Text(timestamp(statement.period.start)),
            period_end: Text(timestamp(statement.period.end)),
            campaign_start: Text(timestamp(statement.campaign_start)),
            terms: ManifestTerms::new(statement),
            query: origins::only_query(actions),
            actions: queries.and_then(|queries| ManifestAction::list(&queries.actions)),
            filters: statement.filters.iter().map(ManifestFilter::new).collect(),
            milestone: statement.milestone.map(|milestone| ManifestMilestone::new(milestone, milestone_total)),
            formula: shape.formula().map(|formula| formula.source().to_owned()),
            engine: queries.map(|queries| Engine { name: ENGINE.to_owned(), version: queries.engine_version.clone() }),
            inputs: queries.map_or(&[][..], |queries| &queries.inputs).iter().map(ManifestInput::new).collect(),
            files: files.par_iter().map(|(name, bytes)| (name.clone(), hex(sha256(bytes)))).collect(),
            leaf_count: tree.map_or(0, MerkleTree::leaf_count),
            total: Text(evaluation.total()),
            root: tree.map(|tree| hex(tree.root())),
            skip: tree.is_none().then(|| Skip::new(statement, milestone_total)),
            raffle_seed: statement.raffle_seed.map(hex),
            raffle_tickets: evaluation.tickets().map(|table| ManifestTickets::new(table, &statement.epoch_address())),
            previous: statement.previous.map(|previous| hex(previous.manifest_hash)),
            first_conversion: of_curve(statement.first_conversion()),
            conversions: of_curve(evaluation.conversions()),
            corrects: statement.correction.as_ref().map(|correction| hex(correction.manifest_hash)),
        }
    }

    /// The bytes of `manifest.json`.
    pub(super) fn to_json(&self) -> String {
        // Serializing plain fields to a string cannot fail. If it did, a reader would refuse the empty file.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The SHA-256 that the manifest gives for one of the tables.
    pub(super) fn hash_of(&self, name: &str) -> Option<Hash> {
        self.files.get(name).map(|hash| hash.0.0)
    }

    /// Why there is no leaf; `None` if there is one.
    #[must_use]
    pub fn skip(&self) -> Option<Skip> {
        self.skip
    }

    /// The total that was measured for the milestone.
    #[must_use]
    pub fn milestone_total(&self) -> Option<Decimal> {
        self.milestone.map(|milestone| milestone.total)
    }

    /// The manifest that this one corrects.
    pub(super) fn corrects(&self) -> Option<Hash> {
        self.corrects.map(|hash| hash.0.0)
    }

    /// The manifest's statement, or the name of the field that is not valid and why. It lacks a correction's earlier
    /// allotments, which are in a table.
    pub(super) fn statement(&self) -> Result<Statement, Fault> {
        if self.version != VERSION {
            return Err(("version", format!("this crank reads bundles of version {VERSION}")));
        }
        let period = Period { start: self.period_start.0.as_second(), end: self.period_end.0.as_second() };
        if period.start >= period.end {
            return Err(("periodEnd", "the period ends after its start".to_owned()));
        }
        let queries = self.queries()?;
        if queries.is_none() && !(self.filters.is_empty() && self.milestone.is_none()) {
            return Err(("filters", "without a query there are no filters and no milestone".to_owned()));
        }
        if self.filters.len() > MAX_FILTERS {
            return Err(("filters", format!("at most {MAX_FILTERS} filters")));
        }
        let terms = self.terms.terms(self.formula.as_deref())?;
        let raffle_seed = self.raffle_seed.map(|seed| seed.0.0);
        SeedError::check(self.terms.kind, raffle_seed.as_ref())
            .map_err(|_| ("raffleSeed", "a raffle has a seed, and nothing else has one".to_owned()))?;
        Ok(Statement {
            cluster: self.cluster.clone(),
            distributor: self.distributor.map(|distributor| distributor.0),
            epoch: self.epoch,
            period,
            campaign_start: self.campaign_start.0.as_second(),
            reward: self.terms.reward()?,
            distribution_mode: self.terms.distribution_mode,
            terms,
            filters: self.filters.iter().cloned().map(ManifestFilter::filter).collect::<Result<_, _>>()?,
            milestone: self.milestone.map(ManifestMilestone::milestone).transpose()?,
            queries,
            raffle_seed,
            previous: self.previous()?,
            correction: None,
        })
    }

    fn queries(&self) -> Result<Option<Queries>, Fault> {
        let engine = match (self.terms.kind, &self.engine) {
            (Kind::Direct, None) if self.query.is_none() && self.actions.is_none() && self.inputs.is_empty() => {
                return Ok(None);
            }
            (Kind::Direct, _) => {
                return Err(("query", "a direct campaign has no query, no engine and no inputs".to_owned()));
            }
            (_, Some(engine)) if engine.name == ENGINE && !self.inputs.is_empty() => engine,
            _ => return Err(("engine", format!("the engine {ENGINE} and at least one input"))),
        };
        let actions = match (&self.query, &self.actions) {
            (Some(sql), None) => Ok(vec![origins::plain_action(sql)]),
            (None, Some(list)) => ManifestAction::actions(list),
            _ => Err(("query", "either a query or a list of actions".to_owned())),
        };
        let engine_version = engine.version.clone();
        Ok(Some(Queries { actions: actions?, engine_version, inputs: ManifestInput::inputs(&self.inputs)? }))
    }

    /// The epoch before, from which a curve goes on counting; `None` for its first epoch.
    fn previous(&self) -> Result<Option<Previous>, Fault> {
        match (self.terms.kind, self.previous, self.first_conversion) {
            (Kind::Curve, Some(hash), Some(conversions)) => Ok(Some(Previous { manifest_hash: hash.0.0, conversions })),
            (Kind::Curve, None, Some(0)) => Ok(None),
            (Kind::Curve, ..) => {
                let expected = "a count, which is 0 unless `previous` names the bundle that it goes on from";
                Err(("firstConversion", expected.to_owned()))
            }
            (_, None, None) => Ok(None),
            _ => Err(("previous", "only a curve counts on from another bundle".to_owned())),
        }
    }
}

impl Skip {
    fn new(statement: &Statement, milestone_total: Option<Decimal>) -> Self {
        if statement.misses_milestone(milestone_total) {
            Self::MilestoneNotReached
        } else if statement.correction.is_some() {
            Self::NothingToCorrect
        } else {
            Self::NobodyQualified
        }
    }
}

impl std::fmt::Display for Skip {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::MilestoneNotReached => "the milestone is not reached",
            Self::NothingToCorrect => "there is nothing to correct",
            Self::NobodyQualified => "nobody qualified",
        })
    }
}

/// A bound of the period; the campaign's schedule admits only times within the calendar.
fn timestamp(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}

/// The bytes of `manifest.sha256`: the hash of every line with its line feed, then the hash of the whole file.
///
/// The last line has the format of `sha256sum --check`.
pub(super) fn line_hashes(manifest: &[u8]) -> Vec<u8> {
    let mut hashes = String::new();
    for line in manifest.split_inclusive(|byte| *byte == b'\n') {
        hashes.push_str(&hex::encode(sha256(line)));
        hashes.push('\n');
    }
    hashes.push_str(&format!("{}  {MANIFEST}\n", hex::encode(sha256(manifest))));
    hashes.into_bytes()
}
