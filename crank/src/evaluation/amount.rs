//! What the formula gives each qualifying row, before the pool runs out.

use std::ops::{Add, Mul};

use dashu::{
    integer::{IBig, UBig},
    rational::RBig,
};
use rayon::prelude::*;

use super::{EvaluationError, Row, Terms};
use crate::{
    decimal::{Decimal, MAX_DIGITS},
    formula::{Exact, Formula, Variables},
};

/// Fewer rows than this are not worth handing to another thread.
const ROWS_PER_TASK: usize = 256;

/// The amounts of `rows`, which are in rank order, in base units and capped by `max_per_participant`.
pub(super) fn amounts(rows: &[&Row], formula: &Formula, terms: &Terms) -> Result<Vec<u64>, EvaluationError> {
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
    terms: &Terms,
) -> Result<u64, EvaluationError> {
    let reward = formula.evaluate(variables).map_err(|source| EvaluationError::Formula {
        rank: variables.rank,
        address: row.address,
        value: row.value,
        source,
    })?;
    // No pool is larger than 64 bits of base units, so what `floor_scaled` cuts there is taken from nobody.
    let amount = reward.floor_scaled(unit);
    Ok(terms.max_per_participant.map_or(amount, |cap| amount.min(cap)))
}

/// The sum of the values: their mantissas at the finest scale, which fit a machine integer but for extreme numbers.
fn total_value(rows: &[&Row]) -> Exact {
    let scale = rows.iter().map(|row| row.value.scale()).max().unwrap_or_default();
    let short = rows.par_iter().map(|row| row.value.mantissa_at(scale)).try_reduce(|| 0, i128::checked_add);
    match short {
        Some(sum) => Exact::from_parts(sum, 10_u128.saturating_pow(scale)).unwrap_or(Exact::ZERO),
        None => long_total_value(rows),
    }
}

/// The sum of values that do not fit: with every mantissa at 38 places, in integers of any size.
fn long_total_value(rows: &[&Row]) -> Exact {
    let at_most_places = |value: Decimal| {
        let missing = MAX_DIGITS.saturating_sub(value.scale());
        IBig::from(value.mantissa()).mul(IBig::from(10_u128.saturating_pow(missing)))
    };
    let sum = rows.par_iter().map(|row| at_most_places(row.value)).reduce(IBig::default, IBig::add);
    RBig::from_parts(sum, UBig::from(10_u128.saturating_pow(MAX_DIGITS))).into()
}

/// A reward in display units as base units; a negative one counts as 0 and what exceeds 64 bits as their maximum.
///
/// No pool is larger than that maximum, so cutting there takes nothing from anybody.
pub(super) fn base_units_rounded_down(reward: &RBig, decimals: u8) -> u64 {
    Exact::from(reward.clone()).floor_scaled(unit(decimals))
}

/// `10^decimals`; a reward has at most 18.
fn unit(decimals: u8) -> u64 {
    10_u64.saturating_pow(u32::from(decimals))
}

#[cfg(test)]
mod tests {
    use solana_pubkey::Pubkey;

    use super::*;

    fn rows(values: &[&str]) -> Vec<Row> {
        values.iter().map(|value| Row { address: Pubkey::default(), value: value.parse().unwrap() }).collect()
    }

    #[test]
    fn a_total_is_the_sum_of_the_rationals_at_any_scale() {
        let largest = "9".repeat(38);
        let finest = "0.00000000000000000000000000000000000001";
        let cases: [&[&str]; 6] = [
            &[],
            &["1"],
            &["1.5", "0.25", "1000"],
            &["0.1", "0.2", "0.7"],
            &[&largest, &largest, &largest],
            &[&largest, finest, "0.5"],
        ];
        for values in cases {
            let rows = rows(values);
            let expected = rows.iter().map(|row| row.value.to_rational()).fold(RBig::ZERO, RBig::add);
            let found = total_value(&rows.iter().collect::<Vec<_>>());
            assert_eq!(found.to_rational(), expected, "{values:?}");
        }
    }

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
