//! Reads summands and intermediate states from the engine's columns, and writes states.

use std::result::Result as Outcome;
use std::sync::Arc;

use dashu::integer::UBig;
use datafusion::arrow::array::{ArrayRef, AsArray, Decimal128Array, Decimal256Array, PrimitiveArray};
use datafusion::arrow::datatypes::{
    ArrowNativeTypeOp, DECIMAL256_MAX_PRECISION, DataType, Decimal128Type, Decimal256Type, Int64Type, i256,
};
use datafusion::common::{Result, exec_datafusion_err};

use super::long::Long;
use super::{is_wide, scale_of};
use crate::engine::numbers::{Fault, Fraction, fitting, read_wide};

/// The numbers to add up. Short ones are added in 128 bits as long as the sum fits, which it nearly always does.
pub(super) enum Numbers<'a> {
    Short(&'a Decimal128Array),
    Long(&'a Decimal256Array),
}

impl<'a> Numbers<'a> {
    /// The numbers of the first column.
    pub(super) fn of(columns: &'a [ArrayRef]) -> Result<Self> {
        let column = columns.first();
        let short = column.and_then(|column| column.as_primitive_opt::<Decimal128Type>()).map(Self::Short);
        let long = || column.and_then(|column| column.as_primitive_opt::<Decimal256Type>()).map(Self::Long);
        short.or_else(long).ok_or_else(|| exec_datafusion_err!("a sum did not get its decimals"))
    }

    /// The total without the faults, and how many numbers are not null.
    pub(super) fn total(&self) -> Result<(Long, i64)> {
        let (mut total, mut part, mut count) = (Long::ZERO, 0_i128, 0_i64);
        match self {
            Self::Short(numbers) => {
                for number in numbers.iter().flatten() {
                    part = match part.checked_add(number) {
                        Some(sum) => sum,
                        None => {
                            total.add(i256::from_i128(part));
                            number
                        }
                    };
                    count = count.add_checked(1)?;
                }
            }
            Self::Long(numbers) => {
                for number in numbers.iter().flatten() {
                    total.add(read_wide(number).unwrap_or(i256::ZERO));
                    count = count.add_checked(1)?;
                }
            }
        }
        total.add(i256::from_i128(part));
        Ok((total, count))
    }

    /// The faults among the numbers.
    pub(super) fn faults(&self) -> impl Iterator<Item = Fault> + use<'a> {
        let long = match self {
            Self::Short(_) => None,
            Self::Long(numbers) => Some(*numbers),
        };
        long.into_iter().flatten().flatten().filter_map(|number| read_wide(number).err())
    }
}

/// The total of decimals.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Total {
    pub(super) sum: Long,
    pub(super) count: i64,
    /// The fault that wins among the summands: the last in the order of faults.
    pub(super) fault: Option<Fault>,
}

impl Total {
    pub(super) fn value(self) -> Outcome<i256, Fault> {
        match self.fault {
            Some(fault) => Err(fault),
            None => fitting(self.sum.value()),
        }
    }

    pub(super) fn average(self, scale: u8) -> Outcome<Fraction, Fault> {
        let total = Fraction::of_decimal(self.value()?, scale);
        let count = UBig::from(self.count.unsigned_abs());
        total.over(&Fraction::new(count.into(), UBig::ONE))
    }
}

/// The columns of a state; for short summands the last two are left out.
pub(super) fn states(totals: impl ExactSizeIterator<Item = Total>, input: &DataType) -> Result<Vec<ArrayRef>> {
    let totals: Vec<Total> = totals.collect();
    let sums: Decimal256Array = totals.iter().map(|total| Some(total.sum.low)).collect();
    let sums = sums.with_precision_and_scale(DECIMAL256_MAX_PRECISION, scale_of(input)?)?;
    let whole = |number: fn(&Total) -> i64| -> ArrayRef {
        Arc::new(totals.iter().map(|total| Some(number(total))).collect::<PrimitiveArray<Int64Type>>())
    };
    let counts = whole(|total| total.count);
    if !is_wide(input) {
        return Ok(vec![Arc::new(sums), counts]);
    }
    let carries = whole(|total| total.sum.carry);
    let faults = whole(|total| total.fault.map_or(0, |fault| fault.code().into()));
    Ok(vec![Arc::new(sums), counts, carries, faults])
}

/// States from the engine's columns.
pub(super) struct States<'a> {
    sums: &'a Decimal256Array,
    counts: &'a PrimitiveArray<Int64Type>,
    /// Only for summands that are not short.
    carries_and_faults: Option<(&'a PrimitiveArray<Int64Type>, &'a PrimitiveArray<Int64Type>)>,
}

impl<'a> States<'a> {
    pub(super) fn of(states: &'a [ArrayRef]) -> Result<Self> {
        let whole = |place: usize| states.get(place).and_then(|column| column.as_primitive_opt::<Int64Type>());
        let sums = states.first().and_then(|column| column.as_primitive_opt::<Decimal256Type>());
        let missing = || exec_datafusion_err!("a sum did not get its totals");
        Ok(Self {
            sums: sums.ok_or_else(missing)?,
            counts: whole(1).ok_or_else(missing)?,
            carries_and_faults: whole(2).zip(whole(3)),
        })
    }

    pub(super) fn totals(&self) -> impl Iterator<Item = Total> {
        let rows = self.sums.iter().zip(self.counts).enumerate();
        rows.map(|(row, (sum, count))| {
            let (carry, fault) =
                self.carries_and_faults.map_or((0, 0), |(carries, faults)| (carries.value(row), faults.value(row)));
            let fault = u8::try_from(fault).ok().filter(|code| *code != 0).map(Fault::of_code);
            Total { sum: Long { low: sum.unwrap_or(i256::ZERO), carry }, count: count.unwrap_or(0), fault }
        })
    }
}
