//! Merges files of one day of a table into files in canonical order, however large they are.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    fs::File,
    path::PathBuf,
    sync::Arc,
};

use datafusion::arrow::{
    array::{ArrayRef, new_null_array},
    compute::interleave_record_batch,
    datatypes::SchemaRef,
    error::ArrowError,
    record_batch::RecordBatch,
    row::{RowConverter, Rows, SortField},
};
use parquet::{
    arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
    errors::ParquetError,
};

use super::encoding::{self, BATCH_ROWS, Encoder};
use crate::events::ColumnType;

/// Files that are read at the same time; more are merged in several passes.
const OPEN_FILES: usize = 24;

/// Merges sorted files and passes the rows on in batches of [`BATCH_ROWS`]; the last batch may be smaller.
pub(super) fn merge(
    mut files: Vec<PathBuf>,
    columns: &BTreeMap<String, ColumnType>,
    mut take: impl FnMut(&RecordBatch) -> Result<(), ParquetError>,
) -> Result<(), ParquetError> {
    let schema = encoding::schema(columns);
    let passes = tempfile::tempdir()?;
    for pass in 0_u64.. {
        if files.len() <= OPEN_FILES {
            break;
        }
        let first: Vec<PathBuf> = files.drain(..OPEN_FILES).collect();
        let path = passes.path().join(pass.to_string());
        let mut writer = Encoder::new(File::create(&path)?, &schema, 0)?;
        Merge::new(&first, &schema)?.run(|batch| writer.write(batch))?;
        writer.finish()?;
        files.push(path);
    }
    Merge::new(&files, &schema)?.run(&mut take)
}

/// A sorted file while it is read.
struct Source {
    reader: ParquetRecordBatchReader,
    rows: Option<Rows>,
    /// The place of the current batch in the list of batches that the pending rows come from.
    batch: usize,
    row: usize,
}

struct Merge {
    schema: SchemaRef,
    converter: RowConverter,
    sources: Vec<Source>,
    batches: Vec<RecordBatch>,
    /// The rows that come next: batch and row.
    pending: Vec<(usize, usize)>,
}

impl Merge {
    fn new(files: &[PathBuf], schema: &SchemaRef) -> Result<Self, ParquetError> {
        let columns = order(schema);
        let fields = columns.iter().filter_map(|column| schema.fields().get(*column));
        let converter = RowConverter::new(fields.map(|field| SortField::new(field.data_type().clone())).collect())?;
        let open = |path: &PathBuf| {
            let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.with_batch_size(BATCH_ROWS);
            Ok(Source { reader: builder.build()?, rows: None, batch: 0, row: 0 })
        };
        let sources = files.iter().map(open).collect::<Result<_, ParquetError>>()?;
        Ok(Self { schema: Arc::clone(schema), converter, sources, batches: Vec::new(), pending: Vec::new() })
    }

    fn run(mut self, mut take: impl FnMut(&RecordBatch) -> Result<(), ParquetError>) -> Result<(), ParquetError> {
        let mut heads = BinaryHeap::new();
        for source in 0..self.sources.len() {
            heads.extend(self.head(source)?.map(|key| Reverse((key, source))));
        }
        while let Some(Reverse((_, source))) = heads.pop() {
            // As long as this source has the next row, the sources need no sorting. For files of different hours that
            // is long.
            loop {
                self.take_row(source, &mut take)?;
                let Some(key) = self.head(source)? else { break };
                if heads.peek().is_some_and(|Reverse((first, _))| *first < key) {
                    heads.push(Reverse((key, source)));
                    break;
                }
            }
        }
        self.flush(&mut take)
    }

    /// The key of a source's next row; reads the next batch if the current one is finished.
    fn head(&mut self, source: usize) -> Result<Option<Vec<u8>>, ParquetError> {
        let Some(source) = self.sources.get_mut(source) else { return Ok(None) };
        while source.rows.as_ref().is_none_or(|rows| source.row >= rows.num_rows()) {
            let Some(batch) = source.reader.next() else { return Ok(None) };
            let batch = aligned(&batch?, &self.schema)?;
            let keys: Vec<ArrayRef> =
                order(&self.schema).iter().filter_map(|column| batch.columns().get(*column)).cloned().collect();
            source.rows = Some(self.converter.convert_columns(&keys)?);
            (source.batch, source.row) = (self.batches.len(), 0);
            self.batches.push(batch);
        }
        Ok(source.rows.as_ref().map(|rows| rows.row(source.row).as_ref().to_vec()))
    }

    fn take_row(
        &mut self,
        source: usize,
        take: &mut impl FnMut(&RecordBatch) -> Result<(), ParquetError>,
    ) -> Result<(), ParquetError> {
        if let Some(source) = self.sources.get_mut(source) {
            self.pending.push((source.batch, source.row));
            source.row = source.row.saturating_add(1);
        }
        if self.pending.len() >= BATCH_ROWS { self.flush(take) } else { Ok(()) }
    }

    /// Passes the pending rows on and drops the batches that are finished.
    fn flush(&mut self, take: &mut impl FnMut(&RecordBatch) -> Result<(), ParquetError>) -> Result<(), ParquetError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let batches: Vec<&RecordBatch> = self.batches.iter().collect();
        take(&interleave_record_batch(&batches, &self.pending)?)?;
        self.pending.clear();
        let mut kept = Vec::new();
        for source in &mut self.sources {
            if source.rows.as_ref().is_some_and(|rows| source.row < rows.num_rows()) {
                kept.extend(self.batches.get(source.batch).cloned());
                source.batch = kept.len().saturating_sub(1);
            }
        }
        self.batches = kept;
        Ok(())
    }
}

/// The columns in the order in which rows are compared: time, user, fields.
fn order(schema: &SchemaRef) -> Vec<usize> {
    [1, 0].into_iter().chain(2..schema.fields().len()).collect()
}

/// A file's batch with all columns of the schema; the file leaves out columns that have no value.
fn aligned(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let columns = schema.fields().iter().map(|field| {
        let found = batch.column_by_name(field.name()).cloned();
        found.unwrap_or_else(|| new_null_array(field.data_type(), batch.num_rows()))
    });
    RecordBatch::try_new(Arc::clone(schema), columns.collect())
}
