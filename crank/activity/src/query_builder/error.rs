//! What is wrong with a request for a query.

use super::SourceName;
use crate::engine::QueryError;

/// What is wrong with a request for a query: the parameter, what was found and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum QueryRequestError {
    /// The text is no JSON object of known parameters.
    #[error("the request cannot be read: {0}")]
    Json(String),
    /// A parameter that must be there is not.
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
        /// Those it has.
        known: String,
    },
    /// A parameter that has no place beside another.
    #[error("`{parameter}` is given, but {reason}: leave it out")]
    Surplus {
        /// The parameter.
        parameter: &'static str,
        /// Why it has no place here.
        reason: &'static str,
    },
    /// A parameter holds something that it cannot hold.
    #[error("`{parameter}`: found {found}, expected {expected}")]
    Value {
        /// The parameter.
        parameter: &'static str,
        /// What it holds.
        found: String,
        /// What would be right.
        expected: String,
    },
    /// A part written in SQL is not what it should be.
    #[error("`{parameter}`: {problem}")]
    Sql {
        /// The parameter, with its place where it is a list.
        parameter: String,
        /// What is wrong.
        problem: QueryError,
    },
}
