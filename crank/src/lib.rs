//! The crank: measures what users did, decides what they are paid, and pays it.
//!
//! `crank-rules` decides and is pure, `crank-activity` keeps events and runs queries, and `crank-cluster` knows the
//! chain. Here they come together: `operations` is what the crank does for any caller, `commands` is what people
//! type.

pub mod cli;
pub mod commands;
pub mod failure;
pub mod operations;

pub use commands::run;
