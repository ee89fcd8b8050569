//! The crank's operations, one function each, for every kind of caller: today the command line, later a daemon, REST
//! and MCP.
//!
//! An operation takes a request of plain fields and answers with plain data. It prints nothing, knows no arguments and
//! no exit codes, and its error says whose fault it was. Text for people and exit codes belong to `commands`. The rules
//! are not here: `campaign`, `evaluation` and `bundle` decide.

pub mod activity_source;
pub mod campaign_text;
mod chain;
pub mod claim;
pub mod error;
pub mod evaluate;
mod measure;
pub mod preview;
pub mod query;
pub mod status;
pub mod verify;

pub use error::OperationError;
