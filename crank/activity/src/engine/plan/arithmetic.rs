//! The operators `+ - * / %` as the engine plans them: a place is kept for each, and only the types are looked at.
//!
//! What they compute is decided in `total_arithmetic`, once the plan is whole. The engine's own `+` on BIGINT wraps
//! silently, and its `/` drops digits.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{Expr, ExprSchemable};
use datafusion::sql::sqlparser::ast::BinaryOperator;

use crate::engine::numbers::{Operator, placeholder, placeholder_operator};

/// Keeps the places of the operators on numbers, and leaves those on times to the engine.
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

/// The engine takes apart the whole of a deep expression to tell its type; of a place that is kept here, it is known.
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
