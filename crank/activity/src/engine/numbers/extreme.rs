//! `greatest` and `least` of numbers that may be faults: nulls are left out, and a fault makes the result a fault.

use std::result::Result as Outcome;

use datafusion::arrow::array::UInt64Array;
use datafusion::arrow::array::{Array, ArrayRef};
use datafusion::arrow::compute::concat;
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::read::by_rows;
use super::{Fault, Fraction, Numbers, name};

/// Which of several numbers is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::engine) enum Extreme {
    Greatest,
    Least,
}

/// The greatest or least of numbers of one type that may be faults.
pub(in crate::engine) fn extreme(which: Extreme, numbers: Vec<Expr>) -> Expr {
    let function = Of { which, signature: Signature::variadic_any(Volatility::Immutable) };
    ScalarUDF::new_from_impl(function).call(numbers)
}

pub(super) fn is_extreme(function: &ScalarUDF) -> bool {
    function.inner().is::<Of>()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Of {
    which: Extreme,
    signature: Signature,
}

impl ScalarUDFImpl for Of {
    fn name(&self) -> &'static str {
        match self.which {
            Extreme::Greatest => "greatest",
            Extreme::Least => "least",
        }
    }

    fn schema_name(&self, arguments: &[Expr]) -> Result<String> {
        name::of_call(self.name(), arguments)
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        match arguments.first() {
            Some(numbers) => Ok(numbers.clone()),
            None => internal_err!("{} has at least one argument", self.name()),
        }
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        by_rows(&call, |columns| chosen(self.which, columns))
    }
}

/// A column that takes, in each row, the greatest or least number of all columns.
fn chosen(which: Extreme, columns: &[ArrayRef]) -> Result<ArrayRef> {
    let rows = columns.first().map_or(0, |column| column.len());
    let numbers = columns.iter().map(Numbers::of).collect::<Result<Vec<_>>>()?;
    let places = (0..rows).map(|row| {
        let place = column_of(which, &numbers, row).unwrap_or_default();
        u64::try_from(place.saturating_mul(rows).saturating_add(row)).unwrap_or_default()
    });
    let places: UInt64Array = places.collect();
    let all = columns.iter().map(|column| column.as_ref()).collect::<Vec<&dyn Array>>();
    Ok(take(&concat(&all)?, &places, None)?)
}

/// The column that a row takes its number from; `None` if all are null, and then any column will do.
fn column_of(which: Extreme, numbers: &[Numbers<'_>], row: usize) -> Option<usize> {
    let values = numbers.iter().enumerate().filter_map(|(column, numbers)| Some((column, numbers.get(row)?)));
    let further = |best: (usize, Outcome<Fraction, Fault>), next: (usize, Outcome<Fraction, Fault>)| {
        let takes_next = match (&best.1, &next.1) {
            (Ok(best), Ok(next)) => match which {
                Extreme::Greatest => next > best,
                Extreme::Least => next < best,
            },
            (Ok(_), Err(_)) => true,
            (Err(best), Err(next)) => next > best,
            (Err(_), Ok(_)) => false,
        };
        if takes_next { next } else { best }
    };
    values.reduce(further).map(|(column, _)| column)
}
