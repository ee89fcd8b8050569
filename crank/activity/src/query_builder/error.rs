//! What is wrong with a request for a query.

use super::SourceName;
use crate::engine::QueryError;

/// What is wrong with a request for a query: the parameter, what was found and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum QueryRequestError {
    /// The text is not a JSON object of known parameters.
    #[error("the request cannot be read: {0}")]
    Json(String),
    /// A required parameter is missing.
    #[error("`{parameter}` is missing: expected {expected}")]
    Missing {
        /// The parameter.
        parameter: &'static str,
        /// What would be right.
        expected: String,
    },
    /// A parameter that the source does not have.
    #[error("`{parameter}` is given, but the source `{source_name}` has none: its parameters are {known}")]
    OfAnotherSource {
        /// The parameter.
        parameter: &'static str,
        /// The source.
        source_name: SourceName,
        /// The parameters that it has.
        known: String,
    },
    /// A parameter that cannot be combined with another one.
    #[error("`{parameter}` is given, but {reason}: leave it out")]
    Surplus {
        /// The parameter.
        parameter: &'static str,
        /// Why it cannot be combined.
        reason: &'static str,
    },
    /// A parameter has a value that is not valid.
    #[error("`{parameter}`: found {found}, expected {expected}")]
    Value {
        /// The parameter.
        parameter: &'static str,
        /// The value.
        found: String,
        /// What would be right.
        expected: String,
    },
    /// A part that is written in SQL is not valid.
    #[error("`{parameter}`: {problem}")]
    Sql {
        /// The parameter; in a list, with the place of the part.
        parameter: String,
        /// What is wrong.
        problem: QueryError,
    },
}
