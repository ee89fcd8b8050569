//! What users did: events are read (`events`), kept (`store`) and asked about (`engine`).
//!
//! A query is a stranger's program, so `engine` runs it in a confined process over a few tables and gives back exact
//! values. `filters` and `query_builder` write queries, `measurement` asks all that an epoch needs. Nothing here knows
//! a cluster, money or the command line; what is made of the answers is decided in `crank-rules`.

pub mod engine;
pub mod events;
pub mod filters;
pub mod measurement;
pub mod query_builder;
pub mod sql_text;
pub mod store;
