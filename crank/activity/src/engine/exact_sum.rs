//! `sum` and `avg` that are exact: no total overflows, whatever the order of its parts, and no floats.
//!
//! They stand in for the engine's own, which wrap silently. A total is judged once it is complete: it is a fault if it
//! has more than 76 digits or if a summand is a fault. An average is one exact division at the end. `total` adds up one
//! group and `groups` many at once, `long` is a sum that passes 256 bits before it is complete, `columns` reads
//! summands and intermediate states from the engine's columns, and `fractions` adds up fractions.

mod columns;
mod fractions;
mod groups;
mod long;
mod total;

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Decimal256Array};
use datafusion::arrow::datatypes::{DECIMAL128_MAX_PRECISION, DECIMAL256_MAX_PRECISION, DataType, Field, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, GroupsAccumulator, ReversedUDAF, Signature, Volatility,
};

use super::numbers::{MOST_PLAIN_DIGITS, fraction_column, write_wide};
use columns::Total;
use fractions::FractionTotal;
use groups::ExactGroups;
use total::ExactTotal;

/// The digits of the largest possible number of rows: a sum has at most this many digits more than its summands.
const COUNT_DIGITS: u8 = 19;

/// The exact `sum`.
pub(super) fn sum() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(ExactAggregate::new(Kind::Sum)))
}

/// The exact `avg` while a query is planned: its result is a decimal, so that the engine can plan the rest.
pub(super) fn average() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(ExactAggregate::new(Kind::PlannedAverage)))
}

/// The function that replaces one once the plan is whole, if another does: an average then gives fractions.
pub(super) fn final_form(function: &AggregateUDF) -> Option<Arc<AggregateUDF>> {
    let planned: &ExactAggregate = function.inner().downcast_ref::<ExactAggregate>()?;
    (planned.kind == Kind::PlannedAverage)
        .then(|| Arc::new(AggregateUDF::new_from_impl(ExactAggregate::new(Kind::Average))))
}

/// The kind of an exact aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Sum,
    PlannedAverage,
    Average,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::PlannedAverage | Self::Average => "avg",
        }
    }

    /// The type of the result for inputs of a type.
    fn result(self, input: &DataType) -> Result<DataType> {
        Ok(match (self, input) {
            (Self::Average, _) | (Self::Sum, DataType::LargeBinary) => DataType::LargeBinary,
            (Self::PlannedAverage, _) => decimal_type(DECIMAL256_MAX_PRECISION, 9),
            (Self::Sum, _) => decimal_type(digits_of_sum(input), scale_of(input)?),
        })
    }

    /// The results for totals, null where a group had nothing to add.
    fn finish(self, totals: impl ExactSizeIterator<Item = Total>, input: &DataType) -> Result<ArrayRef> {
        let scale = scale_of(input)?;
        match self {
            Self::Sum => {
                let values = totals.map(|total| (total.count > 0).then(|| write_wide(total.value())));
                let values = values.collect::<Decimal256Array>();
                Ok(Arc::new(values.with_precision_and_scale(digits_of_sum(input), scale)?))
            }
            Self::PlannedAverage | Self::Average => {
                let average = |total: Total| (total.count > 0).then(|| total.average(scale.unsigned_abs()));
                Ok(fraction_column(totals.map(average)))
            }
        }
    }
}

/// The digits that a sum of decimals of a type can have: 76 if it could have more.
fn digits_of_sum(input: &DataType) -> u8 {
    let digits = match input {
        DataType::Decimal128(digits, _) | DataType::Decimal256(digits, _) => digits.saturating_add(COUNT_DIGITS),
        _ => DECIMAL256_MAX_PRECISION,
    };
    if digits <= MOST_PLAIN_DIGITS { digits } else { DECIMAL256_MAX_PRECISION }
}

/// Whether a sum of such decimals may overflow, or be a fault.
fn is_wide(input: &DataType) -> bool {
    digits_of_sum(input) == DECIMAL256_MAX_PRECISION
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

    /// Every number becomes a short decimal if it fits, else a long one, or stays a fraction. So there are three kinds
    /// of input instead of ten.
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
            DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) if *scale >= 0 => argument.clone(),
            DataType::LargeBinary => argument.clone(),
            decimal if decimal.is_decimal() => decimal_type(DECIMAL256_MAX_PRECISION, scale_of(decimal)?.max(0)),
            other => return plan_err!("{name} takes numbers, not {other}: write {name}(cast(… as decimal(38, 9)))"),
        }])
    }

    fn return_type(&self, argument_types: &[DataType]) -> Result<DataType> {
        argument_types.first().map_or(Ok(DataType::Null), |input| self.kind.result(input))
    }

    fn accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let input = input_type(&arguments)?;
        Ok(match input {
            DataType::LargeBinary => Box::new(FractionTotal::new(self.kind)),
            _ => Box::new(ExactTotal::new(self.kind, input)),
        })
    }

    fn state_fields(&self, arguments: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let input = arguments.input_fields.first().map_or(DataType::Null, |field| field.data_type().clone());
        let field = |name, data_type| Arc::new(Field::new(format_state_name(arguments.name, name), data_type, true));
        if input == DataType::LargeBinary {
            return Ok(fractions::state().map(|(name, data_type)| field(name, data_type)).into());
        }
        let total = field("total", decimal_type(DECIMAL256_MAX_PRECISION, scale_of(&input)?));
        let short = vec![total, field("count", DataType::Int64)];
        let long = vec![field("carry", DataType::Int64), field("fault", DataType::Int64)];
        Ok(if is_wide(&input) { [short, long].concat() } else { short })
    }

    fn groups_accumulator_supported(&self, arguments: AccumulatorArgs) -> bool {
        !arguments.is_distinct && input_type(&arguments).is_ok_and(|input| input != DataType::LargeBinary)
    }

    fn create_groups_accumulator(&self, arguments: AccumulatorArgs) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(ExactGroups::new(self.kind, input_type(&arguments)?)))
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        ReversedUDAF::Identical
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }
}

const fn decimal_type(digits: u8, scale: i8) -> DataType {
    DataType::Decimal256(digits, scale)
}

fn scale_of(data_type: &DataType) -> Result<i8> {
    match data_type {
        DataType::Decimal32(_, scale)
        | DataType::Decimal64(_, scale)
        | DataType::Decimal128(_, scale)
        | DataType::Decimal256(_, scale) => Ok(*scale),
        DataType::Null => Ok(0),
        other => plan_err!("a sum over {other} was not made a decimal first"),
    }
}

/// The type of the column that is added up. `syntax` refuses DISTINCT, which this would ignore.
fn input_type(arguments: &AccumulatorArgs) -> Result<DataType> {
    if arguments.is_distinct {
        return plan_err!("{} takes no DISTINCT", arguments.name);
    }
    Ok(arguments.expr_fields.first().map_or(DataType::Null, |field| field.data_type().clone()))
}

#[cfg(test)]
mod tests;
