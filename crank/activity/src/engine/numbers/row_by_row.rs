//! What is computed for every row, so that the engine does not take it for one value.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The same values, as a column of their own, whose expression the engine does not look into.
///
/// The engine tries the elements of `IN` on no rows at all, and takes whatever gives a single value for a constant. A
/// CASE gives NULL there, whatever it gives for rows.
pub(in crate::engine) fn row_by_row(values: Expr) -> Expr {
    ScalarUDF::new_from_impl(RowByRow { signature: Signature::any(1, Volatility::Immutable) }).call(vec![values])
}

const NAME: &str = "row_by_row";

/// What [`row_by_row`] was given, or the expression itself.
pub(in crate::engine) fn not_row_by_row(expression: &Expr) -> &Expr {
    match expression {
        Expr::ScalarFunction(call) if call.func.name() == NAME => call.args.first().unwrap_or(expression),
        other => other,
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct RowByRow {
    signature: Signature,
}

impl ScalarUDFImpl for RowByRow {
    fn name(&self) -> &'static str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        match arguments {
            [values] => Ok(values.clone()),
            _ => internal_err!("{} has one argument", self.name()),
        }
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        match call.args.as_slice() {
            [values] => Ok(ColumnarValue::Array(values.to_array(call.number_rows)?)),
            _ => internal_err!("{} has one argument", self.name()),
        }
    }
}
