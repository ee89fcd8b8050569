//! Reads activity: newline-delimited JSON, one event a line, into typed columns that a query can run over.
//!
//! Strict: a line that is not exactly an event is refused with its number, so that no activity is dropped silently.
//! Blank lines are skipped. This module knows nothing about SQL, Arrow or files: `store` keeps the columns, and
//! `engine` runs queries over them.
//!
//! Design note: rows are kept in one canonical order (`table`) and not in the order of the file, so that neither a
//! shuffled file nor the number of threads can change the result of a query.

mod builder;
mod column;
mod error;
mod field_name;
mod limits;
mod line;
mod number;
mod reader;
mod table;

use std::collections::BTreeMap;
use std::io::BufRead;

pub use builder::{Fingerprint, Identity};
pub use column::{Column, ColumnType, Rows, TypedBy};
pub use error::{EventsError, LineProblem};
pub(crate) use limits::MAX_FIELDS;
pub use limits::{MAX_LINE_BYTES, NUMBER_PRECISION, NUMBER_SCALE};
pub use reader::EventBatches;
pub use table::{EventTable, TableError};

pub use crank_rules::values::table_name::{TableName, TableNameError, TableSchema};

/// Activity, as one table for each event name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Events {
    tables: BTreeMap<TableName, EventTable>,
    identities: BTreeMap<TableName, Vec<Identity>>,
}

impl Events {
    /// Reads newline-delimited events to the end.
    ///
    /// A line that repeats the `id` and the body of an earlier line of the same event name is skipped.
    ///
    /// # Errors
    ///
    /// [`EventsError`] with the number of the first line that is not a valid event or gives a field another type. If
    /// there is none, then of the first line that repeats the `id` of an earlier one with another body.
    pub fn read(reader: impl BufRead) -> Result<Self, EventsError> {
        Ok(EventBatches::new(reader).next_batch(usize::MAX)?.unwrap_or_default())
    }

    /// The number of events of all names; repeated ids count once.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tables.values().map(EventTable::len).sum()
    }

    /// Whether it holds no events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// The tables' names, in order.
    pub fn names(&self) -> impl Iterator<Item = &TableName> {
        self.tables.keys()
    }

    /// The tables with their names, in the order of the names.
    pub fn tables(&self) -> impl Iterator<Item = (&TableName, &EventTable)> {
        self.tables.iter()
    }

    /// The events of one name.
    #[must_use]
    pub fn table(&self, name: &TableName) -> Option<&EventTable> {
        self.tables.get(name)
    }

    /// The ids of a table's events, in the order of their hashes. Events without an id are left out.
    #[must_use]
    pub fn identities(&self, name: &TableName) -> &[Identity] {
        self.identities.get(name).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests;
