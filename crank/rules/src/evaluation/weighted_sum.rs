//! Sums the values of several actions up to one value for each wallet. It does not run the queries.

use rayon::prelude::*;
use solana_pubkey::Pubkey;

use super::{EvaluationError, Row, row::repeated_address};
use crate::values::decimal::{Decimal, sum};

/// Decimals of a weight: basis points are ten-thousandths.
pub const WEIGHT_DECIMALS: u8 = 4;

/// Fewer wallets than this are not worth handing to another thread.
const WALLETS_PER_TASK: usize = 1024;

/// The exact sum over the actions of weight times value. A wallet that an action did not measure has 0 there.
///
/// Each action has its weight in basis points and one row a wallet. The sums are in the order of the addresses.
///
/// # Errors
/// A wallet that has two rows for one action, or whose sum needs more than 38 digits.
pub fn weighted_sum(actions: Vec<(u32, Vec<Row>)>) -> Result<Vec<Row>, EvaluationError> {
    let mut parts: Vec<(Pubkey, Decimal, u32)> = Vec::new();
    for (weight, rows) in actions {
        if let Some(address) = repeated_address(&rows) {
            return Err(EvaluationError::RepeatedAddress(address));
        }
        parts.extend(rows.into_iter().map(|row| (row.address, row.value, weight)));
    }
    // The order of a wallet's parts does not matter to an exact sum.
    parts.par_sort_unstable_by_key(|(address, ..)| *address);
    let wallets: Vec<&[(Pubkey, Decimal, u32)]> = parts.chunk_by(|left, right| left.0 == right.0).collect();
    let sums: Vec<Result<Row, EvaluationError>> = wallets
        .par_iter()
        .with_min_len(WALLETS_PER_TASK)
        .filter_map(|parts| {
            let (address, ..) = *parts.first()?;
            let sum = sum(parts, |(_, value, weight)| (*value, *weight)).shifted(WEIGHT_DECIMALS.into());
            Some(sum.map(|value| Row { address, value }).ok_or(EvaluationError::WeightedSumTooLong(address)))
        })
        .collect();
    // Collected first, so that the error reported is that of the first address and not of the fastest thread.
    sums.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u8, value: &str) -> Row {
        Row { address: Pubkey::new_from_array([number; 32]), value: value.parse().unwrap() }
    }

    fn check(actions: Vec<(u32, Vec<Row>)>, expected: &[Row]) {
        assert_eq!(weighted_sum(actions).unwrap(), expected);
    }

    #[test]
    fn a_wallet_s_value_is_the_weighted_sum_over_its_actions() {
        let trades = vec![row(3, "100"), row(1, "0.5")];
        let votes = vec![row(2, "7"), row(1, "2"), row(4, "-1")];
        let expected = [row(1, "4"), row(2, "8.75"), row(3, "300"), row(4, "-1.25")];
        check(vec![(30_000, trades), (12_500, votes)], &expected);
    }

    #[test]
    fn one_action_that_counts_once_is_left_as_it_is() {
        let longest = "9".repeat(38);
        let finest = format!("0.{longest}");
        let rows = [row(1, &longest), row(2, &finest), row(3, "0"), row(4, &format!("-{longest}"))];
        check(vec![(10_000, rows.to_vec())], &rows);
        check(Vec::new(), &[]);
        check(vec![(10_000, Vec::new()), (5_000, Vec::new())], &[]);
    }

    #[test]
    fn a_basis_point_of_the_finest_number_may_cancel_out_and_may_not_be_lost() {
        let finest = format!("0.{}1", "0".repeat(37));
        check(vec![(2_500, vec![row(1, &finest)]), (7_500, vec![row(1, &finest)])], &[row(1, &finest)]);
        let error = weighted_sum(vec![(10_000, vec![row(7, "1")]), (1, vec![row(9, &finest)])]).unwrap_err();
        assert!(matches!(error, EvaluationError::WeightedSumTooLong(address) if address == row(9, "1").address));
        let tenth = format!("0.{}1", "0".repeat(36));
        check(vec![(1_000, vec![row(1, &tenth)])], &[row(1, &finest)]);
    }

    #[test]
    fn a_sum_of_39_digits_names_the_wallet() {
        let half = format!("5{}", "0".repeat(37));
        let most = "9".repeat(38);
        check(
            vec![(10_000, vec![row(1, &half)]), (9_999, vec![row(1, &half)])],
            &[row(1, &format!("99995{}", "0".repeat(33)))],
        );
        check(vec![(10_000, vec![row(1, &most)]), (10_000, vec![row(2, "1")])], &[row(1, &most), row(2, "1")]);
        for actions in [
            vec![(10_000, vec![row(1, "1"), row(2, &most)]), (10_000, vec![row(2, "1")])],
            vec![(10_000, vec![row(2, &half)]), (10_000, vec![row(2, &half)])],
            vec![(u32::MAX, vec![row(2, &most)])],
        ] {
            let error = weighted_sum(actions).unwrap_err();
            assert!(error.to_string().contains(&row(2, "1").address.to_string()), "{error}");
        }
    }

    #[test]
    fn two_rows_of_a_wallet_for_one_action_are_refused() {
        let error = weighted_sum(vec![(10_000, vec![row(1, "1"), row(2, "1"), row(1, "2")])]).unwrap_err();
        assert!(matches!(error, EvaluationError::RepeatedAddress(address) if address == row(1, "1").address));
    }
}
