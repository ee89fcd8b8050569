//! The state of a store at one version, and how an entry of the log changes it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    StoreError,
    file::{DataFile, IdFile},
};
use crate::events::{ColumnType, TableName};

/// A table's columns, by name.
pub(super) type Columns = BTreeMap<String, ColumnType>;

/// How many events of a table were late: older than the watermark when they were stored.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Late {
    /// All of them.
    pub events: u64,
    /// The version with the first of them.
    pub first_version: u64,
    /// The version with the newest of them.
    pub last_version: u64,
}

/// The small part of a state. It is written in full in every entry of the log.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Standing {
    /// The instant before which the operator has declared the store complete, in milliseconds since 1970.
    pub(super) watermark: Option<i64>,
    /// The oldest version whose files are all kept.
    pub(super) oldest: u64,
    pub(super) late: BTreeMap<TableName, Late>,
    /// Files that a vacuum is deleting.
    pub(super) deleting: Vec<String>,
}

/// The difference from the version before: the added files, and the names of the removed ones.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Change {
    pub(super) added: Vec<DataFile>,
    pub(super) removed: Vec<String>,
    pub(super) added_ids: Vec<IdFile>,
    pub(super) removed_ids: Vec<String>,
}

impl Change {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The whole state at one version.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct State {
    pub(super) version: u64,
    pub(super) standing: Standing,
    /// By path.
    pub(super) files: BTreeMap<String, DataFile>,
    /// By path.
    pub(super) ids: BTreeMap<String, IdFile>,
}

impl State {
    /// The change that leads from an empty state to this one.
    pub(super) fn as_change(&self) -> Change {
        Change {
            added: self.files.values().cloned().collect(),
            added_ids: self.ids.values().cloned().collect(),
            ..Change::default()
        }
    }

    /// The state after a change, or the path of the file that makes the change wrong.
    pub(super) fn changed(mut self, change: &Change) -> Result<Self, String> {
        for path in &change.removed {
            self.files.remove(path).ok_or_else(|| path.clone())?;
        }
        for path in &change.removed_ids {
            self.ids.remove(path).ok_or_else(|| path.clone())?;
        }
        for file in &change.added {
            if self.files.insert(file.path(), file.clone()).is_some() {
                return Err(file.path());
            }
        }
        for file in &change.added_ids {
            if self.ids.insert(file.path(), file.clone()).is_some() {
                return Err(file.path());
            }
        }
        Ok(self)
    }

    /// The columns of every table, over all days.
    pub(super) fn tables(&self) -> BTreeMap<TableName, Columns> {
        let mut tables = BTreeMap::<TableName, Columns>::new();
        for file in self.files.values() {
            let columns = tables.entry(file.table.clone()).or_default();
            for (name, found) in &file.columns {
                let known = columns.entry(name.clone()).or_insert(ColumnType::Null);
                // The types of stored files fit together, since they were merged when the files were written.
                *known = known.merge(*found).unwrap_or(*known);
            }
        }
        tables
    }
}

/// Adds the columns of new rows to those of their table.
pub(super) fn merge_columns(table: &TableName, known: &mut Columns, new: &Columns) -> Result<(), StoreError> {
    for (column, found) in new {
        let expected = known.entry(column.clone()).or_insert(ColumnType::Null);
        *expected = expected.merge(*found).ok_or_else(|| StoreError::TypeChanged {
            table: table.clone(),
            column: column.clone(),
            found: *found,
            expected: *expected,
        })?;
    }
    if known.len() > crate::events::MAX_FIELDS {
        return Err(StoreError::TooManyColumns { table: table.clone(), found: known.len() });
    }
    Ok(())
}
