//! A file of events as a store that exists as long as the command: the file is read once, for all queries of an epoch.
//!
//! It has the same columns and order of rows as any store, but no versions and no log, because nothing is added to it.
//! A wrong line of the file is found when the store is made.

use std::{
    fs::{self, Permissions},
    io::{self, BufReader, Read},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use rayon::prelude::*;
use sha2::{Digest, Sha256};
use tempfile::{Builder, TempDir};
use torque::merkle::Hash;

use super::{
    StoreError, StoredTable,
    writer::{FILE_ROWS, encode_rows},
};
use crate::events::{EventTable, Events, TableName};

/// The bytes of a file that are read at a time.
const BUFFER_BYTES: usize = 1 << 20;

/// The events of a file as tables on this machine. Dropping the last clone deletes the files.
#[derive(Clone, Debug)]
pub struct TemporaryStore {
    /// The tables.
    pub tables: Vec<StoredTable>,
    /// The SHA-256 of the file of events.
    pub sha256: Hash,
    /// The directory of the files, which only this user can read.
    _directory: Arc<TempDir>,
}

impl TemporaryStore {
    /// Reads all events, and keeps the rows of the wanted tables; of the other tables it keeps only the names.
    ///
    /// # Errors
    /// [`StoreError::Events`] with the first line that is not an event, [`StoreError::Input`] when the events cannot be
    /// read, and [`StoreError::Disk`] when the disk fails.
    pub fn of_events(events: impl Read, is_wanted: impl Fn(&TableName) -> bool) -> Result<Self, StoreError> {
        let mut reader = BufReader::with_capacity(BUFFER_BYTES, Hashing { inner: events, hasher: Sha256::new() });
        let read = Events::read(&mut reader)?;
        io::copy(&mut reader, &mut io::sink()).map_err(StoreError::Input)?;
        let directory = Builder::new()
            .prefix("crank-events-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir()
            .map_err(|source| StoreError::Disk { path: std::env::temp_dir(), source })?;
        let mut tables = Vec::new();
        for (place, (name, table)) in read.tables().enumerate() {
            let files = if is_wanted(name) { write(directory.path(), place, name, table)? } else { Vec::new() };
            tables.push(StoredTable { name: name.clone(), columns: table.column_types(), files });
        }
        let sha256 = reader.into_inner().hasher.finalize().into();
        Ok(Self { tables, sha256, _directory: Arc::new(directory) })
    }
}

/// Writes a table as large files, several in parallel.
fn write(directory: &Path, place: usize, name: &TableName, table: &EventTable) -> Result<Vec<PathBuf>, StoreError> {
    let rows: Vec<usize> = (0..table.len()).collect();
    let parts: Vec<&[usize]> = rows.chunks(FILE_ROWS).collect();
    let files = parts.par_iter().enumerate().map(|(part, rows)| {
        let path = directory.join(format!("{place}-{part}.parquet"));
        let bytes = encode_rows(table, rows, 0)
            .map_err(|error| StoreError::Parquet { name: name.to_string(), problem: error.to_string() })?;
        fs::write(&path, bytes).map_err(|source| StoreError::Disk { path: path.clone(), source })?;
        Ok(path)
    });
    files.collect()
}

/// Hashes what is read through it.
struct Hashing<R> {
    inner: R,
    hasher: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crank_rules::values::hash::sha256;

    const LINES: &str = concat!(
        r#"{"eventName":"a","userPubkey":"4BgAyHToC9juqtxaKU7367pBbM7LjQPZRwxCAj92Ff6H","timestamp":1,"data":{"x":1}}"#,
        "\n\n",
        r#"{"eventName":"b","userPubkey":"4BgAyHToC9juqtxaKU7367pBbM7LjQPZRwxCAj92Ff6H","timestamp":2,"data":{"y":null}}"#,
        "\n",
    );

    #[test]
    fn every_table_is_known_and_those_that_are_wanted_have_files() {
        let store = TemporaryStore::of_events(LINES.as_bytes(), |table| table.name == "a").unwrap();
        let names: Vec<(String, usize)> =
            store.tables.iter().map(|table| (table.name.to_string(), table.files.len())).collect();
        assert_eq!(names, [("events.a".to_owned(), 1), ("events.b".to_owned(), 0)]);
        assert_eq!(store.sha256, sha256(LINES.as_bytes()));
    }

    #[test]
    fn only_this_user_can_read_the_files_and_they_go_with_the_last_clone() {
        let store = TemporaryStore::of_events(LINES.as_bytes(), |_| true).unwrap();
        let directory = store.tables[0].files[0].parent().unwrap().to_path_buf();
        assert_eq!(directory.metadata().unwrap().permissions().mode() & 0o077, 0);
        let clone = store.clone();
        drop(store);
        assert!(directory.exists());
        drop(clone);
        assert!(!directory.exists());
    }

    #[test]
    fn a_broken_line_is_named() {
        let error = TemporaryStore::of_events(&b"\n{\"eventName\":"[..], |_| true).unwrap_err().to_string();
        assert!(error.starts_with("line 2: not a JSON object"), "{error}");
    }
}
