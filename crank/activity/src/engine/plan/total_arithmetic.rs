//! Rewrites every expression of a plan so that it is exact and cannot fail while it runs.
//!
//! A number that cannot be computed becomes a value, a fault (`numbers`). Arithmetic on a fault gives a fault; a
//! comparison with one is unknown, as with null; a fault in the result refuses the query (`rows`). Errors would not do:
//! the engine evaluates a condition on more rows than the query asks about, and on which ones depends on how the rows
//! were cut into files and batches. So an error could stop a query or not, while a fault outside the result has no
//! effect. After this rewrite, only the limits of memory and time stop a query that has begun.
//!
//! A decimal stays one as long as it loses no digit. A division gives a fraction, unless the divisor is a literal that
//! leaves a decimal. Where decimals and fractions meet, in the branches of CASE, the rows of UNION and the like, all
//! become fractions.
//!
//! The rewrite runs after the engine has planned the query and before it decides on types. `expression` has the rules
//! for single expressions, `casts` those for casts, and this file those for the steps of a plan.

mod casts;
mod check;
mod conditions;
mod expression;
mod meeting;
mod operators;
mod over_rows;
mod scope;
mod times;
mod window_keys;

use std::sync::Arc;

use datafusion::common::{DFSchemaRef, Result};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::logical_plan::Subquery;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, Join, LogicalPlan, LogicalPlanBuilder, Projection, Union, Values};

use meeting::Meeting;
use scope::Scope;

pub(super) use check::refuse_partial;

/// The plan with total arithmetic.
pub(super) fn make_total(plan: LogicalPlan) -> Result<LogicalPlan> {
    step(plan, &[])
}

/// Rewrites one step of a plan; `outer` are the columns of the enclosing steps that it can see.
fn step(plan: LogicalPlan, outer: &[DFSchemaRef]) -> Result<LogicalPlan> {
    let inputs = plan.inputs().into_iter().map(|input| step(input.clone(), outer)).collect::<Result<Vec<_>>>()?;
    let schema = Arc::new(merge_schema(&inputs.iter().collect::<Vec<_>>()));
    let scope = Scope { schema: &schema, outer };
    match plan {
        LogicalPlan::TableScan(_) | LogicalPlan::EmptyRelation(_) => Ok(plan),
        LogicalPlan::Union(_) => union(inputs),
        LogicalPlan::Values(values) => self::values(values, &scope),
        other => {
            let names = NamePreserver::new(&other);
            let expressions = other.expressions().into_iter().map(|expression| {
                let name = names.save(&expression);
                Ok(name.restore(scope.total(expression)?))
            });
            let mut expressions = expressions.collect::<Result<Vec<_>>>()?;
            match &other {
                LogicalPlan::Join(join) => meet_in_keys(join, &mut expressions, &scope)?,
                LogicalPlan::Filter(_) => expressions = expressions.into_iter().map(conditions::of_filter).collect(),
                _ => {}
            }
            let moves = over_rows::moves_faults(&expressions);
            let plan = match &other {
                LogicalPlan::Window(_) => window_keys::in_columns(expressions, inputs)?,
                _ => other.with_new_exprs(expressions, inputs)?,
            };
            over_rows::restored(plan, &moves)
        }
    }
}

/// Rewrites a subquery inside an expression of a step.
fn subquery(subquery: Subquery, scope: &Scope<'_>) -> Result<Subquery> {
    let outer = [scope.outer, &[Arc::clone(scope.schema)]].concat();
    let inside = Scope { schema: scope.schema, outer: &outer };
    let columns = subquery.outer_ref_columns.into_iter().map(|column| inside.total(column));
    Ok(Subquery {
        outer_ref_columns: columns.collect::<Result<_>>()?,
        subquery: Arc::new(step(Arc::unwrap_or_clone(subquery.subquery), &outer)?),
        spans: subquery.spans,
    })
}

/// Gives both keys of each pair of a join one type. The pairs come before the join's condition.
fn meet_in_keys(join: &Join, expressions: &mut [Expr], scope: &Scope<'_>) -> Result<()> {
    let (pairs, _) = expressions.as_chunks_mut::<2>();
    for pair in pairs.iter_mut().take(join.on.len()) {
        let meeting = Meeting::of_compared(pair.iter(), scope)?;
        for key in pair {
            *key = meeting.converted(key.clone(), scope)?;
        }
    }
    Ok(())
}

/// The union of several inputs, whose columns get common types.
fn union(inputs: Vec<LogicalPlan>) -> Result<LogicalPlan> {
    let width = inputs.first().map_or(0, |input| input.schema().fields().len());
    let meetings = (0..width)
        .map(|column| Meeting::of_columns(inputs.iter().map(|input| input.schema().field(column).data_type())));
    let meetings: Vec<Meeting> = meetings.collect();
    let inputs = inputs.into_iter().map(|input| converted(input, &meetings).map(Arc::new)).collect::<Result<_>>()?;
    Union::try_new_with_loose_types(inputs).map(LogicalPlan::Union)
}

/// The rows of an input, its columns converted to the common types.
fn converted(input: LogicalPlan, meetings: &[Meeting]) -> Result<LogicalPlan> {
    let schema = Arc::clone(input.schema());
    if schema.fields().iter().zip(meetings).all(|(field, meeting)| meeting.is_met_by(field.data_type())) {
        return Ok(input);
    }
    let scope = Scope { schema: &schema, outer: &[] };
    let columns = schema.columns().into_iter().zip(meetings).map(|(column, meeting)| {
        let (relation, name) = (column.relation.clone(), column.name.clone());
        Ok(meeting.converted(Expr::Column(column), &scope)?.alias_qualified(relation, name))
    });
    Projection::try_new(columns.collect::<Result<_>>()?, Arc::new(input)).map(LogicalPlan::Projection)
}

/// A VALUES list, the cells of each column in one type.
fn values(values: Values, scope: &Scope<'_>) -> Result<LogicalPlan> {
    let rows = values.values.into_iter();
    let rows = rows.map(|row| row.into_iter().map(|cell| scope.total(cell)).collect::<Result<Vec<_>>>());
    let mut rows = rows.collect::<Result<Vec<_>>>()?;
    for column in 0..rows.first().map_or(0, Vec::len) {
        let meeting = Meeting::of_branches(rows.iter().filter_map(|row| row.get(column)), scope)?;
        for cell in rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            *cell = meeting.converted(cell.clone(), scope)?;
        }
    }
    LogicalPlanBuilder::values(rows)?.build()
}

/// The query of `IN (SELECT …)`, its column converted to the type of the comparison.
fn met_by_column(subquery: Subquery, meeting: &Meeting) -> Result<Subquery> {
    let plan = Arc::unwrap_or_clone(subquery.subquery);
    Ok(Subquery { subquery: Arc::new(converted(plan, std::slice::from_ref(meeting))?), ..subquery })
}
