//! The board of an epoch: its first ranks, how values and amounts are spread, and how much of the pool is used.

use std::collections::BTreeMap;

use serde::Serialize;

use crank_rules::{
    campaign::Campaign,
    evaluation::{Evaluation, Kind},
    values::decimal::Decimal,
    values::distribution::Distribution,
};

/// How many ranks are shown.
pub const SHOWN_RANKS: usize = 10;

/// What an epoch would pay.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// How many rows were measured; for a curve, conversions.
    pub rows: usize,
    /// How many wallets would be paid.
    pub paid: usize,
    /// How many rows would not be paid, for each reason.
    pub unpaid: BTreeMap<String, usize>,
    /// The first wallets that would be paid, in the order of their leaves.
    pub top: Vec<Rank>,
    /// How the values of the paid wallets are spread.
    pub values: Option<Distribution>,
    /// How their amounts are spread.
    pub amounts: Option<Distribution>,
    /// What would be paid in all, in display units.
    pub total: String,
    /// What would be left of the pool.
    pub left: String,
    /// What would be paid, in ten-thousandths of the pool, rounded down.
    pub used_basis_points: u64,
}

/// One wallet that would be paid.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Rank {
    /// From 1.
    pub rank: u64,
    /// The wallet.
    pub address: String,
    /// The measured value; for a curve, how many conversions.
    pub value: String,
    /// Display units.
    pub amount: String,
}

impl Board {
    /// Describes an evaluation.
    pub fn of(campaign: &Campaign, evaluation: &Evaluation) -> Self {
        let decimals = campaign.reward.decimals();
        let shown = |amount: u64| Decimal::from_base_units(amount, decimals);
        let mut unpaid = BTreeMap::new();
        for (_, reason) in evaluation.rejected() {
            let count: &mut usize = unpaid.entry(reason.to_string()).or_default();
            *count = count.saturating_add(1);
        }
        let top = evaluation.allocations().take(SHOWN_RANKS).map(|allocation| Rank {
            rank: allocation.rank,
            address: allocation.address.to_string(),
            value: allocation.value.to_string(),
            amount: shown(allocation.amount).to_string(),
        });
        let (pool, total) = (campaign.terms.pool, evaluation.total());
        let used = u128::from(total).saturating_mul(10_000).checked_div(u128::from(pool)).unwrap_or(0);
        Self {
            rows: evaluation.rows().len(),
            paid: evaluation.allocations().count(),
            unpaid,
            top: top.collect(),
            values: Distribution::of(evaluation.allocations().map(|allocation| allocation.value).collect()),
            amounts: Distribution::of(evaluation.allocations().map(|allocation| shown(allocation.amount)).collect()),
            total: shown(total).to_string(),
            left: shown(pool.saturating_sub(total)).to_string(),
            used_basis_points: u64::try_from(used).unwrap_or(u64::MAX),
        }
    }

    /// The name of the column of values.
    pub fn value_name(kind: Kind) -> &'static str {
        if kind == Kind::Curve { "conversions" } else { "value" }
    }
}
