//! The formula's amount for each qualifying row, before the pool is taken into account.

use dashu::rational::RBig;
use rayon::prelude::*;

use super::{EvaluationError, RewardTerms, Row};
use crate::{
    formula::{Exact, Formula, Variables},
    values::decimal::{Decimal, sum},
};

/// Fewer rows than this are not worth handing to another thread.
const ROWS_PER_TASK: usize = 256;

/// The amounts of `rows`, which are in rank order, in base units and capped by `max_per_participant`.
pub(super) fn amounts(rows: &[&Row], formula: &Formula, terms: &RewardTerms) -> Result<Vec<u64>, EvaluationError> {
    let variables = Variables {
        value: Exact::ZERO,
        rank: 0,
        total_participants: u64::try_from(rows.len()).map_err(|_| EvaluationError::TooManyRows(rows.len()))?,
        total_reward_pool: Exact::from(Decimal::from_base_units(terms.pool, terms.decimals)),
        total_value: total_value(rows),
    };
    let unit = unit(terms.decimals);
    let results: Vec<Result<u64, Box<EvaluationError>>> = rows
        .par_iter()
        .enumerate()
        .with_min_len(ROWS_PER_TASK)
        .map_init(
            || variables.clone(),
            |variables, (index, row)| {
                variables.value = row.value.into();
                variables.rank = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1);
                amount(row, variables, unit, formula, terms).map_err(Box::new)
            },
        )
        .collect();
    // Collected first, so that the error reported is that of the best rank and not of the fastest thread.
    results.into_iter().collect::<Result<_, _>>().map_err(|error| *error)
}

/// The amount of one row.
fn amount(
    row: &Row,
    variables: &Variables,
    unit: u64,
    formula: &Formula,
    terms: &RewardTerms,
) -> Result<u64, EvaluationError> {
    let reward = formula.evaluate(variables).map_err(|source| EvaluationError::Formula {
        rank: variables.rank,
        address: row.address,
        value: row.value,
        source,
    })?;
    // No pool is larger than 64 bits of base units, so no wallet loses anything that `floor_scaled` cuts off.
    let amount = reward.floor_scaled(unit);
    Ok(terms.max_per_participant.map_or(amount, |cap| amount.min(cap)))
}

/// The sum of the values.
fn total_value(rows: &[&Row]) -> Exact {
    let sum = sum(rows, |row| (row.value, 1));
    let short = sum.to_short_fraction().and_then(|(units, unit)| Exact::from_parts(units, unit));
    short.unwrap_or_else(|| sum.to_rational().into())
}

/// A reward in display units as base units; a negative one counts as 0, and one beyond 64 bits as their maximum.
///
/// No pool is larger than that maximum, so no wallet loses anything by it.
pub(super) fn base_units_rounded_down(reward: &RBig, decimals: u8) -> u64 {
    Exact::from(reward.clone()).floor_scaled(unit(decimals))
}

/// `10^decimals`; a reward has at most 18.
fn unit(decimals: u8) -> u64 {
    10_u64.saturating_pow(u32::from(decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_units_come_back_unchanged() {
        for amount in [0, 1, 999_999, u64::MAX] {
            for decimals in [0, 6, 9, 18] {
                let display = Exact::from(Decimal::from_base_units(amount, decimals));
                assert_eq!(display.floor_scaled(unit(decimals)), amount);
            }
        }
    }
}
