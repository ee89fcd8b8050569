//! Tests of the store: every stored event comes back exactly once, whatever happens in between.

#![expect(clippy::arithmetic_side_effects, reason = "test data is made of small numbers")]

mod compaction;
mod crash;
mod pieces;
mod vacuum;
mod versions;
mod writers;

use std::{collections::BTreeMap, fs::File, path::PathBuf, sync::Arc};

use datafusion::arrow::{array::AsArray, util::display::array_value_to_string};
use object_store::{ObjectStore, memory::InMemory, path::Path};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use solana_pubkey::Pubkey;

use super::{Snapshot, Store, StoreError, StoredTable};
use crate::events::{Column, ColumnType, EventTable, Events, TableName};

const HOUR: i64 = 3_600_000;

/// A store in memory, and the object store beneath it.
fn memory() -> (Arc<InMemory>, Store) {
    let objects = Arc::new(InMemory::new());
    let store = on(Arc::clone(&objects) as Arc<dyn ObjectStore>);
    (objects, store)
}

fn on(objects: Arc<dyn ObjectStore>) -> Store {
    let cache = std::env::temp_dir().join(format!("torque-store-tests-{}", std::process::id()));
    Store::on(objects, Path::from("below/here")).unwrap().with_cache(cache)
}

fn read(lines: &[String]) -> Events {
    Events::read(lines.join("\n").as_bytes()).unwrap()
}

fn user(number: i64) -> Pubkey {
    Pubkey::new_from_array([u8::try_from(number % 5 + 1).unwrap(); 32])
}

/// The event number `number`: one an hour, with an id, over five users and two tables.
fn line(number: i64) -> String {
    let table = if number % 4 == 0 { "chain.swaps" } else { "trade" };
    let data = format!(r#"{{"amount":{number}.25,"side":"s{}","first":{}}}"#, number % 3, number < 5);
    format!(
        r#"{{"id":"i{number}","eventName":"{table}","userPubkey":"{}","timestamp":{},"data":{data}}}"#,
        user(number),
        number * HOUR
    )
}

fn lines(numbers: impl IntoIterator<Item = i64>) -> Vec<String> {
    numbers.into_iter().map(line).collect()
}

/// The text of every row of every file, one after the other, by table.
fn rows_in_order(tables: &[StoredTable]) -> BTreeMap<TableName, Vec<String>> {
    let rows = |path: &PathBuf| {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
        let mut rows = Vec::new();
        for batch in reader.map(Result::unwrap) {
            let schema = batch.schema();
            for row in 0..batch.num_rows() {
                let values = schema.fields().iter().zip(batch.columns()).map(|(field, column)| {
                    let value = match column.as_fixed_size_binary_opt() {
                        Some(users) => Pubkey::try_from(users.value(row)).unwrap().to_string(),
                        None => array_value_to_string(column, row).unwrap(),
                    };
                    if value.is_empty() { String::new() } else { format!("{}={value} ", field.name()) }
                });
                rows.push(values.collect::<String>());
            }
        }
        rows
    };
    tables.iter().map(|table| (table.name.clone(), table.files.iter().flat_map(rows).collect())).collect()
}

/// The text of every row, in an order that does not depend on files.
fn rows_at(store: &Store, snapshot: &Snapshot) -> BTreeMap<TableName, Vec<String>> {
    let mut tables = rows_in_order(&store.fetch(&snapshot.files).unwrap());
    tables.values_mut().for_each(|rows| rows.sort());
    tables
}

fn rows(store: &Store) -> BTreeMap<TableName, Vec<String>> {
    rows_at(store, &store.snapshot().unwrap())
}

/// The rows that a store has after one ingest of these lines.
fn rows_of(lines: &[String]) -> BTreeMap<TableName, Vec<String>> {
    let (_, store) = memory();
    store.ingest(&read(lines)).unwrap();
    rows(&store)
}

fn trade() -> TableName {
    "events.trade".parse().unwrap()
}

#[test]
fn a_new_store_is_empty() {
    let (_, store) = memory();
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot, Snapshot::default());
    assert!(matches!(store.snapshot_at(1), Err(StoreError::UnknownVersion { version: 1, newest: 0 })));
    let report = store.ingest(&Events::default()).unwrap();
    assert_eq!(report.version, 0);
}

#[test]
fn events_come_back_by_table_and_day_in_canonical_order() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::create(directory.path().join("new/store").to_str().unwrap()).unwrap();
    let report = store.ingest(&read(&lines((0..60).rev()))).unwrap();
    assert_eq!((report.version, report.tables[&trade()].added, report.tables.len()), (1, 45, 2));
    let snapshot = store.snapshot().unwrap();
    let days: Vec<String> = snapshot.files.iter().map(|file| format!("{} {}", file.table, file.day)).collect();
    let expected = ["chain.swaps", "events.trade"]
        .iter()
        .flat_map(|table| ["01", "02", "03"].map(|day| format!("{table} 1970-01-{day}")))
        .collect::<Vec<_>>();
    assert_eq!(days, expected);
    let tables = rows_in_order(&store.fetch(&snapshot.files).unwrap());
    let first = format!("user_pubkey={} timestamp=1970-01-01T01:00:00 amount=1.250000000 first=true side=s1 ", user(1));
    assert_eq!((tables[&trade()].len(), &tables[&trade()][0]), (45, &first));
    assert!(tables.values().all(|rows| rows.is_sorted_by_key(|row| row.split("timestamp=").nth(1).unwrap())));
    let columns = [("amount", ColumnType::Number), ("first", ColumnType::Boolean), ("side", ColumnType::Text)];
    assert_eq!(snapshot.tables[&trade()], columns.map(|(name, kind)| (name.to_owned(), kind)).into());
    let status = snapshot.status()[&trade()];
    assert_eq!((status.rows, status.files, status.days), (45, 3, 3));
    assert_eq!((status.first_timestamp, status.last_timestamp), (Some(HOUR), Some(59 * HOUR)));
}

#[test]
fn the_same_events_give_the_same_files() {
    let files = |numbers: Vec<i64>| {
        let (_, store) = memory();
        store.ingest(&read(&lines(numbers))).unwrap();
        store.snapshot().unwrap().files
    };
    assert_eq!(files((0..40).collect()), files((0..40).rev().collect()));
    assert_ne!(files((0..40).collect()), files((1..41).collect()));
}

#[test]
fn an_id_that_is_stored_is_skipped_and_with_another_body_refused() {
    let (_, store) = memory();
    store.ingest(&read(&lines(0..30))).unwrap();
    let expected = rows(&store);
    let again = store.ingest(&read(&lines((10..30).chain([1, 2])))).unwrap();
    assert_eq!((again.version, again.bytes), (1, 0));
    assert_eq!((again.tables[&trade()].added, again.tables[&trade()].repeated), (0, 17));
    // The same id is refused on another day too.
    let moved = line(3).replace(&format!("{}", 3 * HOUR), &format!("{}", 300 * HOUR));
    for other in [line(3).replace("3.25", "3.5"), moved] {
        let message = store.ingest(&read(&[line(50), other])).unwrap_err().to_string();
        assert_eq!(
            message,
            "line 2: `id` \"i3\" of `events.trade` is stored with another body (an event of 1970-01-01T03:00:00Z): an \
             id names one event"
        );
    }
    // Each table has its own ids.
    let other_table = line(3).replace("trade", "stake");
    assert_eq!(store.ingest(&read(&[other_table])).unwrap().version, 2);
    assert_eq!(rows(&store)[&trade()], expected[&trade()]);
}

#[test]
fn equal_events_with_different_ids_are_all_stored() {
    let (_, store) = memory();
    for id in ["a", "b", "c", "d"] {
        store.ingest(&read(&[line(1).replace("i1", id)])).unwrap();
    }
    assert_eq!(rows(&store)[&trade()].len(), 4);
}

#[test]
fn the_very_same_events_without_ids_are_refused() {
    let (_, store) = memory();
    let without_id = |number: i64| line(number).replace(&format!("\"id\":\"i{number}\","), "");
    let first = read(&[without_id(1), without_id(2)]);
    store.ingest(&first).unwrap();
    let message = store.ingest(&first).unwrap_err().to_string();
    assert!(message.starts_with("all 2 events of `events.trade` on 1970-01-01 are stored already"), "{message}");
    store.ingest(&read(&[without_id(1), without_id(2), without_id(3)])).unwrap();
    assert_eq!(rows(&store)[&trade()].len(), 5);
}

#[test]
fn a_field_keeps_the_type_that_is_stored() {
    let (_, store) = memory();
    store.ingest(&read(&lines(0..3))).unwrap();
    let text = [line(9), line(10).replace("10.25", "\"much\"")].join("\n");
    let message = store.ingest_lines(|| Ok(text.as_bytes()), None).unwrap_err().to_string();
    assert_eq!(message, "line 2: `data.amount` of `trade` is a text here but a number in the store: use one type");
    let message = store.ingest(&read(&[line(10).replace("10.25", "\"much\"")])).unwrap_err().to_string();
    assert_eq!(message, "`amount` of `events.trade` is a text here but a number in the store: use one type");
    // Null has every type, and a field may come later.
    store.ingest(&read(&[line(11).replace("11.25", "null"), line(13).replace("\"side\"", "\"edge\"")])).unwrap();
    let columns = &store.snapshot().unwrap().tables[&trade()];
    assert_eq!((columns["amount"], columns["edge"], columns.len()), (ColumnType::Number, ColumnType::Text, 4));
}

#[test]
fn nothing_is_stored_of_a_file_with_a_bad_line() {
    let (_, store) = memory();
    let text = [line(0), line(1), "{".to_owned()].join("\n");
    assert!(store.ingest_lines(|| Ok(text.as_bytes()), None).unwrap_err().to_string().starts_with("line 3: "));
    assert_eq!(store.snapshot().unwrap(), Snapshot::default());
}

#[test]
fn a_file_that_was_altered_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::create(directory.path().to_str().unwrap()).unwrap();
    store.ingest(&read(&lines(0..3))).unwrap();
    let files = store.snapshot().unwrap().files;
    let path = directory.path().join(files[0].path());
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[10] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    assert!(matches!(store.fetch(&files), Err(StoreError::Altered { .. })));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(store.fetch(&files), Err(StoreError::Missing(_))));
}

#[test]
fn a_damaged_copy_in_the_cache_is_fetched_again() {
    let cache = tempfile::tempdir().unwrap();
    let store = memory().1.with_cache(cache.path().to_path_buf());
    store.ingest(&read(&lines(0..3))).unwrap();
    let tables = store.fetch(&store.snapshot().unwrap().files).unwrap();
    std::fs::write(&tables[0].files[0], b"cut").unwrap();
    assert_eq!(rows(&store).values().map(Vec::len).sum::<usize>(), 3);
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 2);
}

#[test]
fn columns_can_be_written_without_lines() {
    let (_, store) = memory();
    let count = 20_000_i64;
    let numbers = (0..count).map(|number| Some(i128::from(number % 7) * 500_000_000)).collect();
    let table = EventTable::new(
        (0..count).map(user).collect(),
        (0..count).map(|number| (number * 37) % (48 * HOUR)).collect(),
        BTreeMap::from([("amount".to_owned(), Column::Number(numbers))]),
    );
    let mut writer = store.writer().unwrap();
    writer.write(&trade(), &table.unwrap()).unwrap();
    assert_eq!(store.snapshot().unwrap().version, 0);
    assert_eq!(writer.commit(None).unwrap().tables[&trade()].added, 20_000);
    let snapshot = store.snapshot().unwrap();
    let tables = rows_in_order(&store.fetch(&snapshot.files).unwrap());
    assert_eq!(tables[&trade()].len(), 20_000);
    assert!(tables[&trade()].iter().all(|row| row.contains("amount=")));
}
