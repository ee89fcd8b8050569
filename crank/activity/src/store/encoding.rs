//! Writes rows as Parquet files, and sets the files' properties. The same rows give the same bytes on every machine.
//!
//! `user_pubkey` and `timestamp` come first and have statistics for every page; the fields follow in the order of their
//! names. Times are sorted and stored as differences; for all other columns a dictionary is tried first.

use std::{collections::BTreeMap, io::Write, sync::Arc};

use datafusion::arrow::{
    array::{ArrayRef, BooleanArray, Decimal128Array, FixedSizeBinaryArray, StringArray, TimestampMillisecondArray},
    datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit},
    error::ArrowError,
    record_batch::RecordBatch,
};
use parquet::{
    arrow::{ArrowWriter, arrow_writer::ArrowWriterOptions},
    basic::{Compression, Encoding},
    errors::ParquetError,
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties},
    },
    schema::types::ColumnPath,
};

use crate::events::{Column, ColumnType, EventTable, NUMBER_PRECISION, NUMBER_SCALE};

/// Rows of a row group, the unit that a thread reads, and that a query skips by its statistics.
pub(super) const ROW_GROUP_ROWS: usize = 262_144;
/// Rows that are turned into columns together; the size of a row group is a multiple of it.
pub(super) const BATCH_ROWS: usize = 8_192;

const USER: &str = "user_pubkey";
/// An address is stored as its bytes, which are shorter than its text and quicker to compare.
const USER_BYTES: i32 = 32;
const TIMESTAMP: &str = "timestamp";

/// The file's columns for these fields; a field whose type is not known is not written.
pub(super) fn schema(columns: &BTreeMap<String, ColumnType>) -> SchemaRef {
    let mut fields = vec![
        Field::new(USER, DataType::FixedSizeBinary(USER_BYTES), false),
        Field::new(TIMESTAMP, DataType::Timestamp(TimeUnit::Millisecond, None), false),
    ];
    fields.extend(columns.iter().filter_map(|(name, column)| Some(Field::new(name, data_type(*column)?, true))));
    Arc::new(Schema::new(fields))
}

fn data_type(column: ColumnType) -> Option<DataType> {
    match column {
        ColumnType::Null => None,
        ColumnType::Number => Some(DataType::Decimal128(NUMBER_PRECISION, number_scale())),
        ColumnType::Text => Some(DataType::Utf8),
        ColumnType::Boolean => Some(DataType::Boolean),
    }
}

fn number_scale() -> i8 {
    i8::try_from(NUMBER_SCALE).unwrap_or_default()
}

/// The columns that have a value in one of these rows, with their types.
pub(super) fn columns_with_values(table: &EventTable, rows: &[usize]) -> BTreeMap<String, ColumnType> {
    fn has_value<T>(values: &[Option<T>], rows: &[usize]) -> bool {
        rows.iter().any(|row| values.get(*row).is_some_and(Option::is_some))
    }
    let is_needed = |column: &Column| match column {
        Column::Null => false,
        Column::Number(values) => has_value(values, rows),
        Column::Text(values) => has_value(values, rows),
        Column::Boolean(values) => has_value(values, rows),
    };
    let needed = table.fields().filter(|(_, column)| is_needed(column));
    needed.map(|(name, column)| (name.to_owned(), column.column_type())).collect()
}

/// These rows of a table, in this order, as a batch of the schema.
pub(super) fn batch(table: &EventTable, rows: &[usize], schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let users = rows.iter().filter_map(|row| table.user_pubkeys().get(*row));
    let users = FixedSizeBinaryArray::try_from_iter(users)?;
    let times = rows.iter().map(|row| table.timestamps().get(*row).copied());
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(users), Arc::new(times.collect::<TimestampMillisecondArray>())];
    for (_, column) in table.fields().filter(|(name, _)| schema.index_of(name).is_ok()) {
        arrays.extend(array(column, rows)?);
    }
    RecordBatch::try_new(Arc::clone(schema), arrays)
}

fn array(column: &Column, rows: &[usize]) -> Result<Option<ArrayRef>, ArrowError> {
    Ok(Some(match column {
        Column::Null => return Ok(None),
        Column::Text(values) => {
            let values = rows.iter().map(|row| values.get(*row).and_then(Option::as_deref));
            Arc::new(values.collect::<StringArray>())
        }
        Column::Boolean(values) => {
            let values = rows.iter().map(|row| values.get(*row).copied().flatten());
            Arc::new(values.collect::<BooleanArray>())
        }
        Column::Number(values) => {
            let values = rows.iter().map(|row| values.get(*row).copied().flatten()).collect::<Decimal128Array>();
            Arc::new(values.with_precision_and_scale(NUMBER_PRECISION, number_scale())?)
        }
    }))
}

/// A Parquet file while rows are still being added.
pub(super) struct Encoder<W: Write + Send> {
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> Encoder<W> {
    /// An empty file. `copy` makes files of the same rows differ; the first copy is 0.
    pub(super) fn new(output: W, schema: &SchemaRef, copy: u64) -> Result<Self, ParquetError> {
        let options = ArrowWriterOptions::new().with_properties(properties(copy)).with_skip_arrow_metadata(true);
        Ok(Self { writer: ArrowWriter::try_new_with_options(output, Arc::clone(schema), options)? })
    }

    /// Adds rows at the end.
    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), ParquetError> {
        self.writer.write(batch)
    }

    /// The size of the row groups that are finished.
    pub(super) fn finished_bytes(&self) -> usize {
        self.writer.bytes_written()
    }

    /// Finishes the file and returns the output.
    pub(super) fn finish(self) -> Result<W, ParquetError> {
        self.writer.into_inner()
    }
}

fn properties(copy: u64) -> WriterProperties {
    let (user, timestamp) = (ColumnPath::from(USER), ColumnPath::from(TIMESTAMP));
    let note = (copy > 0).then(|| vec![KeyValue::new("copy".to_owned(), copy.to_string())]);
    WriterProperties::builder()
        .set_compression(Compression::LZ4_RAW)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_statistics_enabled(user, EnabledStatistics::Page)
        .set_column_statistics_enabled(timestamp.clone(), EnabledStatistics::Page)
        .set_column_dictionary_enabled(timestamp.clone(), false)
        .set_column_encoding(timestamp, Encoding::DELTA_BINARY_PACKED)
        .set_key_value_metadata(note)
        .build()
}

#[cfg(test)]
mod tests {
    use parquet::{
        arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions},
        file::metadata::PageIndexPolicy,
    };
    use solana_pubkey::Pubkey;

    use super::*;

    #[test]
    fn a_file_is_compressed_and_has_statistics_that_leave_out_rows() {
        let rows = ROW_GROUP_ROWS + 1;
        let times = (0..rows).map(|row| i64::try_from(row).unwrap()).collect();
        let fields =
            BTreeMap::from([("n".to_owned(), Column::Number(vec![Some(5); rows])), ("z".to_owned(), Column::Null)]);
        let table = EventTable::new(vec![Pubkey::default(); rows], times, fields).unwrap();
        let all: Vec<usize> = (0..rows).collect();
        let schema = schema(&columns_with_values(&table, &all));
        let mut encoder = Encoder::new(Vec::new(), &schema, 0).unwrap();
        for rows in all.chunks(BATCH_ROWS) {
            encoder.write(&batch(&table, rows, &schema).unwrap()).unwrap();
        }
        let bytes = encoder.finish().unwrap();
        let mut path = tempfile::NamedTempFile::new().unwrap();
        path.write_all(&bytes).unwrap();
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Required);
        let found = ArrowReaderMetadata::load(path.as_file(), options).unwrap();
        assert_eq!(*found.schema(), schema);
        let groups = found.metadata().row_groups();
        assert_eq!(groups.iter().map(|group| group.num_rows()).collect::<Vec<_>>(), [262_144, 1]);
        for column in groups.iter().flat_map(|group| group.columns()) {
            assert_eq!(column.compression(), Compression::LZ4_RAW);
            assert!(column.statistics().unwrap().min_bytes_opt().is_some(), "{}", column.column_path());
        }
        assert!(found.metadata().column_index().is_some());
    }
}
