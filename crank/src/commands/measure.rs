//! Asks what a bundle has to know of activity. Also the threads that the commands share.

use std::{num::NonZeroUsize, thread};

use super::activity_source::Gathered;
use crate::{
    activity::QueryLimits,
    bundle::Measured,
    evaluation::Kind,
    failure::Failure,
    measurement::{Inquiry, Measurement},
};

/// Asks all that an inquiry asks, in the form in which a bundle keeps it.
pub(super) fn measure(gathered: &Gathered, inquiry: &Inquiry<'_>, threads: NonZeroUsize) -> Result<Measured, Failure> {
    let limits = QueryLimits { threads: threads.get(), ..QueryLimits::default() };
    let measurement = inquiry.measure(&gathered.activity, &limits)?;
    gathered.refuse_changed()?;
    Ok(measured(inquiry.kind, measurement))
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

/// Runs `work` with that many threads for its parallel parts.
pub(super) fn with_threads<T: Send>(threads: NonZeroUsize, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build();
    Ok(pool.map_err(|error| Failure::Outside(format!("no threads to evaluate with: {error}")))?.install(work))
}

/// The number of threads asked for, or one per core.
pub(super) fn threads_or_default(threads: Option<NonZeroUsize>) -> NonZeroUsize {
    threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}
