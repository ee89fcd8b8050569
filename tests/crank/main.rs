//! The crank as it is typed: `evaluate` and `verify` on files, judged by exit code, text and bytes.
//!
//! Every command is a process of the executable, as on a shell. Not here: the rules of an evaluation and of a bundle,
//! which have their tests beside the code, and what queries must not do, which is in `tests/sandbox`.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod account;
mod bad_input;
mod bundles;
mod demo;
mod epochs;
mod evaluate;
mod node;
mod preview;
mod query;
mod readme;
mod scenarios;
mod shown_text;
mod store;
mod verify;
mod working_directory;
