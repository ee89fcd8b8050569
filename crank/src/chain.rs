//! The chain as the crank sees it: addresses and instructions of the program, and a cluster to send them to.
//!
//! Only this module knows Solana's transactions and its embedded machine. It decides nothing: what to post and whom to
//! pay comes from `evaluation`, `bundle` and `payment`.

pub mod address;
pub mod authority;
pub mod embedded;
pub mod error;
pub mod fetched;
pub mod instruction;
pub mod mint;
pub mod preflight;
pub mod raffle;
pub mod rpc;
pub mod settlement;
pub mod transaction;
pub mod view;
