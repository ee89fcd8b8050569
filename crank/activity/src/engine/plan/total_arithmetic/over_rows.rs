//! The rules for functions that see more than one row: aggregates and windows.

use std::sync::Arc;

use datafusion::common::{Column, Result, plan_err};
use datafusion::logical_expr::expr::{AggregateFunction, WindowFunction};
use datafusion::logical_expr::{
    Expr, LogicalPlan, Projection, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition,
};

use super::scope::{Scope, type_of};
use crate::engine::exact_sum;
use crate::engine::numbers::{NumberType, faults_first, faults_last, has_faults_last, parse_literal};

/// Rewrites an aggregate, after its arguments.
pub(super) fn aggregate(mut call: AggregateFunction, scope: &Scope<'_>) -> Result<Expr> {
    if let Some(exact) = exact_sum::final_form(&call.func) {
        call.func = exact;
    }
    prepare(call.func.name(), &mut call.params.args, scope)?;
    Ok(Expr::AggregateFunction(call))
}

/// Rewrites a window function, after its arguments.
pub(super) fn window(mut call: WindowFunction, scope: &Scope<'_>) -> Result<Expr> {
    if let WindowFunctionDefinition::AggregateUDF(function) = &call.fun
        && let Some(exact) = exact_sum::final_form(function)
    {
        call.fun = WindowFunctionDefinition::AggregateUDF(exact);
    }
    let name = call.fun.name().to_owned();
    prepare(&name, &mut call.params.args, scope)?;
    count_groups(&mut call, scope)?;
    refuse_sliding_sum(&name, &call, scope)?;
    if matches!(name.as_str(), "lag" | "lead")
        && let [numbers, _, Expr::Literal(default, _)] = call.params.args.as_mut_slice()
        && type_of(numbers, scope)? == NumberType::Fraction.data_type()
    {
        *default = parse_literal(default)?;
    }
    Ok(Expr::WindowFunction(Box::new(call)))
}

/// For each of the expressions of a step, whether it is a `max` that may return a fault above all numbers.
pub(super) fn moves_faults(expressions: &[Expr]) -> Vec<bool> {
    expressions.iter().map(|expression| arguments(expression).iter().any(has_faults_last)).collect()
}

fn arguments(expression: &Expr) -> &[Expr] {
    match expression {
        Expr::Alias(alias) => arguments(&alias.expr),
        Expr::AggregateFunction(call) => &call.params.args,
        Expr::WindowFunction(call) => &call.params.args,
        _ => &[],
    }
}

/// The plan of a step, whose last columns are its expressions, with the faults of some of them below all numbers again:
/// so that order and grouping see one kind of faults.
pub(super) fn restored(plan: LogicalPlan, moves: &[bool]) -> Result<LogicalPlan> {
    if !moves.contains(&true) {
        return Ok(plan);
    }
    let columns = plan.schema().columns();
    let before = columns.len().saturating_sub(moves.len());
    let column = |(place, column): (usize, Column)| {
        if !place.checked_sub(before).and_then(|place| moves.get(place)).is_some_and(|moves| *moves) {
            return Expr::Column(column);
        }
        let (relation, name) = (column.relation.clone(), column.name.clone());
        faults_first(Expr::Column(column)).alias_qualified(relation, name)
    };
    let columns = columns.into_iter().enumerate().map(column).collect();
    Projection::try_new(columns, Arc::new(plan)).map(LogicalPlan::Projection)
}

/// Prepares the arguments of a function over rows, so that `max` does not lose a fault.
fn prepare(name: &str, arguments: &mut [Expr], scope: &Scope<'_>) -> Result<()> {
    if name != "max" {
        return Ok(());
    }
    for argument in arguments {
        if NumberType::of(&type_of(argument, scope)?).is_some_and(NumberType::may_be_fault) {
            *argument = faults_last(argument.clone());
        }
    }
    Ok(())
}

/// Refuses a sum of fractions over a sliding frame: rows that leave the frame could not be subtracted from it.
fn refuse_sliding_sum(name: &str, call: &WindowFunction, scope: &Scope<'_>) -> Result<()> {
    let slides = !call.params.window_frame.start_bound.is_unbounded();
    if !slides || !matches!(name, "sum" | "avg") {
        return Ok(());
    }
    for argument in &call.params.args {
        if type_of(argument, scope)? == NumberType::Fraction.data_type() {
            return plan_err!(
                "`{name}` over a frame that slides takes no fractions: write cast(… as decimal(38, 9)) around the \
                 quotient, or let the frame begin with `unbounded preceding`"
            );
        }
    }
    Ok(())
}

/// Makes frames that end with all rows of equal numbers end with a group of rows instead: the engine can form groups of
/// every type, but cannot add a distance to a fraction or a fault.
fn count_groups(call: &mut WindowFunction, scope: &Scope<'_>) -> Result<()> {
    let frame = &call.params.window_frame;
    let Some(key) = call.params.order_by.first().filter(|_| frame.units == WindowFrameUnits::Range) else {
        return Ok(());
    };
    if !NumberType::of(&type_of(&key.expr, scope)?).is_some_and(NumberType::may_be_fault) {
        return Ok(());
    }
    let is_end = |bound: &WindowFrameBound| bound.is_unbounded() || *bound == WindowFrameBound::CurrentRow;
    if !is_end(&frame.start_bound) || !is_end(&frame.end_bound) {
        return plan_err!("`range` does not count distances of calculated numbers: write `rows`, or order by a field");
    }
    let (start, end) = (frame.start_bound.clone(), frame.end_bound.clone());
    call.params.window_frame = WindowFrame::new_bounds(WindowFrameUnits::Groups, start, end);
    Ok(())
}
