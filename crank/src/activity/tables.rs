//! Events as tables of the query engine: such as `events.<eventName>`, one column a field. It reads no files: what a query can
//! see is what is built here.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, NullArray, StringArray, TimestampMillisecondArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::{CatalogProvider, MemTable, MemoryCatalogProvider, MemorySchemaProvider};
use datafusion::common::Result;

use super::QueryError;
use crate::events::{Column, EventTable, Events, NUMBER_PRECISION, NUMBER_SCALE, TableName, TableSchema};
use crate::near_names;

/// The rows the engine works on at a time.
const BATCH_ROWS: usize = 8_192;

/// The tables a query mentions, and the names of those it could have.
pub(super) struct Tables {
    built: Vec<(TableName, RecordBatch)>,
    names: Vec<TableName>,
}

impl Tables {
    /// Builds the tables of the events that are needed.
    pub(super) fn of_events(events: &Events, is_needed: impl Fn(&str) -> bool) -> Result<Self, QueryError> {
        let names: Vec<TableName> = events.names().cloned().collect();
        let needed = events.tables().filter(|(table, _)| is_needed(&table.name));
        let built = needed
            .map(|(name, table)| Ok((name.clone(), batch(table)?)))
            .collect::<Result<_, ArrowError>>()
            .map_err(|error| QueryError::Engine(error.to_string()))?;
        Ok(Self { built, names })
    }

    /// Refuses a name that is none of these tables.
    pub(super) fn check(&self, schema: Option<&str>, table: &str) -> Result<(), QueryError> {
        if self.names.iter().any(|known| schema == Some(known.schema.name()) && known.name == table) {
            return Ok(());
        }
        let known: Vec<String> = self.names.iter().map(TableName::to_string).collect();
        let name = schema.map_or_else(|| table.to_owned(), |schema| format!("{schema}.{table}"));
        // Without a schema, the name to look for is the event's.
        let wanted = if schema.is_none() { format!("{}.{table}", TableSchema::Events.name()) } else { name.clone() };
        Err(QueryError::UnknownTable { name, hint: near_names::hint(&wanted, known.iter().map(String::as_str)) })
    }

    /// The catalog that holds the tables, each cut so that `parts` threads can read it.
    pub(super) fn into_catalog(self, parts: usize) -> Result<MemoryCatalogProvider> {
        let catalog = MemoryCatalogProvider::new();
        for schema in TableSchema::ALL {
            catalog.register_schema(schema.name(), Arc::new(MemorySchemaProvider::new()))?;
        }
        for (name, batch) in self.built {
            let table = MemTable::try_new(batch.schema(), partitions(&batch, parts))?;
            if let Some(schema) = catalog.schema(name.schema.name()) {
                schema.register_table(name.name, Arc::new(table))?;
            }
        }
        Ok(catalog)
    }
}

/// Cuts a table into consecutive parts of batches, without copying.
fn partitions(table: &RecordBatch, parts: usize) -> Vec<Vec<RecordBatch>> {
    let batches: Vec<RecordBatch> = (0..table.num_rows())
        .step_by(BATCH_ROWS)
        .map(|start| table.slice(start, BATCH_ROWS.min(table.num_rows().saturating_sub(start))))
        .collect();
    let part_length = batches.len().div_ceil(parts.max(1)).max(1);
    let cut: Vec<Vec<RecordBatch>> = batches.chunks(part_length).map(<[RecordBatch]>::to_vec).collect();
    if cut.is_empty() { vec![Vec::new()] } else { cut }
}

fn batch(table: &EventTable) -> Result<RecordBatch, ArrowError> {
    let users: StringArray = table.user_pubkeys().iter().map(|user| Some(user.to_string())).collect();
    let times = TimestampMillisecondArray::from(table.timestamps().to_vec());
    let mut columns: Vec<(&str, ArrayRef)> = vec![("user_pubkey", Arc::new(users)), ("timestamp", Arc::new(times))];
    for (name, column) in table.fields() {
        columns.push((name, array(column, table.len())?));
    }
    // Null would be the type of a column that is null on every line, but not of a nullable one.
    let is_nullable = |array: &ArrayRef| array.null_count() > 0 || array.data_type() == &DataType::Null;
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), is_nullable(array))).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, array)| array).collect())
}

fn array(column: &Column, rows: usize) -> Result<ArrayRef, ArrowError> {
    Ok(match column {
        Column::Null => Arc::new(NullArray::new(rows)),
        Column::Text(texts) => Arc::new(StringArray::from_iter(texts)),
        Column::Boolean(booleans) => Arc::new(BooleanArray::from(booleans.clone())),
        Column::Number(numbers) => {
            let scale = i8::try_from(NUMBER_SCALE).unwrap_or_default();
            Arc::new(Decimal128Array::from(numbers.clone()).with_precision_and_scale(NUMBER_PRECISION, scale)?)
        }
    })
}
