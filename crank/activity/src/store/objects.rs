//! Reads and writes objects by their paths, blocking. Only this module knows the kind of store behind them.
//!
//! For a local directory it adds a guarantee that object stores have: an object gets its name only when it is on disk.

use std::{
    fs::File,
    ops::Range,
    path::{Path as FilePath, PathBuf},
    sync::Arc,
};

use futures::{StreamExt, TryStreamExt, stream};
use object_store::{
    Error as ObjectError, ObjectStore, ObjectStoreExt, PutMode, WriteMultipart, local::LocalFileSystem, path::Path,
};
use tokio::runtime::Runtime;
use torque::merkle::Hash;
use url::Url;

use super::StoreError;
use crank_rules::values::hash::sha256;

/// A larger object is written in parts, so that no request times out on a slow line.
const LARGE_BYTES: usize = 32 << 20;
/// The most requests at the same time.
const PARALLEL: usize = 16;

/// A place for objects.
#[derive(Clone, Debug)]
pub(super) struct Objects {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    /// The local directory, if the objects are in one.
    directory: Option<PathBuf>,
    runtime: Arc<Runtime>,
}

impl Objects {
    /// Opens a URL, or else a path of a local directory.
    pub(super) fn open(place: &str) -> Result<Self, StoreError> {
        match local_directory(place)? {
            Some(directory) => Self::local(directory),
            None => {
                let unusable = |error: &dyn std::fmt::Display| StoreError::Place(place.to_owned(), error.to_string());
                let url = Url::parse(place).map_err(|error| unusable(&error))?;
                // No object store knows a variable that is not Unicode.
                let variables = std::env::vars_os();
                let options =
                    variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
                let (store, prefix) = object_store::parse_url_opts(&url, options).map_err(|error| unusable(&error))?;
                Self::new(Arc::from(store), prefix, None)
            }
        }
    }

    /// The objects of a store that is open already.
    pub(super) fn new(
        store: Arc<dyn ObjectStore>,
        prefix: Path,
        directory: Option<PathBuf>,
    ) -> Result<Self, StoreError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = Arc::new(runtime.map_err(|source| StoreError::Disk { path: PathBuf::from("threads"), source })?);
        Ok(Self { store, prefix, directory, runtime })
    }

    fn local(directory: PathBuf) -> Result<Self, StoreError> {
        let store = LocalFileSystem::new_with_prefix(&directory)
            .map_err(|error| StoreError::Place(directory.display().to_string(), error.to_string()))?;
        Self::new(Arc::new(store), Path::default(), Some(directory))
    }

    /// The path of the object, if it is a file on this machine.
    pub(super) fn file(&self, name: &str) -> Option<PathBuf> {
        self.directory.as_ref().map(|directory| directory.join(name))
    }

    /// Writes an object whose name is determined by its content; it is on the disk when this returns.
    pub(super) fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.try_put(name, bytes).map_err(|error| failed("write", name, error))?;
        self.synchronise(name)
    }

    fn try_put(&self, name: &str, bytes: Vec<u8>) -> Result<(), ObjectError> {
        let path = self.path(name);
        self.runtime.block_on(async {
            if bytes.len() > LARGE_BYTES && self.directory.is_none() {
                match self.store.put_multipart(&path).await {
                    Ok(upload) => {
                        let mut writer = WriteMultipart::new_with_chunk_size(upload, LARGE_BYTES / 4);
                        writer.write(&bytes);
                        return writer.finish().await.map(|_| ());
                    }
                    // A store without multipart uploads takes objects of any size in one request.
                    Err(ObjectError::NotImplemented { .. } | ObjectError::NotSupported { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            self.store.put(&path, bytes.into()).await.map(|_| ())
        })
    }

    /// Creates an object; `false` if one of this name exists. Of several writers exactly one succeeds.
    pub(super) fn create(&self, name: &str, bytes: Vec<u8>) -> Result<bool, StoreError> {
        let created = if self.directory.is_some() {
            // The object must be on the disk before it gets its name, which `PutMode::Create` does not ensure.
            let staged = format!("_staged/{}", hex::encode(sha256(&bytes)));
            self.put(&staged, bytes)?;
            let (from, to) = (self.path(&staged), self.path(name));
            self.runtime.block_on(async {
                let created = self.store.copy_if_not_exists(&from, &to).await;
                // A staged object that stays behind is harmless.
                let _ = self.store.delete(&from).await;
                created
            })
        } else {
            let path = self.path(name);
            self.runtime.block_on(self.store.put_opts(&path, bytes.into(), PutMode::Create.into())).map(|_| ())
        };
        match created {
            Ok(()) => self.synchronise(name).map(|()| true),
            Err(ObjectError::AlreadyExists { .. } | ObjectError::Precondition { .. }) => Ok(false),
            Err(error) => Err(failed("write", name, error)),
        }
    }

    /// The whole object, or `None` if there is none.
    pub(super) fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(name);
        let read = self.runtime.block_on(async { self.store.get(&path).await?.bytes().await });
        match read {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(ObjectError::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed("read", name, error)),
        }
    }

    /// The whole object, checked against its hash.
    pub(super) fn get_verified(&self, name: &str, expected: &Hash) -> Result<Vec<u8>, StoreError> {
        let bytes = self.get(name)?.ok_or_else(|| StoreError::Missing(name.to_owned()))?;
        let found = sha256(&bytes);
        if found == *expected { Ok(bytes) } else { Err(StoreError::altered(name, expected, &found)) }
    }

    /// Several objects, each `None` if it does not exist, in the order of the names.
    pub(super) fn get_all(&self, names: &[String]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let read = |name: String| async move {
            let path = self.path(&name);
            let read = async { self.store.get(&path).await?.bytes().await }.await;
            match read {
                Ok(bytes) => Ok(Some(bytes.to_vec())),
                Err(ObjectError::NotFound { .. }) => Ok(None),
                Err(error) => Err(failed("read", &name, error)),
            }
        };
        let all = stream::iter(names.to_vec()).map(read).buffered(PARALLEL);
        self.runtime.block_on(all.try_collect())
    }

    /// Parts of an object, in the order of the ranges.
    pub(super) fn get_ranges(&self, name: &str, ranges: Vec<Range<u64>>) -> Result<Vec<Vec<u8>>, StoreError> {
        let path = self.path(name);
        let read = |range| async { self.store.get_range(&path, range).await.map(|bytes| bytes.to_vec()) };
        let all = stream::iter(ranges).map(read).buffered(PARALLEL);
        self.runtime.block_on(all.try_collect()).map_err(|error| failed("read", name, error))
    }

    /// Passes an object to `take`, part by part.
    pub(super) fn download(
        &self,
        name: &str,
        mut take: impl FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let path = self.path(name);
        let at = |error| failed("read", name, error);
        let mut parts = match self.runtime.block_on(self.store.get(&path)) {
            Ok(found) => found.into_stream(),
            Err(ObjectError::NotFound { .. }) => return Err(StoreError::Missing(name.to_owned())),
            Err(error) => return Err(at(error)),
        };
        while let Some(part) = self.runtime.block_on(parts.next()) {
            take(&part.map_err(at)?)?;
        }
        Ok(())
    }

    /// Whether there is an object of this name.
    pub(super) fn exists(&self, name: &str) -> Result<bool, StoreError> {
        match self.runtime.block_on(self.store.head(&self.path(name))) {
            Ok(_) => Ok(true),
            Err(ObjectError::NotFound { .. }) => Ok(false),
            Err(error) => Err(failed("find", name, error)),
        }
    }

    /// The names of all objects.
    pub(super) fn list(&self) -> Result<Vec<String>, StoreError> {
        let prefix = format!("{}/", self.prefix);
        let list = self.store.list((!self.prefix.as_ref().is_empty()).then_some(&self.prefix));
        let names = list.map_ok(|object| {
            let name = object.location.to_string();
            name.strip_prefix(&prefix).map(str::to_owned).unwrap_or(name)
        });
        self.runtime.block_on(names.try_collect()).map_err(|error| failed("list", "", error))
    }

    /// Removes an object, if there is one.
    pub(super) fn delete(&self, name: &str) -> Result<(), StoreError> {
        match self.runtime.block_on(self.store.delete(&self.path(name))) {
            Ok(()) | Err(ObjectError::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed("delete", name, error)),
        }
    }

    fn path(&self, name: &str) -> Path {
        self.prefix.parts().chain(Path::from(name).parts()).collect()
    }

    /// Waits until a local file, and the directories that lead to it, are on the disk.
    fn synchronise(&self, name: &str) -> Result<(), StoreError> {
        let Some(directory) = &self.directory else { return Ok(()) };
        let path = directory.join(name);
        let inside = path.ancestors().take_while(|ancestor| ancestor.starts_with(directory));
        inside.map(FilePath::to_path_buf).try_for_each(|path| {
            let synchronised = File::open(&path).and_then(|file| file.sync_all());
            synchronised.map_err(|source| StoreError::Disk { path, source })
        })
    }
}

/// The local directory that a place names, or `None` for a URL of another kind.
pub(super) fn local_directory(place: &str) -> Result<Option<PathBuf>, StoreError> {
    match place.split_once("://") {
        None => Ok(Some(PathBuf::from(place))),
        Some(("file", _)) => {
            let path = Url::parse(place).ok().and_then(|url| url.to_file_path().ok());
            path.map(Some)
                .ok_or_else(|| StoreError::Place(place.to_owned(), "write file:// and an absolute path".to_owned()))
        }
        Some(_) => Ok(None),
    }
}

fn failed(action: &'static str, name: &str, source: ObjectError) -> StoreError {
    StoreError::Objects { action, name: name.to_owned(), source }
}
