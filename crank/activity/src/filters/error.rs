//! Why a filter cannot be put into SQL. Its other parameters are right, or it would not be a filter.

use crate::engine::{QueryError, check_expression};
use crank_rules::campaign::{Filter, FilterRule};

/// A filter that cannot be put into SQL as it is meant: its condition is not one expression over an event's columns.
#[derive(Debug, thiserror::Error)]
#[error("`filters[{place}].where`: {problem}")]
pub struct FilterError {
    /// The filter's place in the list.
    pub place: usize,
    /// What is wrong.
    pub problem: QueryError,
}

/// Checks what goes into generated SQL as it is. A query that is given as a whole is checked where it runs.
pub(super) fn check(place: usize, filter: &Filter) -> Result<(), FilterError> {
    match filter.rule() {
        FilterRule::ExcludeEvents { condition, .. } => {
            check_expression(condition).map_err(|problem| FilterError { place, problem })
        }
        _ => Ok(()),
    }
}
