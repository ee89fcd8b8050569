//! The steps that bring a cluster to what a campaign asks for, on the real program: they can be interrupted at any
//! instant, asked for again at any time, and refuse what is there already and is otherwise.
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
mod interrupted;
mod kills;
mod scene;
