//! `sum` and `avg` that are exact: 256-bit accumulators, an error where one does not fit, no floats.
//!
//! They stand in for the engine's own, which wrap silently. A sum is the same in any order of the rows, and an
//! average is one division at the end, cut like any other quotient. `groups` is the same thing for many groups at once.

mod groups;

use std::mem::size_of_val;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, Decimal128Array, Decimal256Array};
use datafusion::arrow::datatypes::{
    ArrowNativeTypeOp, DECIMAL128_MAX_PRECISION, DECIMAL256_MAX_PRECISION, DataType, Decimal128Type, Decimal256Type,
    DecimalType, Field, FieldRef, Int64Type, i256,
};
use datafusion::common::{Result, ScalarValue, exec_datafusion_err, plan_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, GroupsAccumulator, ReversedUDAF, Signature, Volatility,
};

use super::arithmetic::QUOTIENT_SCALE;
use groups::ExactGroups;

/// The digits the engine adds to a quotient's scale; an average has as many, so it equals `sum(x) / count(x)`.
const DIGITS_ADDED_BY_DIVISION: i8 = 4;

/// The checked `sum`.
pub(super) fn sum() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(ExactAggregate::new(Kind::Sum)))
}

/// The checked `avg`.
pub(super) fn average() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(ExactAggregate::new(Kind::Average)))
}

/// Which of the two it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Sum,
    Average,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Average => "avg",
        }
    }

    /// The scale of the result for inputs of a scale.
    fn result_scale(self, scale: i8) -> i8 {
        match self {
            Self::Sum => scale,
            Self::Average => scale.max(QUOTIENT_SCALE).saturating_add(DIGITS_ADDED_BY_DIVISION),
        }
    }

    /// The result for the values seen, `None` where there were none.
    fn finish(self, total: i256, count: i64, scale: i8) -> Result<Option<i256>> {
        if count == 0 {
            return Ok(None);
        }
        let value = match self {
            Self::Sum => total,
            Self::Average => {
                let added = self.result_scale(scale).saturating_sub(scale).unsigned_abs();
                let factor = i256::from(10_i64).pow_checked(u32::from(added))?;
                total.mul_checked(factor)?.div_checked(i256::from(count))?
            }
        };
        fits(value)
            .then_some(Some(value))
            .ok_or_else(|| exec_datafusion_err!("{} needs more than 76 digits", self.name()))
    }
}

/// Whether a number has at most the digits of the widest decimal.
fn fits(value: i256) -> bool {
    Decimal256Type::is_valid_decimal_precision(value, DECIMAL256_MAX_PRECISION)
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ExactAggregate {
    kind: Kind,
    signature: Signature,
}

impl ExactAggregate {
    fn new(kind: Kind) -> Self {
        Self { kind, signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl AggregateUDFImpl for ExactAggregate {
    fn name(&self) -> &str {
        self.kind.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Every number becomes a decimal, a short one if it can be, so that there are two kinds of input and not ten.
    fn coerce_types(&self, argument_types: &[DataType]) -> Result<Vec<DataType>> {
        let name = self.name();
        let [argument] = argument_types else {
            return plan_err!("{name} takes one argument, not {}", argument_types.len());
        };
        let short = |scale| DataType::Decimal128(DECIMAL128_MAX_PRECISION, scale);
        Ok(vec![match argument {
            DataType::Null => short(0),
            integer if integer.is_integer() => short(0),
            DataType::Decimal32(_, scale) | DataType::Decimal64(_, scale) if *scale >= 0 => short(*scale),
            DataType::Decimal128(_, scale) if *scale >= 0 => argument.clone(),
            decimal if decimal.is_decimal() => decimal_type(scale_of(decimal)?.max(0)),
            other => return plan_err!("{name} takes numbers, not {other}: write {name}(cast(… as decimal(38, 9)))"),
        }])
    }

    fn return_type(&self, argument_types: &[DataType]) -> Result<DataType> {
        let scale = argument_types.first().map_or(Ok(0), scale_of)?;
        Ok(decimal_type(self.kind.result_scale(scale)))
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let scale = input_scale(&arguments)?;
        Ok(Box::new(ExactTotal { kind: self.kind, scale, total: i256::ZERO, count: 0 }))
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let scale = arguments.input_fields.first().map_or(Ok(0), |field| scale_of(field.data_type()))?;
        let total = Field::new(format_state_name(arguments.name, "total"), decimal_type(scale), true);
        let count = Field::new(format_state_name(arguments.name, "count"), DataType::Int64, true);
        Ok(vec![Arc::new(total), Arc::new(count)])
    }

    fn groups_accumulator_supported(&self, arguments: AccumulatorArgs) -> bool {
        !arguments.is_distinct
    }

    fn create_groups_accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(ExactGroups::new(self.kind, input_scale(&arguments)?)))
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        ReversedUDAF::Identical
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }
}

const fn decimal_type(scale: i8) -> DataType {
    DataType::Decimal256(DECIMAL256_MAX_PRECISION, scale)
}

fn scale_of(data_type: &DataType) -> Result<i8> {
    match data_type {
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale)
        | DataType::Decimal256(_, scale) => Ok(*scale),
        other => plan_err!("a sum over {other} was not made a decimal first"),
    }
}

/// The scale of the column that is added up. `syntax` refuses DISTINCT, which this would ignore.
fn input_scale(arguments: &AccumulatorArgs) -> Result<i8> {
    if arguments.is_distinct {
        return plan_err!("{} takes no DISTINCT", arguments.name);
    }
    arguments.expr_fields.first().map_or(Ok(0), |field| scale_of(field.data_type()))
}

/// The total of one group, or of a window that slides.
#[derive(Debug)]
struct ExactTotal {
    kind: Kind,
    scale: i8,
    total: i256,
    count: i64,
}

impl Accumulator for ExactTotal {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let (total, count) = Numbers::of(values)?.total()?;
        self.total = self.total.add_checked(total)?;
        self.count = self.count.add_checked(count)?;
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let (total, count) = Numbers::of(values)?.total()?;
        self.total = self.total.sub_checked(total)?;
        self.count = self.count.sub_checked(count)?;
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for (total, count) in decimals(states)?.iter().zip(counts(states)?) {
            self.total = self.total.add_checked(total.unwrap_or(i256::ZERO))?;
            self.count = self.count.add_checked(count.unwrap_or(0))?;
        }
        Ok(())
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let total = ScalarValue::Decimal256(Some(self.total), DECIMAL256_MAX_PRECISION, self.scale);
        Ok(vec![total, ScalarValue::Int64(Some(self.count))])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let value = self.kind.finish(self.total, self.count, self.scale)?;
        Ok(ScalarValue::Decimal256(value, DECIMAL256_MAX_PRECISION, self.kind.result_scale(self.scale)))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}

/// The numbers to add up: short ones are added in 128 bits as long as that suffices, which is nearly always.
enum Numbers<'a> {
    Short(&'a Decimal128Array),
    Long(&'a Decimal256Array),
}

impl<'a> Numbers<'a> {
    /// The first column.
    fn of(columns: &'a [ArrayRef]) -> Result<Self> {
        let column = columns.first();
        let short = column.and_then(|column| column.as_primitive_opt::<Decimal128Type>()).map(Self::Short);
        let long = || column.and_then(|column| column.as_primitive_opt::<Decimal256Type>()).map(Self::Long);
        short.or_else(long).ok_or_else(|| exec_datafusion_err!("a sum did not get its decimals"))
    }

    /// Their total, and how many are not null.
    fn total(&self) -> Result<(i256, i64)> {
        let (mut total, mut part, mut count) = (i256::ZERO, 0_i128, 0_i64);
        match self {
            Self::Short(numbers) => {
                for number in numbers.iter().flatten() {
                    part = match part.checked_add(number) {
                        Some(sum) => sum,
                        None => {
                            total = total.add_checked(i256::from_i128(part))?;
                            number
                        }
                    };
                    count = count.add_checked(1)?;
                }
            }
            Self::Long(numbers) => {
                for number in numbers.iter().flatten() {
                    total = total.add_checked(number)?;
                    count = count.add_checked(1)?;
                }
            }
        }
        Ok((total.add_checked(i256::from_i128(part))?, count))
    }
}

/// The totals of a state.
fn decimals(states: &[ArrayRef]) -> Result<&Decimal256Array> {
    let column = states.first().and_then(|column| column.as_primitive_opt::<Decimal256Type>());
    column.ok_or_else(|| exec_datafusion_err!("a sum did not get its totals"))
}

/// The second column of a state.
fn counts(states: &[ArrayRef]) -> Result<impl Iterator<Item = Option<i64>>> {
    let column = states.get(1).and_then(|column| column.as_primitive_opt::<Int64Type>());
    Ok(column.ok_or_else(|| exec_datafusion_err!("a sum did not get its counts"))?.iter())
}

#[cfg(test)]
mod tests;
