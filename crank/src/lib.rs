//! The crank: measures what users did, decides what they are paid, and pays it.
//!
//! `crank-rules` decides and is pure, `crank-activity` keeps events and runs queries, and `crank-cluster` knows the
//! chain. This package combines them: `operations` does the work for any caller, `commands` is the command line.

pub mod cli;
pub mod commands;
pub mod failure;
pub mod operations;

pub use commands::run;
