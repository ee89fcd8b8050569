//! A store at one version: its files, the files that a query needs, and figures about its tables.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    file::{DataFile, Day},
    state::{Columns, Late, State},
};
use crate::events::TableName;

/// A store at one version, which never changes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Snapshot {
    /// The version; 0 before anything was stored.
    pub version: u64,
    /// The instant before which the operator has declared all events stored, in milliseconds since 1970.
    pub watermark: Option<i64>,
    /// The oldest version that can still be read.
    pub oldest: u64,
    /// The files, in the order of their paths.
    pub files: Vec<DataFile>,
    /// The tables that had late events.
    pub late: BTreeMap<TableName, Late>,
    /// The columns of every table, over all days.
    pub tables: BTreeMap<TableName, Columns>,
}

/// Figures about a table.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TableStatus {
    /// Events.
    pub rows: u64,
    /// Bytes of the files of events.
    pub bytes: u64,
    /// Files of events.
    pub files: usize,
    /// Days with events.
    pub days: usize,
    /// The time of the first event, in milliseconds since 1970.
    pub first_timestamp: Option<i64>,
    /// The time of the last event, in milliseconds since 1970.
    pub last_timestamp: Option<i64>,
    /// The events that came late.
    pub late: Late,
}

impl From<State> for Snapshot {
    fn from(state: State) -> Self {
        Self {
            version: state.version,
            watermark: state.standing.watermark,
            oldest: state.standing.oldest,
            tables: state.tables(),
            files: state.files.into_values().collect(),
            late: state.standing.late,
        }
    }
}

impl Snapshot {
    /// The files of the wanted tables that can have events from `from` (included) to `to` (not included), both in
    /// milliseconds since 1970. A file that is left out has no such event; one that is returned may have others too.
    pub fn select(&self, is_wanted: impl Fn(&TableName) -> bool, from: i64, to: i64) -> Vec<&DataFile> {
        let overlaps = |file: &&DataFile| file.first_timestamp < to && file.last_timestamp >= from;
        self.files.iter().filter(overlaps).filter(|file| is_wanted(&file.table)).collect()
    }

    /// Figures about every table.
    #[must_use]
    pub fn status(&self) -> BTreeMap<TableName, TableStatus> {
        let mut tables = BTreeMap::<TableName, TableStatus>::new();
        let mut days = BTreeSet::<(&TableName, Day)>::new();
        for file in &self.files {
            let status = tables.entry(file.table.clone()).or_default();
            status.rows = status.rows.saturating_add(file.rows);
            status.bytes = status.bytes.saturating_add(file.bytes);
            status.files = status.files.saturating_add(1);
            status.days = status.days.saturating_add(usize::from(days.insert((&file.table, file.day))));
            let first = status.first_timestamp.unwrap_or(file.first_timestamp);
            status.first_timestamp = Some(first.min(file.first_timestamp));
            status.last_timestamp = status.last_timestamp.max(Some(file.last_timestamp));
            status.late = self.late.get(&file.table).copied().unwrap_or_default();
        }
        tables
    }
}
