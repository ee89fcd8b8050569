//! Makes the order of rows total wherever it could show in a result: below a LIMIT, and in window functions that look
//! at neighbours.
//!
//! The query's own keys come first, then all columns of the rows. Rows that are still equal are identical to everything
//! above, so it does not matter which comes first. Therefore neither does the order in which rows arrive, nor how they
//! are spread over files, row groups or threads.

use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::expr::{Sort as SortKey, WindowFunction};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{
    Expr, Limit, LogicalPlan, Projection, Sort, SubqueryAlias, Window, WindowFrameUnits, WindowFunctionDefinition,
};

/// The plan with a total order wherever it asks for an order.
pub(super) fn make_total(plan: LogicalPlan) -> Result<LogicalPlan> {
    let ordered = plan.transform_up_with_subqueries(|node| match node {
        LogicalPlan::Limit(limit) => {
            let input = Arc::new(sorted(Arc::unwrap_or_clone(limit.input))?);
            Ok(Transformed::yes(LogicalPlan::Limit(Limit { input, ..limit })))
        }
        LogicalPlan::Window(window) => Ok(Transformed::yes(ordered_window(window)?)),
        other => Ok(Transformed::no(other)),
    });
    Ok(ordered?.data)
}

/// The plan with its rows in a total order: an existing sort is refined, and a plan without one gets one.
fn sorted(plan: LogicalPlan) -> Result<LogicalPlan> {
    match plan {
        // A step that keeps the order of its input is left as it is and its input sorted, because the step may drop
        // columns that the sort needs as keys.
        LogicalPlan::Projection(mut projection) => {
            projection.input = Arc::new(sorted(Arc::unwrap_or_clone(projection.input))?);
            Projection::try_new_with_schema(projection.expr, projection.input, projection.schema)
                .map(LogicalPlan::Projection)
        }
        LogicalPlan::SubqueryAlias(alias) => {
            let input = Arc::new(sorted(Arc::unwrap_or_clone(alias.input))?);
            SubqueryAlias::try_new(input, alias.alias).map(LogicalPlan::SubqueryAlias)
        }
        LogicalPlan::Limit(limit) => Ok(LogicalPlan::Limit(limit)),
        LogicalPlan::Sort(sort) => {
            let expr = [sort.expr, all_columns(sort.input.schema())].concat();
            Ok(LogicalPlan::Sort(Sort { expr, ..sort }))
        }
        other => {
            let expr = all_columns(other.schema());
            if expr.is_empty() {
                return Ok(other);
            }
            Ok(LogicalPlan::Sort(Sort { expr, input: Arc::new(other), fetch: None }))
        }
    }
}

/// Every column as a key, except those of type null, which are the same in every row.
fn all_columns(schema: &DFSchema) -> Vec<SortKey> {
    let columns = schema.columns().into_iter().zip(schema.fields());
    let columns = columns.filter(|(_, field)| field.data_type() != &DataType::Null);
    columns.map(|(column, _)| Expr::Column(column).sort(true, false)).collect()
}

/// Gives window functions that look at neighbours a step of their own, because all functions of a step share an order.
fn ordered_window(window: Window) -> Result<LogicalPlan> {
    let (seeing, others): (Vec<Expr>, Vec<Expr>) = window.window_expr.iter().cloned().partition(sees_neighbours);
    if seeing.is_empty() {
        return Ok(LogicalPlan::Window(window));
    }
    let keys = all_columns(window.input.schema());
    let input = match others.is_empty() {
        true => window.input,
        false => Arc::new(LogicalPlan::Window(Window::try_new(others, window.input)?)),
    };
    let ordered = seeing.into_iter().map(|function| with_keys(function, &keys)).collect();
    Window::try_new(ordered, input).map(LogicalPlan::Window)
}

/// Whether the order among rows with equal keys could show in the result. It cannot in ranks, nor in a frame that
/// contains all rows with equal keys or none of them.
fn sees_neighbours(expression: &Expr) -> bool {
    let Some(function) = window_function(expression) else { return false };
    match &function.fun {
        WindowFunctionDefinition::WindowUDF(named) => !matches!(named.name(), "rank" | "dense_rank"),
        WindowFunctionDefinition::AggregateUDF(_) => {
            let frame = &function.params.window_frame;
            let is_whole = frame.start_bound.is_unbounded() && frame.end_bound.is_unbounded();
            frame.units == WindowFrameUnits::Rows && !is_whole
        }
    }
}

fn window_function(expression: &Expr) -> Option<&WindowFunction> {
    match expression {
        Expr::WindowFunction(function) => Some(function),
        Expr::Alias(alias) => window_function(&alias.expr),
        _ => None,
    }
}

/// The function with more keys, under the name that the rest of the plan uses for it.
fn with_keys(expression: Expr, keys: &[SortKey]) -> Expr {
    let name = NamePreserver::new_for_projection().save(&expression);
    name.restore(match expression.unalias_nested().data {
        Expr::WindowFunction(mut function) => {
            function.params.order_by.extend_from_slice(keys);
            Expr::WindowFunction(function)
        }
        other => other,
    })
}
