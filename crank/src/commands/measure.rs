//! Where the activity of an epoch is: a file of events or a store, and what a bundle says of it. Also the threads that
//! the commands share.

use std::{fs::File, io, num::NonZeroUsize, path::Path, thread};

use torque::merkle::Hash;

use crate::{
    activity::{Activity, QueryLimits},
    bundle::{Input, Measured, Queries},
    evaluation::Kind,
    failure::Failure,
    hash::sha256_of_reader,
    measurement::{Inquiry, Measurement},
    message_text::millisecond,
    store::{Snapshot, Store, StoreError},
};

/// What a file of events is called in a bundle; its real name is nobody's business.
pub(super) const EVENTS: &str = "events";

/// Activity, and the files that it consists of.
#[derive(Clone, Debug)]
pub(super) struct Gathered {
    /// What queries run over.
    pub(super) activity: Activity,
    /// The files, for the bundle.
    pub(super) inputs: Vec<Input>,
}

impl Gathered {
    /// A file of events, all of it.
    pub(super) fn lines(path: &Path) -> Result<Self, Failure> {
        let inputs = vec![Input { name: EVENTS.to_owned(), sha256: hash_file(path)? }];
        Ok(Self { activity: Activity::Lines(path.to_owned()), inputs })
    }

    /// The file of events that a bundle was made from.
    pub(super) fn lines_of(queries: &Queries, path: &Path) -> Result<Self, Failure> {
        let gathered = Self::lines(path)?;
        match (queries.inputs.as_slice(), gathered.inputs.as_slice()) {
            (expected, found) if expected == found => Ok(gathered),
            ([expected], [found]) if expected.name == EVENTS => Err(Failure::Check(format!(
                "{}: expected the SHA-256 {}, found {}: the bundle was made from other events",
                path.display(),
                hex::encode(expected.sha256),
                hex::encode(found.sha256)
            ))),
            _ => Err(Failure::Input("--events has no use here: the bundle was made from a store".to_owned())),
        }
    }

    /// The tables of a store that the queries may read, all of each: a query may look back as far as it likes.
    ///
    /// `complete_until`, in milliseconds since 1970, is the instant up to which the store must have all events.
    pub(super) fn stored(place: &str, inquiry: &Inquiry<'_>, complete_until: Option<i64>) -> Result<Self, Failure> {
        let store = Store::open(place).map_err(|error| at_store(place, &error))?;
        let snapshot = store.snapshot().map_err(|error| at_store(place, &error))?;
        if let Some(until) = complete_until {
            refuse_incomplete(place, snapshot.watermark, until)?;
        }
        Self::of_snapshot(&store, &snapshot, inquiry).map_err(|error| at_store(place, &error))
    }

    /// The same tables as a store had them when a bundle was made, at the newest version that has its very files.
    pub(super) fn stored_of(queries: &Queries, place: &str, inquiry: &Inquiry<'_>) -> Result<Self, Failure> {
        let store = Store::open(place).map_err(|error| at_store(place, &error))?;
        let mut snapshot = store.snapshot().map_err(|error| at_store(place, &error))?;
        while inputs(&snapshot, inquiry) != queries.inputs {
            if snapshot.version <= snapshot.oldest {
                let text = "no version of the store that is left has the files that the bundle was made from";
                return Err(Failure::Check(format!("{place}: {text}")));
            }
            let before = snapshot.version.saturating_sub(1);
            snapshot = store.snapshot_at(before).map_err(|error| at_store(place, &error))?;
        }
        Self::of_snapshot(&store, &snapshot, inquiry).map_err(|error| at_store(place, &error))
    }

    fn of_snapshot(store: &Store, snapshot: &Snapshot, inquiry: &Inquiry<'_>) -> Result<Self, StoreError> {
        let tables = store.fetch_period(snapshot, |table| inquiry.may_read(table), i64::MIN, i64::MAX)?;
        Ok(Self { activity: Activity::Stored(tables), inputs: inputs(snapshot, inquiry) })
    }

    /// Asks all that an inquiry asks, in the form in which a bundle keeps it.
    pub(super) fn measure(&self, inquiry: &Inquiry<'_>, threads: NonZeroUsize) -> Result<Measured, Failure> {
        let limits = QueryLimits { threads: threads.get(), ..QueryLimits::default() };
        let measurement = inquiry.measure(&self.activity, &limits)?;
        self.refuse_changed()?;
        Ok(measured(inquiry.kind, measurement))
    }

    /// Fails if a file has changed since it was gathered, so that queries may have seen something else than the bundle
    /// says. The files of a store are named by their hashes and never change.
    fn refuse_changed(&self) -> Result<(), Failure> {
        match (&self.activity, self.inputs.as_slice()) {
            (Activity::Lines(path), [input]) if hash_file(path)? != input.sha256 => {
                Err(Failure::Outside(format!("{}: was changed while it was read", path.display())))
            }
            _ => Ok(()),
        }
    }
}

/// The files of a store that queries may read, sorted by name.
fn inputs(snapshot: &Snapshot, inquiry: &Inquiry<'_>) -> Vec<Input> {
    let files = snapshot.select(|table| inquiry.may_read(table), i64::MIN, i64::MAX);
    let mut inputs: Vec<Input> =
        files.into_iter().map(|file| Input { name: file.path(), sha256: file.sha256 }).collect();
    inputs.sort_unstable();
    inputs
}

fn at_store(place: &str, error: &StoreError) -> Failure {
    Failure::Outside(format!("{place}: {error}"))
}

fn refuse_incomplete(place: &str, watermark: Option<i64>, until: i64) -> Result<(), Failure> {
    if watermark.is_some_and(|watermark| watermark >= until) {
        return Ok(());
    }
    let complete = watermark.map_or_else(
        || "nothing says up to when".to_owned(),
        |instant| format!("it is up to {}", millisecond(instant)),
    );
    Err(Failure::Input(format!(
        "{place}: events of the epoch may still be missing: the store must be complete up to {} (the epoch's end and \
         `gracePeriodSeconds`), and {complete}; wait, or say --even-if-incomplete",
        millisecond(until)
    )))
}

fn measured(kind: Kind, measurement: Measurement) -> Measured {
    let Measurement { per_action, rows, unfiltered, excluded, milestone_total } = measurement;
    let per_action = per_action.into_iter().map(|(_, rows)| rows).collect();
    let measured = Measured { rows, per_action, milestone_total, ..Measured::default() };
    match unfiltered {
        Some(unfiltered) => measured.with_filters(kind, &unfiltered, &excluded),
        None => measured,
    }
}

/// The SHA-256 of a file.
pub(super) fn hash_file(path: &Path) -> Result<Hash, Failure> {
    let at = |error: io::Error| Failure::Input(format!("{}: {error}", path.display()));
    sha256_of_reader(File::open(path).map_err(at)?).map_err(at)
}

/// Runs `work` with that many threads for its parallel parts.
pub(super) fn with_threads<T: Send>(threads: NonZeroUsize, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build();
    Ok(pool.map_err(|error| Failure::Outside(format!("no threads to evaluate with: {error}")))?.install(work))
}

/// The number of threads asked for, or one per core.
pub(super) fn threads_or_default(threads: Option<NonZeroUsize>) -> NonZeroUsize {
    threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}
