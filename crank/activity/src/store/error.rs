//! What can go wrong with a store. The messages address the people who ingest events or keep the store.

use std::{io, path::PathBuf};

use torque::merkle::Hash;

use crate::events::{ColumnType, EventsError, TableName};

/// Why an operation of a store failed. The store is unchanged then.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A store cannot be at that place.
    #[error("{0}: no store can be opened there: {1}")]
    Place(String, String),
    /// The object store failed.
    #[error("cannot {action} `{name}`: {source}")]
    Objects {
        /// What was tried.
        action: &'static str,
        /// The object.
        name: String,
        /// What the object store says.
        #[source]
        source: object_store::Error,
    },
    /// A local file failed.
    #[error("{}: {source}", path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// An object that should be there is not.
    #[error("`{0}` is missing: it was vacuumed or removed by somebody else")]
    Missing(String),
    /// An object is not what the store once wrote.
    #[error("`{name}` is not what was stored: {problem}")]
    Altered {
        /// The object.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Rows could not be written as, or read from, Parquet.
    #[error("`{name}`: {problem}")]
    Parquet {
        /// The file or table.
        name: String,
        /// What the library says.
        problem: String,
    },
    /// A line of the given events is wrong.
    #[error(transparent)]
    Events(#[from] EventsError),
    /// The given events could not be opened.
    #[error("the events cannot be opened: {0}")]
    Input(#[source] io::Error),
    /// An id that is stored with another body.
    #[error(
        "line {line}: `id` {id:?} of `{table}` is stored with another body (an event of {stored}): an id names one \
         event"
    )]
    IdReused {
        /// The table.
        table: TableName,
        /// The id.
        id: String,
        /// The line of the event that was refused.
        line: u64,
        /// The time of the event that is stored, or where it was given.
        stored: String,
    },
    /// A column that has another type in the store.
    #[error("`{column}` of `{table}` is a {found} here but a {expected} in the store: use one type")]
    TypeChanged {
        /// The table.
        table: TableName,
        /// The column.
        column: String,
        /// Its type here.
        found: ColumnType,
        /// Its type in the store.
        expected: ColumnType,
    },
    /// More columns than a table may have.
    #[error("`{table}` would have {found} fields with those that are stored, and at most 128 are allowed")]
    TooManyColumns {
        /// The table.
        table: TableName,
        /// The columns it would have.
        found: usize,
    },
    /// Events without ids that are stored already.
    #[error(
        "all {rows} events of `{table}` on {day} are stored already and have no `id`, so that they may be the same \
         ones: give every event an `id`"
    )]
    Repeated {
        /// The table.
        table: TableName,
        /// The day.
        day: String,
        /// How many they are.
        rows: u64,
    },
    /// A watermark that would go backwards.
    #[error("the store was declared complete until {current}, which cannot be taken back to {given}")]
    WatermarkBackwards {
        /// The watermark there is.
        current: String,
        /// The one that was given.
        given: String,
    },
    /// A version that does not exist yet.
    #[error("version {version} does not exist: the newest is {newest}")]
    UnknownVersion {
        /// The version asked for.
        version: u64,
        /// The newest one.
        newest: u64,
    },
    /// A version whose files may be gone.
    #[error("version {version} was vacuumed: the oldest that is kept is {oldest}")]
    Vacuumed {
        /// The version asked for.
        version: u64,
        /// The oldest one that is kept.
        oldest: u64,
    },
    /// A vacuum was interrupted, and a file that it is to delete is wanted again.
    #[error("a vacuum is deleting `{0}`: run `crank store vacuum` to its end, then try again")]
    BeingDeleted(String),
    /// Another writer stored something that affects these events, so they must be compared and written again.
    #[error("another writer was faster, again and again: try once more")]
    Overtaken,
}

impl StoreError {
    pub(super) fn altered(name: &str, expected: &Hash, found: &Hash) -> Self {
        let (expected, found) = (hex::encode(expected), hex::encode(found));
        let problem = format!("expected the SHA-256 {expected}, found {found}");
        Self::Altered { name: name.to_owned(), problem }
    }
}
