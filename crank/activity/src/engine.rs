//! Runs a campaign's query over activity: SQL and events in, exact values out.
//!
//! The only user of the query engine, `DataFusion`; no type of it leaves this module. It decides nothing about money:
//! `evaluation` ranks the rows. What a query may say is in `language`, how it becomes rows in `plan`, and the process
//! that it runs in is `sandbox`. The numbers that it computes with are in `numbers` and `exact_sum`, what it runs over
//! in `tables` and `addresses`.
//!
//! Design notes. A query is a stranger's program, so it is an allow-list all the way: one `SELECT`, its syntax, its
//! functions, its tables. It runs in a process of its own (`sandbox`), because the engine cannot be interrupted while
//! it plans and no pool counts every byte: what does not end is killed, and what aborts takes nobody along. Every
//! number is an exact decimal or an exact fraction, and floats do not exist; what cannot be computed is a value of its
//! own and no error (`plan/total_arithmetic`); and wherever the order of rows could show in a result that order is made
//! total (`plan/total_order`). So neither the order of the events, nor the files they lie in, nor the number of threads
//! can change what a query returns, or whether it returns anything.

mod addresses;
mod error;
mod exact_sum;
mod language;
mod numbers;
mod plan;
mod sandbox;
mod tables;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use crate::events::TableName;
use crate::store::StoredTable;
use crank_rules::values::period::Period;
pub use error::QueryError;
pub use language::expression_check::{check_expression, check_query};
pub use sandbox::confinement::Confinement;
#[cfg(test)]
pub(crate) use sandbox::service::answer_here;
pub use sandbox::service::serve;
pub use sandbox::worker::{Worker, ask};

/// What a query returned for one address.
pub use crank_rules::evaluation::Row as ResultRow;

/// The version of the query engine, which a bundle names: another one may compute another result.
pub const ENGINE_VERSION: &str = datafusion::DATAFUSION_VERSION;

/// What a query runs over: tables of Parquet files on a local disk.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// The tables.
    pub tables: Vec<StoredTable>,
}

/// What a query must return.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum AnswerShape {
    /// The columns `address` and one of `value`, `score` and `amount`; one row for each address.
    Values,
    /// The columns `address` and `timestamp`, as many rows for an address as it has conversions. The value is the
    /// time in milliseconds since 1970.
    Conversions,
}

/// A query, and all that its result depends on besides the activity.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The query.
    pub sql: String,
    /// What `{{startDate}}` and `{{endDate}}` stand for.
    pub period: Period,
    /// What `{{campaignStart}}` stands for, in seconds since 1970.
    pub campaign_start: i64,
    /// SELECTs that stand in for tables. Inside of them every name means the table itself.
    pub views: BTreeMap<TableName, String>,
    /// What it must return.
    pub answer: AnswerShape,
}

/// What a query may use up. Within these limits they do not change the result.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct QueryLimits {
    /// Threads that execute it, at least 1.
    pub threads: usize,
    /// Memory for its intermediate results, in bytes.
    pub memory_bytes: usize,
    /// Seconds for planning and executing it.
    pub seconds: u64,
    /// Rows it may return.
    pub rows: usize,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            memory_bytes: 2 << 30,
            seconds: 120,
            rows: 10_000_000,
        }
    }
}

#[cfg(test)]
mod tests;
