//! Errors between the crank and a cluster.

use solana_pubkey::Pubkey;
use torque::error::TorqueError;

/// Why a cluster did not carry out a request, or has not the expected accounts.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The transaction was executed and refused.
    #[error("the transaction was refused: {reason}")]
    Refused {
        /// The program's own words, or the runtime's.
        reason: String,
        /// The number of the program's error, if it was one.
        code: Option<u32>,
        /// What the programs logged.
        logs: Vec<String>,
    },
    /// The transaction could not be put together.
    #[error("the transaction cannot be built: {0}")]
    Unbuildable(String),
    /// The account does not exist.
    #[error("there is no account at {0}")]
    NoAccount(Pubkey),
    /// The account exists, but has another type.
    #[error("the account at {address} is not a valid {expected}: {reason}")]
    WrongAccount {
        /// Its address.
        address: Pubkey,
        /// The expected type.
        expected: &'static str,
        /// Why it is not valid.
        reason: String,
    },
    /// The account exists already and differs from the requested one.
    #[error(transparent)]
    Different(Box<Difference>),
    /// The account existed once, and its address can never be used again.
    #[error("the {what} at {address} is closed and cannot be opened again; use the next number")]
    Closed {
        /// Its name.
        what: &'static str,
        /// Its address.
        address: Pubkey,
    },
    /// A node could not be reached.
    #[error("the cluster cannot be asked: {0}")]
    Unreachable(String),
    /// The embedded machine could not be started.
    #[error("the embedded cluster does not start: {0}")]
    Unstartable(String),
}

/// A field in which an existing account differs from the requested one.
#[derive(Debug, thiserror::Error)]
#[error("there is another {what} at {address} already: its {field} is {found} and not {wanted}")]
pub struct Difference {
    /// The account's name.
    pub what: &'static str,
    /// Its address.
    pub address: Pubkey,
    /// The field's name.
    pub field: &'static str,
    /// The value on the cluster.
    pub found: String,
    /// The requested value.
    pub wanted: String,
}

impl ChainError {
    /// That a transaction was refused: in the program's own words if `logs` have them, else for `reason`.
    pub(crate) fn refused(reason: String, code: Option<u32>, logs: Vec<String>) -> Self {
        let words = logs.iter().find_map(|line| line.split_once("Error Message: ").map(|(_, text)| text.to_owned()));
        Self::Refused { reason: words.unwrap_or(reason), code, logs }
    }

    /// Whether the program refused with `error`.
    #[must_use]
    pub fn is(&self, error: TorqueError) -> bool {
        matches!(self, Self::Refused { code: Some(code), .. } if *code == u32::from(error))
    }
}
