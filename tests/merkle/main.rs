//! The tree of the program and of the crank, judged by published vectors and by a second implementation.
//!
//! `known_vectors` proves the reference, `program_tree` and `refusals` judge `torque::merkle` by it, `crank_tree`
//! judges the crank's builder. Not here: instructions that verify paths (`tests/program`).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod crank_tree;
mod known_vectors;
mod payments;
mod program_tree;
mod refusals;
