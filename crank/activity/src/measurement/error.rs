//! Why an epoch cannot be measured.

use crate::{engine::QueryError, filters::FilterError};
use crank_rules::evaluation::EvaluationError;

/// Why an epoch cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasurementError {
    /// A filter cannot be put into SQL.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A query was refused, failed, or could not run.
    #[error("{place}: {error}")]
    Query {
        /// Where the query stands in the campaign, such as `` `sqlQuery` ``.
        place: String,
        /// Why it has no answer.
        error: QueryError,
    },
    /// The actions' values cannot be summed up.
    #[error(transparent)]
    Sum(#[from] EvaluationError),
    /// The total of all values is too long.
    #[error("`milestone`: the sum of all measured values has more than 38 digits")]
    MilestoneTotal,
}
