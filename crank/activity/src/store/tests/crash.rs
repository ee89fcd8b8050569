//! A process that dies between any two steps: the next one finds everything or nothing of what was being done.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use futures::{StreamExt, stream::BoxStream};
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, local::LocalFileSystem, path::Path,
};

use super::*;
use crate::store::{Objects, StoreError};

/// An object store that does a number of steps and then nothing any more.
#[derive(Debug)]
struct Mortal {
    inner: Arc<dyn ObjectStore>,
    steps: Arc<AtomicI64>,
    /// Whether the last step is done although nobody hears of it.
    does_last: bool,
}

impl std::fmt::Display for Mortal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("mortal")
    }
}

fn died() -> Error {
    Error::Generic { store: "mortal", source: "it died".into() }
}

impl Mortal {
    /// Whether this step is done, and whether it is heard of.
    fn step(&self) -> (bool, bool) {
        let left = self.steps.fetch_sub(1, Ordering::SeqCst);
        (left > 0 || (left == 0 && self.does_last), left > 0)
    }

    fn outcome<T>(&self, done: Option<Result<T>>, is_heard: bool) -> Result<T> {
        match (done, is_heard) {
            (Some(result), true) => result,
            _ => Err(died()),
        }
    }
}

#[async_trait::async_trait]
impl ObjectStore for Mortal {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let (is_done, is_heard) = self.step();
        let done = if is_done { Some(self.inner.put_opts(location, payload, options).await) } else { None };
        self.outcome(done, is_heard)
    }

    async fn put_multipart_opts(&self, _: &Path, _: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        Err(died())
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        if self.steps.load(Ordering::SeqCst) < 0 {
            return Err(died());
        }
        self.inner.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let (steps, does_last) = (Arc::clone(&self.steps), self.does_last);
        let counted = locations.map(move |location| {
            let left = steps.fetch_sub(1, Ordering::SeqCst);
            if left > 0 || (left == 0 && does_last) { location } else { Err(died()) }
        });
        self.inner.delete_stream(counted.boxed())
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        let (is_done, is_heard) = self.step();
        let done = if is_done { Some(self.inner.copy_opts(from, to, options).await) } else { None };
        self.outcome(done, is_heard)
    }
}

/// Where the test lies: in memory, or in a directory, which has more steps.
enum Place {
    Memory(Arc<InMemory>),
    Directory(tempfile::TempDir),
}

impl Place {
    fn store(&self, steps: i64, does_last: bool) -> Store {
        let directory = match self {
            Self::Memory(_) => None,
            Self::Directory(directory) => Some(directory.path().to_path_buf()),
        };
        let inner: Arc<dyn ObjectStore> = match self {
            Self::Memory(objects) => Arc::clone(objects) as Arc<dyn ObjectStore>,
            Self::Directory(directory) => Arc::new(LocalFileSystem::new_with_prefix(directory.path()).unwrap()),
        };
        let mortal = Mortal { inner, steps: Arc::new(AtomicI64::new(steps)), does_last };
        let objects = Objects::new(Arc::new(mortal), Path::default(), directory).unwrap();
        Store { objects, ..on(Arc::new(InMemory::new())) }
    }
}

/// Prepares a store, lets `act` die after every number of steps, and checks what the next process finds.
fn die_everywhere(
    prepare: impl Fn(&Store),
    act: impl Fn(&Store) -> std::result::Result<(), StoreError>,
    check: impl Fn(&Store, bool),
) {
    for is_local in [false, true] {
        for does_last in [false, true] {
            for steps in 0.. {
                let place = if is_local {
                    Place::Directory(tempfile::tempdir().unwrap())
                } else {
                    Place::Memory(Arc::new(InMemory::new()))
                };
                prepare(&place.store(i64::MAX, false));
                let is_done = act(&place.store(steps, does_last)).is_ok();
                check(&place.store(i64::MAX, false), is_done);
                assert!(steps < 200, "it never ends");
                if is_done {
                    assert!(steps > 3, "only {steps} steps");
                    break;
                }
            }
        }
    }
}

#[test]
fn an_ingest_that_dies_is_seen_whole_or_not_at_all() {
    let before = rows_of(&lines(0..40));
    let after = rows_of(&lines(0..70));
    let act = |store: &Store| {
        let text = lines(30..70).join("\n");
        store.ingest_lines(|| Ok(text.as_bytes()), Some(50 * HOUR)).map(|_| ())
    };
    die_everywhere(
        |store| {
            store.ingest(&read(&lines(0..40))).unwrap();
        },
        act,
        |store, is_done| {
            let found = rows(store);
            let watermark = store.snapshot().unwrap().watermark;
            assert!(found == before || found == after);
            assert_eq!(watermark.is_some(), found == after);
            assert!(!is_done || found == after);
            act(store).unwrap();
            assert_eq!(rows(store), after);
            assert_eq!(store.snapshot().unwrap().version, 2);
        },
    );
}

fn ingest_in_pieces(store: &Store) {
    for start in 0..4 {
        store.ingest(&read(&lines((0..60).filter(|number| number % 4 == start || number % 7 == 0)))).unwrap();
    }
}

#[test]
fn a_compaction_that_dies_changes_nothing_that_is_seen() {
    let expected = rows_of(&lines(0..60));
    die_everywhere(
        ingest_in_pieces,
        |store| store.compact(1 << 20).map(|_| ()),
        |store, _| {
            assert_eq!(rows(store), expected);
            store.compact(1 << 20).unwrap();
            assert_eq!(rows(store), expected);
            let again = store.ingest(&read(&lines(0..60))).unwrap();
            assert_eq!(again.tables.values().map(|table| table.added).sum::<u64>(), 0);
            assert_eq!(store.snapshot().unwrap().files.len(), 6);
        },
    );
}

#[test]
fn a_vacuum_that_dies_is_finished_by_the_next() {
    let expected = rows_of(&lines(0..60));
    die_everywhere(
        |store| {
            ingest_in_pieces(store);
            store.compact(1 << 20).unwrap();
        },
        |store| store.vacuum(0).map(|_| ()),
        |store, _| {
            assert_eq!(rows(store), expected);
            store.vacuum(2).unwrap();
            assert_eq!(rows(store), expected);
            store.vacuum(0).unwrap();
            assert_eq!(rows(store), expected);
            let objects = store.objects.list().unwrap();
            let data = objects.iter().filter(|name| !name.starts_with("_log/"));
            // Six files of events, two of ids, and what the death left in the staging place.
            assert_eq!(data.filter(|name| !name.starts_with("_staged/")).count(), 8, "{objects:#?}");
        },
    );
}
