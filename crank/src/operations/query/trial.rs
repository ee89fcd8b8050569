//! The result of a generated query for a span of time: its first rows, and how the values are spread.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::operations::{OperationError, activity_source::Gathered};
use crank_activity::engine::{self, AnswerShape, QueryLimits, Question};
use crank_rules::{
    evaluation::sort_by_rank, values::decimal::Decimal, values::distribution::Distribution, values::period::Period,
    wording::millisecond,
};

/// How many rows are shown.
const SHOWN_ROWS: usize = 10;

/// The result of a query.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trial {
    /// How many rows it returned.
    pub rows: usize,
    /// The largest values, or the earliest conversions.
    pub top: Vec<TopRow>,
    /// How the values are spread; `None` for conversions.
    pub distribution: Option<Distribution>,
}

/// One row of it.
#[derive(Debug, Serialize)]
pub struct TopRow {
    /// From 1.
    pub rank: usize,
    /// The wallet.
    pub address: String,
    /// The value, or the time of a conversion.
    pub value: String,
}

impl Trial {
    /// Runs the query over the period.
    pub(super) fn run(
        gathered: &Gathered,
        sql: String,
        period: Period,
        is_grouped: bool,
        limits: &QueryLimits,
    ) -> Result<Self, OperationError> {
        let answer = if is_grouped { AnswerShape::Values } else { AnswerShape::Conversions };
        let question = Question { sql, period, campaign_start: period.start, views: BTreeMap::new(), answer };
        let mut rows = engine::ask(&gathered.activity, &question, limits)
            .map_err(|error| OperationError::of_query(&error, format!("the query: {error}")))?;
        if is_grouped {
            sort_by_rank(&mut rows);
        }
        let shown = |value: Decimal| if is_grouped { value.to_string() } else { time(value) };
        let top = rows.iter().zip(1..).take(SHOWN_ROWS).map(|(row, rank)| TopRow {
            rank,
            address: row.address.to_string(),
            value: shown(row.value),
        });
        let values = || rows.iter().map(|row| row.value).collect();
        let distribution = if is_grouped { Distribution::of(values()) } else { None };
        Ok(Self { rows: rows.len(), top: top.collect(), distribution })
    }
}

/// A conversion's value is its time in milliseconds.
fn time(value: Decimal) -> String {
    let milliseconds = i64::try_from(value.mantissa()).ok().filter(|_| value.scale() == 0);
    milliseconds.map_or_else(|| value.to_string(), millisecond)
}
