//! Why an operation did not succeed, and whose fault it was. The caller turns it into text: the command line writes
//! fields as options, and makes an exit code of the kind.

use crank_activity::{engine::QueryError, measurement::MeasurementError, store::StoreError};
use crank_rules::bundle::DirectoryError;

/// Why an operation did not succeed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum OperationError {
    /// A check failed: the thing examined is not what it claims to be.
    #[error("{0}")]
    Check(String),
    /// The input is wrong, and the same request will fail again.
    #[error("{0}")]
    Input(String),
    /// One field of the request is wrong, missing or useless.
    #[error("`{name}` {problem}")]
    Field {
        /// The field, in snake case.
        name: &'static str,
        /// What is wrong with it and what would be right, as the rest of a sentence that begins with the field.
        problem: String,
    },
    /// The request is refused unless one of its fields is changed.
    #[error("{problem}; {advice} `{name}`")]
    Held {
        /// Why it is refused.
        problem: String,
        /// What to do with the field, as in `raise the limit with`.
        advice: &'static str,
        /// The field, in snake case.
        name: &'static str,
    },
    /// The machine, the disk or the network failed, and the same request may succeed later.
    #[error("{0}")]
    Outside(String),
}

impl OperationError {
    /// Wrong input, in the words of the module that found it.
    pub(super) fn input(error: impl ToString) -> Self {
        Self::Input(error.to_string())
    }

    /// A fault of one field.
    pub(super) fn field(name: &'static str, problem: impl Into<String>) -> Self {
        Self::Field { name, problem: problem.into() }
    }

    /// The same with words in front, such as the file that it is about.
    #[must_use]
    pub fn about(self, subject: impl std::fmt::Display) -> Self {
        match self {
            Self::Check(text) => Self::Check(format!("{subject}: {text}")),
            Self::Input(text) => Self::Input(format!("{subject}: {text}")),
            Self::Held { problem, advice, name } => {
                Self::Held { problem: format!("{subject}: {problem}"), advice, name }
            }
            Self::Outside(text) => Self::Outside(format!("{subject}: {text}")),
            field @ Self::Field { .. } => field,
        }
    }

    /// A query that stopped at a limit can be asked again with a higher one.
    pub(super) fn of_query(error: &QueryError, problem: String) -> Self {
        let limit = |name| Self::Held { problem: problem.clone(), advice: "raise the limit with", name };
        match error {
            QueryError::TooManyRows(_) => limit("query_rows"),
            QueryError::OutOfMemory(_) => limit("query_memory"),
            QueryError::OutOfTime { .. } => limit("query_seconds"),
            QueryError::Process(_) => Self::Outside(error.to_string()),
            QueryError::Activity(_) => Self::Input(error.to_string()),
            _ => Self::Input(problem),
        }
    }
}

impl From<MeasurementError> for OperationError {
    fn from(error: MeasurementError) -> Self {
        match &error {
            MeasurementError::Query { error: cause, .. } => Self::of_query(cause, error.to_string()),
            _ => Self::Input(error.to_string()),
        }
    }
}

impl From<StoreError> for OperationError {
    fn from(error: StoreError) -> Self {
        let text = error.to_string();
        match error {
            StoreError::Events(_)
            | StoreError::IdReused { .. }
            | StoreError::Input(_)
            | StoreError::Place(..)
            | StoreError::TypeChanged { .. }
            | StoreError::TooManyColumns { .. }
            | StoreError::Repeated { .. }
            | StoreError::WatermarkBackwards { .. }
            | StoreError::UnknownVersion { .. }
            | StoreError::Vacuumed { .. } => Self::Input(text),
            StoreError::Altered { .. } | StoreError::Missing(_) => Self::Check(text),
            StoreError::Objects { .. }
            | StoreError::Disk { .. }
            | StoreError::Parquet { .. }
            | StoreError::BeingDeleted(_)
            | StoreError::Overtaken => Self::Outside(text),
        }
    }
}

impl From<DirectoryError> for OperationError {
    fn from(error: DirectoryError) -> Self {
        let text = error.to_string();
        match error {
            DirectoryError::Occupied(_) | DirectoryError::NotADirectory(_) | DirectoryError::Signed(_) => {
                Self::Input(text)
            }
            DirectoryError::Difference(_) => Self::Check(text),
            DirectoryError::Disk { .. } => Self::Outside(text),
        }
    }
}
