//! Finds the activity of an operation, in a file of events or a store, and names its files for the bundle.
//!
//! An evaluation first waits until late events are in, and the bundle names every file. `measure` runs the queries.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use super::OperationError;
use crank_activity::{
    engine::Activity,
    events::TableName,
    store::{Snapshot, Store, StoreError, TemporaryStore},
};
use crank_rules::{
    bundle::{Input, Queries},
    wording::millisecond,
};

/// The name of a file of events in a bundle; its real name stays private.
const EVENTS: &str = "events";

/// Where activity is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ActivityPlace {
    /// A file of events, one JSON object a line. The caller must know whether it is complete.
    Events(PathBuf),
    /// A store, by its directory or URL.
    Store(String),
}

/// Activity, and the files that it consists of.
#[derive(Clone, Debug, Default)]
pub(super) struct Gathered {
    /// The tables that queries run over.
    pub(super) activity: Activity,
    /// The files, for the bundle.
    pub(super) inputs: Vec<Input>,
    /// Keeps the events of a file on the disk until it is dropped.
    _events: Option<TemporaryStore>,
}

impl Gathered {
    /// A file of events, or all files of the wanted tables of a store, which must be complete until the given instant.
    pub(super) fn from_place(
        place: &ActivityPlace,
        is_wanted: impl Fn(&TableName) -> bool,
        complete_until: Option<i64>,
    ) -> Result<Self, OperationError> {
        match place {
            ActivityPlace::Events(path) => Self::events(path, is_wanted),
            ActivityPlace::Store(url) => Self::stored(url, is_wanted, complete_until),
        }
    }

    /// The activity that a bundle was made from.
    pub(super) fn of_bundle(
        queries: &Queries,
        place: &ActivityPlace,
        is_wanted: impl Fn(&TableName) -> bool,
    ) -> Result<Self, OperationError> {
        match place {
            ActivityPlace::Events(path) => Self::events_of(queries, path, is_wanted),
            ActivityPlace::Store(url) => Self::stored_of(queries, url, is_wanted),
        }
    }

    /// Reads a file of events, once.
    fn events(path: &Path, is_wanted: impl Fn(&TableName) -> bool) -> Result<Self, OperationError> {
        let file = File::open(path).map_err(|error| OperationError::input(error).about(path.display()))?;
        let store = TemporaryStore::of_events(file, is_wanted)
            .map_err(|error| OperationError::from(error).about(path.display()))?;
        let inputs = vec![Input { name: EVENTS.to_owned(), sha256: store.sha256 }];
        Ok(Self { activity: Activity { tables: store.tables.clone() }, inputs, _events: Some(store) })
    }

    /// The file of events that a bundle was made from.
    fn events_of(
        queries: &Queries,
        path: &Path,
        is_wanted: impl Fn(&TableName) -> bool,
    ) -> Result<Self, OperationError> {
        let gathered = Self::events(path, is_wanted)?;
        match (queries.inputs.as_slice(), gathered.inputs.as_slice()) {
            (expected, found) if expected == found => Ok(gathered),
            ([expected], [found]) if expected.name == EVENTS => Err(OperationError::Check(format!(
                "{}: expected the SHA-256 {}, found {}: the bundle was made from other events",
                path.display(),
                hex::encode(expected.sha256),
                hex::encode(found.sha256)
            ))),
            _ => Err(OperationError::field("events", "has no use here: the bundle was made from a store")),
        }
    }

    /// The wanted tables of a store with all their files, because a query may look back as far as it likes.
    ///
    /// `complete_until`, in milliseconds since 1970, is the instant up to which the store must have all events.
    fn stored(
        place: &str,
        is_wanted: impl Fn(&TableName) -> bool,
        complete_until: Option<i64>,
    ) -> Result<Self, OperationError> {
        let store = Store::open(place)?;
        let snapshot = store.snapshot()?;
        if let Some(until) = complete_until {
            refuse_incomplete(place, snapshot.watermark, until)?;
        }
        Ok(Self::of_snapshot(&store, &snapshot, is_wanted)?)
    }

    /// The same tables at the version from which a bundle was made: the newest one that has exactly the bundle's files.
    fn stored_of(
        queries: &Queries,
        place: &str,
        is_wanted: impl Fn(&TableName) -> bool,
    ) -> Result<Self, OperationError> {
        let store = Store::open(place)?;
        let mut snapshot = store.snapshot()?;
        while inputs(&snapshot, &is_wanted) != queries.inputs {
            if snapshot.version <= snapshot.oldest {
                let text = "no version of the store that is left has the files that the bundle was made from";
                return Err(OperationError::Check(format!("{place}: {text}")));
            }
            snapshot = store.snapshot_at(snapshot.version.saturating_sub(1))?;
        }
        Ok(Self::of_snapshot(&store, &snapshot, is_wanted)?)
    }

    fn of_snapshot(
        store: &Store,
        snapshot: &Snapshot,
        is_wanted: impl Fn(&TableName) -> bool,
    ) -> Result<Self, StoreError> {
        let inputs = inputs(snapshot, &is_wanted);
        let tables = store.fetch_period(snapshot, is_wanted, i64::MIN, i64::MAX)?;
        Ok(Self { activity: Activity { tables }, inputs, _events: None })
    }
}

/// The files of a store's wanted tables, sorted by name.
fn inputs(snapshot: &Snapshot, is_wanted: impl Fn(&TableName) -> bool) -> Vec<Input> {
    let files = snapshot.select(is_wanted, i64::MIN, i64::MAX);
    let mut inputs: Vec<Input> =
        files.into_iter().map(|file| Input { name: file.path(), sha256: file.sha256 }).collect();
    inputs.sort_unstable();
    inputs
}

fn refuse_incomplete(place: &str, watermark: Option<i64>, until: i64) -> Result<(), OperationError> {
    if watermark.is_some_and(|watermark| watermark >= until) {
        return Ok(());
    }
    let complete = watermark.map_or_else(
        || "nothing says up to when".to_owned(),
        |instant| format!("it is up to {}", millisecond(instant)),
    );
    Err(OperationError::Held {
        problem: format!(
            "{place}: events of the epoch may still be missing: the store must be complete up to {} (the epoch's end \
             and `gracePeriodSeconds`), and {complete}",
            millisecond(until)
        ),
        advice: "wait, or say",
        name: "even_if_incomplete",
    })
}
