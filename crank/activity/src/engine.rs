//! Runs a campaign's query over activity: SQL and events in, exact values out.
//!
//! The only user of the query engine, `DataFusion`; none of its types leaves this module. It decides nothing about
//! money: `evaluation` ranks the rows. `language` says what a query may contain, `plan` makes rows of it, and `sandbox`
//! is the process that it runs in. `numbers` and `exact_sum` define its arithmetic; `tables` and `addresses` are what
//! it reads.
//!
//! Design notes. A query is a stranger's program, so everything in it is on an allow-list: one `SELECT`, its syntax,
//! its functions, its tables. It runs in a process of its own (`sandbox`), because the engine cannot be interrupted
//! while it plans and its memory pool does not count every byte. A query that does not end is killed, and one that
//! aborts its process harms no other. Every number is an exact decimal or an exact fraction, and there are no floats. A
//! number that cannot be computed is a value of its own and not an error (`plan/total_arithmetic`). Wherever the order
//! of rows could show in a result, the order is made total (`plan/total_order`). So neither the order of the events,
//! nor the files that hold them, nor the number of threads can change a query's result, or whether it has one.

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

/// A query, and everything besides the activity that its result depends on.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The query.
    pub sql: String,
    /// What `{{startDate}}` and `{{endDate}}` stand for.
    pub period: Period,
    /// What `{{campaignStart}}` stands for, in seconds since 1970.
    pub campaign_start: i64,
    /// SELECTs that replace tables. Inside such a SELECT every name means the original table.
    pub views: BTreeMap<TableName, String>,
    /// What it must return.
    pub answer: AnswerShape,
}

/// The limits of a query's resources. They never change the result of a query that stays within them.
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
