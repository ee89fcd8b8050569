//! Exact sums of decimal numbers of any scale.
#![expect(clippy::arithmetic_side_effects, reason = "whole numbers and fractions of any size: they grow, none wraps")]

use dashu::{
    integer::{IBig, UBig},
    rational::RBig,
};
use rayon::prelude::*;

use super::{Decimal, MAX_DIGITS};

/// Fewer numbers than this are not worth handing to another thread.
const NUMBERS_PER_TASK: usize = 1024;

/// An exact sum: a whole number of any size, in units of `10^-scale`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sum {
    units: IBig,
    scale: u32,
}

/// The exact sum over all items; `term` gives the number of an item, and how many times it counts.
#[must_use]
pub fn sum<T: Sync>(items: &[T], term: impl Fn(&T) -> (Decimal, u32) + Sync) -> Sum {
    let scale = items.iter().map(|item| term(item).0.scale()).max().unwrap_or(0);
    let short = |item: &T| {
        let (number, times) = term(item);
        number.mantissa_at(scale)?.checked_mul(i128::from(times))
    };
    let long = |item: &T| {
        let (number, times) = term(item);
        number.units_at(scale) * IBig::from(times)
    };
    let terms = || items.par_iter().with_min_len(NUMBERS_PER_TASK);
    let units = match terms().map(short).try_reduce(|| 0, i128::checked_add) {
        Some(units) => IBig::from(units),
        // A term or a partial sum does not fit a machine integer. The long way gives the same result, only slower.
        None => terms().map(long).reduce(IBig::default, |left, right| left + right),
    };
    Sum { units, scale }
}

impl Sum {
    /// The sum divided by `10^places`; `None` if that has more than 38 digits.
    #[must_use]
    pub fn shifted(&self, places: u32) -> Option<Decimal> {
        let ten = IBig::from(10_u8);
        let (mut units, mut scale) = (self.units.clone(), self.scale.checked_add(places)?);
        // Zeros at the end are dropped, so that they do not make a short number too long.
        while scale > MAX_DIGITS || i128::try_from(&units).is_err() {
            if scale == 0 || !(&units % &ten).is_zero() {
                return None;
            }
            units /= &ten;
            scale = scale.checked_sub(1)?;
        }
        Decimal::new(i128::try_from(&units).ok()?, scale).ok()
    }

    /// The sum as an exact fraction, for the formula engine.
    #[must_use]
    pub fn to_rational(&self) -> RBig {
        RBig::from_parts(self.units.clone(), UBig::from(10_u128.saturating_pow(self.scale)))
    }

    /// The sum as a numerator and a power of ten as the denominator, if both fit machine integers.
    #[must_use]
    pub fn to_short_fraction(&self) -> Option<(i128, u128)> {
        Some((i128::try_from(&self.units).ok()?, 10_u128.checked_pow(self.scale)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn total(texts: &[&str]) -> Option<String> {
        sum(&numbers(texts), |number| (*number, 1)).shifted(0).map(|sum| sum.to_string())
    }

    #[test]
    fn numbers_of_any_scale_are_summed_exactly() {
        let longest = "9".repeat(38);
        assert_eq!(total(&[]).as_deref(), Some("0"));
        assert_eq!(total(&["0.5", "2.25", "-1", "0.25"]).as_deref(), Some("2"));
        assert_eq!(total(&[&longest, &format!("-{longest}"), "0.001"]).as_deref(), Some("0.001"));
        assert_eq!(total(&[&longest, "0.5", "0.5", "-1"]).as_deref(), Some(longest.as_str()));
        assert_eq!(total(&[&longest, "1"]), None);
        assert_eq!(total(&[&longest, "0.1"]), None);
    }

    #[test]
    fn the_fraction_is_the_sum_of_the_fractions_at_any_scale() {
        let (largest, finest) = ("9".repeat(38), format!("0.{}1", "0".repeat(37)));
        let cases: [&[&str]; 6] = [
            &[],
            &["1"],
            &["1.5", "0.25", "1000"],
            &["0.1", "0.2", "0.7"],
            &[&largest, &largest, &largest],
            &[&largest, &finest, "0.5"],
        ];
        for texts in cases {
            let numbers = numbers(texts);
            let expected = numbers.iter().fold(RBig::ZERO, |sum, number| sum + number.to_rational());
            assert_eq!(sum(&numbers, |number| (*number, 1)).to_rational(), expected, "{texts:?}");
        }
    }

    #[test]
    fn a_number_may_count_many_times_or_not_at_all() {
        let numbers = numbers(&["1.5", "2", "100"]);
        let weighted = sum(&numbers, |number| (*number, if number.scale() == 0 { 0 } else { 30_000 }));
        assert_eq!(weighted.shifted(4).unwrap().to_string(), "4.5");
    }
}
