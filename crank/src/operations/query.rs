//! Writes the query that measures a campaign from a few parameters, explains every clause, and tries it on events.

mod trial;

use serde::Serialize;

use super::{
    OperationError,
    activity_source::{ActivityPlace, Gathered},
};
use crank_activity::{
    engine::QueryLimits,
    query_builder::{Clause, QueryRequest, generate_incentive_query},
};
use crank_rules::values::period::Period;
pub use trial::{TopRow, Trial};

/// What to measure, and on what to try it.
#[derive(Clone, Debug, Default)]
pub struct GenerateRequest {
    /// What to measure.
    pub parameters: QueryRequest,
    /// Where to try the query; needs both bounds.
    pub activity: Option<ActivityPlace>,
    /// The first second to try it on, since 1970.
    pub start: Option<i64>,
    /// The first second after it.
    pub end: Option<i64>,
    /// What the query may use up.
    pub limits: QueryLimits,
}

/// The query, the meaning of each of its clauses, and its result.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GeneratedAnswer {
    /// The query.
    pub sql_query: String,
    /// Its clauses in order.
    pub explanation: Vec<Clause>,
    /// Its result, if there was activity to try it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preview: Option<Trial>,
}

/// Writes the query, and tries it if the request names activity and bounds.
///
/// # Errors
/// `Input` or `Field` when the parameters, the bounds or the events are wrong, `Held` at a limit, and `Outside` when no
/// query can run.
pub fn generate_query(request: &GenerateRequest) -> Result<GeneratedAnswer, OperationError> {
    let query = generate_incentive_query(&request.parameters).map_err(OperationError::input)?;
    let preview = trial(request, &query.sql())?;
    Ok(GeneratedAnswer { sql_query: query.sql(), explanation: query.clauses().to_vec(), preview })
}

/// The result of the query, if there is activity to try it on.
fn trial(request: &GenerateRequest, sql: &str) -> Result<Option<Trial>, OperationError> {
    let period = request.start.zip(request.end).map(|(start, end)| Period { start, end });
    match (&request.activity, period) {
        (None, None) => Ok(None),
        (Some(_), None) => {
            let name = if request.start.is_none() { "start" } else { "end" };
            Err(OperationError::field(name, "is missing: it bounds the epoch to try the query on"))
        }
        (None, Some(_)) => Err(OperationError::field(
            "events",
            "is missing: the query needs a file of events to try it on, or a store",
        )),
        (Some(_), Some(period)) if period.start >= period.end => {
            Err(OperationError::field("end", "is not after the start: write a later time"))
        }
        (Some(place), Some(period)) => {
            let gathered = Gathered::from_place(place, |table| sql.contains(&table.name), None)?;
            let is_grouped = request.parameters.group_by_pubkey.unwrap_or(true);
            Trial::run(&gathered, sql.to_owned(), period, is_grouped, &request.limits).map(Some)
        }
    }
}
