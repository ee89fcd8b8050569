//! Makes the keys of windows columns: a step below computes each key that a window partitions or orders by, once.
//!
//! Otherwise the engine would compute a long key in several places, and can fail to see that the results are the same.

use std::sync::Arc;

use datafusion::common::{Column, Result, internal_err};
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Expr, LogicalPlan, Projection, Window, ident};

/// The window functions over an input, whose keys are columns.
pub(super) fn in_columns(mut functions: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<LogicalPlan> {
    let Ok([input]) = <[LogicalPlan; 1]>::try_from(inputs) else { return internal_err!("a window has one input") };
    let names: Vec<_> = functions.iter().map(|function| NamePreserver::new_for_projection().save(function)).collect();
    let mut keys = Vec::<Expr>::new();
    for function in functions.iter_mut().filter_map(window_function) {
        let order = function.params.order_by.iter_mut().map(|key| &mut key.expr);
        for key in function.params.partition_by.iter_mut().chain(order) {
            *key = column_of(std::mem::take(key), &mut keys, &input);
        }
    }
    let input = if keys.is_empty() {
        input
    } else {
        let columns = input.schema().columns().into_iter().map(Expr::Column);
        let named = keys.into_iter().enumerate().map(|(place, key)| key.alias(name(place, &input)));
        LogicalPlan::Projection(Projection::try_new(columns.chain(named).collect(), Arc::new(input.clone()))?)
    };
    let functions = functions.into_iter().zip(names).map(|(function, name)| name.restore(function)).collect();
    Window::try_new(functions, Arc::new(input)).map(LogicalPlan::Window)
}

fn window_function(expression: &mut Expr) -> Option<&mut WindowFunction> {
    match expression {
        Expr::WindowFunction(function) => Some(function),
        Expr::Alias(alias) => window_function(&mut alias.expr),
        _ => None,
    }
}

/// The column of a key. A key that is not a column or a literal yet is added to those that the step below computes.
fn column_of(key: Expr, keys: &mut Vec<Expr>, input: &LogicalPlan) -> Expr {
    if matches!(key, Expr::Column(Column { .. }) | Expr::Literal(..)) {
        return key;
    }
    let place = keys.iter().position(|known| *known == key).unwrap_or(keys.len());
    if place == keys.len() {
        keys.push(key);
    }
    ident(name(place, input))
}

/// A name that no column of the input has.
fn name(place: usize, input: &LogicalPlan) -> String {
    format!("key {place} below {}", input.schema().fields().len())
}
