//! The rows to try: sizes, ranks and values at every power of ten, and around the formula's turning points.

use std::collections::BTreeSet;

use super::board::{Board, Situation, multiple};
use crate::{
    formula::{Exact, Variables},
    values::decimal::Decimal,
};

/// How many participants are tried with every rank.
const WHOLE_BOARDS: [u64; 7] = [1, 2, 3, 4, 10, 100, 1_000];

/// With this many participants or more, only the first value is tried with every rank.
const LARGE_BOARD: u64 = 1_000;

/// How many numbers of the formula are tried as ranks and as counts of participants.
const MAX_COUNTS: usize = 12;

/// If there are more values than this, as for a formula with very many tiers, only two small boards are tried.
const MANY_VALUES: usize = 400;

/// The powers of ten that are tried as values, from 10 to the power of minus the first to the second.
const SMALLEST_POWER: u32 = 6;
const LARGEST_POWER: u32 = 12;

/// Values, ranks and counts of participants to try.
pub(super) struct Candidates {
    /// Rising, all above zero.
    pub(super) values: BTreeSet<Decimal>,
    /// Rising, all above zero.
    pub(super) counts: BTreeSet<u64>,
}

impl Candidates {
    /// The candidates for a formula and its measured values.
    pub(super) fn of(board: &Board, measured: &[Situation]) -> Self {
        let written = board.formula.literals();
        let turns = turning_points(board);
        let mut values: BTreeSet<Decimal> = powers_of_ten().collect();
        values.extend(written.iter().chain(&turns.values).flat_map(around));
        let middle = measured.get(measured.len().div_euclid(2));
        values.extend(measured.first().into_iter().chain(middle).chain(measured.last()).map(|row| row.value));
        let whole = |number: &Exact| Some(number.floor_scaled(1)).filter(|count| *count < u64::from(u32::MAX));
        let written = written.iter().take(MAX_COUNTS).filter_map(whole);
        let turning = turns.counts.iter().take(MAX_COUNTS).filter_map(whole);
        let near = |count: u64| [count.saturating_sub(1), count, count.saturating_add(1)];
        let counts = written.chain(turning).flat_map(near).filter(|count| *count > 0);
        Self { values, counts: counts.chain([1, 2, 3, 10]).collect() }
    }

    /// Every value at some ranks of boards of some sizes; all others have the same value.
    pub(super) fn among_equals(&self) -> impl Iterator<Item = Situation> {
        self.places().flat_map(|(rank, participants)| {
            self.values.iter().map(move |value| Situation::among_equals(rank, participants, *value))
        })
    }

    /// The same ranks and sizes, each with all values in rising order and the same total.
    pub(super) fn rising_values(&self) -> impl Iterator<Item = Vec<Situation>> {
        let largest = self.values.last().copied().unwrap_or_default();
        self.places().map(move |(rank, participants)| {
            let total_value = multiple(largest, participants);
            let situation =
                |value: &Decimal| Situation { rank, participants, value: *value, total_value: total_value.clone() };
            self.values.iter().map(situation).collect()
        })
    }

    /// The ranks and sizes at which all values are tried, the smallest boards first.
    fn places(&self) -> impl Iterator<Item = (u64, u64)> {
        let mut sizes: BTreeSet<u64> = self.counts.iter().copied().chain([100, 1_000]).collect();
        if self.values.len() > MANY_VALUES {
            sizes = [1, 10].into();
        }
        sizes.into_iter().flat_map(|participants| {
            let mut ranks: BTreeSet<u64> = BTreeSet::from([1, 2, 3, participants]);
            ranks.extend(self.counts.iter().filter(|_| participants == 1_000));
            ranks.retain(|rank| *rank <= participants);
            ranks.into_iter().map(move |rank| (rank, participants))
        })
    }
}

/// Boards on which all have the same value, each with all its ranks, the smallest boards first.
pub(super) fn boards_of_equals() -> impl Iterator<Item = Vec<Situation>> {
    WHOLE_BOARDS.into_iter().flat_map(|participants| {
        let values = equal_values().take(if participants < LARGE_BOARD { usize::MAX } else { 1 });
        values.map(move |value| board_of_equals(participants, value))
    })
}

/// All the ranks of participants of the same value.
pub(super) fn board_of_equals(participants: u64, value: Decimal) -> Vec<Situation> {
    (1..=participants).map(|rank| Situation::among_equals(rank, participants, value)).collect()
}

/// The values of boards of equals, the one that reads best in an example first.
pub(super) fn equal_values() -> impl Iterator<Item = Decimal> {
    [Decimal::from(1_000), Decimal::from(1), Decimal::from(1_000_000), Decimal::from_base_units(1, 6)].into_iter()
}

/// The powers of ten, rising.
pub(super) fn powers_of_ten() -> impl Iterator<Item = Decimal> {
    (0..=SMALLEST_POWER.saturating_add(LARGEST_POWER))
        .filter_map(|power| Decimal::new(10_i128.checked_pow(power)?, SMALLEST_POWER).ok())
}

/// A number, its closest neighbours and the numbers one above and below, as far as they are above zero.
fn around(number: &Exact) -> Vec<Decimal> {
    const PLACES: u8 = 9;
    let billion = 10_u64.saturating_pow(u32::from(PLACES));
    let units = number.floor_scaled(billion);
    if units == u64::MAX {
        return [number.floor_scaled(1)].into_iter().filter(|whole| *whole < u64::MAX).map(Decimal::from).collect();
    }
    let near = [
        units.checked_sub(billion),
        units.checked_sub(1),
        Some(units),
        units.checked_add(1),
        units.checked_add(billion),
    ];
    near.into_iter().flatten().filter(|units| *units > 0).map(|units| Decimal::from_base_units(units, PLACES)).collect()
}

/// The places where a divisor, a difference or the like is zero, if it is linear between two trials.
struct TurningPoints {
    values: Vec<Exact>,
    counts: Vec<Exact>,
}

/// The values, ranks and numbers of participants at which a divisor becomes zero, a comparison changes, and the like.
fn turning_points(board: &Board) -> TurningPoints {
    let middle =
        Situation { total_value: Exact::from(1_000_000), ..Situation::among_equals(5, 11, Decimal::from(1_000)) };
    let middle = board.variables(&middle);
    let value = |value: u64| Variables { value: Exact::from(value), ..middle.clone() };
    let rank = |rank| Variables { rank, ..middle.clone() };
    let participants = |total_participants| Variables { total_participants, ..middle.clone() };
    let total = |total: u64| Variables { total_value: Exact::from(total), ..middle.clone() };
    let zeros = |at: &dyn Fn(u64) -> Variables| zeros(board, &at(5), &at(7));
    TurningPoints {
        values: zeros(&value).into_iter().chain(zeros(&total)).collect(),
        counts: zeros(&rank).into_iter().chain(zeros(&participants)).collect(),
    }
}

/// The numbers at which a line through a difference at 5 and at 7 is zero.
fn zeros(board: &Board, at_five: &Variables, at_seven: &Variables) -> Vec<Exact> {
    let distances = board.formula.distances(at_five, at_seven);
    distances.iter().filter_map(|(five, seven)| Exact::zero_of_line((5, five), (7, seven))).collect()
}
