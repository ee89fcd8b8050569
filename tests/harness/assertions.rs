//! The two ways in which a test sends: it must succeed, or be refused with exactly one error.

use anchor_lang::error::ErrorCode;
use crank_cluster::cluster::Receipt;
use crank_cluster::error::ChainError;
use torque::error::TorqueError;

/// The result of sending.
pub type Sent = Result<Receipt, ChainError>;

/// The transaction was executed.
#[track_caller]
pub fn expect_success(sent: Sent) -> Receipt {
    match sent {
        Ok(receipt) => receipt,
        Err(ChainError::Refused { reason, logs, .. }) => panic!("refused: {reason}\n{}", logs.join("\n")),
        Err(error) => panic!("{error}"),
    }
}

/// The program refused with `expected`.
#[track_caller]
pub fn expect_error(sent: Sent, expected: TorqueError) {
    expect_code(sent, u32::from(expected), &format!("{expected:?}"));
}

/// A program refused with the error of number `code`.
#[track_caller]
pub fn expect_code(sent: Sent, code: u32, name: &str) {
    match sent {
        Ok(_) => panic!("succeeded, but should be refused with {name}"),
        Err(ChainError::Refused { code: Some(found), .. }) if found == code => {}
        Err(ChainError::Refused { reason, logs, .. }) => {
            panic!("refused with another error than {name}: {reason}\n{}", logs.join("\n"))
        }
        Err(error) => panic!("{error}"),
    }
}

/// The runtime or a program refused.
#[track_caller]
pub fn expect_refused(sent: Sent) -> String {
    match sent {
        Ok(_) => panic!("succeeded, but should be refused"),
        Err(error) => error.to_string(),
    }
}

/// Anchor refused with `expected`, one of the framework's own errors.
#[track_caller]
pub fn expect_anchor_error(sent: Sent, expected: ErrorCode) {
    expect_code(sent, u32::from(expected), &format!("{expected:?}"));
}

/// The system program refused to create an account that exists already.
#[track_caller]
pub fn expect_address_taken(sent: Sent) {
    expect_code(sent, 0, "AccountAlreadyInUse");
}
