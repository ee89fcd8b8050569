//! What a query may say: an allow-list over its syntax tree. Types and joins are left to the engine.
//!
//! The tree is checked and never the text, so comments, quotes and case make no difference.

mod expressions;

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Distinct, Expr, GroupByExpr, Ident, ObjectName, Query, Select, SetExpr, Statement, TableFactor, VisitMut,
    VisitorMut,
};

use crate::engine::QueryError;
use crate::engine::tables::Tables;
pub(super) use expressions::check as check_one;

/// The most SELECTs of a query, including those in subqueries and unions.
const MAX_SELECTS: usize = 32;
/// The most tables and subqueries that a query may read from.
const MAX_TABLES: usize = 32;
/// How deep an expression may be nested; each `or` of a chain counts.
const MAX_DEPTH: usize = 500;

/// Checks a query, and rewrites `-x` to `0 - x`, since the engine's negation wraps.
pub(in crate::engine) fn check(mut query: Query, tables: &Tables) -> Result<Query, QueryError> {
    let mut checker = Checker { tables, common_tables: Vec::new(), selects: 0, tables_read: 0, depth: 0 };
    match query.visit(&mut checker) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(query),
    }
}

struct Checker<'a> {
    tables: &'a Tables,
    /// The names that `WITH` gave so far.
    common_tables: Vec<Ident>,
    selects: usize,
    tables_read: usize,
    depth: usize,
}

impl VisitorMut for Checker<'_> {
    type Break = QueryError;

    fn pre_visit_statement(&mut self, _: &mut Statement) -> ControlFlow<QueryError> {
        refused("a query is one SELECT: it cannot hold another statement")
    }

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<QueryError> {
        if query.with.as_ref().is_some_and(|with| with.recursive) {
            return refused("`with recursive` is not available: a query ends");
        }
        let is_plain = query.locks.is_empty()
            && query.for_clause.is_none()
            && query.settings.is_none()
            && query.format_clause.is_none()
            && query.pipe_operators.is_empty();
        if !is_plain || !are_plain_bodies(&query.body) {
            return refused("a query is a SELECT with at most WITH, UNION, ORDER BY and LIMIT around it");
        }
        self.common_tables
            .extend(query.with.iter().flat_map(|with| &with.cte_tables).map(|table| table.alias.name.clone()));
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<QueryError> {
        self.selects = self.selects.saturating_add(1);
        if self.selects > MAX_SELECTS {
            return refused(format!("the query has more than {MAX_SELECTS} SELECTs"));
        }
        if matches!(select.distinct, Some(Distinct::On(_))) {
            return refused("`distinct on` is not available: number the rows with row_number() and keep the first");
        }
        if is_plain_select(select) {
            return ControlFlow::Continue(());
        }
        refused("a SELECT has only DISTINCT, columns, FROM, WHERE, GROUP BY, HAVING and QUALIFY")
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<QueryError> {
        self.tables_read = self.tables_read.saturating_add(1);
        if self.tables_read > MAX_TABLES {
            return refused(format!("the query reads from more than {MAX_TABLES} tables"));
        }
        match factor {
            TableFactor::Derived { lateral: false, sample: None, .. } | TableFactor::NestedJoin { .. } => {
                ControlFlow::Continue(())
            }
            TableFactor::Table {
                args: None,
                version: None,
                with_ordinality: false,
                json_path: None,
                sample: None,
                with_hints,
                partitions,
                index_hints,
                ..
            } if with_hints.is_empty() && partitions.is_empty() && index_hints.is_empty() => ControlFlow::Continue(()),
            other => {
                refused(format!("`{}` is not available: read from events.<eventName> or a subquery", shown(other)))
            }
        }
    }

    fn pre_visit_relation(&mut self, relation: &mut ObjectName) -> ControlFlow<QueryError> {
        let parts: Option<Vec<&str>> =
            relation.0.iter().map(|part| part.as_ident().map(|name| name.value.as_str())).collect();
        let checked = match parts.as_deref() {
            Some([name]) if self.common_tables.iter().any(|known| known.value == **name) => Ok(()),
            Some([name]) => self.tables.check(None, name),
            Some([schema, name]) => self.tables.check(Some(schema), name),
            _ => self.tables.check(None, &relation.to_string()),
        };
        checked.map_or_else(ControlFlow::Break, ControlFlow::Continue)
    }

    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<QueryError> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            return refused(format!("an expression is nested more than {MAX_DEPTH} deep: write `in (…)` for lists"));
        }
        expressions::check(expression).map_or_else(ControlFlow::Break, ControlFlow::Continue)
    }

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<QueryError> {
        self.depth = self.depth.saturating_sub(1);
        expressions::replace_negation(expression);
        ControlFlow::Continue(())
    }
}

fn refused(message: impl Into<String>) -> ControlFlow<QueryError> {
    ControlFlow::Break(QueryError::Refused(message.into()))
}

/// A part of the query as text, cut for a message.
fn shown(part: &impl ToString) -> String {
    part.to_string().chars().take(80).collect()
}

/// Whether a query consists of SELECTs, VALUES and set operations only. A long UNION is a deep tree, so this does not
/// recurse.
fn are_plain_bodies(body: &SetExpr) -> bool {
    let mut bodies = vec![body];
    while let Some(body) = bodies.pop() {
        match body {
            SetExpr::Select(_) | SetExpr::Query(_) | SetExpr::Values(_) => {}
            SetExpr::SetOperation { left, right, .. } => bodies.extend([left.as_ref(), right.as_ref()]),
            _ => return false,
        }
    }
    true
}

/// Whether a SELECT has only the standard clauses.
fn is_plain_select(select: &Select) -> bool {
    let has_dialect_clauses = select.top.is_some()
        || select.exclude.is_some()
        || select.into.is_some()
        || select.prewhere.is_some()
        || select.value_table_mode.is_some()
        || select.select_modifiers.is_some();
    let has_dialect_lists = !select.lateral_views.is_empty()
        || !select.connect_by.is_empty()
        || !select.cluster_by.is_empty()
        || !select.distribute_by.is_empty()
        || !select.sort_by.is_empty()
        || !select.optimizer_hints.is_empty()
        || !select.named_window.is_empty()
        || matches!(&select.group_by, GroupByExpr::All(modifiers) | GroupByExpr::Expressions(_, modifiers)
            if !modifiers.is_empty());
    !has_dialect_clauses && !has_dialect_lists
}
