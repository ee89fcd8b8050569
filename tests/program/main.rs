//! The program, instruction by instruction, on the committed bytecode in a Solana virtual machine.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod action_accept;
mod action_close;
mod action_create;
mod action_transfer;
mod action_update;
mod agreed_terms;
mod arithmetic;
mod catalogue;
mod claim;
mod config_accept;
mod config_initialize;
mod config_pause;
mod config_set_fee;
mod config_set_pauser;
mod config_set_treasury;
mod config_transfer;
mod config_unpause;
mod conservation;
mod distributor_close;
mod distributor_create;
mod distributor_end;
mod distributor_fund;
mod distributor_pause;
mod distributor_unpause;
mod distributor_update;
mod epoch_cancel;
mod epoch_close;
mod epoch_extend;
mod epoch_post;
mod epoch_repost;
mod epoch_skip;
mod explanation;
mod fee_collect;
mod fees;
mod halts;
mod issuers;
mod large_epochs;
mod leaf_strike;
mod limiter;
mod limiter_changes;
mod limiter_room;
mod limits;
mod link_close;
mod link_create;
mod malformed_calls;
mod milestone_creation;
mod milestone_missed;
mod milestone_report;
mod milestone_unlocked;
mod pause;
mod powers;
mod prefunded_addresses;
mod prizes;
mod push;
mod push_batched;
mod push_skips;
mod raffle_close;
mod raffle_commit;
mod raffle_draw;
mod raffle_renewals;
mod raffles;
mod registry;
mod role_accept;
mod role_transfer;
mod roles;
mod saved_accounts;
mod security;
mod sequences;
mod settlement;
mod shares;
mod sponsor_refund;
mod sponsoring;
mod substitution;
mod subtree_prove;
mod transfer_fee;
mod versions;
mod view_claimable;
mod view_leaf;
mod view_refund;
