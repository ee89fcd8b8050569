//! Why a filter cannot be put into SQL. All other parameters were checked when the filter was constructed.

use crate::engine::{QueryError, check_expression};
use crank_rules::campaign::{Filter, FilterRule};

/// A filter that cannot be put into SQL, because its condition is not one expression over an event's columns.
#[derive(Debug, thiserror::Error)]
#[error("`filters[{place}].where`: {problem}")]
pub struct FilterError {
    /// The filter's place in the list.
    pub place: usize,
    /// What is wrong.
    pub problem: QueryError,
}

/// Checks a condition that goes into generated SQL unquoted. A whole query is checked by the engine when it runs.
pub(super) fn check(place: usize, filter: &Filter) -> Result<(), FilterError> {
    match filter.rule() {
        FilterRule::ExcludeEvents { condition, .. } => {
            check_expression(condition).map_err(|problem| FilterError { place, problem })
        }
        _ => Ok(()),
    }
}
