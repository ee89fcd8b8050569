//! Merges small files into larger ones. A query sees the same rows before and after.

use datafusion::arrow::{array::AsArray, datatypes::TimestampMillisecondType, record_batch::RecordBatch};
use parquet::errors::ParquetError;

use super::{
    Store, StoreError,
    encoding::{self, Encoder},
    file::{DataFile, Day, IdFile},
    ids, log,
    merge::merge,
    state::{Change, Columns, State, merge_columns},
    writer::refuse_being_deleted,
};
use crate::events::TableName;
use crank_rules::values::hash::sha256;

/// Records of a merged file of ids.
const ID_FILE_ROWS: u64 = 1 << 22;

/// What a compaction did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Compaction {
    /// The version afterwards.
    pub version: u64,
    /// Files of events that were replaced.
    pub files_before: usize,
    /// Files of events that replace them.
    pub files_after: usize,
    /// Files of ids that were replaced.
    pub id_files_before: usize,
    /// Files of ids that replace them.
    pub id_files_after: usize,
}

/// Merges the files of every day of every table that has small ones, one day at a time, and the files of ids.
pub(super) fn compact(store: &Store, target_bytes: u64) -> Result<Compaction, StoreError> {
    let mut done = Compaction::default();
    let mut state = store.state()?;
    for (table, day) in partitions(&state) {
        let files: Vec<DataFile> =
            state.files.values().filter(|file| file.table == table && file.day == day).cloned().collect();
        if !is_worth_merging(&files, target_bytes) {
            continue;
        }
        let merged = merge_day(store, &state, &files, target_bytes)?;
        let change = replacement(&files, merged);
        done.files_before = done.files_before.saturating_add(change.removed.len());
        done.files_after = done.files_after.saturating_add(change.added.len());
        state = append(store, state, &change)?;
    }
    for files in id_groups(&state) {
        let change = merge_ids(store, &state, &files)?;
        done.id_files_before = done.id_files_before.saturating_add(change.removed_ids.len());
        done.id_files_after = done.id_files_after.saturating_add(change.added_ids.len());
        state = append(store, state, &change)?;
    }
    done.version = state.version;
    Ok(done)
}

fn partitions(state: &State) -> Vec<(TableName, Day)> {
    let mut partitions: Vec<_> = state.files.values().map(|file| (file.table.clone(), file.day)).collect();
    partitions.sort();
    partitions.dedup();
    partitions
}

/// Whether files overlap or are small. A small last file does not count, because merging leaves one.
fn is_worth_merging(files: &[DataFile], target_bytes: u64) -> bool {
    let mut files: Vec<&DataFile> = files.iter().collect();
    files.sort_by_key(|file| (file.first_timestamp, file.last_timestamp));
    files.windows(2).any(|pair| match pair {
        [first, second] => first.bytes < target_bytes || first.last_timestamp > second.first_timestamp,
        _ => false,
    })
}

/// Makes the change the next version, on top of the versions that others have stored meanwhile.
fn append(store: &Store, mut state: State, change: &Change) -> Result<State, StoreError> {
    if change.is_empty() {
        return Ok(state);
    }
    let oldest = state.standing.oldest;
    loop {
        let standing = state.standing.clone();
        if let Some(next) = log::append(&store.objects, &state, standing, change)? {
            return Ok(next);
        }
        state = store.state_after(state.version)?;
        let is_there = change.removed.iter().all(|path| state.files.contains_key(path))
            && change.removed_ids.iter().all(|path| state.ids.contains_key(path));
        let is_taken = change.added.iter().any(|file| state.files.contains_key(&file.path()))
            || change.added_ids.iter().any(|file| state.ids.contains_key(&file.path()));
        if !is_there || is_taken || state.standing.oldest != oldest {
            return Err(StoreError::Overtaken);
        }
        let added = change.added.iter().map(DataFile::path).chain(change.added_ids.iter().map(IdFile::path));
        added.into_iter().try_for_each(|path| refuse_being_deleted(&state, &path))?;
    }
}

/// The change that replaces the old files by the new ones; a file that is in both lists is kept.
fn replacement(old: &[DataFile], new: Vec<DataFile>) -> Change {
    let is_kept = |path: &str| old.iter().any(|file| file.path() == path) && new.iter().any(|file| file.path() == path);
    Change {
        removed: old.iter().map(DataFile::path).filter(|path| !is_kept(path)).collect(),
        added: new.iter().filter(|file| !is_kept(&file.path())).cloned().collect(),
        ..Change::default()
    }
}

fn merge_day(store: &Store, state: &State, files: &[DataFile], target: u64) -> Result<Vec<DataFile>, StoreError> {
    let (Some(first), Ok(target)) = (files.first(), usize::try_from(target)) else { return Ok(Vec::new()) };
    let mut columns = Columns::new();
    for file in files {
        merge_columns(&file.table, &mut columns, &file.columns)?;
    }
    let failed = |error: ParquetError| StoreError::Parquet {
        name: format!("{}/day={}", first.table, first.day),
        problem: error.to_string(),
    };
    let paths = store.fetch_files(files)?;
    let mut output = Output { store, state, table: first.table.clone(), columns: columns.clone(), files: Vec::new() };
    let mut part = Part::new(&columns, 0).map_err(failed)?;
    let mut problem = None;
    let merged = merge(paths, &columns, |batch| {
        part.write(batch)?;
        if part.encoder.finished_bytes() >= target {
            let full = std::mem::replace(&mut part, Part::new(&columns, output.files.len().saturating_add(1))?);
            if let Err(error) = output.put(full) {
                problem = Some(error);
                return Err(ParquetError::General("the merged file could not be stored".to_owned()));
            }
        }
        Ok(())
    });
    match problem {
        Some(error) => return Err(error),
        None => merged.map_err(failed)?,
    }
    output.put(part)?;
    let rows = |files: &[DataFile]| files.iter().map(|file| file.rows).fold(0_u64, u64::saturating_add);
    if rows(&output.files) == rows(files) {
        Ok(output.files)
    } else {
        Err(failed(ParquetError::General("rows were lost while merging".to_owned())))
    }
}

/// A merged file while rows are still being added.
struct Part {
    encoder: Encoder<Vec<u8>>,
    rows: u64,
    first_timestamp: Option<i64>,
    last_timestamp: i64,
}

impl Part {
    /// An empty part. Its number goes into the file, so that equal rows of a day still give different files.
    fn new(columns: &Columns, number: usize) -> Result<Self, ParquetError> {
        let encoder = Encoder::new(Vec::new(), &encoding::schema(columns), u64::try_from(number).unwrap_or(u64::MAX))?;
        Ok(Self { encoder, rows: 0, first_timestamp: None, last_timestamp: 0 })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), ParquetError> {
        let times = batch.column(1).as_primitive::<TimestampMillisecondType>().values();
        self.first_timestamp = self.first_timestamp.or(times.first().copied());
        self.last_timestamp = times.last().copied().unwrap_or(self.last_timestamp);
        self.rows = self.rows.saturating_add(u64::try_from(batch.num_rows()).unwrap_or(u64::MAX));
        self.encoder.write(batch)
    }
}

/// The merged files of one day.
struct Output<'a> {
    store: &'a Store,
    state: &'a State,
    table: TableName,
    columns: Columns,
    files: Vec<DataFile>,
}

impl Output<'_> {
    fn put(&mut self, part: Part) -> Result<(), StoreError> {
        let Some(first_timestamp) = part.first_timestamp else { return Ok(()) };
        let Part { encoder, rows, last_timestamp, .. } = part;
        let bytes = encoder
            .finish()
            .map_err(|error| StoreError::Parquet { name: self.table.to_string(), problem: error.to_string() })?;
        let file = DataFile {
            table: self.table.clone(),
            day: Day::of(first_timestamp),
            sha256: sha256(&bytes),
            rows,
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            first_timestamp,
            last_timestamp,
            columns: self.columns.clone(),
        };
        refuse_being_deleted(self.state, &file.path())?;
        self.store.objects.put(&file.path(), bytes)?;
        self.files.push(file);
        Ok(())
    }
}

/// Groups of small files of ids; each group becomes one file.
fn id_groups(state: &State) -> Vec<Vec<IdFile>> {
    let mut small: Vec<&IdFile> = state.ids.values().filter(|file| file.rows < ID_FILE_ROWS).collect();
    small.sort_by_key(|file| (&file.table, file.rows));
    let mut groups: Vec<Vec<IdFile>> = Vec::new();
    for file in small {
        let rows = |group: &[IdFile]| group.iter().map(|file| file.rows).fold(0_u64, u64::saturating_add);
        match groups.last_mut().filter(|group| group.first().is_some_and(|first| first.table == file.table)) {
            Some(group) if rows(group) < ID_FILE_ROWS => group.push(file.clone()),
            _ => groups.push(vec![file.clone()]),
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

fn merge_ids(store: &Store, state: &State, files: &[IdFile]) -> Result<Change, StoreError> {
    let Some(table) = files.first().map(|file| file.table.clone()) else { return Ok(Change::default()) };
    let mut records = Vec::new();
    for file in files {
        let bytes = store.objects.get_verified(&file.path(), &file.sha256)?;
        let altered = || StoreError::Altered { name: file.path(), problem: "it is too short".to_owned() };
        records.extend(ids::decode(&bytes, file.rows).ok_or_else(altered)?);
    }
    records.sort_unstable();
    let bytes = ids::encode(&records);
    let rows = u64::try_from(records.len()).unwrap_or(u64::MAX);
    let merged = IdFile { table, sha256: sha256(&bytes), rows };
    refuse_being_deleted(state, &merged.path())?;
    store.objects.put(&merged.path(), bytes)?;
    let removed_ids = files.iter().map(IdFile::path).collect();
    Ok(Change { added_ids: vec![merged], removed_ids, ..Change::default() })
}
