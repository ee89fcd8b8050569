//! Reads columns of numbers row by row, and writes columns of results.

use std::result::Result as Outcome;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Decimal256Array, Decimal256Builder, LargeBinaryArray, LargeBinaryBuilder,
};
use datafusion::arrow::datatypes::{DECIMAL256_MAX_PRECISION, DataType, Decimal256Type, i256};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs};

use super::{Fault, Fraction, read_wide, write_wide};

/// A column of decimals in 256 bits, or of fractions.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) enum Numbers<'a> {
    Decimals(&'a Decimal256Array, u8),
    Fractions(&'a LargeBinaryArray),
}

impl<'a> Numbers<'a> {
    pub(in crate::engine) fn of(column: &'a ArrayRef) -> Result<Self> {
        match (column.data_type(), column.as_primitive_opt::<Decimal256Type>(), column.as_binary_opt::<i64>()) {
            (DataType::Decimal256(_, scale), Some(decimals), _) => Ok(Self::Decimals(decimals, scale.unsigned_abs())),
            (_, _, Some(fractions)) => Ok(Self::Fractions(fractions)),
            (other, ..) => exec_err!("{other} was not made a decimal of 256 bits or a fraction first"),
        }
    }

    /// The number of a row, unless it is null.
    pub(in crate::engine) fn get(&self, row: usize) -> Option<Outcome<Fraction, Fault>> {
        match self {
            Self::Decimals(decimals, scale) => decimals
                .is_valid(row)
                .then(|| read_wide(decimals.value(row)).map(|number| Fraction::of_decimal(number, *scale))),
            Self::Fractions(fractions) => fractions.is_valid(row).then(|| Fraction::read(fractions.value(row))),
        }
    }

    /// The fault of a row, if its number is a fault.
    pub(super) fn fault(&self, row: usize) -> Option<Fault> {
        match self {
            Self::Decimals(decimals, _) if decimals.is_valid(row) => read_wide(decimals.value(row)).err(),
            Self::Fractions(fractions) if fractions.is_valid(row) && fractions.value(row).len() == 2 => {
                Fraction::read(fractions.value(row)).err()
            }
            _ => None,
        }
    }
}

/// Calls a function whose result for a row depends on that row only.
pub(super) fn by_rows(
    call: &ScalarFunctionArgs,
    work: impl FnOnce(&[ArrayRef]) -> Result<ArrayRef>,
) -> Result<ColumnarValue> {
    let is_one = call.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
    let result = work(&ColumnarValue::values_to_arrays(&call.args)?)?;
    if is_one {
        Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&result, 0)?))
    } else {
        Ok(ColumnarValue::Array(result))
    }
}

/// A column of wide decimals.
pub(super) fn wide_column(
    numbers: impl ExactSizeIterator<Item = Option<Outcome<i256, Fault>>>,
    scale: u8,
) -> Result<ArrayRef> {
    let mut column = Decimal256Builder::with_capacity(numbers.len());
    numbers.for_each(|number| column.append_option(number.map(write_wide)));
    let scale = i8::try_from(scale).unwrap_or(i8::MAX);
    Ok(Arc::new(column.finish().with_precision_and_scale(DECIMAL256_MAX_PRECISION, scale)?))
}

/// A column of fractions.
pub(in crate::engine) fn fraction_column(
    numbers: impl ExactSizeIterator<Item = Option<Outcome<Fraction, Fault>>>,
) -> ArrayRef {
    let mut column = LargeBinaryBuilder::with_capacity(numbers.len(), numbers.len().saturating_mul(32));
    let mut code = Vec::new();
    for number in numbers {
        match number {
            None => column.append_null(),
            Some(number) => {
                Fraction::write(number.as_ref().map_err(|fault| *fault), &mut code);
                column.append_value(&code);
            }
        }
    }
    Arc::new(column.finish())
}
