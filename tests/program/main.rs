//! The program, instruction by instruction, on the committed bytecode in a Solana virtual machine.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod action_create;
mod catalogue;
mod claim;
mod config_initialize;
mod config_update;
mod conservation;
mod distributor_close;
mod distributor_create;
mod distributor_end;
mod distributor_fund;
mod distributor_pause;
mod distributor_unpause;
mod epoch_cancel;
mod epoch_close;
mod epoch_extend;
mod epoch_post;
mod epoch_repost;
mod epoch_skip;
mod fees;
mod large_epochs;
mod link_create;
mod malformed_calls;
mod pause;
mod prefunded_addresses;
mod push;
mod push_skips;
mod sequences;
mod substitution;
mod subtree_prove;
