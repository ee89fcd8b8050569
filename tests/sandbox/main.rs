//! Queries in their own process: what is refused, what is stopped, and that other queries are not affected.
//!
//! Not here: the results of queries, whose tests are beside the code.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod activity;
mod good;
mod hostile;
mod process;
mod stored;
