//! What users did: events are read (`events`), kept (`store`) and asked about (`engine`).
//!
//! A query is a stranger's program, so `engine` runs it in a confined process over a few tables and returns exact
//! values. `filters` and `query_builder` write queries, and `measurement` runs all queries of an epoch. Nothing here
//! knows a cluster, money or the command line; `crank-rules` decides what follows from the answers.

pub mod engine;
pub mod events;
pub mod filters;
pub mod measurement;
pub mod query_builder;
pub mod sql_text;
pub mod store;
