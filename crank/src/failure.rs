//! Why a command did not succeed, which decides the exit code. The texts come from the modules that found the fault.

use crate::operations::OperationError;
use crank_activity::store::StoreError;
use crank_cluster::error::ChainError;
use crank_rules::bundle::DirectoryError;

/// A failure, with the paragraph that is shown to the user.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Failure {
    /// A check failed: the thing examined is not what it claims to be.
    #[error("{0}")]
    Check(String),
    /// The usage, a file or a query that was given is wrong, and the same call will fail again.
    #[error("{0}")]
    Input(String),
    /// The machine, the disk or the network failed, and the same call may succeed later.
    #[error("{0}")]
    Outside(String),
}

impl Failure {
    /// The process's exit code: 1, 2 or 3, where 0 is success.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Check(_) => 1,
            Self::Input(_) => 2,
            Self::Outside(_) => 3,
        }
    }
}

/// On the command line, a field of a request is an option.
impl From<OperationError> for Failure {
    fn from(error: OperationError) -> Self {
        let option = |name: &str| format!("--{}", name.replace('_', "-"));
        match error {
            OperationError::Check(text) => Self::Check(text),
            OperationError::Input(text) => Self::Input(text),
            OperationError::Field { name, problem } => Self::Input(format!("{} {problem}", option(name))),
            OperationError::Held { problem, advice, name } => {
                Self::Input(format!("{problem}; {advice} {}", option(name)))
            }
            OperationError::Outside(text) => Self::Outside(text),
        }
    }
}

impl From<DirectoryError> for Failure {
    fn from(error: DirectoryError) -> Self {
        OperationError::from(error).into()
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        OperationError::from(error).into()
    }
}

impl From<ChainError> for Failure {
    fn from(error: ChainError) -> Self {
        Self::Outside(error.to_string())
    }
}
