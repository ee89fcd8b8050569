//! The steps that make a cluster agree with a campaign, on the real program: they can be interrupted at any instant and
//! run again at any time, and they refuse existing accounts that differ.
//!
//! Not here: what the program itself refuses (`tests/program`).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod agreement;
mod formats;
mod interrupted;
mod kills;
mod lookup_tables;
mod model_node;
mod nodes;
mod scene;
