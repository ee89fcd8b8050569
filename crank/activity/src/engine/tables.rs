//! Activity as tables of the query engine, and the names that a query may read from.
//!
//! A query sees only the tables that are built here, from Parquet files (`stored`).

mod stored;

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::catalog::{CatalogProvider, MemoryCatalogProvider, MemorySchemaProvider, TableProvider};
use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::ViewTable;
use datafusion::logical_expr::LogicalPlan;

use super::{Activity, QueryError};
use crate::events::{TableName, TableSchema};
use crank_rules::wording::near_names;

/// The tables that a query mentions, and the names of all tables it could read.
pub(super) struct Tables {
    built: BTreeMap<TableName, Arc<dyn TableProvider>>,
    names: Vec<TableName>,
}

impl Tables {
    /// Builds the tables that are needed.
    pub(super) fn of_activity(activity: &Activity, is_needed: impl Fn(&TableName) -> bool) -> Result<Self, QueryError> {
        let mut tables = Self { built: BTreeMap::new(), names: Vec::new() };
        for table in &activity.tables {
            tables.add(table.name.clone(), &is_needed, || stored::table(table))?;
        }
        Ok(tables)
    }

    fn add(
        &mut self,
        name: TableName,
        is_needed: impl Fn(&TableName) -> bool,
        build: impl FnOnce() -> Result<Arc<dyn TableProvider>>,
    ) -> Result<(), QueryError> {
        if is_needed(&name) {
            let table = build().map_err(|error: DataFusionError| QueryError::Activity(format!("{name}: {error}")))?;
            self.built.insert(name.clone(), table);
        }
        self.names.push(name);
        Ok(())
    }

    /// Refuses a name that is not one of these tables.
    pub(super) fn check(&self, schema: Option<&str>, table: &str) -> Result<(), QueryError> {
        if schema.is_some_and(|schema| self.names.iter().any(|name| name.schema.name() == schema && name.name == table))
        {
            return Ok(());
        }
        let known: Vec<String> = self.names.iter().map(ToString::to_string).collect();
        let name = schema.map_or_else(|| table.to_owned(), |schema| format!("{schema}.{table}"));
        // A name without a schema is most likely an event's.
        let wanted = if schema.is_none() { format!("{}.{table}", TableSchema::Events.name()) } else { name.clone() };
        Err(QueryError::UnknownTable { name, hint: near_names::hint(&wanted, known.iter().map(String::as_str)) })
    }

    /// The catalog of the tables, with each view in place of its table.
    pub(super) fn catalog(&self, views: BTreeMap<TableName, LogicalPlan>) -> Result<Arc<MemoryCatalogProvider>> {
        let catalog = MemoryCatalogProvider::new();
        for schema in TableSchema::ALL {
            catalog.register_schema(schema.name(), Arc::new(MemorySchemaProvider::new()))?;
        }
        let mut tables = self.built.clone();
        for (name, plan) in views {
            tables.insert(name, Arc::new(ViewTable::new(plan, None)));
        }
        for (name, table) in tables {
            if let Some(schema) = catalog.schema(name.schema.name()) {
                schema.register_table(name.name, table)?;
            }
        }
        Ok(Arc::new(catalog))
    }
}
