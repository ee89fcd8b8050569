//! A measured row, the order of ranks and the order of time.

use std::cmp::Ordering;

use rayon::prelude::*;
use solana_pubkey::Pubkey;

use crate::values::decimal::Decimal;

/// What was measured, or given, for one wallet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Row {
    /// The wallet.
    pub address: Pubkey,
    /// The measured value, or for a direct campaign the given amount, in display units.
    ///
    /// For a curve, the time of a conversion in milliseconds.
    pub value: Decimal,
}

/// Sorts by value, the largest first, and equal values by the 32 bytes of the address, the smallest first.
pub fn sort_by_rank(rows: &mut [Row]) {
    sort(rows, Ordering::reverse);
}

/// Sorts by value, the smallest first, and equal values by the 32 bytes of the address, the smallest first.
///
/// The order of conversions, whose value is a time.
pub(super) fn sort_by_time(rows: &mut [Row]) {
    sort(rows, |order| order);
}

/// Sorts by value in the given direction and then by address, the smallest first.
fn sort(rows: &mut [Row], direction: impl Fn(Ordering) -> Ordering + Sync) {
    let Some(mut keyed) = with_whole_keys(rows) else {
        let by_value = |left: &Row, right: &Row| direction(left.value.cmp(&right.value));
        rows.par_sort_unstable_by(|left, right| by_value(left, right).then_with(|| by_address(left, right)));
        return;
    };
    keyed.par_sort_unstable_by(|(left_key, left), (right_key, right)| {
        direction(left_key.cmp(right_key)).then_with(|| by_address(left, right))
    });
    for (place, (_, row)) in rows.iter_mut().zip(keyed) {
        *place = row;
    }
}

fn by_address(left: &Row, right: &Row) -> Ordering {
    left.address.as_ref().cmp(right.address.as_ref())
}

/// The rows, each with its value as a whole number of the finest unit among them; `None` if a value does not fit.
///
/// Comparing two decimals needs divisions; comparing these numbers does not.
fn with_whole_keys(rows: &[Row]) -> Option<Vec<(i128, Row)>> {
    let finest = rows.iter().map(|row| row.value.scale()).max().unwrap_or(0);
    rows.iter().map(|row| Some((row.value.mantissa_at(finest)?, *row))).collect()
}

/// An address that stands in more than one row.
pub(super) fn repeated_address(rows: &[Row]) -> Option<Pubkey> {
    // Rows of a query are already ordered by address, so a repetition shows without sorting.
    if rows.is_sorted_by(|left, right| left.address < right.address) {
        return None;
    }
    let mut addresses: Vec<Pubkey> = rows.iter().map(|row| row.address).collect();
    addresses.par_sort_unstable();
    addresses.windows(2).find_map(|pair| match pair {
        [left, right] if left == right => Some(*left),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u8, value: &str) -> Row {
        Row { address: Pubkey::new_from_array([number; 32]), value: value.parse().unwrap() }
    }

    #[test]
    fn values_of_all_scales_are_sorted_by_the_number_they_are() {
        let longest = "9".repeat(38);
        let texts =
            ["-1e37", "-3", "-2.5", "0", &format!("0.{}1", "0".repeat(37)), "0.1", "2", "2.001", "1e37", &longest];
        // The first ranges have a common unit; all values together, very fine and very large, do not.
        for values in [&texts[1..4], &texts[5..8], &texts[..]] {
            let ascending: Vec<Row> = (1..).zip(values).map(|(number, value)| row(number, value)).collect();
            let mut rows: Vec<Row> = ascending.iter().rev().copied().collect();
            sort_by_time(&mut rows);
            assert_eq!(rows, ascending);
            sort_by_rank(&mut rows);
            assert!(rows.iter().eq(ascending.iter().rev()), "{values:?}");
        }
    }

    #[test]
    fn equal_values_are_in_the_order_of_their_addresses_either_way() {
        let fine = format!("0.{}1", "0".repeat(37));
        for value in ["5", &fine] {
            let mut rows = [row(3, value), row(1, "1e37"), row(9, value), row(2, value)];
            sort_by_rank(&mut rows);
            assert_eq!(rows, [row(1, "1e37"), row(2, value), row(3, value), row(9, value)]);
            rows.reverse();
            sort_by_time(&mut rows);
            assert_eq!(rows, [row(2, value), row(3, value), row(9, value), row(1, "1e37")]);
        }
    }

    #[test]
    fn a_repeated_address_is_found_wherever_it_stands() {
        let rows = |numbers: &[u8]| numbers.iter().map(|number| row(*number, "1")).collect::<Vec<_>>();
        for distinct in [&[][..], &[1], &[1, 2, 3], &[3, 1, 2]] {
            assert_eq!(repeated_address(&rows(distinct)), None, "{distinct:?}");
        }
        for repeated in [[1, 1, 2], [1, 2, 1], [2, 1, 1], [1, 1, 1]] {
            assert_eq!(repeated_address(&rows(&repeated)), Some(row(1, "1").address), "{repeated:?}");
        }
    }
}
