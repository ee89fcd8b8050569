//! The crank: measures what users did, decides what they are paid, and pays it.
//!
//! The modules in reading order. `campaign`, `evaluation`, `formula`, `tree` and `bundle` decide and are pure: no clock,
//! no network, no database. `store` keeps activity, `activity` alone knows the query engine, `chain` alone knows a cluster, `operation` makes a
//! cluster agree with what was decided, and `commands` is what people type.

pub mod cli;
pub mod commands;
pub mod failure;

pub mod activity;
mod base58;
pub mod decimal;
pub mod events;
mod hash;
mod json_object;
mod message_text;
mod near_names;
pub mod period;
pub mod sql_text;
pub mod store;
pub mod table_name;

pub mod bundle;
pub mod campaign;
pub mod canonical_json;
pub mod distribution;
pub mod evaluation;
pub mod filters;
pub mod formula;
pub mod formula_lints;
pub mod measurement;
pub mod payment;
pub mod query_builder;
pub mod tree;

pub mod chain;
pub mod operation;

pub mod operations;

pub use commands::run;
