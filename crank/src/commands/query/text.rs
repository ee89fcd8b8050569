//! A generated query as people read it.

use crate::{
    commands::{spread, text},
    operations::query::{GeneratedAnswer, Trial},
};
use crank_activity::query_builder::Clause;

/// The whole text.
pub(super) fn text(answer: &GeneratedAnswer) -> String {
    let explained: Vec<String> = answer
        .explanation
        .iter()
        .map(|Clause { clause, meaning }| format!("  {}\n      {meaning}\n", clause.replace('\n', "\n  ")))
        .collect();
    let trial = answer.preview.as_ref().map(trial).unwrap_or_default();
    format!("{}\n\nclause by clause\n\n{}{trial}", answer.sql_query, explained.concat())
}

fn trial(trial: &Trial) -> String {
    let rows = trial.top.iter().map(|row| [row.rank.to_string(), row.address.clone(), row.value.clone()]);
    let table = text::table(["rank", "address", "value"], &[0, 2], rows);
    let mut text = format!("\nrows  {}\n", trial.rows);
    if !trial.top.is_empty() {
        text.push_str(&format!("\n{}\n", table.trim_fmt()));
    }
    if let Some(distribution) = &trial.distribution {
        text.push_str(&format!("\n{}\n", spread::table(&[("value", Some(distribution))]).trim_fmt()));
    }
    text
}
