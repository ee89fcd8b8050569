//! The operators `+ - * / %` while the engine plans a query: each becomes a placeholder, chosen by its types alone.
//!
//! `total_arithmetic` replaces the placeholders once the plan is whole. The engine's own operators cannot stay: `+` on
//! BIGINT wraps silently, and `/` drops digits.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{Expr, ExprSchemable};
use datafusion::sql::sqlparser::ast::BinaryOperator;

use crate::engine::numbers::{Operator, placeholder, placeholder_operator};

/// Puts placeholders for the operators on numbers, and leaves the operators on times to the engine.
#[derive(Debug)]
pub(super) struct ExactArithmetic;

impl ExprPlanner for ExactArithmetic {
    fn plan_binary_op(&self, expr: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        let operator = match expr.op {
            BinaryOperator::Plus => Operator::Plus,
            BinaryOperator::Minus => Operator::Minus,
            BinaryOperator::Multiply => Operator::Times,
            BinaryOperator::Divide => Operator::Over,
            BinaryOperator::Modulo => Operator::Remainder,
            _ => return Ok(PlannerResult::Original(expr)),
        };
        let (left_type, right_type) = (type_of(&expr.left, schema)?, type_of(&expr.right, schema)?);
        if left_type.is_temporal() || right_type.is_temporal() {
            return Ok(PlannerResult::Original(expr));
        }
        for (side, data_type) in [(&expr.left, left_type), (&expr.right, right_type)] {
            refuse_other_types(side, &data_type, &expr.op)?;
        }
        Ok(PlannerResult::Planned(placeholder(operator, expr.left, expr.right)))
    }
}

/// The type of one side. The engine would walk through a whole deep expression to find its type; the type of a
/// placeholder is known at once.
fn type_of(side: &Expr, schema: &DFSchema) -> Result<DataType> {
    match side {
        Expr::ScalarFunction(call) if placeholder_operator(&call.func).is_some() => call.func.return_type(&[]),
        other => other.get_type(schema),
    }
}

fn refuse_other_types(side: &Expr, data_type: &DataType, operator: &BinaryOperator) -> Result<()> {
    let is_number = data_type.is_null() || data_type.is_integer() || data_type.is_decimal();
    if is_number {
        return Ok(());
    }
    plan_err!("`{operator}` has {side} on one side, which is {data_type}: write cast(… as decimal(38, 9))")
}
