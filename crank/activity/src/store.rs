//! Keeps activity: events as Parquet files in a directory or an object store, with a log that says which files belong
//! to each version.
//!
//! It knows no query and no campaign. `events` reads the lines, `engine` runs queries over the files of a [`Snapshot`].
//!
//! ```text
//! <schema>.<table>/day=2026-01-31/<sha256>.parquet   events of one day in canonical order, never changed
//! <schema>.<table>/ids/<sha256>.ids                  which ids the table has: no query sees them
//! _log/00000000000000000012.json                     version 12: what it adds to version 11
//! ```
//!
//! Design notes. A version appears all at once, when its log entry is created. By then every file that it names is
//! written (and on a local disk synchronised), so a crash leaves only files that no version names. Two writers cannot
//! create the same version: the second checks whether the first's events affect its own, and goes on or starts again.
//!
//! An `id` names one event of its table, on any day. The same id with the same body is a repetition and is skipped;
//! with another body it is an error. A repeated event without an id looks like a new one: it is stored again. Only a
//! whole file of exactly the same events is refused.
//!
//! The store reads no clock. The operator declares its watermark, the instant until which the store is complete. An
//! event that is older than the watermark when it is stored is late; it is stored all the same, and counted.

mod compaction;
mod encoding;
mod error;
mod fetch;
mod file;
mod ids;
mod log;
mod merge;
mod objects;
mod snapshot;
mod state;
mod temporary;
mod vacuum;
mod writer;

use std::{
    collections::BTreeMap,
    env, fs,
    io::{self, BufRead},
    path::PathBuf,
    sync::Arc,
};

use object_store::{ObjectStore, path::Path};

pub use compaction::Compaction;
pub use error::StoreError;
pub use fetch::StoredTable;
pub use file::{DataFile, Day};
pub use snapshot::{Snapshot, TableStatus};
pub use state::Late;
pub use temporary::TemporaryStore;
pub use vacuum::Vacuum;
pub use writer::StoreWriter;

use crate::events::{EventBatches, Events, TableName};
use objects::Objects;
use state::State;

/// Lines of events that are stored together; it limits the memory, however large the file is.
const BATCH_LINES: usize = 1 << 19;
/// How often a writer starts again when another writer commits first.
const ATTEMPTS: usize = 16;
/// The size that compaction gives to files, unless told otherwise: 128 MiB.
pub const TARGET_BYTES: u64 = 128 << 20;

/// A store of events. Every method blocks; none may be called from asynchronous code.
#[derive(Clone, Debug)]
pub struct Store {
    objects: Objects,
    cache: PathBuf,
}

/// What an ingest did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// The version that has the events.
    pub version: u64,
    /// Bytes of the files of events that were written.
    pub bytes: u64,
    /// The tables that were given.
    pub tables: BTreeMap<TableName, TableReport>,
}

/// What an ingest did with the events of one table.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TableReport {
    /// Events that are new.
    pub added: u64,
    /// Events whose id was there already, in the store or in the same input.
    pub repeated: u64,
    /// Events among the new ones that are older than the watermark was.
    pub late: u64,
}

impl Store {
    /// Opens the store at a local path or at a URL that `object_store` knows (`s3://`, `gs://`, `az://`, `https://`,
    /// …), whose options are taken from the environment, such as `AWS_ENDPOINT`. Remote files are cached below
    /// `XDG_CACHE_HOME` or `~/.cache`.
    ///
    /// # Errors
    /// [`StoreError::Place`] when the directory does not exist or the URL is not understood.
    pub fn open(place: &str) -> Result<Self, StoreError> {
        Ok(Self { objects: Objects::open(place)?, cache: default_cache() })
    }

    /// Opens a store like [`open`](Self::open), making its directory if it is a local one.
    ///
    /// # Errors
    /// Those of [`open`](Self::open), and [`StoreError::Disk`] when the directory cannot be made.
    pub fn create(place: &str) -> Result<Self, StoreError> {
        if let Some(path) = objects::local_directory(place)? {
            fs::create_dir_all(&path).map_err(|source| StoreError::Disk { path, source })?;
        }
        Self::open(place)
    }

    /// A store below `prefix` of an object store that is open already.
    ///
    /// # Errors
    /// [`StoreError::Disk`] when no thread can be started.
    pub fn on(objects: Arc<dyn ObjectStore>, prefix: Path) -> Result<Self, StoreError> {
        Ok(Self { objects: Objects::new(objects, prefix, None)?, cache: default_cache() })
    }

    /// The same store with another directory for the copies of remote files.
    #[must_use]
    pub fn with_cache(self, cache: PathBuf) -> Self {
        Self { cache, ..self }
    }

    /// A writer that adds events to the store.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn writer(&self) -> Result<StoreWriter<'_>, StoreError> {
        StoreWriter::new(self)
    }

    /// Adds events, all or none; those whose id is stored already are skipped.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was added.
    pub fn ingest(&self, events: &Events) -> Result<Report, StoreError> {
        self.attempt(|| {
            let mut writer = self.writer()?;
            writer.write_events(events)?;
            writer.commit(None)
        })
    }

    /// Adds the events of lines, however many, all or none, and declares the store complete until an instant if one is
    /// given, in milliseconds since 1970. `open` is called again when another writer was faster.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was added.
    pub fn ingest_lines<R: BufRead>(
        &self,
        mut open: impl FnMut() -> io::Result<R>,
        complete_until: Option<i64>,
    ) -> Result<Report, StoreError> {
        self.attempt(|| {
            let mut writer = self.writer()?;
            let mut batches = EventBatches::with_types(open().map_err(StoreError::Input)?, writer.tables());
            while let Some(events) = batches.next_batch(BATCH_LINES)? {
                writer.write_events(&events)?;
            }
            writer.commit(complete_until)
        })
    }

    fn attempt(&self, mut ingest: impl FnMut() -> Result<Report, StoreError>) -> Result<Report, StoreError> {
        for _ in 0..ATTEMPTS {
            match ingest() {
                Err(StoreError::Overtaken) => {}
                other => return other,
            }
        }
        Err(StoreError::Overtaken)
    }

    /// The store at its newest version.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        self.state().map(Snapshot::from)
    }

    /// The store as it was at a version.
    ///
    /// # Errors
    /// [`StoreError::UnknownVersion`] or [`StoreError::Vacuumed`], or when the log cannot be read.
    pub fn snapshot_at(&self, version: u64) -> Result<Snapshot, StoreError> {
        let newest = self.state()?;
        if version > newest.version {
            return Err(StoreError::UnknownVersion { version, newest: newest.version });
        }
        if version < newest.standing.oldest {
            return Err(StoreError::Vacuumed { version, oldest: newest.standing.oldest });
        }
        log::read(&self.objects, version).map(Snapshot::from)
    }

    /// Downloads files that are not on this machine, and makes tables of all of them.
    ///
    /// # Errors
    /// [`StoreError`] when a file is missing, is not what its hash says, or cannot be read.
    pub fn fetch(&self, files: &[DataFile]) -> Result<Vec<StoredTable>, StoreError> {
        fetch::tables(self, files, BTreeMap::new())
    }

    /// The wanted tables of a snapshot, with the files that can have events from `from` (included) to `to` (not
    /// included), both in milliseconds since 1970. A table without such a file is returned with its columns only.
    ///
    /// # Errors
    /// Those of [`fetch`](Self::fetch).
    pub fn fetch_period(
        &self,
        snapshot: &Snapshot,
        is_wanted: impl Fn(&TableName) -> bool,
        from: i64,
        to: i64,
    ) -> Result<Vec<StoredTable>, StoreError> {
        let files: Vec<DataFile> = snapshot.select(&is_wanted, from, to).into_iter().cloned().collect();
        let columns = snapshot.tables.clone().into_iter().filter(|(name, _)| is_wanted(name)).collect();
        fetch::tables(self, &files, columns)
    }

    fn fetch_files(&self, files: &[DataFile]) -> Result<Vec<PathBuf>, StoreError> {
        fetch::paths(self, files)
    }

    /// Merges small files into files of up to about `target_bytes`. The old files stay until they are vacuumed.
    ///
    /// # Errors
    /// [`StoreError`]; days that were finished before stay compacted.
    pub fn compact(&self, target_bytes: u64) -> Result<Compaction, StoreError> {
        compaction::compact(self, target_bytes)
    }

    /// Deletes the files that belong neither to the newest version nor to one of the `keep_versions` before it.
    ///
    /// # Errors
    /// [`StoreError`]; run it again to finish.
    pub fn vacuum(&self, keep_versions: u64) -> Result<Vacuum, StoreError> {
        vacuum::vacuum(self, keep_versions)
    }

    /// Deletes the files that interrupted writers left, and returns their number. No writer may be active meanwhile.
    ///
    /// # Errors
    /// [`StoreError`]; run it again to finish.
    pub fn sweep(&self) -> Result<usize, StoreError> {
        vacuum::sweep(self)
    }

    fn state(&self) -> Result<State, StoreError> {
        self.state_after(0)
    }

    /// The newest state. Its version is known to be at least `known`, where the search begins.
    fn state_after(&self, known: u64) -> Result<State, StoreError> {
        log::read(&self.objects, log::newest_version(&self.objects, known)?)
    }
}

fn default_cache() -> PathBuf {
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home).unwrap_or_else(env::temp_dir);
    base.join("torque")
}

#[cfg(test)]
mod tests;
