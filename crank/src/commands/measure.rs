//! Runs a campaign's query over an events file: what `evaluate` does first and `verify --events` does again.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    num::NonZeroUsize,
    path::Path,
    thread,
};

use sha2::{Digest, Sha256};
use torque::merkle::Hash;

use crate::{
    activity::{Activity, AnswerShape, QueryError, QueryLimits, Question, ask},
    evaluation::Row,
    failure::Failure,
    period::Period,
};

/// What the query returns for the period, in no order that matters, and the SHA-256 of the events it ran over.
pub(super) fn measure(
    events: &Path,
    sql: &str,
    period: Period,
    campaign_start: i64,
    threads: NonZeroUsize,
) -> Result<(Vec<Row>, Hash), Failure> {
    let hash = hash_file(events)?;
    let question =
        Question { sql: sql.to_owned(), period, campaign_start, views: BTreeMap::new(), answer: AnswerShape::Values };
    let limits = QueryLimits { threads: threads.get(), ..QueryLimits::default() };
    let rows = ask(&Activity::Lines(events.to_owned()), &question, &limits).map_err(|error| match error {
        QueryError::Process(_) => Failure::Outside(error.to_string()),
        QueryError::Activity(_) => Failure::Input(error.to_string()),
        _ => Failure::Input(format!("`sqlQuery`: {error}")),
    })?;
    // Another process read the file, and the hash must be that of what it read.
    if hash_file(events)? != hash {
        return Err(Failure::Outside(format!("{}: was changed while it was read", events.display())));
    }
    Ok((rows.into_iter().map(|row| Row { address: row.address, value: row.value }).collect(), hash))
}

/// The SHA-256 of a file.
pub(super) fn hash_file(path: &Path) -> Result<Hash, Failure> {
    let at = |error: io::Error| Failure::Input(format!("{}: {error}", path.display()));
    let mut file = File::open(path).map_err(at)?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer).map_err(at)? {
            0 => return Ok(hasher.finalize().into()),
            count => hasher.update(buffer.get(..count).unwrap_or_default()),
        }
    }
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
