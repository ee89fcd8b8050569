//! Makes files available on this machine and checks each against its hash: local files stay where they are, remote
//! files go to a cache that finds them again by their hashes.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use torque::merkle::Hash;

use super::{
    Store, StoreError,
    file::DataFile,
    state::{Columns, merge_columns},
};
use crate::events::TableName;
use crank_rules::values::hash::sha256_of_reader;

/// A table as Parquet files on this machine.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StoredTable {
    /// The table.
    pub name: TableName,
    /// The fields' types; a file leaves out those that have no value in it.
    pub columns: Columns,
    /// The files, each in canonical order.
    pub files: Vec<PathBuf>,
}

/// The files of one table, and its columns.
type TableFiles = BTreeMap<TableName, (Columns, Vec<PathBuf>)>;

/// Makes tables of files. The tables of `columns` are included even if they have no file.
pub(super) fn tables(
    store: &Store,
    files: &[DataFile],
    columns: BTreeMap<TableName, Columns>,
) -> Result<Vec<StoredTable>, StoreError> {
    let mut tables: TableFiles = columns.into_iter().map(|(name, columns)| (name, (columns, Vec::new()))).collect();
    for (file, path) in files.iter().zip(paths(store, files)?) {
        let (columns, paths) = tables.entry(file.table.clone()).or_default();
        merge_columns(&file.table, columns, &file.columns)?;
        paths.push(path);
    }
    Ok(tables.into_iter().map(|(name, (columns, files))| StoredTable { name, columns, files }).collect())
}

/// Where the files lie on this machine, in their order.
pub(super) fn paths(store: &Store, files: &[DataFile]) -> Result<Vec<PathBuf>, StoreError> {
    files.par_iter().map(|file| path(store, file)).collect()
}

fn path(store: &Store, file: &DataFile) -> Result<PathBuf, StoreError> {
    let name = file.path();
    if let Some(path) = store.objects.file(&name) {
        return match hash_of(&path) {
            Ok(found) if found == file.sha256 => Ok(path),
            Ok(found) => Err(StoreError::altered(&name, &file.sha256, &found)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::Missing(name)),
            Err(source) => Err(StoreError::Disk { path, source }),
        };
    }
    let path = store.cache.join(format!("{}.parquet", hex::encode(file.sha256)));
    // A file that was cut short or changed since is downloaded again.
    if hash_of(&path).is_ok_and(|found| found == file.sha256) {
        return Ok(path);
    }
    download(store, &name, &file.sha256, &path)?;
    Ok(path)
}

/// Downloads an object to a temporary file, which gets its final name when it is complete.
fn download(store: &Store, name: &str, expected: &Hash, path: &Path) -> Result<(), StoreError> {
    let at = |source| StoreError::Disk { path: path.to_path_buf(), source };
    fs::create_dir_all(&store.cache).map_err(at)?;
    let mut part = NamedTempFile::new_in(&store.cache).map_err(at)?;
    let mut hasher = Sha256::new();
    store.objects.download(name, |bytes| {
        hasher.update(bytes);
        part.write_all(bytes).map_err(at)
    })?;
    let found: Hash = hasher.finalize().into();
    if found != *expected {
        return Err(StoreError::altered(name, expected, &found));
    }
    part.persist(path).map_err(|error| at(error.error))?;
    Ok(())
}

fn hash_of(path: &Path) -> io::Result<Hash> {
    sha256_of_reader(File::open(path)?)
}
