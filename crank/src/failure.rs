//! Why a command did not succeed, which decides the exit code. The texts come from the modules that found the fault.

use crate::bundle::DirectoryError;

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

impl From<DirectoryError> for Failure {
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
