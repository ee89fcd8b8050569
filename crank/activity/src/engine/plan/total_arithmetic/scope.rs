//! The columns that an expression of a step can see, and the types of its parts.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DFSchemaRef, Result};
use datafusion::logical_expr::type_coercion::binary::BinaryTypeCoercer;
use datafusion::logical_expr::{Expr, ExprSchemable};

use crate::engine::numbers::is_of_numbers;

/// The columns that an expression can see.
pub(super) struct Scope<'a> {
    /// The columns of the step's inputs.
    pub(super) schema: &'a DFSchemaRef,
    /// The columns of the enclosing queries, the innermost last.
    pub(super) outer: &'a [DFSchemaRef],
}

/// The type of an expression in a step. The engine would walk through a whole deep expression again and again.
pub(super) fn type_of(expression: &Expr, scope: &Scope<'_>) -> Result<DataType> {
    match expression {
        Expr::Alias(alias) => type_of(&alias.expr, scope),
        Expr::BinaryExpr(binary) => {
            let (left, right) = (type_of(&binary.left, scope)?, type_of(&binary.right, scope)?);
            BinaryTypeCoercer::new(&left, &binary.op, &right).get_result_type()
        }
        Expr::ScalarFunction(call) if is_of_numbers(&call.func) => {
            let arguments = call.args.iter().take(1).map(|argument| type_of(argument, scope));
            call.func.return_type(&arguments.collect::<Result<Vec<_>>>()?)
        }
        other => other.get_type(scope.schema.as_ref()),
    }
}
