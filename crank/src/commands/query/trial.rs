//! What a generated query returns for a span of time: its first rows and how their values are spread.

use std::collections::BTreeMap;

use comfy_table::{Table, presets};
use serde::Serialize;

use crate::{
    activity::{self, Activity, AnswerShape, QueryError, QueryLimits, Question, ResultRow},
    commands::spread,
    decimal::Decimal,
    distribution::Distribution,
    evaluation::{Row, sort_by_rank},
    failure::Failure,
    message_text::millisecond,
    period::Period,
};

/// How many rows are shown.
const SHOWN_ROWS: usize = 10;

/// What a query returned.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Trial {
    rows: usize,
    /// The largest values, or the earliest conversions.
    top: Vec<TopRow>,
    /// Of the values; conversions have none.
    distribution: Option<Distribution>,
}

#[derive(Serialize)]
struct TopRow {
    rank: usize,
    address: String,
    value: String,
}

impl Trial {
    /// Runs the query over the period.
    pub(super) fn run(activity: &Activity, sql: String, period: Period, is_grouped: bool) -> Result<Self, Failure> {
        let answer = if is_grouped { AnswerShape::Values } else { AnswerShape::Conversions };
        let question = Question { sql, period, campaign_start: period.start, views: BTreeMap::new(), answer };
        let rows = activity::ask(activity, &question, &QueryLimits::default()).map_err(|error| match error {
            QueryError::Process(_) => Failure::Outside(error.to_string()),
            QueryError::Activity(_) => Failure::Input(error.to_string()),
            _ => Failure::Input(format!("the query: {error}")),
        })?;
        let mut rows: Vec<Row> = rows.iter().map(|&ResultRow { address, value }| Row { address, value }).collect();
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

    /// What people read.
    pub(super) fn text(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_header(["rank", "address", "value"]);
        for row in &self.top {
            table.add_row([row.rank.to_string(), row.address.clone(), row.value.clone()]);
        }
        spread::align_right(&mut table, [0, 2]);
        let mut text = format!("\nrows  {}\n", self.rows);
        if !self.top.is_empty() {
            text.push_str(&format!("\n{}\n", table.trim_fmt()));
        }
        if let Some(distribution) = &self.distribution {
            text.push_str(&format!("\n{}\n", spread::table(&[("value", Some(distribution))]).trim_fmt()));
        }
        text
    }
}

/// A conversion's value is its time in milliseconds.
fn time(value: Decimal) -> String {
    let milliseconds = i64::try_from(value.mantissa()).ok().filter(|_| value.scale() == 0);
    milliseconds.map_or_else(|| value.to_string(), millisecond)
}
