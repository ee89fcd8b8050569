//! Tests of the command line: the commands run on files, and their exit codes, texts and bytes are checked.
//!
//! Every command is a process of the executable, as in a shell. Not here: the rules of evaluations and bundles, whose
//! tests are beside the code, and hostile queries (`tests/sandbox`).
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
mod claim;
mod demo;
mod epochs;
mod evaluate;
mod node;
mod posted;
mod preview;
mod query;
mod readme;
mod scenarios;
#[expect(unreachable_pub, reason = "the harness of the other tests has it too")]
#[path = "../harness/node.rs"]
mod server;
mod shown_text;
mod status;
mod store;
mod verify;
mod working_directory;
