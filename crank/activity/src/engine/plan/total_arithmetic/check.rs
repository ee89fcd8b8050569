//! Checks a plan once more after its types are decided: the engine may have added a cast that can fail.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan};

use super::casts::always_fits;

/// Refuses a cast that the engine has added and that not every value fits.
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
    // A literal is checked when it is cast; floats are refused elsewhere; and ranks never get too large to fit.
    let is_told = matches!(cast.expr.as_ref(), Expr::Literal(..)) || target.is_floating();
    let Ok(source) = cast.expr.get_type(schema) else { return Ok(TreeNodeRecursion::Continue) };
    let is_rank = source == DataType::UInt64 && *target == DataType::Int64;
    if is_told || is_rank || source.is_floating() || always_fits(&source, target) {
        return Ok(TreeNodeRecursion::Continue);
    }
    let shown = cast.expr.human_display().to_string();
    plan_err!("`{shown}` is {source} where {target} is needed, which does not fit every value: write a cast")
}
