//! Hides faults from comparisons, and sorts them last while `max` looks for the largest.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, Decimal256Array, LargeBinaryArray};
use datafusion::arrow::datatypes::{DECIMAL256_MAX_PRECISION, DataType};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::read::by_rows;
use super::{Fraction, Numbers, name, read_wide, wide};

/// The numbers of a column, with null in place of faults, so that a comparison with a fault is unknown.
pub(in crate::engine) fn known(numbers: Expr) -> Expr {
    ScalarUDF::new_from_impl(Faults::new(Place::Nowhere)).call(vec![numbers])
}

/// The same numbers and faults, with the faults above all numbers, so that `max` finds them.
pub(in crate::engine) fn faults_last(numbers: Expr) -> Expr {
    ScalarUDF::new_from_impl(Faults::new(Place::Last)).call(vec![numbers])
}

/// The same numbers and faults, the faults below all numbers again: so that nobody sees that `max` had moved them.
pub(in crate::engine) fn faults_first(numbers: Expr) -> Expr {
    ScalarUDF::new_from_impl(Faults::new(Place::First)).call(vec![numbers])
}

/// Whether `max` of this expression looks for faults, which it then returns above all numbers.
pub(in crate::engine) fn has_faults_last(numbers: &Expr) -> bool {
    let Expr::ScalarFunction(call) = numbers else { return false };
    call.func.inner().downcast_ref::<Faults>().is_some_and(|faults| faults.place == Place::Last)
}

/// Where faults go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    Nowhere,
    First,
    Last,
}

pub(super) fn is_about_faults(function: &ScalarUDF) -> bool {
    function.inner().is::<Faults>()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Faults {
    place: Place,
    signature: Signature,
}

impl Faults {
    fn new(place: Place) -> Self {
        Self { place, signature: Signature::any(1, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Faults {
    fn name(&self) -> &'static str {
        match self.place {
            Place::Nowhere => "known",
            Place::First => "faults_first",
            Place::Last => "faults_last",
        }
    }

    fn schema_name(&self, arguments: &[Expr]) -> Result<String> {
        name::of_call(self.name(), arguments)
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        match arguments {
            [numbers] => Ok(numbers.clone()),
            _ => internal_err!("{} has one argument", self.name()),
        }
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        by_rows(&call, |columns| {
            let [column] = columns else { return internal_err!("{} has one argument", self.name()) };
            moved(column, self.place)
        })
    }
}

fn moved(column: &ArrayRef, place: Place) -> Result<ArrayRef> {
    let numbers = Numbers::of(column)?;
    if (0..column.len()).all(|row| numbers.fault(row).is_none()) {
        return Ok(Arc::clone(column));
    }
    Ok(match numbers {
        Numbers::Decimals(decimals, scale) => {
            let moved = |pattern| match (read_wide(pattern), place) {
                (Err(_), Place::Nowhere) => None,
                (Err(fault), Place::First) => Some(wide::write(Err(fault))),
                (Err(fault), Place::Last) => Some(wide::last(fault)),
                (Ok(number), _) => Some(number),
            };
            let moved: Decimal256Array = decimals.iter().map(|pattern| pattern.and_then(moved)).collect();
            let scale = i8::try_from(scale).unwrap_or(i8::MAX);
            Arc::new(moved.with_precision_and_scale(DECIMAL256_MAX_PRECISION, scale)?)
        }
        Numbers::Fractions(fractions) => {
            let row = |(row, code): (usize, Option<&[u8]>)| match (numbers.fault(row), place) {
                (Some(_), Place::Nowhere) => None,
                (Some(fault), Place::First) => Some(Fraction::first(fault).to_vec()),
                (Some(fault), Place::Last) => Some(Fraction::last(fault).to_vec()),
                (None, _) => code.map(<[u8]>::to_vec),
            };
            Arc::new(fractions.iter().enumerate().map(row).collect::<LargeBinaryArray>())
        }
    })
}
