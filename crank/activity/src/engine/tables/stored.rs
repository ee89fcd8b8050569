//! Parquet files as tables of the query engine. A query reads only the columns that it needs, and only the row groups
//! that could matter by their statistics. Users are 32 bytes in the files and base58 text in the table.

use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::catalog::{MemTable, TableProvider};
use datafusion::common::Result;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::datasource::{ViewTable, provider_as_source};
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::ident;

use crate::engine::addresses::{STORED_ADDRESS, text_of};
use crate::events::{ColumnType, NUMBER_PRECISION, NUMBER_SCALE};
use crate::store::StoredTable;

const USER: &str = "user_pubkey";
/// The name of the files inside the table; no query sees it.
const FILES: &str = "files";

/// The table over its files. A column that a file lacks is null for its rows.
pub(super) fn table(stored: &StoredTable) -> Result<Arc<dyn TableProvider>> {
    let schema = schema(stored);
    let files = files(stored, &schema)?;
    let columns = schema.fields().iter().map(|field| match field.name().as_str() {
        USER => text_of(ident(USER)).alias(USER),
        name => ident(name),
    });
    let plan = LogicalPlanBuilder::scan(FILES, provider_as_source(files), None)?.project(columns)?.build()?;
    Ok(Arc::new(ViewTable::new(plan, None)))
}

fn files(stored: &StoredTable, schema: &SchemaRef) -> Result<Arc<dyn TableProvider>> {
    let schema = Arc::clone(schema);
    if stored.files.is_empty() {
        return Ok(Arc::new(MemTable::try_new(schema, vec![Vec::new()])?));
    }
    let files = stored.files.iter().map(|path| ListingTableUrl::parse(url(path))).collect::<Result<Vec<_>>>()?;
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()));
    let config = ListingTableConfig::new_with_multi_paths(files).with_listing_options(options).with_schema(schema);
    Ok(Arc::new(ListingTable::try_new(config)?))
}

/// The table's columns. Texts are views into the pages they were read from, so repeated texts need no copies.
fn schema(stored: &StoredTable) -> SchemaRef {
    let every_event = [
        Field::new(USER, STORED_ADDRESS, true),
        Field::new("timestamp", DataType::Timestamp(TimeUnit::Millisecond, None), true),
    ];
    let fields = stored.columns.iter().map(|(name, column)| Field::new(name, data_type(*column), true));
    Arc::new(Schema::new(every_event.into_iter().chain(fields).collect::<Vec<_>>()))
}

fn data_type(column: ColumnType) -> DataType {
    match column {
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Null => DataType::Null,
        ColumnType::Number => DataType::Decimal128(NUMBER_PRECISION, i8::try_from(NUMBER_SCALE).unwrap_or_default()),
        ColumnType::Text => DataType::Utf8View,
    }
}

/// A path as a URL with all special characters encoded; in a plain path the engine would take brackets and stars for a
/// pattern.
fn url(path: &Path) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let text = path.as_os_str().as_encoded_bytes().iter();
    let encoded = text.map(|&byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    format!("file://{}", encoded.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_not_read_as_a_pattern() {
        assert_eq!(url(Path::new("/a b/day=1/[x]*?%.parquet")), "file:///a%20b/day%3D1/%5Bx%5D%2A%3F%25.parquet");
    }
}
