//! What changed between two bundles: in the statement, and in the decision about every wallet.
//!
//! Pure: `commands/diff.rs` prints it. Both bundles are valid by themselves; this only says how they differ.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use solana_pubkey::Pubkey;

use super::{ALLOCATIONS, Bundle, FILTERS, MANIFEST, RESULTS};
use crate::{
    evaluation::{Decision, Kind},
    values::decimal::Decimal,
};

/// What changed from one bundle to another.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Comparison {
    /// The manifest's fields that changed, without the hashes of files: path, before, after.
    pub fields: Vec<Change<String, String>>,
    /// The files that changed.
    pub files: Vec<String>,
    /// The changes of the wallets.
    pub rows: RowChanges,
}

/// Something that changed from one bundle to the other; `None` where a bundle does not have it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change<K, V> {
    /// What changed.
    pub key: K,
    /// The value before.
    pub before: Option<V>,
    /// The value after.
    pub after: Option<V>,
}

/// Changes of the wallets, each list by address.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RowChanges {
    /// Wallets that are measured in one of the bundles only, with their values.
    pub measured: Vec<Change<Pubkey, Decimal>>,
    /// Wallets whose value changed; of a curve, whose number of conversions.
    pub values: Vec<Change<Pubkey, Decimal>>,
    /// Wallets whose rank changed, or that have one in one of the bundles only.
    pub ranks: Vec<Change<Pubkey, u64>>,
    /// Wallets whose amount changed, in base units, or that have one in one of the bundles only.
    pub amounts: Vec<Change<Pubkey, u64>>,
    /// Wallets that are rejected for another reason, or in one of the bundles only.
    pub reasons: Vec<Change<Pubkey, String>>,
}

impl Comparison {
    /// What changed from `before` to `after`.
    #[must_use]
    pub fn of(before: &Bundle, after: &Bundle) -> Self {
        let names: BTreeSet<&String> = before.files().keys().chain(after.files().keys()).collect();
        let is_changed = |name: &&String| before.files().get(*name) != after.files().get(*name);
        Self {
            fields: field_changes(before.file(MANIFEST), after.file(MANIFEST)),
            files: names.into_iter().filter(is_changed).cloned().collect(),
            rows: RowChanges::of(before, after),
        }
    }

    /// Whether the bundles are the same, byte for byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl RowChanges {
    fn of(before: &Bundle, after: &Bundle) -> Self {
        let tables = [RESULTS, ALLOCATIONS, super::REJECTED, FILTERS];
        if tables.iter().all(|name| before.file(name) == after.file(name)) {
            return Self::default();
        }
        let (before, after) = (standings(before), standings(after));
        let mut changes = Self::default();
        let addresses: BTreeSet<&Pubkey> = before.keys().chain(after.keys()).collect();
        for address in addresses {
            changes.compare(*address, before.get(address), after.get(address));
        }
        changes
    }

    fn compare(&mut self, address: Pubkey, before: Option<&Standing>, after: Option<&Standing>) {
        let values = change(address, before, after, |standing| Some(standing.value));
        match (before, after) {
            (Some(_), Some(_)) => self.values.extend(values),
            _ => self.measured.extend(values),
        }
        self.ranks.extend(change(address, before, after, |standing| standing.rank));
        self.amounts.extend(change(address, before, after, |standing| standing.amount));
        self.reasons.extend(change(address, before, after, |standing| standing.reason.clone()));
    }
}

/// The decision about a wallet.
struct Standing {
    value: Decimal,
    rank: Option<u64>,
    amount: Option<u64>,
    reason: Option<String>,
}

/// The decision about each wallet; for a curve's wallet with several reasons, that of its last conversion.
fn standings(bundle: &Bundle) -> BTreeMap<Pubkey, Standing> {
    let mut standings = BTreeMap::<Pubkey, Standing>::new();
    let mut conversions = BTreeMap::<Pubkey, u64>::new();
    let is_curve = bundle.statement().terms.shape.kind() == Kind::Curve;
    for decided in bundle.evaluation().rows() {
        let reason = match decided.decision {
            Decision::Rejected(reason) => Some(bundle.reason_text(reason)),
            Decision::Allotted { .. } => None,
        };
        let mut value = decided.row.value;
        if is_curve {
            let count = conversions.entry(decided.row.address).or_default();
            *count = count.saturating_add(1);
            value = (*count).into();
        }
        standings.insert(decided.row.address, Standing { value, rank: None, amount: None, reason });
    }
    for allocation in bundle.evaluation().allocations() {
        if let Some(standing) = standings.get_mut(&allocation.address) {
            standing.rank = Some(allocation.rank);
            standing.amount = Some(allocation.amount);
        }
    }
    standings
}

/// The change of one thing about a wallet, if it changed.
fn change<V: PartialEq>(
    key: Pubkey,
    before: Option<&Standing>,
    after: Option<&Standing>,
    of: impl Fn(&Standing) -> Option<V>,
) -> Option<Change<Pubkey, V>> {
    let (before, after) = (before.and_then(&of), after.and_then(&of));
    (before != after).then_some(Change { key, before, after })
}

/// The fields that changed, by the order of the first manifest that has them.
fn field_changes(before: &[u8], after: &[u8]) -> Vec<Change<String, String>> {
    let (before, after) = (fields(before), fields(after));
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = paths.into_iter().filter_map(|path| {
        let (before, after) = (before.get(path).cloned(), after.get(path).cloned());
        (before != after).then(|| Change { key: path.clone(), before, after })
    });
    changed.collect()
}

/// Every value of a manifest by its path, such as `terms.pool`, without the hashes of files.
fn fields(manifest: &[u8]) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    // The manifest of a valid bundle is always JSON.
    if let Ok(Value::Object(mut manifest)) = serde_json::from_slice(manifest) {
        manifest.remove("files");
        collect("", &Value::Object(manifest), &mut fields);
    }
    fields
}

/// Goes no deeper than a manifest does, which is five levels.
fn collect(path: &str, value: &Value, fields: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let separator = if path.is_empty() { "" } else { "." };
                collect(&format!("{path}{separator}{name}"), member, fields);
            }
        }
        Value::Array(elements) => {
            for (place, element) in elements.iter().enumerate() {
                collect(&format!("{path}[{place}]"), element, fields);
            }
        }
        Value::String(text) => {
            fields.insert(path.to_owned(), text.clone());
        }
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) => {
            fields.insert(path.to_owned(), value.to_string());
        }
    }
}
