//! A formula together with its terms, evaluated for one row at a time.

use super::{Example, Outcome};
use crate::{
    evaluation::{RewardTerms, Row},
    formula::{EvaluationError, Exact, Formula, Variables},
    values::decimal::Decimal,
};

/// A row and the epoch around it.
#[derive(Clone, Debug)]
pub(super) struct Situation {
    pub(super) rank: u64,
    pub(super) participants: u64,
    pub(super) value: Decimal,
    /// The sum over all participants.
    pub(super) total_value: Exact,
}

impl Situation {
    /// A row among participants of the same value.
    pub(super) fn among_equals(rank: u64, participants: u64, value: Decimal) -> Self {
        Self { rank, participants, value, total_value: multiple(value, participants) }
    }
}

/// A number multiplied by a count.
pub(super) fn multiple(value: Decimal, times: u64) -> Exact {
    let unit = 10_u128.saturating_pow(value.scale());
    let sum = value.mantissa().saturating_mul(i128::from(times));
    Exact::from_parts(sum, unit).unwrap_or(Exact::ZERO)
}

/// A formula and the terms of its epoch.
pub(super) struct Board<'terms> {
    pub(super) formula: &'terms Formula,
    pub(super) terms: &'terms RewardTerms,
}

impl Board<'_> {
    /// The formula's result in a situation, in display units.
    pub(super) fn reward(&self, situation: &Situation) -> Result<Exact, EvaluationError> {
        self.formula.evaluate(&self.variables(situation))
    }

    /// The amount that a row is due, in base units: rounded down and capped.
    pub(super) fn amount(&self, situation: &Situation) -> Result<u64, EvaluationError> {
        let unit = 10_u64.saturating_pow(u32::from(self.terms.decimals));
        let amount = self.reward(situation)?.floor_scaled(unit);
        Ok(self.terms.max_per_participant.map_or(amount, |cap| amount.min(cap)))
    }

    /// The formula's variables.
    pub(super) fn variables(&self, situation: &Situation) -> Variables {
        Variables {
            value: situation.value.into(),
            rank: situation.rank,
            total_participants: situation.participants,
            total_reward_pool: self.display(self.terms.pool).into(),
            total_value: situation.total_value.clone(),
        }
    }

    /// The situation as an example.
    pub(super) fn example(&self, situation: &Situation) -> Example {
        let outcome = match self.amount(situation) {
            Ok(amount) => Outcome::Amount(self.display(amount)),
            Err(error) => Outcome::Failure(error),
        };
        let Situation { rank, participants, value, .. } = *situation;
        Example { rank, participants, value, outcome }
    }

    /// Base units in display units.
    pub(super) fn display(&self, amount: u64) -> Decimal {
        Decimal::from_base_units(amount, self.terms.decimals)
    }
}

/// The measured rows as situations.
pub(super) fn measured(rows: &[Row]) -> Vec<Situation> {
    let scale = rows.iter().map(|row| row.value.scale()).max().unwrap_or_default();
    let sum = rows.iter().try_fold(0_i128, |sum, row| sum.checked_add(row.value.mantissa_at(scale)?));
    // If the sum does not fit, it is beyond a formula's limit, and the evaluation will say so.
    let total = sum.unwrap_or(i128::MAX);
    let total_value = Exact::from_parts(total, 10_u128.saturating_pow(scale)).unwrap_or(Exact::ZERO);
    let participants = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    (1..)
        .zip(rows)
        .map(|(rank, row)| Situation { rank, participants, value: row.value, total_value: total_value.clone() })
        .collect()
}
