//! The crank as it is typed: `evaluate` and `verify` on files, judged by exit code, text and bytes.
//!
//! The command line runs inside this process, through the function that `main` calls. Not here: the rules of an
//! evaluation and of a bundle, which have their tests beside the code.
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
mod costs;
mod demo;
mod evaluate;
mod node;
mod verify;
mod working_directory;
