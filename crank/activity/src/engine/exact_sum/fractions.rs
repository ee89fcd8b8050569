//! Sums and averages of fractions.
//!
//! A sum is exact as long as its common denominator is short. Beyond that each summand is rounded to 60 places and the
//! sum to 45: far more than can matter, in a fixed time for each row. Which of the two applies depends only on the
//! summands, because the common denominator of some of them divides that of all. So both sums are computed until the
//! exact one gets too long.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers are of arbitrary size: they grow, and nothing wraps")]

use std::mem::size_of_val;
use std::result::Result as Outcome;

use dashu::base::{BitTest, Gcd};
use dashu::integer::{IBig, UBig};
use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_datafusion_err};
use datafusion::logical_expr::Accumulator;

use super::Kind;
use crate::engine::numbers::{Direction, Fault, Fraction, Numbers, fraction_column};

/// The longest common denominator of an exact sum, in bits.
const MOST_BITS: usize = 512;
/// The places that summands are rounded to where the sum is not exact.
const SUMMAND_PLACES: u32 = 60;
/// The places of a sum that is not exact.
const SUM_PLACES: u32 = 45;

/// The columns of a state.
pub(super) const fn state() -> [(&'static str, DataType); 5] {
    [
        ("numerator", DataType::Binary),
        ("denominator", DataType::Binary),
        ("rounded", DataType::Binary),
        ("count", DataType::Int64),
        ("fault", DataType::Int64),
    ]
}

/// The total of fractions of one group, or of a window that only grows.
#[derive(Debug)]
pub(super) struct FractionTotal {
    kind: Kind,
    /// The numerator and the common denominator of all summands, while the denominator is short.
    exact: Option<(IBig, UBig)>,
    /// The sum of the rounded summands, in units of their last place.
    rounded: IBig,
    count: i64,
    fault: Option<Fault>,
}

impl FractionTotal {
    pub(super) const fn new(kind: Kind) -> Self {
        Self { kind, exact: Some((IBig::ZERO, UBig::ONE)), rounded: IBig::ZERO, count: 0, fault: None }
    }

    fn add(&mut self, number: Outcome<Fraction, Fault>) {
        self.count = self.count.saturating_add(1);
        match number {
            Err(fault) => self.fault = self.fault.max(Some(fault)),
            Ok(number) => {
                self.rounded += number.units(SUMMAND_PLACES, Direction::NearestEven);
                self.add_exactly(Some((number.numerator().clone(), number.denominator().clone())));
            }
        }
    }

    /// Adds another exact sum, given by its numerator and denominator, if both sums are still exact.
    fn add_exactly(&mut self, other: Option<(IBig, UBig)>) {
        let (Some((numerator, denominator)), Some((other_numerator, other))) = (self.exact.take(), other) else {
            return;
        };
        let common = (&denominator).gcd(&other);
        let (factor, other_factor) = (&other / &common, &denominator / common);
        let whole = denominator * &factor;
        if whole.bit_len() <= MOST_BITS {
            self.exact = Some((numerator * factor + other_numerator * other_factor, whole));
        }
    }

    fn result(&self) -> Outcome<Fraction, Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let sum = match &self.exact {
            Some((numerator, denominator)) => Fraction::new(numerator.clone(), denominator.clone()),
            None => {
                let exactly = Fraction::new(self.rounded.clone(), ten_to(SUMMAND_PLACES));
                Fraction::new(exactly.units(SUM_PLACES, Direction::NearestEven), ten_to(SUM_PLACES))
            }
        };
        match self.kind {
            Kind::Sum => Ok(sum),
            Kind::PlannedAverage | Kind::Average => sum.over(&Fraction::new(self.count.into(), UBig::ONE)),
        }
    }
}

fn ten_to(places: u32) -> UBig {
    UBig::from(10_u8).pow(usize::try_from(places).unwrap_or_default())
}

impl Accumulator for FractionTotal {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let column = values.first().ok_or_else(|| exec_datafusion_err!("a sum did not get its fractions"))?;
        let numbers = Numbers::of(column)?;
        (0..column.len()).filter_map(|row| numbers.get(row)).for_each(|number| self.add(number));
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let missing = || exec_datafusion_err!("a sum did not get its totals");
        let [numerators, denominators, rounded, counts, faults] = states else { return Err(missing()) };
        let bytes = |column: &ArrayRef| column.as_binary_opt::<i32>().cloned().ok_or_else(missing);
        let whole = |column: &ArrayRef| column.as_primitive_opt::<Int64Type>().cloned().ok_or_else(missing);
        let (numerators, denominators, rounded) = (bytes(numerators)?, bytes(denominators)?, bytes(rounded)?);
        let (counts, faults) = (whole(counts)?, whole(faults)?);
        for row in 0..rounded.len() {
            self.rounded += IBig::from_le_bytes(rounded.value(row));
            let is_exact = numerators.is_valid(row);
            self.add_exactly(
                is_exact.then(|| {
                    (IBig::from_le_bytes(numerators.value(row)), UBig::from_le_bytes(denominators.value(row)))
                }),
            );
            self.count = self.count.saturating_add(counts.value(row));
            let fault = u8::try_from(faults.value(row)).ok().filter(|code| *code != 0).map(Fault::of_code);
            self.fault = self.fault.max(fault);
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let exact = self.exact.as_ref();
        Ok(vec![
            ScalarValue::Binary(exact.map(|(numerator, _)| numerator.to_le_bytes().into_vec())),
            ScalarValue::Binary(exact.map(|(_, denominator)| denominator.to_le_bytes().into_vec())),
            ScalarValue::Binary(Some(self.rounded.to_le_bytes().into_vec())),
            ScalarValue::Int64(Some(self.count)),
            ScalarValue::Int64(Some(self.fault.map_or(0, |fault| fault.code().into()))),
        ])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let result = (self.count > 0).then(|| self.result());
        ScalarValue::try_from_array(&fraction_column(std::iter::once(result)), 0)
    }

    fn size(&self) -> usize {
        let bits =
            self.exact.as_ref().map_or(0, |(numerator, denominator)| numerator.bit_len() + denominator.bit_len());
        size_of_val(self) + (bits + self.rounded.bit_len()) / 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(numerator: i64, denominator: u64) -> Outcome<Fraction, Fault> {
        Ok(Fraction::new(numerator.into(), denominator.into()))
    }

    fn merged(first: &mut FractionTotal, mut second: FractionTotal) {
        let state: Vec<ArrayRef> = second.state().unwrap().iter().map(|value| value.to_array().unwrap()).collect();
        first.merge_batch(&state).unwrap();
    }

    /// The sum of `1/2 + 1/3 + …` up to a denominator, in parts.
    fn harmonic(last: u64, parts: u64, kind: Kind) -> Fraction {
        let mut whole = FractionTotal::new(kind);
        for part in 0..parts {
            let mut total = FractionTotal::new(kind);
            for denominator in (2..=last).filter(|denominator| denominator % parts == part) {
                total.add(fraction(1, denominator));
            }
            merged(&mut whole, total);
        }
        whole.result().unwrap()
    }

    #[test]
    fn a_sum_of_few_denominators_is_exact() {
        let mut sum = FractionTotal::new(Kind::Sum);
        for _ in 0..3 {
            sum.add(fraction(1, 3));
        }
        assert_eq!(sum.result().unwrap(), fraction(1, 1).unwrap());
        assert_eq!(harmonic(4, 1, Kind::Sum), fraction(13, 12).unwrap());
        assert_eq!(harmonic(4, 3, Kind::Average), fraction(13, 36).unwrap());
    }

    #[test]
    fn a_sum_of_many_denominators_is_rounded_to_45_places_however_it_is_cut() {
        let sum = harmonic(2_000, 1, Kind::Sum);
        assert_eq!((UBig::from(10_u8).pow(45) % sum.denominator().clone()), UBig::ZERO);
        for parts in [2, 3, 7, 500] {
            assert_eq!(harmonic(2_000, parts, Kind::Sum), sum, "{parts} parts");
        }
        // The sum is exact up to the last denominator for which 512 bits suffice.
        let exact = harmonic(350, 5, Kind::Sum);
        assert_ne!((UBig::from(10_u8).pow(45) % exact.denominator().clone()), UBig::ZERO);
        assert_eq!(harmonic(350, 2, Kind::Sum), exact);
    }

    #[test]
    fn a_fault_makes_the_sum_one() {
        let mut sum = FractionTotal::new(Kind::Sum);
        sum.add(fraction(1, 2));
        sum.add(Err(Fault::DivisionByZero));
        let mut other = FractionTotal::new(Kind::Sum);
        other.add(Err(Fault::DoesNotFit));
        merged(&mut sum, other);
        assert_eq!((sum.result().unwrap_err(), sum.count), (Fault::DoesNotFit, 3));
        assert!(FractionTotal::new(Kind::Sum).evaluate().unwrap().is_null());
    }
}
