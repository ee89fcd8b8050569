//! Moves the step from bytes to text upwards in a plan, past all steps that do not look at the text. The rows that come
//! out stay the same.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, DFSchema, Result};
use datafusion::logical_expr::{Aggregate, Expr, Filter, Limit, LogicalPlan, Projection, SubqueryAlias};

use super::{bytes_of, text_of};

/// The plan in which every step that groups by the text of an address groups by its bytes.
pub(in crate::engine) fn group_by_bytes(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rewritten = plan.transform_up_with_subqueries(|node| match node {
        LogicalPlan::Aggregate(aggregate) => grouped(aggregate),
        other => Ok(Transformed::no(other)),
    });
    Ok(rewritten?.data)
}

/// The plan with the column at a place as bytes, if nothing else in its rows has to change for it.
pub(in crate::engine) fn answer_in_bytes(plan: LogicalPlan, place: usize) -> Result<LogicalPlan> {
    Ok(in_bytes(&plan, place)?.unwrap_or(plan))
}

fn grouped(aggregate: Aggregate) -> Result<Transformed<LogicalPlan>> {
    let mut input = Arc::clone(&aggregate.input);
    let mut in_texts = Vec::new();
    for (place, key) in aggregate.group_expr.iter().enumerate() {
        let Expr::Column(column) = key else { continue };
        let others = aggregate.group_expr.iter().chain(&aggregate.aggr_expr).filter(|other| *other != key);
        if mentions(others, column) {
            continue;
        }
        if let Some(changed) = in_bytes(&input, input.schema().index_of_column(column)?)? {
            input = Arc::new(changed);
            in_texts.push(place);
        }
    }
    if in_texts.is_empty() {
        return Ok(Transformed::no(LogicalPlan::Aggregate(aggregate)));
    }
    let grouped = Aggregate::try_new(input, aggregate.group_expr, aggregate.aggr_expr)?;
    let texts = grouped.schema.iter().enumerate().map(|(place, (table, field))| {
        let column = Expr::Column(Column::new(table.cloned(), field.name()));
        if in_texts.contains(&place) { text_of(column).alias_qualified(table.cloned(), field.name()) } else { column }
    });
    let texts = texts.collect();
    let texts = Projection::try_new(texts, Arc::new(LogicalPlan::Aggregate(grouped)))?;
    Ok(Transformed::yes(LogicalPlan::Projection(texts)))
}

/// The plan with the column at a place as bytes instead of text. `None` if the text is not made from bytes, or if a
/// step below looks at it.
fn in_bytes(plan: &LogicalPlan, place: usize) -> Result<Option<LogicalPlan>> {
    let below = |input: &LogicalPlan| in_bytes(input, place).map(|changed| changed.map(Arc::new));
    Ok(match plan {
        LogicalPlan::Projection(projection) => projection_in_bytes(projection, place)?,
        LogicalPlan::SubqueryAlias(alias) => match below(&alias.input)? {
            Some(input) => Some(LogicalPlan::SubqueryAlias(SubqueryAlias::try_new(input, alias.alias.clone())?)),
            None => None,
        },
        LogicalPlan::Filter(filter) if !mentions([&filter.predicate], &column_at(plan.schema(), place)) => {
            let input = below(&filter.input)?;
            input.map(|input| Filter::try_new(filter.predicate.clone(), input)).transpose()?.map(LogicalPlan::Filter)
        }
        LogicalPlan::Limit(limit) => {
            let input = below(&limit.input)?;
            input.map(|input| LogicalPlan::Limit(Limit { input, ..limit.clone() }))
        }
        _ => None,
    })
}

fn projection_in_bytes(projection: &Projection, place: usize) -> Result<Option<LogicalPlan>> {
    let Some(text) = projection.expr.get(place) else { return Ok(None) };
    let (input, bytes) = match (text.clone().unalias(), bytes_of(text)) {
        (_, Some(bytes)) => (Some(Arc::clone(&projection.input)), bytes.clone()),
        (Expr::Column(column), None) => (input_in_bytes(projection, place, &column)?, Expr::Column(column)),
        _ => return Ok(None),
    };
    let Some(input) = input else { return Ok(None) };
    let mut expressions = projection.expr.clone();
    let (table, name) = text.qualified_name();
    expressions.splice(place..=place, [bytes.alias_qualified(table, name)]);
    Projection::try_new(expressions, input).map(|changed| Some(LogicalPlan::Projection(changed)))
}

/// The input with one column as bytes, if the expression at `place` passes it on and no other expression uses it.
fn input_in_bytes(projection: &Projection, place: usize, column: &Column) -> Result<Option<Arc<LogicalPlan>>> {
    let others = projection.expr.iter().enumerate().filter(|(other, _)| *other != place);
    if mentions(others.map(|(_, other)| other), column) {
        return Ok(None);
    }
    let place_below = projection.input.schema().index_of_column(column)?;
    Ok(in_bytes(&projection.input, place_below)?.map(Arc::new))
}

fn column_at(schema: &DFSchema, place: usize) -> Column {
    let (table, field) = schema.qualified_field(place);
    Column::new(table.cloned(), field.name())
}

/// Whether an expression reads the column. By now, subqueries in expressions are joins or read no columns from outside.
fn mentions<'a>(expressions: impl IntoIterator<Item = &'a Expr>, column: &Column) -> bool {
    expressions.into_iter().any(|expression| expression.column_refs().contains(column))
}
