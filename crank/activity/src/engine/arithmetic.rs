//! How queries reckon: whole numbers become decimals before an operator sees them, so nothing wraps and `7 / 2` is
//! 3.5. The engine's own `+` on BIGINT wraps silently, and its `/` drops the fraction.

use datafusion::arrow::datatypes::{DECIMAL256_MAX_PRECISION, DataType};
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{Expr, ExprSchemable, cast};
use datafusion::sql::sqlparser::ast::BinaryOperator;

/// The digits behind the point a quotient has at least, before the four the engine adds.
pub(super) const QUOTIENT_SCALE: i8 = 9;
/// The digits of the largest whole number of 64 bits.
const BIGINT_DIGITS: u8 = 20;

/// Plans `+ - * / %` of numbers as exact decimal arithmetic, which raises an error where a result does not fit.
#[derive(Debug)]
pub(super) struct DecimalArithmetic;

impl ExprPlanner for DecimalArithmetic {
    fn plan_binary_op(&self, expr: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        let RawBinaryExpr { op, left, right } = expr;
        let (left_type, right_type) = match op {
            BinaryOperator::Plus
            | BinaryOperator::Minus
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Modulo => (left.get_type(schema)?, right.get_type(schema)?),
            _ => return Ok(PlannerResult::Original(RawBinaryExpr { op, left, right })),
        };
        if left_type.is_temporal() || right_type.is_temporal() {
            return Ok(PlannerResult::Original(RawBinaryExpr { op, left, right }));
        }
        let left = widened(left, &left_type, &op, true)?;
        let right = widened(right, &right_type, &op, false)?;
        Ok(PlannerResult::Original(RawBinaryExpr { op, left, right }))
    }
}

/// The operand as a decimal that may grow to 76 digits: the product and quotient of two numbers of 38 digits fit.
fn widened(operand: Expr, data_type: &DataType, operator: &BinaryOperator, is_left: bool) -> Result<Expr> {
    let (precision, scale) = match data_type {
        DataType::Null => (1, 0),
        integer if integer.is_integer() => (BIGINT_DIGITS, 0),
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => (*precision, *scale),
        other => {
            return plan_err!(
                "`{operator}` has {operand} on one side, which is {other}: write cast(… as decimal(38, 9))"
            );
        }
    };
    let is_dividend = is_left && *operator == BinaryOperator::Divide;
    let target_scale = if is_dividend { scale.max(QUOTIENT_SCALE) } else { scale.max(0) };
    let added = target_scale.saturating_sub(scale).unsigned_abs();
    let precision = precision.saturating_add(added).min(DECIMAL256_MAX_PRECISION);
    Ok(cast(operand, DataType::Decimal256(precision, target_scale)))
}
