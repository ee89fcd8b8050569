//! What the formula gives each qualifying row, before the pool runs out.

use std::ops::{Add, Mul};

use dashu::integer::{IBig, UBig};
use rayon::prelude::*;

use super::{EvaluationError, Row, Terms};
use crate::formula::{Formula, Rational, Variables};

/// Fewer rows than this are not worth handing to another thread.
const ROWS_PER_TASK: usize = 256;

/// The amounts of `rows`, which are in rank order, in base units and capped by `max_per_participant`.
pub(super) fn amounts(rows: &[&Row], formula: &Formula, terms: &Terms) -> Result<Vec<u64>, EvaluationError> {
    let values: Vec<Rational> = rows.par_iter().map(|row| row.value.to_rational()).collect();
    let totals = Totals {
        participants: u64::try_from(rows.len()).map_err(|_| EvaluationError::TooManyRows(rows.len()))?,
        reward_pool: display_units(terms.pool, terms.decimals),
        value: values.par_iter().cloned().reduce(Rational::default, Rational::add),
    };
    let results: Vec<Result<u64, EvaluationError>> = rows
        .par_iter()
        .zip(values)
        .enumerate()
        .with_min_len(ROWS_PER_TASK)
        .map(|(index, (row, value))| amount(index, row, value, &totals, formula, terms))
        .collect();
    // Collected first, so that the error reported is that of the best rank and not of the fastest thread.
    results.into_iter().collect()
}

/// The formula's variables that are the same for all rows.
struct Totals {
    participants: u64,
    reward_pool: Rational,
    value: Rational,
}

fn amount(
    index: usize,
    row: &Row,
    value: Rational,
    totals: &Totals,
    formula: &Formula,
    terms: &Terms,
) -> Result<u64, EvaluationError> {
    let rank = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1);
    let variables = Variables {
        value,
        rank,
        total_participants: totals.participants,
        total_reward_pool: totals.reward_pool.clone(),
        total_value: totals.value.clone(),
    };
    let reward = formula.evaluate(&variables).map_err(|source| EvaluationError::Formula {
        rank,
        address: row.address,
        value: row.value,
        source,
    })?;
    let amount = base_units_rounded_down(&reward, terms.decimals);
    Ok(terms.max_per_participant.map_or(amount, |cap| amount.min(cap)))
}

/// `10^decimals`.
fn unit(decimals: u8) -> UBig {
    UBig::from(10_u8).pow(usize::from(decimals))
}

/// An amount of base units in display units, exactly.
fn display_units(amount: u64, decimals: u8) -> Rational {
    Rational::from_parts(IBig::from(amount), unit(decimals))
}

/// A reward in display units as base units; a negative one counts as 0 and what exceeds 64 bits as their maximum.
///
/// No pool is larger than that maximum, so cutting there takes nothing from anybody.
fn base_units_rounded_down(reward: &Rational, decimals: u8) -> u64 {
    let scaled = reward.mul(Rational::from(unit(decimals))).floor();
    if scaled < IBig::ZERO { 0 } else { u64::try_from(scaled).unwrap_or(u64::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rational(numerator: i128, denominator: u128) -> Rational {
        Rational::from_parts(IBig::from(numerator), UBig::from(denominator))
    }

    #[test]
    fn display_units_become_base_units_by_rounding_down() {
        assert_eq!(base_units_rounded_down(&rational(2, 3), 6), 666_666);
        assert_eq!(base_units_rounded_down(&rational(1, 1), 6), 1_000_000);
        assert_eq!(base_units_rounded_down(&rational(999_999_999, 1_000_000_000_000_000), 6), 0);
        assert_eq!(base_units_rounded_down(&rational(5, 1), 0), 5);
    }

    #[test]
    fn a_negative_reward_is_nothing_and_a_huge_one_is_the_maximum() {
        assert_eq!(base_units_rounded_down(&rational(-1, 10), 9), 0);
        assert_eq!(base_units_rounded_down(&rational(i128::MAX, 1), 0), u64::MAX);
        assert_eq!(base_units_rounded_down(&rational(i128::from(u64::MAX), 1), 0), u64::MAX);
    }

    #[test]
    fn base_units_come_back_unchanged() {
        for amount in [0, 1, 999_999, u64::MAX] {
            for decimals in [0, 6, 9, 18] {
                assert_eq!(base_units_rounded_down(&display_units(amount, decimals), decimals), amount);
            }
        }
    }
}
