//! Looks once more at a plan whose types are decided: whether the engine has put in a cast that can fail.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan};

use super::casts::always_fits;

/// Refuses a cast that the engine has put in and that does not fit every value.
pub(in crate::engine) fn refuse_partial(plan: &LogicalPlan) -> Result<()> {
    plan.apply_with_subqueries(|node| {
        let schema = merge_schema(&node.inputs());
        node.apply_expressions(|root| root.apply(|part| check(part, &schema)))
    })?;
    Ok(())
}

fn check(part: &Expr, schema: &DFSchema) -> Result<TreeNodeRecursion> {
    let Expr::Cast(cast) = part else { return Ok(TreeNodeRecursion::Continue) };
    let target = cast.field.data_type();
    // What is told at once needs no room; floats are refused by themselves; and ranks never reach what does not fit.
    let is_told = matches!(cast.expr.as_ref(), Expr::Literal(..)) || target.is_floating();
    let Ok(source) = cast.expr.get_type(schema) else { return Ok(TreeNodeRecursion::Continue) };
    let is_rank = source == DataType::UInt64 && *target == DataType::Int64;
    if is_told || is_rank || source.is_floating() || always_fits(&source, target) {
        return Ok(TreeNodeRecursion::Continue);
    }
    let shown = cast.expr.human_display().to_string();
    plan_err!("`{shown}` is {source} where {target} is needed, which does not fit every value: write a cast")
}
