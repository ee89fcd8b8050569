//! Builds tables from lines: every field has one type and every id one body. It keeps the fields' types from one batch
//! of lines to the next.

use std::collections::BTreeMap;

use super::column::{Column, ColumnType, TypedBy, Value};
use super::error::{EventsError, LineProblem};
use super::limits::MAX_FIELDS;
use super::line::EventLine;
use super::table::EventTable;
use crank_rules::values::hash::sha256;

/// The first 16 bytes of a SHA-256: enough to tell any two texts apart.
pub type Fingerprint = [u8; 16];

/// An event's id, with fingerprints of the id and of the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The fingerprint of the id.
    pub hash: Fingerprint,
    /// The fingerprint of the rest of the event.
    pub body: Fingerprint,
    /// The event's row in its table.
    pub row: usize,
    /// The line of the event, from 1.
    pub line: u64,
    /// The id.
    pub id: String,
}

/// The fields of one event name that are known so far.
#[derive(Clone, Debug, Default)]
pub(super) struct FieldTypes {
    types: BTreeMap<String, (ColumnType, TypedBy)>,
}

impl FieldTypes {
    /// The fields of a stored table.
    pub(super) fn stored(columns: &BTreeMap<String, ColumnType>) -> Self {
        Self { types: columns.iter().map(|(name, found)| (name.clone(), (*found, TypedBy::Stored))).collect() }
    }
}

/// A table while lines are still being added.
#[derive(Default)]
pub(super) struct TableBuilder {
    table: EventTable,
    identities: Vec<Identity>,
    known: FieldTypes,
}

impl TableBuilder {
    /// A table without rows, with the types of fields that are already known.
    pub(super) fn with_types(known: FieldTypes) -> Self {
        Self { known, ..Self::default() }
    }

    /// Adds one event.
    pub(super) fn push(&mut self, mut event: EventLine<'_>, line: u64) -> Result<(), LineProblem> {
        let row = self.table.len();
        if let Some(id) = event.id.take() {
            let (hash, body) = (fingerprint(id.as_bytes()), body_fingerprint(&mut event));
            self.identities.push(Identity { hash, body, row, line, id: id.into_owned() });
        }
        for (field, value) in event.fields {
            self.push_field(&event.name, &field, value, line)?;
        }
        self.table.user_pubkeys.push(event.user_pubkey);
        self.table.timestamps.push(event.timestamp);
        let rows = self.table.len();
        self.table.fields.values_mut().for_each(|column| column.resize(rows));
        Ok(())
    }

    fn push_field(&mut self, event: &str, field: &str, value: Value<'_>, line: u64) -> Result<(), LineProblem> {
        let found = value.column_type();
        let row = self.table.len();
        let column = match self.table.fields.get_mut(field) {
            Some(column) => column,
            None => {
                self.known.add(event, field)?;
                self.table.fields.entry(field.to_owned()).or_insert(Column::Null)
            }
        };
        if matches!(column, Column::Null) && found != ColumnType::Null {
            self.known.set(event, field, found, line)?;
            *column = Column::without_values(found, row);
        }
        if column.push(value) { Ok(()) } else { self.known.set(event, field, found, line) }
    }

    /// The table in canonical order with every id once, the ids in the order of their hashes, and the types so far.
    ///
    /// # Errors
    /// The first line that repeats an earlier line's id with another body.
    pub(super) fn finish(self, event: &str) -> Result<(EventTable, Vec<Identity>, FieldTypes), EventsError> {
        let Self { table, mut identities, known } = self;
        identities.sort_unstable_by_key(|identity| (identity.hash, identity.line));
        refuse_reused_ids(&identities, event)?;
        let mut is_repeated = vec![false; table.len()];
        identities.dedup_by(|later, first| {
            let is_same = later.hash == first.hash;
            if is_same && let Some(mark) = is_repeated.get_mut(later.row) {
                *mark = true;
            }
            is_same
        });
        let is_first = |row: &usize| is_repeated.get(*row) == Some(&false);
        let order = table.canonical_order((0..table.len()).filter(is_first).collect());
        let mut positions = vec![0; table.len()];
        for (position, &row) in order.iter().enumerate() {
            if let Some(slot) = positions.get_mut(row) {
                *slot = position;
            }
        }
        for identity in &mut identities {
            identity.row = positions.get(identity.row).copied().unwrap_or_default();
        }
        Ok((table.take(&order), identities, known))
    }
}

impl FieldTypes {
    /// Makes room for a field, if it is a new one.
    fn add(&mut self, event: &str, field: &str) -> Result<(), LineProblem> {
        if self.types.contains_key(field) {
            return Ok(());
        }
        if self.types.len() >= MAX_FIELDS {
            return Err(LineProblem::TooManyFields { event: event.to_owned(), field: field.to_owned() });
        }
        self.types.insert(field.to_owned(), (ColumnType::Null, TypedBy::Stored));
        Ok(())
    }

    /// Records the type of a field; refuses a type that differs from an earlier one.
    fn set(&mut self, event: &str, field: &str, found: ColumnType, line: u64) -> Result<(), LineProblem> {
        match self.types.get(field) {
            Some(&(expected, typed)) if expected.merge(found).is_none() => Err(LineProblem::TypeChanged {
                event: event.to_owned(),
                field: field.to_owned(),
                found,
                expected,
                typed,
            }),
            Some((expected, _)) if *expected == found => Ok(()),
            _ => {
                self.types.insert(field.to_owned(), (found, TypedBy::Line(line)));
                Ok(())
            }
        }
    }
}

/// Refuses the first line whose id was on an earlier line with another body; the ids are sorted.
fn refuse_reused_ids(identities: &[Identity], event: &str) -> Result<(), EventsError> {
    let runs = identities.chunk_by(|left, right| left.hash == right.hash);
    let reused = runs.filter_map(|run| {
        let first = run.first()?;
        Some((first, run.iter().find(|identity| identity.body != first.body)?))
    });
    match reused.min_by_key(|(_, second)| second.line) {
        None => Ok(()),
        Some((first, second)) => Err(EventsError {
            line: second.line,
            problem: LineProblem::IdReused { event: event.to_owned(), id: second.id.clone(), first_line: first.line },
        }),
    }
}

/// The fingerprint of an event without its id; a null field counts like a missing one.
fn body_fingerprint(event: &mut EventLine<'_>) -> Fingerprint {
    event.fields.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
    let mut bytes = event.user_pubkey.to_bytes().to_vec();
    bytes.extend(event.timestamp.to_be_bytes());
    for (name, value) in &event.fields {
        // A name has no zero byte and each text has its length before it, so different bodies give different bytes.
        let (kind, value): (u8, &[u8]) = match value {
            Value::Null => continue,
            Value::Number(number) => (1, &number.to_be_bytes()),
            Value::Text(text) => (2, text.as_bytes()),
            Value::Boolean(boolean) => (3, &[u8::from(*boolean)]),
        };
        bytes.extend(name.as_bytes());
        bytes.extend([0, kind]);
        bytes.extend(u64::try_from(value.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend(value);
    }
    fingerprint(&bytes)
}

fn fingerprint(bytes: &[u8]) -> Fingerprint {
    sha256(bytes).first_chunk().copied().unwrap_or_default()
}
