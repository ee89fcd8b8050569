//! The parts of a preview besides its board: probable mistakes, the milestone, and a curve's next rewards.

use serde::Serialize;
use solana_pubkey::Pubkey;

use crate::operations::OperationError;
use crank_rules::{
    bundle::Measured,
    campaign::{Campaign, Milestone},
    evaluation::{Audience, Circumstances, Evaluation, Kind, RewardTerms, Row, evaluate},
    formula_lints::{self, Lint},
    values::decimal::Decimal,
    values::distribution,
};

/// How many of a curve's next conversions are shown.
const SHOWN_CONVERSIONS: u8 = 5;

/// A probable mistake.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Finding {
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// A name that never changes.
    pub code: &'static str,
    /// What it is.
    pub message: String,
    /// A row that shows it.
    pub example: Option<String>,
}

/// The probable mistakes in the terms; with a measurement, also those that its rows show.
pub fn findings(campaign: &Campaign, measured: Option<&Measured>) -> Vec<Finding> {
    let rows: Option<Vec<Row>> = measured.map(|measured| {
        let excluded = measured.excluded();
        measured.rows.iter().filter(|row| !excluded.contains_key(&row.address)).copied().collect()
    });
    let finding = |lint: Lint| Finding {
        severity: lint.severity.to_string(),
        code: lint.code.name(),
        message: lint.message,
        example: lint.example.map(|example| example.to_string()),
    };
    formula_lints::lint(&campaign.terms, rows.as_deref()).into_iter().map(finding).collect()
}

/// How far the milestone is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MilestoneProgress {
    /// What must be reached.
    pub target: String,
    /// The total at the epoch's end; `None` without events.
    pub total: Option<String>,
    /// The same as a share of the target.
    pub progress: Option<String>,
    /// Whether the epoch pays.
    pub is_reached: bool,
}

/// How far the campaign's milestone is, if it has one.
pub fn milestone(campaign: &Campaign, measured: Option<&Measured>) -> Option<MilestoneProgress> {
    let milestone @ Milestone { target } = campaign.milestone?;
    let total = measured.and_then(|measured| measured.milestone_total);
    let share = total.and_then(|total| distribution::share_of(total, target));
    Some(MilestoneProgress {
        target: target.to_string(),
        total: total.map(|total| total.to_string()),
        progress: share.map(|share| distribution::percent(&share)),
        is_reached: milestone.is_reached(total),
    })
}

/// What a curve gives one conversion.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct NextConversion {
    /// Its number in the whole campaign, from 1.
    pub number: u64,
    /// Display units.
    pub amount: String,
}

/// What the first conversions after the epoch would earn, while the next pool lasts; empty for other kinds than a
/// curve.
///
/// # Errors
/// `Input` when the curve has no reward for one of them.
pub fn next_conversions(campaign: &Campaign, counted: u64) -> Result<Vec<NextConversion>, OperationError> {
    if campaign.terms.shape.kind() != Kind::Curve {
        return Ok(Vec::new());
    }
    // In time order and each by a different wallet, so that the cap for one wallet has no effect.
    let address = |place: u8| Pubkey::new_from_array([place; 32]);
    let rows = (0..SHOWN_CONVERSIONS).map(|place| Row { address: address(place), value: u64::from(place).into() });
    let terms = RewardTerms { audience: Audience::Everyone, ..campaign.terms.clone() };
    let circumstances = Circumstances { first_conversion: counted, ..Circumstances::default() };
    let evaluation: Evaluation = evaluate(rows.collect(), &terms, &circumstances).map_err(OperationError::input)?;
    let amount = |place: u8| {
        let paid = evaluation.allocations().find(|allocation| allocation.address == address(place));
        Decimal::from_base_units(paid.map_or(0, |allocation| allocation.amount), campaign.reward.decimals()).to_string()
    };
    let numbered = (0..SHOWN_CONVERSIONS).zip(counted.saturating_add(1)..);
    Ok(numbered.map(|(place, number)| NextConversion { number, amount: amount(place) }).collect())
}
