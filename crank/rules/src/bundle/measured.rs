//! The measurement of an epoch, in the form in which a bundle keeps it.
//!
//! It comes from queries, or from the tables of a bundle that is checked. Not here: running the queries (`measurement`)
//! and computing amounts (`evaluation`).

use std::{collections::BTreeMap, iter};

use solana_pubkey::Pubkey;

use crate::{
    evaluation::{Kind, Row},
    values::decimal::Decimal,
};

/// What was measured for an epoch, or given.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Measured {
    /// The rows that are evaluated, in any order, weighted and filtered.
    pub rows: Vec<Row>,
    /// The rows of each action's query, in the order of the actions. Kept if [`super::Queries::are_weighted`].
    pub per_action: Vec<Vec<Row>>,
    /// The wallets that the filters change, by address; empty without filters.
    pub filtered: Vec<FilteredWallet>,
    /// The sum of all values since the campaign's start; `None` without a milestone.
    pub milestone_total: Option<Decimal>,
}

/// A wallet that a filter excludes or whose value the filters change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FilteredWallet {
    /// The wallet.
    pub address: Pubkey,
    /// Its value without filters, for a curve its number of conversions; `None` if it has no row.
    pub unfiltered: Option<Decimal>,
    /// The place of the filter that excludes it in the campaign's list; `None` if only its value changes.
    pub filter: Option<u16>,
}

impl Measured {
    /// A measurement of rows only, without weighted actions, filters or a milestone.
    #[must_use]
    pub fn of_rows(rows: Vec<Row>) -> Self {
        Self { rows, ..Self::default() }
    }

    /// Adds the effect of filters: `unfiltered` are the rows as they would be without filters, and `excluded` the
    /// excluded wallets with their filters' places. Wallets that have no row in either case are left out.
    #[must_use]
    pub fn with_filters(mut self, kind: Kind, unfiltered: &[Row], excluded: &BTreeMap<Pubkey, u16>) -> Self {
        let (before, after) = (values_by_wallet(kind, unfiltered), values_by_wallet(kind, &self.rows));
        let mut wallets: Vec<Pubkey> = iter::chain(before.iter(), after.iter()).map(|(address, _)| *address).collect();
        wallets.sort_unstable();
        wallets.dedup();
        let changed = wallets.into_iter().filter_map(|address| {
            let unfiltered = value_of(&before, &address);
            let filter = excluded.get(&address).copied();
            let is_changed = filter.is_some() || unfiltered != value_of(&after, &address);
            is_changed.then_some(FilteredWallet { address, unfiltered, filter })
        });
        self.filtered = changed.collect();
        self
    }

    /// Each wallet's value, by address: for a curve, whose rows are conversions, how many it has.
    #[must_use]
    pub fn values(&self, kind: Kind) -> Vec<(Pubkey, Decimal)> {
        values_by_wallet(kind, &self.rows)
    }

    /// The same values without filters.
    #[must_use]
    pub fn unfiltered_values(&self, kind: Kind) -> Vec<(Pubkey, Decimal)> {
        let mut values: BTreeMap<Pubkey, Decimal> = self.values(kind).into_iter().collect();
        for wallet in &self.filtered {
            match wallet.unfiltered {
                Some(value) => values.insert(wallet.address, value),
                None => values.remove(&wallet.address),
            };
        }
        values.into_iter().collect()
    }

    /// The wallets that a filter excludes, each with the filter's place in the campaign's list.
    #[must_use]
    pub fn excluded(&self) -> BTreeMap<Pubkey, u16> {
        self.filtered.iter().filter_map(|wallet| Some((wallet.address, wallet.filter?))).collect()
    }
}

/// Each wallet's value, by address: for a curve, whose rows are conversions, how many it has.
pub(super) fn values_by_wallet(kind: Kind, rows: &[Row]) -> Vec<(Pubkey, Decimal)> {
    let mut values: Vec<(Pubkey, Decimal)> = rows.iter().map(|row| (row.address, row.value)).collect();
    values.sort_unstable_by_key(|(address, _)| *address);
    if kind == Kind::Curve {
        let counted = values.chunk_by(|(left, _), (right, _)| left == right).filter_map(|conversions| {
            let (address, _) = conversions.first()?;
            Some((*address, Decimal::from(u64::try_from(conversions.len()).ok()?)))
        });
        values = counted.collect();
    }
    values
}

/// A wallet's value, from a list that is sorted by address.
pub(super) fn value_of(values: &[(Pubkey, Decimal)], address: &Pubkey) -> Option<Decimal> {
    let place = values.binary_search_by_key(address, |(address, _)| *address).ok()?;
    values.get(place).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u8, value: u64) -> Row {
        Row { address: Pubkey::new_from_array([number; 32]), value: value.into() }
    }

    fn changes(kind: Kind, before: &[Row], after: &[Row], excluded: &[u8]) -> Vec<(u8, Option<u64>, Option<u16>)> {
        let excluded = excluded.iter().map(|number| (Pubkey::new_from_array([*number; 32]), 4)).collect();
        let measured = Measured::of_rows(after.to_vec()).with_filters(kind, before, &excluded);
        let plain = |value: Decimal| value.to_base_units_exact(0).unwrap();
        let plain = measured.filtered.iter().map(|w| (w.address.as_ref()[0], w.unfiltered.map(plain), w.filter));
        plain.collect()
    }

    #[test]
    fn only_wallets_that_a_filter_touches_are_kept() {
        let before = [row(1, 10), row(2, 20), row(3, 30), row(4, 40)];
        let after = [row(4, 40), row(3, 5), row(2, 20), row(6, 7)];
        let expected = [(1, Some(10), None), (2, Some(20), Some(4)), (3, Some(30), None), (6, None, None)];
        assert_eq!(changes(Kind::Leaderboard, &before, &after, &[2, 9]), expected);
    }

    #[test]
    fn the_changes_of_filters_can_be_undone() {
        let (before, after) = ([row(1, 10), row(2, 20), row(3, 30)], [row(3, 5), row(2, 20), row(6, 7)]);
        let excluded = BTreeMap::from([(Pubkey::new_from_array([2; 32]), 0)]);
        let measured = Measured::of_rows(after.to_vec()).with_filters(Kind::Leaderboard, &before, &excluded);
        assert_eq!(measured.unfiltered_values(Kind::Leaderboard), values_by_wallet(Kind::Leaderboard, &before));
        assert_eq!(measured.values(Kind::Leaderboard), values_by_wallet(Kind::Leaderboard, &after));
        assert_eq!(measured.excluded(), excluded);
    }

    #[test]
    fn a_curve_s_wallets_are_compared_by_their_conversions() {
        let before = [row(1, 100), row(1, 200), row(2, 300), row(2, 100)];
        let after = [row(1, 200), row(2, 100), row(2, 300)];
        assert_eq!(changes(Kind::Curve, &before, &after, &[]), [(1, Some(2), None)]);
    }
}
