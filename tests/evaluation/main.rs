//! The evaluation of an epoch, judged by a second one that is slow and obvious, and by statistics where chance decides.
//!
//! `reference` and `expression` are written from the design alone and share no code with the crank but the types that
//! carry terms. `epoch` makes random epochs, `agreement` compares, `draws` tests the raffle, `documented` has what
//! Torque's documentation says. Not here: single rules by example (the crank's own tests).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and a statistic is not an amount"
)]

mod agreement;
mod choices;
mod corrections;
mod determinism;
mod documented;
mod draws;
mod epoch;
mod expression;
mod reference;
