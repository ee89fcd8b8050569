//! Queries in the process that is made for them: what they must not do, what ends them, and that nobody else notices.
//!
//! Not here: what a query means, which has its tests beside the code.
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
