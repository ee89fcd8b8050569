//! The report of `crank evaluate`: the epoch in a dozen lines, and its first ranks as a table.

use std::{fmt::Display, path::Path};

use comfy_table::Table;

use crate::commands::text;
use crank_rules::{
    bundle::{Bundle, FILTERS},
    campaign::{Campaign, Reward},
    evaluation::{Kind, Rejection, Shape},
    values::decimal::Decimal,
    wording,
};

/// How many ranks are shown.
const SHOWN_RANKS: usize = 10;

/// The command's report. `name` is the whole campaign's; `campaign` may be one of its several distributors.
pub(super) fn summary(name: &str, campaign: &Campaign, bundle: &Bundle, path: &Path) -> String {
    let mut lines = Lines::default();
    lines.add("campaign", name);
    if campaign.name != name {
        lines.add("distributor", &campaign.name);
    }
    add_terms(&mut lines, bundle);
    add_stages(&mut lines, bundle);
    add_outcome(&mut lines, bundle);
    lines.add("bundle", path.display());
    let mut text = text::pairs(&lines.0);
    if bundle.leaf_count() > 0 {
        let decimals = bundle.statement().reward.decimals();
        text.push_str(&format!("\n{}\n", table(bundle, decimals).trim_fmt()));
    }
    text
}

/// Lines of a label and a text.
#[derive(Default)]
struct Lines(Vec<(&'static str, String)>);

impl Lines {
    fn add(&mut self, label: &'static str, value: impl Display) {
        self.0.push((label, value.to_string()));
    }
}

fn add_terms(lines: &mut Lines, bundle: &Bundle) {
    let statement = bundle.statement();
    let period = statement.period;
    let (start, end) = (wording::second(period.start), wording::second(period.end));
    lines.add("epoch", format!("{}, {start} to {end}", statement.epoch));
    let reward = match statement.reward {
        Reward::Sol => "SOL".to_owned(),
        Reward::Tokens { mint, .. } => format!("tokens of {mint}"),
        Reward::Points { .. } => "points, which are recorded and not paid".to_owned(),
    };
    lines.add("kind", format!("{}, {reward}", kind(&statement.terms.shape)));
    lines.add("pool", Decimal::from_base_units(statement.terms.pool, statement.reward.decimals()));
}

fn kind(shape: &Shape) -> String {
    match shape {
        Shape::Leaderboard(formula) => format!("leaderboard {}", formula.source()),
        Shape::Rebate(formula) => format!("rebate {}", formula.source()),
        Shape::Direct(formula) if formula.source() == "N" => "direct".to_owned(),
        Shape::Direct(formula) => format!("direct {}", formula.source()),
        Shape::Raffle(raffle) => {
            format!("raffle of {} prizes", raffle.prizes())
        }
        Shape::Curve(_) => "curve".to_owned(),
    }
}

/// What happened to the rows before they were ranked.
fn add_stages(lines: &mut Lines, bundle: &Bundle) {
    let statement = bundle.statement();
    if !statement.filters.is_empty() {
        let touched = lines_of(bundle.file(FILTERS)).saturating_sub(1);
        let is_excluded = |reason: &Rejection| matches!(reason, Rejection::Filtered(_));
        let excluded = bundle.evaluation().rejected().filter(|(_, reason)| is_excluded(reason)).count();
        let count = statement.filters.len();
        lines.add("filters", format!("{count}, which touch {touched} wallets and exclude {excluded} rows"));
    }
    if let (Some(milestone), Some(total)) = (statement.milestone, bundle.manifest().milestone_total()) {
        let standing = if milestone.is_reached(Some(total)) { "reached" } else { "not reached" };
        lines.add("milestone", format!("{total} of {}: {standing}", milestone.target));
    }
    if let Some(correction) = &statement.correction {
        lines.add(
            "corrects",
            format!("{}, {} wallets", hex::encode(correction.manifest_hash), correction.allotted.len()),
        );
    }
}

fn lines_of(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

fn add_outcome(lines: &mut Lines, bundle: &Bundle) {
    let (statement, evaluation) = (bundle.statement(), bundle.evaluation());
    match statement.terms.shape.kind() {
        Kind::Curve => {
            let first = statement.first_conversion();
            let next = first.saturating_add(evaluation.conversions());
            lines.add("conversions", format!("{}, after {first} before: {next} so far", evaluation.conversions()));
        }
        _ => lines.add("participants", evaluation.rows().len()),
    }
    let leaves = if statement.terms.shape.kind() == Kind::Raffle { "winners" } else { "allocations" };
    lines.add(leaves, bundle.leaf_count());
    lines.add("rejected", evaluation.rejected().count());
    lines.add("total", Decimal::from_base_units(evaluation.total(), statement.reward.decimals()));
    lines.add("root", text::root_text(bundle));
    lines.add("manifest", hex::encode(bundle.manifest_hash()));
}

/// The first ranks that are paid.
pub(in crate::commands) fn table(bundle: &Bundle, decimals: u8) -> Table {
    let value = if bundle.statement().terms.shape.kind() == Kind::Curve { "conversions" } else { "value" };
    let rows = bundle.evaluation().allocations().take(SHOWN_RANKS).map(|allocation| {
        [
            allocation.rank.to_string(),
            allocation.address.to_string(),
            allocation.value.to_string(),
            Decimal::from_base_units(allocation.amount, decimals).to_string(),
        ]
    });
    text::table(["rank", "address", value, "amount"], &[0, 2, 3], rows)
}
