//! Runs a campaign's query over activity: SQL and events in, one exact value for each address out.
//!
//! The only user of the query engine, `DataFusion`; no type of it leaves this module. It decides nothing about money:
//! `evaluation` ranks the rows. What a query may say is in `syntax`, with which numbers it reckons in `arithmetic`
//! and `exact_sum`, and what comes out in `rows`.
//!
//! Design notes. A query is a stranger's program, so it is an allow-list all the way: one `SELECT`, its syntax, its
//! functions, its tables. Every number is an exact decimal and floats do not exist, so neither the order of the rows
//! nor the machine can change a sum; where the order could matter (`LIMIT`, window functions), the query runs on one
//! thread over rows in canonical order. The limits here stop what cooperates. The engine cannot be interrupted while
//! it plans, so whoever runs strangers' queries must also bound the memory and time of the whole process.

mod arithmetic;
mod cooperation;
mod error;
mod exact_sum;
mod execution;
mod expression_check;
mod functions;
mod query_text;
mod rows;
mod session;
mod syntax;
mod tables;

use std::num::NonZeroUsize;
use std::time::Duration;

use solana_pubkey::Pubkey;
use tokio::sync::oneshot;

use crate::decimal::Decimal;
use crate::events::Events;
use crate::period::Period;
pub use error::QueryError;
pub use expression_check::check_expression;
use query_text::QueryText;
use tables::Tables;

/// The version of the query engine, which a bundle names: another one may compute another result.
pub const ENGINE_VERSION: &str = datafusion::DATAFUSION_VERSION;

/// What a query returned for one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultRow {
    /// Whose value it is.
    pub address: Pubkey,
    /// The value, in whatever unit the query measures.
    pub value: Decimal,
}

/// What a query may use up. Within these limits they do not change the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Deeply nested expressions are walked by recursion, in the engine too: room for what `syntax` lets through.
const STACK_BYTES: usize = 256 << 20;

/// Runs a query over the events and returns its rows, ordered by the bytes of their addresses.
///
/// Names are case-sensitive: an event `swapDone` is the table `events.swapDone`, with the columns `user_pubkey`,
/// `timestamp` (UTC, milliseconds) and the fields of its data. `{{startDate}}` and `{{endDate}}` stand for the bounds
/// of the period. The result has a column `address` and one of `value`, `score` and `amount`.
///
/// # Errors
///
/// [`QueryError`] if the query says what it may not, runs past a limit, or does not return one exact value for each
/// address.
pub async fn run_query(
    events: &Events,
    sql: &str,
    period: Period,
    limits: &QueryLimits,
) -> Result<Vec<ResultRow>, QueryError> {
    let text = QueryText::read(sql, period)?;
    let tables = Tables::of_events(events, |name| text.mentions(name))?;
    let limits = *limits;
    let (answer, answered) = oneshot::channel();
    // A thread of its own: planning blocks, and folding a constant can take as long as the constant wants.
    std::thread::Builder::new().name("query".to_owned()).stack_size(STACK_BYTES).spawn(move || {
        // Nobody listens any more after the time limit; then the answer is not needed.
        let _unheard = answer.send(execution::run(text, tables, limits));
    })?;
    match tokio::time::timeout(Duration::from_secs(limits.seconds), answered).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(QueryError::Engine("the query engine gave up on this query".to_owned())),
        Err(_) => Err(QueryError::OutOfTime { seconds: limits.seconds }),
    }
}

#[cfg(test)]
mod tests;
