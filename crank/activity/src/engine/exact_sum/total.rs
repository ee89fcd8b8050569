//! The total of one group. The rules are those of `exact_sum`.

use std::mem::size_of_val;

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::{ArrowNativeTypeOp, DataType};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::Accumulator;

use super::Kind;
use super::columns::{Numbers, States, Total, states};
use super::long::Long;
use crate::engine::numbers::Fault;

/// The total of one group, or of a window that slides.
#[derive(Debug)]
pub(super) struct ExactTotal {
    kind: Kind,
    input: DataType,
    sum: Long,
    count: i64,
    /// How many of each fault there are, in the order of the faults.
    faults: [i64; Fault::ALL.len()],
}

impl ExactTotal {
    pub(super) const fn new(kind: Kind, input: DataType) -> Self {
        Self { kind, input, sum: Long::ZERO, count: 0, faults: [0; Fault::ALL.len()] }
    }

    fn total(&self) -> Total {
        let faults = Fault::ALL.into_iter().zip(self.faults).filter(|(_, count)| *count != 0);
        Total { sum: self.sum, count: self.count, fault: faults.map(|(fault, _)| fault).max() }
    }

    fn count_faults(&mut self, numbers: &Numbers<'_>, step: i64) {
        for fault in numbers.faults() {
            let places = Fault::ALL.into_iter().zip(&mut self.faults).filter(|(known, _)| *known == fault);
            places.for_each(|(_, count)| *count = count.saturating_add(step));
        }
    }
}

impl Accumulator for ExactTotal {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let numbers = Numbers::of(values)?;
        let (sum, count) = numbers.total()?;
        self.sum.add_long(sum);
        self.count = self.count.add_checked(count)?;
        self.count_faults(&numbers, 1);
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let numbers = Numbers::of(values)?;
        let (sum, count) = numbers.total()?;
        self.sum.subtract_long(sum);
        self.count = self.count.sub_checked(count)?;
        self.count_faults(&numbers, -1);
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for total in States::of(states)?.totals() {
            self.sum.add_long(total.sum);
            self.count = self.count.add_checked(total.count)?;
            let fault = Fault::ALL.into_iter().zip(&mut self.faults).filter(|(fault, _)| total.fault == Some(*fault));
            fault.for_each(|(_, count)| *count = count.saturating_add(1));
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let columns = states(std::iter::once(self.total()), &self.input)?;
        columns.iter().map(|column| ScalarValue::try_from_array(column, 0)).collect()
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        ScalarValue::try_from_array(&self.kind.finish(std::iter::once(self.total()), &self.input)?, 0)
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}
