//! A bundle on the disk: the only part of `bundle` that reads and writes files.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use rayon::prelude::*;

use super::{ALLOCATIONS, Difference, FILE_NAMES, Files, MANIFEST, MANIFEST_HASHES, REJECTED, RESULTS, SIGNATURE};
use crate::values::hash::sha256;

/// The files that every bundle has; its manifest says which others belong to it.
const REQUIRED: [&str; 5] = [RESULTS, ALLOCATIONS, REJECTED, MANIFEST, MANIFEST_HASHES];

/// Why a bundle cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The place is not empty.
    #[error("{0} exists and is not an empty directory: a bundle is never overwritten, choose another place")]
    Occupied(PathBuf),
    /// Somebody else has signed the bundle.
    #[error("{0} exists and is another signature: remove it first if yours is to stand in its place")]
    Signed(PathBuf),
    /// The place does not exist, or is not a directory.
    #[error("{0} is not a directory: give the directory of a bundle")]
    NotADirectory(PathBuf),
    /// The directory's files are not those of a bundle.
    #[error(transparent)]
    Difference(#[from] Difference),
    /// The disk fails, or access is denied.
    #[error("{path}: {source}")]
    Disk {
        /// What was read or written.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
}

/// Reads the files of a bundle.
///
/// A directory whose name is a SHA-256 must contain the manifest with that hash.
///
/// # Errors
/// When a required file is missing, a file has a name that no file of a bundle has, or the disk fails.
pub fn read_directory(path: &Path) -> Result<Files, DirectoryError> {
    if !path.is_dir() {
        return Err(DirectoryError::NotADirectory(path.to_owned()));
    }
    let mut names = BTreeSet::from(REQUIRED.map(str::to_owned));
    for entry in fs::read_dir(path).map_err(on_disk(path))? {
        let name = entry.map_err(on_disk(path))?.file_name().to_string_lossy().into_owned();
        if !FILE_NAMES.contains(&name.as_str()) {
            return Err(Difference::new(&name, None, "no such file in a bundle", "one").into());
        }
        names.insert(name);
    }
    let read = |name: &String| Ok((name.clone(), read_file(&path.join(name), name)?));
    let files: Files = names.par_iter().map(read).collect::<Result<_, DirectoryError>>()?;
    check_name(path, files.get(MANIFEST).map_or(&[], Vec::as_slice))?;
    Ok(files)
}

/// Refuses a manifest whose hash differs from the directory's name.
fn check_name(path: &Path, manifest: &[u8]) -> Result<(), Difference> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| is_hash(name)) else {
        return Ok(());
    };
    let hash = hex::encode(sha256(manifest));
    if hash == name {
        return Ok(());
    }
    let expected = format!("the SHA-256 {name}, by which the directory is named");
    Err(Difference::new(MANIFEST, None, expected, hash))
}

fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

fn read_file(path: &Path, name: &str) -> Result<Vec<u8>, DirectoryError> {
    if !path.is_file() {
        return Err(Difference::new(name, None, "a file", "none").into());
    }
    fs::read(path).map_err(on_disk(path))
}

/// Refuses a place where [`write`] would refuse to write.
pub fn refuse_occupied(path: &Path) -> Result<(), DirectoryError> {
    let is_free = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if is_free { Ok(()) } else { Err(DirectoryError::Occupied(path.to_owned())) }
}

/// Writes `files` as the directory `path`.
///
/// They are written to a neighbouring directory, which is renamed once it is on the disk, so `path` never holds half a
/// bundle.
pub(super) fn write(path: &Path, files: &Files) -> Result<(), DirectoryError> {
    refuse_occupied(path)?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(parent).map_err(on_disk(parent))?;
    let temporary = tempfile::Builder::new().prefix(".bundle-").tempdir_in(parent).map_err(on_disk(parent))?;
    files.par_iter().try_for_each(|(name, bytes)| {
        let file = temporary.path().join(name);
        write_file(&file, bytes).map_err(on_disk(&file))
    })?;
    sync_directory(temporary.path())?;
    fs::rename(temporary.path(), path).map_err(|error| match error.kind() {
        io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => DirectoryError::Occupied(path.to_owned()),
        _ => on_disk(path)(error),
    })?;
    sync_directory(parent)
}

/// Writes `files` as the directory `name` in `root`, unless they are there already.
pub(super) fn write_by_hash(root: &Path, name: &str, files: &Files) -> Result<PathBuf, DirectoryError> {
    let path = root.join(name);
    let occupied = match write(&path, files) {
        Err(occupied @ DirectoryError::Occupied(_)) => occupied,
        written => return written.map(|()| path),
    };
    let mut found = read_directory(&path).map_err(|error| match error {
        DirectoryError::NotADirectory(_) => occupied,
        error => error,
    })?;
    found.remove(SIGNATURE);
    let all = files.iter().zip(&found).all(|(file, found)| file == found) && files.len() == found.len();
    if all { Ok(path) } else { Err(DirectoryError::Occupied(path)) }
}

/// Writes `manifest.sig` into the bundle at `path`, which must not have another one.
///
/// # Errors
/// When there is another one, or the disk fails.
pub fn write_signature(path: &Path, bytes: &[u8]) -> Result<(), DirectoryError> {
    let file = path.join(SIGNATURE);
    match fs::read(&file) {
        Ok(found) if found == bytes => return Ok(()),
        Ok(_) => return Err(DirectoryError::Signed(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(on_disk(&file)(error)),
    }
    write_file(&file, bytes).map_err(on_disk(&file))?;
    sync_directory(path)
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the names in a directory durable; syncing the files does not do that.
fn sync_directory(path: &Path) -> Result<(), DirectoryError> {
    File::open(path).and_then(|directory| directory.sync_all()).map_err(on_disk(path))
}

fn on_disk(path: &Path) -> impl Fn(io::Error) -> DirectoryError {
    move |source| DirectoryError::Disk { path: path.to_owned(), source }
}
