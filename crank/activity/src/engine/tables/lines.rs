//! Events that were read from lines as tables of the query engine: one column a field, all rows in memory.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, NullArray, StringArray, TimestampMillisecondArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::MemTable;

use crate::engine::QueryError;
use crate::events::{Column, EventTable, Events, NUMBER_PRECISION, NUMBER_SCALE};

/// The rows the engine works on at a time.
const BATCH_ROWS: usize = 8_192;

/// Reads a file of events.
pub(super) fn read(path: &Path) -> Result<Events, QueryError> {
    let at = |error: &dyn std::fmt::Display| QueryError::Activity(format!("{}: {error}", path.display()));
    let file = File::open(path).map_err(|error| at(&error))?;
    Events::read(BufReader::with_capacity(1 << 20, file)).map_err(|error| at(&error))
}

/// The table as the engine has it, cut so that `parts` threads can read it.
pub(super) fn table(events: &EventTable, parts: usize) -> datafusion::common::Result<MemTable> {
    let batch = batch(events)?;
    MemTable::try_new(batch.schema(), partitions(&batch, parts))
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
