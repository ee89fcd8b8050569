//! Code that the tests share: a world with the program deployed, fixtures at every stage of a campaign, and assertions.
//!
//! Everything is deterministic: keys come from counters and time is set. Tests send to the real bytecode; the only
//! thing here that does not is `reference_tree`, which is written from the RFC alone to be compared with.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

pub mod assertions;
pub mod calls;
pub mod campaign;
pub mod events;
pub mod extensions;
pub mod fixture;
pub mod forge;
pub mod idl;
pub mod invariants;
pub mod issuers;
pub mod large_epoch;
pub mod ledger;
pub mod lifecycle;
pub mod malformations;
pub mod memory;
pub mod milestones;
pub mod node;
pub mod outflow;
pub mod prizes;
pub mod raffles;
pub mod recipients;
pub mod reference_tree;
pub mod settings;
pub mod sponsors;
pub mod stages;
pub mod transfer_fees;
pub mod trials;
pub mod unsigned;
pub mod views;
pub mod world;
pub mod wrong_accounts;
