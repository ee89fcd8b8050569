//! What the formula gives each qualifying row, before the pool runs out.

use std::ops::{Add, Div, Mul};

use dashu::integer::{IBig, UBig};
use rayon::prelude::*;

use super::{EvaluationError, Row, Terms};
use crate::formula::{Formula, Rational, Variables};

/// Fewer rows than this are not worth handing to another thread.
const ROWS_PER_TASK: usize = 256;

/// The amounts of `rows`, which are in rank order, in base units and capped by `max_per_participant`.
pub(super) fn amounts(rows: &[&Row], formula: &Formula, terms: &Terms) -> Result<Vec<u64>, EvaluationError> {
    let totals = Variables {
        value: Rational::ZERO,
        rank: 0,
        total_participants: u64::try_from(rows.len()).map_err(|_| EvaluationError::TooManyRows(rows.len()))?,
        total_reward_pool: display_units(terms.pool, terms.decimals),
        total_value: sum_of_values(rows),
    };
    let results: Vec<Result<u64, Box<EvaluationError>>> = rows
        .par_iter()
        .enumerate()
        .with_min_len(ROWS_PER_TASK)
        .map_with(totals, |variables, (index, row)| {
            variables.value = row.value.to_rational();
            variables.rank = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1);
            amount(row, variables, formula, terms).map_err(Box::new)
        })
        .collect();
    // Collected first, so that the error reported is that of the best rank and not of the fastest thread.
    results.into_iter().collect::<Result<_, _>>().map_err(|error| *error)
}

fn amount(row: &Row, variables: &Variables, formula: &Formula, terms: &Terms) -> Result<u64, EvaluationError> {
    let reward = formula.evaluate(variables).map_err(|source| EvaluationError::Formula {
        rank: variables.rank,
        address: row.address,
        value: row.value,
        source,
    })?;
    let amount = base_units_rounded_down(&reward, terms.decimals);
    Ok(terms.max_per_participant.map_or(amount, |cap| amount.min(cap)))
}

/// `TOTAL_VALUE`. Summed as whole numbers of the finest unit, since a sum of fractions is reduced at every step.
fn sum_of_values(rows: &[&Row]) -> Rational {
    let finest = rows.iter().map(|row| row.value.scale()).max().unwrap_or(0);
    let power_of_ten = |zeros: u32| UBig::from(10_u8).pow(usize::try_from(zeros).unwrap_or(0));
    let sum = rows
        .par_iter()
        .with_min_len(ROWS_PER_TASK)
        .map(|row| IBig::from(row.value.mantissa()).mul(power_of_ten(finest.saturating_sub(row.value.scale()))))
        .reduce(|| IBig::ZERO, IBig::add);
    Rational::from_parts(sum, power_of_ten(finest))
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
pub(super) fn base_units_rounded_down(reward: &Rational, decimals: u8) -> u64 {
    if reward.numerator() < &IBig::ZERO {
        return 0;
    }
    // Of a number that is not negative, whole division rounds down, and needs no common divisor as a product would.
    let scaled = reward.numerator().mul(unit(decimals)).div(reward.denominator());
    u64::try_from(scaled).unwrap_or(u64::MAX)
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
    fn the_total_of_values_of_all_scales_is_exact() {
        let row = |value: &str| Row { address: solana_pubkey::Pubkey::default(), value: value.parse().unwrap() };
        let rows = [row("0.001"), row("20"), row("1.5"), row("0.0000009")];
        assert_eq!(sum_of_values(&rows.each_ref()), rational(215_010_009, 10_000_000));
        let largest = row(&"9".repeat(38));
        assert_eq!(sum_of_values(&[&largest; 3]), largest.value.to_rational() * IBig::from(3));
        assert_eq!(sum_of_values(&[]), Rational::ZERO);
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
