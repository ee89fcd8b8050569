//! Adds events: first it writes files, which are not visible yet, then one log entry that makes all of them visible.

use std::collections::BTreeMap;

use datafusion::arrow::error::ArrowError;
use parquet::errors::ParquetError;
use rayon::prelude::*;

use super::{
    Report, Store, StoreError, TableReport,
    encoding::{self, BATCH_ROWS, Encoder},
    file::{DataFile, Day, IdFile},
    ids::{self, Record},
    log,
    state::{Change, Columns, Late, Standing, State, merge_columns},
};
use crate::events::{EventTable, Events, Fingerprint, Identity, TableName};
use crank_rules::{values::hash::sha256, wording::millisecond};

/// The most rows of a file; it limits the memory that writing a file takes.
pub(super) const FILE_ROWS: usize = 1 << 21;

/// Writes events into a store. They become visible only with [`commit`](Self::commit).
#[derive(Debug)]
pub struct StoreWriter<'store> {
    store: &'store Store,
    base: State,
    tables: BTreeMap<TableName, Columns>,
    data: BTreeMap<String, DataFile>,
    ids: BTreeMap<String, IdFile>,
    report: Report,
}

impl<'store> StoreWriter<'store> {
    pub(super) fn new(store: &'store Store) -> Result<Self, StoreError> {
        let base = store.state()?;
        let (tables, report) = (base.tables(), Report::default());
        Ok(Self { store, base, tables, data: BTreeMap::new(), ids: BTreeMap::new(), report })
    }

    /// The columns of every table that is stored or written.
    #[must_use]
    pub const fn tables(&self) -> &BTreeMap<TableName, Columns> {
        &self.tables
    }

    /// Writes the events of a table, none of which has an id.
    ///
    /// # Errors
    /// [`StoreError`] when a column has another type than before, or the events are stored already, or writing fails.
    pub fn write(&mut self, name: &TableName, table: &EventTable) -> Result<(), StoreError> {
        self.write_table(name, table, &[])
    }

    /// Writes events, except those whose id is stored or written already.
    ///
    /// # Errors
    /// As [`write`](Self::write), and when an id is known with another body.
    pub fn write_events(&mut self, events: &Events) -> Result<(), StoreError> {
        events.tables().try_for_each(|(name, table)| self.write_table(name, table, events.identities(name)))
    }

    fn write_table(&mut self, name: &TableName, table: &EventTable, ids: &[Identity]) -> Result<(), StoreError> {
        let types = table.column_types();
        let mut known = self.tables.get(name).cloned().unwrap_or_default();
        merge_columns(name, &mut known, &types)?;
        let is_known = self.known_ids(name, table, ids)?;
        let mut has_id = vec![false; table.len()];
        let mut is_repeated = vec![false; table.len()];
        for (identity, is_known) in ids.iter().zip(&is_known) {
            if let (Some(id), Some(repeated)) = (has_id.get_mut(identity.row), is_repeated.get_mut(identity.row)) {
                (*id, *repeated) = (true, *is_known);
            }
        }
        let rows: Vec<usize> = (0..table.len()).filter(|row| is_repeated.get(*row) == Some(&false)).collect();
        self.write_rows(name, table, &rows, &has_id)?;
        let new = ids.iter().zip(&is_known).filter(|(_, is_known)| !**is_known).map(|(identity, _)| identity);
        self.write_ids(name, new.map(|identity| record(identity, table)).collect())?;
        self.count(name, table, &rows);
        self.tables.insert(name.clone(), known);
        Ok(())
    }

    /// Whether each of these sorted ids is known; refuses one that is known with another body.
    fn known_ids(&self, name: &TableName, table: &EventTable, ids: &[Identity]) -> Result<Vec<bool>, StoreError> {
        let hashes: Vec<Fingerprint> = ids.iter().map(|identity| identity.hash).collect();
        let mut is_known = vec![false; ids.len()];
        let written = self.base.ids.values().chain(self.ids.values());
        for file in written.filter(|file| file.table == *name && !ids.is_empty()) {
            ids::find(&self.store.objects, file, &hashes, |place, stored| {
                let (Some(identity), Some(is_known)) = (ids.get(place), is_known.get_mut(place)) else { return Ok(()) };
                *is_known = true;
                if record(identity, table) == stored { Ok(()) } else { Err(reused(name, identity, &stored)) }
            })?;
        }
        Ok(is_known)
    }

    /// Writes rows as files, one or more for each day. All cores make files of a table.
    fn write_rows(
        &mut self,
        name: &TableName,
        table: &EventTable,
        rows: &[usize],
        has_id: &[bool],
    ) -> Result<(), StoreError> {
        let day = |row: &usize| table.timestamps().get(*row).copied().map(Day::of);
        let parts: Vec<&[usize]> =
            rows.chunk_by(|left, right| day(left) == day(right)).flat_map(|day| day.chunks(FILE_ROWS)).collect();
        // Only a few at a time, because each is a whole file in memory.
        for parts in parts.chunks(rayon::current_num_threads().max(1)) {
            let encoded: Vec<(DataFile, Vec<u8>)> =
                parts.par_iter().map(|rows| encode(name, table, rows, 0)).collect::<Result<_, _>>()?;
            for (rows, (file, bytes)) in parts.iter().zip(encoded) {
                self.put(name, table, rows, has_id, (file, bytes))?;
            }
        }
        Ok(())
    }

    fn put(
        &mut self,
        name: &TableName,
        table: &EventTable,
        rows: &[usize],
        has_id: &[bool],
        (mut file, mut bytes): (DataFile, Vec<u8>),
    ) -> Result<(), StoreError> {
        let mut copy = 0_u64;
        while self.base.files.contains_key(&file.path()) || self.data.contains_key(&file.path()) {
            // Equal rows with ids are different events. Equal rows without ids may be the same events again.
            if !rows.iter().any(|row| has_id.get(*row) == Some(&true)) {
                return Err(StoreError::Repeated { table: name.clone(), day: file.day.to_string(), rows: file.rows });
            }
            copy = copy.saturating_add(1);
            (file, bytes) = encode(name, table, rows, copy)?;
        }
        refuse_being_deleted(&self.base, &file.path())?;
        self.store.objects.put(&file.path(), bytes)?;
        self.report.bytes = self.report.bytes.saturating_add(file.bytes);
        self.data.insert(file.path(), file);
        Ok(())
    }

    fn write_ids(&mut self, name: &TableName, records: Vec<Record>) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let bytes = ids::encode(&records);
        let file = IdFile { table: name.clone(), sha256: sha256(&bytes), rows: length(records.len()) };
        refuse_being_deleted(&self.base, &file.path())?;
        self.store.objects.put(&file.path(), bytes)?;
        self.ids.insert(file.path(), file);
        Ok(())
    }

    fn count(&mut self, name: &TableName, table: &EventTable, rows: &[usize]) {
        let is_late = |row: &&usize| table.timestamps().get(**row).copied() < self.base.standing.watermark;
        let late = rows.iter().filter(is_late).count();
        let report = self.report.tables.entry(name.clone()).or_default();
        report.added = report.added.saturating_add(length(rows.len()));
        report.repeated = report.repeated.saturating_add(length(table.len().saturating_sub(rows.len())));
        report.late = report.late.saturating_add(length(late));
    }

    /// Makes everything that was written visible at once, or nothing.
    ///
    /// `complete_until` declares that every event before that instant, in milliseconds since 1970, is now stored.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] when another writer has stored something meanwhile that these events must be compared
    /// with: write them again with a new writer. [`StoreError::WatermarkBackwards`] when the store is complete beyond
    /// `complete_until`.
    pub fn commit(mut self, complete_until: Option<i64>) -> Result<Report, StoreError> {
        let change = Change {
            added: self.data.values().cloned().collect(),
            added_ids: self.ids.values().cloned().collect(),
            ..Change::default()
        };
        let mut newest = self.base.clone();
        loop {
            let standing = self.standing(&newest, complete_until)?;
            if change.is_empty() && standing == newest.standing {
                self.report.version = newest.version;
                return Ok(self.report);
            }
            if let Some(next) = log::append(&self.store.objects, &newest, standing, &change)? {
                self.report.version = next.version;
                return Ok(self.report);
            }
            newest = self.store.state_after(newest.version)?;
            self.compare_with(&newest)?;
        }
    }

    fn standing(&self, newest: &State, complete_until: Option<i64>) -> Result<Standing, StoreError> {
        let mut standing = newest.standing.clone();
        if let Some(given) = complete_until {
            if let Some(current) = standing.watermark.filter(|current| given < *current) {
                let (current, given) = (millisecond(current), millisecond(given));
                return Err(StoreError::WatermarkBackwards { current, given });
            }
            standing.watermark = Some(given);
        }
        let version = newest.version.saturating_add(1);
        for (name, TableReport { late, .. }) in self.report.tables.iter().filter(|(_, report)| report.late > 0) {
            let before =
                standing.late.entry(name.clone()).or_insert(Late { first_version: version, ..Late::default() });
            before.events = before.events.saturating_add(*late);
            before.last_version = version;
        }
        Ok(standing)
    }

    /// Refuses to go on if a version that another writer stored meanwhile affects what was written here.
    fn compare_with(&self, newest: &State) -> Result<(), StoreError> {
        let is_taken = self.data.keys().any(|path| newest.files.contains_key(path))
            || self.ids.keys().any(|path| newest.ids.contains_key(path));
        // A vacuum may have deleted a file written here, if an old version had the same file.
        let is_vacuumed = newest.standing.oldest != self.base.standing.oldest;
        if is_taken || is_vacuumed || newest.standing.watermark != self.base.standing.watermark {
            return Err(StoreError::Overtaken);
        }
        self.data.keys().chain(self.ids.keys()).try_for_each(|path| refuse_being_deleted(newest, path))?;
        let mut tables = newest.tables();
        for file in self.data.values() {
            let columns = tables.entry(file.table.clone()).or_default();
            merge_columns(&file.table, columns, &file.columns).map_err(|_| StoreError::Overtaken)?;
        }
        let new: Vec<&IdFile> = newest.ids.values().filter(|file| !self.base.ids.contains_key(&file.path())).collect();
        for mine in self.ids.values() {
            let path = mine.path();
            let records = ids::decode(&self.store.objects.get_verified(&path, &mine.sha256)?, mine.rows);
            let hashes: Vec<Fingerprint> = records.unwrap_or_default().iter().map(|record| record.hash).collect();
            for other in new.iter().filter(|other| other.table == mine.table) {
                ids::find(&self.store.objects, other, &hashes, |_, _| Err(StoreError::Overtaken))?;
            }
        }
        Ok(())
    }
}

/// One file of these rows, which must be sorted and of one day.
fn encode(name: &TableName, table: &EventTable, rows: &[usize], copy: u64) -> Result<(DataFile, Vec<u8>), StoreError> {
    let bytes = encode_rows(table, rows, copy)
        .map_err(|error| StoreError::Parquet { name: name.to_string(), problem: error.to_string() })?;
    let time = |row: Option<&usize>| row.and_then(|row| table.timestamps().get(*row)).copied().unwrap_or_default();
    let (first_timestamp, last_timestamp) = (time(rows.first()), time(rows.last()));
    let file = DataFile {
        table: name.clone(),
        day: Day::of(first_timestamp),
        sha256: sha256(&bytes),
        rows: length(rows.len()),
        bytes: length(bytes.len()),
        first_timestamp,
        last_timestamp,
        columns: table.column_types(),
    };
    Ok((file, bytes))
}

pub(super) fn encode_rows(table: &EventTable, rows: &[usize], copy: u64) -> Result<Vec<u8>, ParquetError> {
    let schema = encoding::schema(&encoding::columns_with_values(table, rows));
    let mut encoder = Encoder::new(Vec::new(), &schema, copy)?;
    for rows in rows.chunks(BATCH_ROWS) {
        let batch = encoding::batch(table, rows, &schema).map_err(|error: ArrowError| ParquetError::from(error))?;
        encoder.write(&batch)?;
    }
    encoder.finish()
}

fn record(identity: &Identity, table: &EventTable) -> Record {
    let timestamp = table.timestamps().get(identity.row).copied().unwrap_or_default();
    Record { hash: identity.hash, body: identity.body, timestamp }
}

fn reused(table: &TableName, identity: &Identity, stored: &Record) -> StoreError {
    StoreError::IdReused {
        table: table.clone(),
        id: identity.id.clone(),
        line: identity.line,
        stored: millisecond(stored.timestamp),
    }
}

/// Refuses to commit a file that a vacuum may delete at any moment.
pub(super) fn refuse_being_deleted(state: &State, path: &str) -> Result<(), StoreError> {
    let is_being_deleted = state.standing.deleting.iter().any(|deleting| deleting == path);
    if is_being_deleted { Err(StoreError::BeingDeleted(path.to_owned())) } else { Ok(()) }
}

fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
