//! Runs a campaign's query over an events file: what `evaluate` does first and `verify --events` does again.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    num::NonZeroUsize,
    path::Path,
    thread,
};

use sha2::{Digest, Sha256};
use torque::merkle::Hash;

use crate::{
    activity::{QueryError, QueryLimits, run_query},
    evaluation::Row,
    events::Events,
    failure::Failure,
    period::Period,
};

/// Reads an events file and the SHA-256 of its bytes.
pub(super) fn read_events(path: &Path) -> Result<(Events, Hash), Failure> {
    let at = |error: &dyn std::fmt::Display| Failure::Input(format!("{}: {error}", path.display()));
    let file = File::open(path).map_err(|error| at(&error))?;
    let mut reader = HashingReader { inner: file, hasher: Sha256::new() };
    let events = Events::read(BufReader::new(&mut reader)).map_err(|error| at(&error))?;
    Ok((events, reader.hasher.finalize().into()))
}

/// What the query returns for the period, in no order that matters.
pub(super) fn measure(events: &Events, sql: &str, period: Period, threads: NonZeroUsize) -> Result<Vec<Row>, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.get())
        .enable_time()
        .build()
        .map_err(|error| Failure::Outside(format!("no threads for the query: {error}")))?;
    let limits = QueryLimits { threads: threads.get(), ..QueryLimits::default() };
    let rows = runtime.block_on(run_query(events, sql, period, &limits));
    let rows = rows.map_err(|error| match error {
        QueryError::Thread(_) => Failure::Outside(error.to_string()),
        _ => Failure::Input(format!("`sqlQuery`: {error}")),
    })?;
    Ok(rows.into_iter().map(|row| Row { address: row.address, value: row.value }).collect())
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

/// Hashes everything that is read through it.
struct HashingReader<R> {
    inner: R,
    hasher: Sha256,
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
