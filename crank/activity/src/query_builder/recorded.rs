//! The sources `custom_event` and `idl_instruction`: values computed from the columns of one table.

use super::{
    GeneratedQuery, QueryRequest, QueryRequestError, RowOrder, SourceName,
    parameters::{expression, required},
};
use crate::{
    engine::check_query,
    events::{TableName, TableSchema},
    sql_text,
};
use crank_rules::wording::shown;

/// Writes the query.
pub(super) fn query(source: SourceName, request: &QueryRequest) -> Result<GeneratedQuery, QueryRequestError> {
    let table = table(source, request)?;
    if let Some(raw) = &request.raw_query {
        return raw_query(raw, request);
    }
    let is_grouped = request.group_by_pubkey.unwrap_or(true);
    let query = GeneratedQuery::default();
    let query = if is_grouped { grouped(query, request)? } else { ungrouped(query, request)? };
    let query = query.with(format!("from {}", sql_text::table(&table)), from_meaning(source)).within_epoch();
    let query = with_filters(query, request.filters.as_deref().unwrap_or_default())?;
    if !is_grouped {
        return Ok(query.with("order by timestamp, address", "the earliest first, equal ones by their address"));
    }
    with_limit(query.with("group by user_pubkey", "one row for each wallet"), request)
}

const fn from_meaning(source: SourceName) -> &'static str {
    match source {
        SourceName::IdlInstruction => "the instructions that the indexer has decoded; the wallet is the fee payer",
        _ => "the events that were sent",
    }
}

/// The table that the request names.
fn table(source: SourceName, request: &QueryRequest) -> Result<TableName, QueryRequestError> {
    let (schema, parameter, name, expected) = match source {
        SourceName::IdlInstruction => (
            TableSchema::Instructions,
            "instructionId",
            &request.instruction_id,
            "the label of a decoded instruction, such as `swap_base_in`",
        ),
        _ => (TableSchema::Events, "customEventId", &request.custom_event_id, "the event's name, such as `trade`"),
    };
    let name = required(parameter, name.as_ref(), expected)?;
    format!("{}.{name}", schema.name()).parse().map_err(|_| QueryRequestError::Value {
        parameter,
        found: format!("\"{}\"", shown(&name)),
        expected: "a word of letters, digits and underscores".to_owned(),
    })
}

/// A query that is given as a whole. No other parameter may stand beside it.
fn raw_query(raw: &str, request: &QueryRequest) -> Result<GeneratedQuery, QueryRequestError> {
    let others = [
        ("valueExpression", request.value_expression.is_some()),
        ("filters", request.filters.is_some()),
        ("groupByPubkey", request.group_by_pubkey.is_some()),
        ("orderBy", request.order_by.is_some()),
        ("limit", request.limit.is_some()),
    ];
    if let Some((parameter, _)) = others.into_iter().find(|(_, is_given)| *is_given) {
        return Err(QueryRequestError::Surplus { parameter, reason: "`rawQuery` is the whole query" });
    }
    check_query(raw).map_err(|problem| QueryRequestError::Sql { parameter: "rawQuery".to_owned(), problem })?;
    Ok(GeneratedQuery::default().with(raw, "the query as it was given: read it before money depends on it"))
}

fn grouped(query: GeneratedQuery, request: &QueryRequest) -> Result<GeneratedQuery, QueryRequestError> {
    let Some(value) = &request.value_expression else {
        return Ok(query.with("select user_pubkey as address, count(*) as value", "how many there are of each wallet"));
    };
    expression("valueExpression", value)?;
    let meaning = "each wallet's value, by the expression that was given";
    Ok(query.with(format!("select user_pubkey as address, {} as value", bracketed(value)), meaning))
}

/// One row for each event, with its time as the only value.
fn ungrouped(query: GeneratedQuery, request: &QueryRequest) -> Result<GeneratedQuery, QueryRequestError> {
    let others = [
        ("valueExpression", request.value_expression.is_some()),
        ("orderBy", request.order_by.is_some()),
        ("limit", request.limit.is_some()),
    ];
    if let Some((parameter, _)) = others.into_iter().find(|(_, is_given)| *is_given) {
        let reason = "with `groupByPubkey` false every row is one conversion in time order, as a curve needs them";
        return Err(QueryRequestError::Surplus { parameter, reason });
    }
    let meaning = "each conversion with its time, as only a curve rewards them";
    Ok(query.with("select user_pubkey as address, timestamp", meaning))
}

fn with_filters(mut query: GeneratedQuery, filters: &[String]) -> Result<GeneratedQuery, QueryRequestError> {
    for (place, filter) in filters.iter().enumerate() {
        expression(&format!("filters[{place}]"), filter)?;
        query = query.with(format!("  and {}", bracketed(filter)), format!("only where filter {place} is true"));
    }
    Ok(query)
}

/// The query with its order of rows, and with the limit, if any, that keeps the first rows.
fn with_limit(query: GeneratedQuery, request: &QueryRequest) -> Result<GeneratedQuery, QueryRequestError> {
    let query = match request.order_by.unwrap_or_default() {
        RowOrder::Desc => query.by_value(),
        RowOrder::Asc => {
            query.with("order by value asc, address", "the smallest value first, equal ones by their address")
        }
    };
    match request.limit {
        None => Ok(query),
        Some(0) => Err(QueryRequestError::Value {
            parameter: "limit",
            found: "0".to_owned(),
            expected: "a whole number above 0, such as 100".to_owned(),
        }),
        Some(limit) => Ok(query.with(format!("limit {limit}"), format!("only the first {limit} of these rows"))),
    }
}

/// An expression in brackets, written so that a comment at its end cannot hide the closing bracket.
fn bracketed(expression: &str) -> String {
    let expression = expression.trim();
    if expression.contains("--") { format!("(\n{expression}\n)") } else { format!("({expression})") }
}
