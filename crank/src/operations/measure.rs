//! Runs the queries of an inquiry, and sets the number of threads.

use std::num::NonZeroUsize;

use super::{OperationError, activity_source::Gathered};
use crank_activity::{engine::QueryLimits, measurement::Inquiry};
use crank_rules::bundle::Measured;

/// Answers all questions of an inquiry.
pub(super) fn measure(
    gathered: &Gathered,
    inquiry: &Inquiry<'_>,
    limits: &QueryLimits,
) -> Result<Measured, OperationError> {
    Ok(inquiry.measure(&gathered.activity, limits)?)
}

/// Runs `work` with as many threads for its parallel parts as the limits allow.
pub(super) fn with_threads<T: Send>(
    limits: &QueryLimits,
    work: impl FnOnce() -> T + Send,
) -> Result<T, OperationError> {
    let threads = NonZeroUsize::new(limits.threads).unwrap_or(NonZeroUsize::MIN);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build();
    Ok(pool.map_err(|error| OperationError::Outside(format!("no threads to evaluate with: {error}")))?.install(work))
}
