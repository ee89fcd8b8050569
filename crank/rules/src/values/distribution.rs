//! How numbers are spread over wallets: totals, deciles, and how much the largest have.
//!
//! Pure and exact: sums are whole numbers of the finest unit, shares are fractions, and only shown numbers are rounded.
//! It describes any numbers: the values of a board as well as the amounts that they earn.
#![expect(clippy::arithmetic_side_effects, reason = "whole numbers and fractions of any size: they grow, none wraps")]

use dashu::{
    base::{Abs, Sign},
    integer::IBig,
    rational::RBig,
};
use serde::{Serialize, Serializer};

use crate::values::decimal::Decimal;

/// How the numbers of a board are spread.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Distribution {
    /// How many numbers there are, at least one.
    pub count: usize,
    /// Their sum.
    #[serde(serialize_with = "as_number")]
    pub total: RBig,
    /// Their sum over their count.
    #[serde(serialize_with = "as_number")]
    pub mean: RBig,
    /// The smallest.
    pub smallest: Decimal,
    /// By nearest rank: entry `k`, from 0, is the smallest number that `10 × (k + 1)` % of all do not exceed.
    pub deciles: [Decimal; 9],
    /// By nearest rank: the fifth decile.
    pub median: Decimal,
    /// The largest.
    pub largest: Decimal,
    /// How the total is shared; `None` if a number is below zero or all are zero, because then shares mean nothing.
    pub shares: Option<Shares>,
}

/// How the total is shared, as fractions of 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shares {
    /// The largest hundredth, rounded up to whole wallets.
    #[serde(serialize_with = "as_number")]
    pub top_percent: RBig,
    /// The ten largest.
    #[serde(serialize_with = "as_number")]
    pub top_ten: RBig,
    /// The smaller half, rounded down to whole wallets.
    #[serde(serialize_with = "as_number")]
    pub bottom_half: RBig,
    /// Gini's coefficient: 0 if all have the same, close to 1 if one has everything.
    #[serde(serialize_with = "as_number")]
    pub concentration: RBig,
}

/// How many decimals of a fraction are shown.
pub const SHOWN_DECIMALS: usize = 9;

impl Distribution {
    /// Describes the numbers, in any order; `None` for an empty list.
    #[must_use]
    pub fn of(mut numbers: Vec<Decimal>) -> Option<Self> {
        numbers.sort_unstable();
        let (smallest, largest) = (*numbers.first()?, *numbers.last()?);
        let scale = numbers.iter().map(|number| number.scale()).max().unwrap_or(0);
        let units: Vec<IBig> = numbers.iter().map(|number| number.units_at(scale)).collect();
        let total = sum(&units);
        let unit = RBig::from(10_u128.saturating_pow(scale));
        let exact_total = RBig::from(total.clone()) / unit;
        let deciles = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(|tenth| nearest_rank(&numbers, tenth).unwrap_or(largest));
        let has_shares = !smallest.is_negative() && total != IBig::ZERO;
        Some(Self {
            count: numbers.len(),
            mean: exact_total.clone() / RBig::from(numbers.len()),
            total: exact_total,
            smallest,
            deciles,
            median: deciles[4],
            largest,
            shares: has_shares.then(|| Shares::of(&units, &total)),
        })
    }
}

impl Shares {
    /// The shares of `units`, which are sorted, not negative, and sum up to `total`.
    fn of(units: &[IBig], total: &IBig) -> Self {
        let count = units.len();
        let top = |size: usize| sum(units.get(count.saturating_sub(size)..).unwrap_or_default());
        let share = |part: IBig| RBig::from(part) / RBig::from(total.clone());
        Self {
            top_percent: share(top(count.div_ceil(100))),
            top_ten: share(top(10)),
            bottom_half: share(sum(units.get(..count / 2).unwrap_or_default())),
            concentration: gini(units, total),
        }
    }
}

/// `2 Σ i·xᵢ / (n Σ xᵢ) − (n + 1) / n`, with `i` from 1 in ascending order.
fn gini(units: &[IBig], total: &IBig) -> RBig {
    let weighted = units.iter().zip(1_u64..).fold(IBig::ZERO, |sum, (unit, place)| sum + unit * IBig::from(place));
    let count = IBig::from(units.len());
    let first = RBig::from(weighted * IBig::from(2)) / RBig::from(total * &count);
    first - RBig::from(&count + IBig::from(1)) / RBig::from(count)
}

/// The number at the rank `⌈tenth × n / 10⌉` of sorted numbers.
fn nearest_rank(sorted: &[Decimal], tenth: usize) -> Option<Decimal> {
    let rank = sorted.len().checked_mul(tenth)?.div_ceil(10);
    sorted.get(rank.checked_sub(1)?).copied()
}

fn sum(units: &[IBig]) -> IBig {
    units.iter().fold(IBig::ZERO, |sum, unit| sum + unit)
}

/// A fraction as a decimal with at most that many decimals, rounded half away from zero, without zeros at its end.
#[must_use]
pub fn rounded(number: &RBig, decimals: usize) -> String {
    let unit = IBig::from(10).pow(decimals);
    let doubled = number.clone().abs() * RBig::from(&unit * IBig::from(2));
    // Rounds the magnitude half up: floor(2x + 1) / 2 in whole numbers.
    let units: IBig = (doubled + RBig::from(1)).floor() / IBig::from(2);
    let (whole, fraction) = (&units / &unit, units % unit);
    let sign = if number.sign() == Sign::Negative && !(whole.is_zero() && fraction.is_zero()) { "-" } else { "" };
    let digits = fraction.to_string();
    let text = format!("{sign}{whole}.{digits:0>decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A share of 1 in per cent, with two decimals.
#[must_use]
pub fn percent(share: &RBig) -> String {
    format!("{} %", rounded(&(share * RBig::from(100)), 2))
}

/// A number as a share of another; `None` if the other is zero.
#[must_use]
pub fn share_of(part: Decimal, whole: Decimal) -> Option<RBig> {
    (!whole.is_zero()).then(|| part.to_rational() / whole.to_rational())
}

fn as_number<S: Serializer>(number: &RBig, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&rounded(number, SHOWN_DECIMALS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Distribution {
        Distribution::of(texts.iter().map(|text| text.parse().unwrap()).collect()).unwrap()
    }

    fn texts(numbers: [Decimal; 9]) -> Vec<String> {
        numbers.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_empty_list_has_no_distribution() {
        assert_eq!(Distribution::of(Vec::new()), None);
    }

    #[test]
    fn one_number_is_everything() {
        let one = of(&["2.5"]);
        assert_eq!((one.count, rounded(&one.total, 9), rounded(&one.mean, 9)), (1, "2.5".into(), "2.5".into()));
        assert_eq!(texts(one.deciles), ["2.5"; 9]);
        let shares = one.shares.unwrap();
        assert_eq!([&shares.top_percent, &shares.top_ten].map(|share| rounded(share, 2)), ["1", "1"]);
        assert_eq!([&shares.bottom_half, &shares.concentration].map(|share| rounded(share, 2)), ["0", "0"]);
    }

    #[test]
    fn deciles_are_those_of_the_nearest_rank() {
        let hundred: Vec<Decimal> = (1..=100_u64).rev().map(Decimal::from).collect();
        let hundred = Distribution::of(hundred).unwrap();
        assert_eq!(texts(hundred.deciles), ["10", "20", "30", "40", "50", "60", "70", "80", "90"]);
        assert_eq!((hundred.median.to_string(), rounded(&hundred.mean, 9)), ("50".into(), "50.5".into()));
        // Of four, 10 % and 20 % are the first, 30 % to 50 % the second.
        assert_eq!(texts(of(&["4", "1", "3", "2"]).deciles), ["1", "1", "2", "2", "2", "3", "3", "4", "4"]);
    }

    #[test]
    fn shares_are_those_of_whole_wallets() {
        let numbers: Vec<Decimal> = (1..=200_u64).map(Decimal::from).collect();
        let shares = Distribution::of(numbers).unwrap().shares.unwrap();
        // Of 20,100: 199 + 200, 191 to 200, 1 to 100.
        let parts = [shares.top_percent, shares.top_ten, shares.bottom_half];
        assert_eq!(parts, [399, 1_955, 5_050].map(|part| RBig::from(part) / RBig::from(20_100)));
        let of_three = of(&["1", "0", "0"]).shares.unwrap();
        assert_eq!(of_three.bottom_half, RBig::ZERO);
        assert_eq!(of_three.concentration, RBig::from(2) / RBig::from(3));
        assert_eq!(of(&["5", "5.0", "5"]).shares.unwrap().concentration, RBig::ZERO);
    }

    #[test]
    fn sums_are_exact_whatever_their_digits() {
        let nines = "9".repeat(38);
        let large = of(&[&nines, &nines, "0.00000000000000000000000000000000000001"]);
        assert_eq!(rounded(&large.total, 38), format!("1{}8.{}1", "9".repeat(37), "0".repeat(37)));
        assert_eq!(rounded(&of(&["1", "1", "0"]).mean, 9), "0.666666667");
    }

    #[test]
    fn below_zero_there_are_no_shares() {
        let mixed = of(&["-1", "3"]);
        assert_eq!((mixed.shares, rounded(&mixed.total, 9)), (None, "2".to_owned()));
        assert_eq!(of(&["0", "0"]).shares, None);
    }

    #[test]
    fn rounding_goes_half_away_from_zero() {
        let fraction = |numerator: i32, denominator: i32| RBig::from(numerator) / RBig::from(denominator);
        for (number, decimals, expected) in [
            (fraction(1, 8), 2, "0.13"),
            (fraction(-1, 8), 2, "-0.13"),
            (fraction(1, 3), 4, "0.3333"),
            (fraction(-1, 1000), 2, "0"),
            (fraction(199, 100), 1, "2"),
            (fraction(10, 1), 0, "10"),
            (fraction(5, 2), 0, "3"),
        ] {
            assert_eq!(rounded(&number, decimals), expected);
        }
    }

    #[test]
    fn a_share_is_shown_in_per_cent() {
        let share = |part: &str, whole: &str| share_of(part.parse().unwrap(), whole.parse().unwrap());
        assert_eq!(share("1", "3").as_ref().map(percent).as_deref(), Some("33.33 %"));
        assert_eq!(share("2.5", "2").as_ref().map(percent).as_deref(), Some("125 %"));
        assert_eq!(share("1", "0"), None);
    }

    #[test]
    fn machines_read_texts() {
        let json = serde_json::to_value(of(&["1", "2"])).unwrap();
        assert_eq!(json["mean"], "1.5");
        assert_eq!(json["deciles"][8], "2");
        assert_eq!(json["shares"]["topTen"], "1");
    }
}
