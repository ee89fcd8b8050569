//! A bundle on the disk: the only part of `bundle` that reads and writes files.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{Difference, FILE_NAMES, Files};

/// Why a bundle cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// There is something in the place.
    #[error("{0} exists and is not an empty directory: a bundle is never overwritten, choose another place")]
    Occupied(PathBuf),
    /// There is nothing in the place, or something else.
    #[error("{0} is not a directory: give the directory of a bundle")]
    NotADirectory(PathBuf),
    /// The directory's files are not those of a bundle.
    #[error(transparent)]
    Difference(#[from] Difference),
    /// The disk or the rights to it fail.
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
/// # Errors
/// When a file of a bundle is missing, another one is there, or the disk fails.
pub fn read_directory(path: &Path) -> Result<Files, DirectoryError> {
    if !path.is_dir() {
        return Err(DirectoryError::NotADirectory(path.to_owned()));
    }
    for entry in fs::read_dir(path).map_err(on_disk(path))? {
        let name = entry.map_err(on_disk(path))?.file_name();
        let name = name.to_string_lossy();
        if !FILE_NAMES.contains(&name.as_ref()) {
            return Err(Difference::new(&name, None, "no such file in a bundle", "one").into());
        }
    }
    FILE_NAMES.into_iter().map(|name| Ok((name.to_owned(), read_file(&path.join(name), name)?))).collect()
}

fn read_file(path: &Path, name: &str) -> Result<Vec<u8>, DirectoryError> {
    if !path.is_file() {
        return Err(Difference::new(name, None, "a file", "none").into());
    }
    fs::read(path).map_err(on_disk(path))
}

/// Refuses a place where [`write`] would refuse to write.
pub(crate) fn refuse_occupied(path: &Path) -> Result<(), DirectoryError> {
    let is_free = match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if is_free { Ok(()) } else { Err(DirectoryError::Occupied(path.to_owned())) }
}

/// Writes `files` as the directory `path`.
///
/// They are written beside it first and moved when they are on the disk, so `path` never holds half a bundle.
pub(super) fn write(path: &Path, files: &Files) -> Result<(), DirectoryError> {
    refuse_occupied(path)?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(parent).map_err(on_disk(parent))?;
    let temporary = tempfile::Builder::new().prefix(".bundle-").tempdir_in(parent).map_err(on_disk(parent))?;
    for (name, bytes) in files {
        let file = temporary.path().join(name);
        write_file(&file, bytes).map_err(on_disk(&file))?;
    }
    sync_directory(temporary.path())?;
    fs::rename(temporary.path(), path).map_err(|error| match error.kind() {
        io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => DirectoryError::Occupied(path.to_owned()),
        _ => on_disk(path)(error),
    })?;
    sync_directory(parent)
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the names in a directory durable, which syncing the files does not.
fn sync_directory(path: &Path) -> Result<(), DirectoryError> {
    File::open(path).and_then(|directory| directory.sync_all()).map_err(on_disk(path))
}

fn on_disk(path: &Path) -> impl Fn(io::Error) -> DirectoryError {
    move |source| DirectoryError::Disk { path: path.to_owned(), source }
}
