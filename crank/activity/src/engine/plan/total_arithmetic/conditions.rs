//! Conditions, kept apart from each other where the engine would put them together wrongly.
//!
//! The engine makes one list of two: `a IN (1, b) AND a IN (2, c)` becomes `a IN ()`, which is false, although `b` may
//! be 2; `a NOT IN (2, NULL)` takes the 2 away from another list and forgets that it is never true; and where `a` is
//! null the result is false instead of null. It finds such lists in comparisons with `=` and below NOT too. So whatever
//! could become one of two such lists stands behind `row_by_row`, which the engine does not look into.
//!
//! A step that keeps the rows for which a condition is true does not tell false from null. There, lists of plain
//! literals may be put together, and are left to the engine, which can skip files and row groups by them.

use datafusion::common::Result;
use datafusion::common::tree_node::TreeNode as _;
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{BinaryExpr, Expr, Operator, lit};

use super::scope::{Scope, type_of};
use crate::engine::numbers::{not_row_by_row, row_by_row};

/// One side of a comparison. Of a product of whole numbers the engine takes the range to have the factors' type, and
/// then refuses to compare it with a decimal of the product's type.
pub(super) fn computed_apart(side: Expr, scope: &Scope<'_>) -> Result<Expr> {
    let is_computed =
        side.exists(|part| Ok(matches!(part, Expr::BinaryExpr(binary) if binary.op.is_numerical_operators())))?;
    Ok(if is_computed && type_of(&side, scope)?.is_decimal() { row_by_row(side) } else { side })
}

/// A list that the engine puts together with no other.
pub(super) fn list_apart(list: InList) -> Expr {
    row_by_row(Expr::InList(list))
}

/// `AND` of `OR`s and `OR` of `AND`s, in which the engine looks for lists, with each side apart.
pub(super) fn sides_apart(binary: BinaryExpr) -> Expr {
    let BinaryExpr { left, op, right } = binary;
    let other = match op {
        Operator::And => Operator::Or,
        Operator::Or => Operator::And,
        _ => return Expr::BinaryExpr(BinaryExpr { left, op, right }),
    };
    let apart = |side: Box<Expr>| match *side {
        Expr::BinaryExpr(inner) if inner.op == other => Box::new(row_by_row(Expr::BinaryExpr(inner))),
        side => Box::new(side),
    };
    Expr::BinaryExpr(BinaryExpr { left: apart(left), op, right: apart(right) })
}

/// The condition of a step that keeps the rows for which it is true.
pub(super) fn of_filter(condition: Expr) -> Expr {
    let parts = split_conjunction_owned(condition).into_iter().map(|part| {
        let inside = not_row_by_row(&part);
        if may_be_combined(inside) { inside.clone() } else { part }
    });
    conjunction(parts).unwrap_or_else(|| lit(true))
}

/// Whether false in the place of null is all that could go wrong.
fn may_be_combined(condition: &Expr) -> bool {
    match condition {
        Expr::InList(list) => {
            list.list.iter().all(|value| matches!(value, Expr::Literal(value, _) if !value.is_null()))
        }
        Expr::BinaryExpr(binary) => binary.op == Operator::Or,
        _ => false,
    }
}
