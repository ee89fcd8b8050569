//! Stored activity, read by the confined process: Parquet files in a directory with an awkward name.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use crank_activity::engine::Activity;
use crank_activity::events::ColumnType;
use crank_activity::store::StoredTable;
use parquet::data_type::{ByteArray, FixedLenByteArrayType, Int64Type};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use solana_pubkey::Pubkey;

use crate::activity::{LIMITS, question, user, worker};

/// Writes one swap for each number.
fn write(path: &Path, numbers: &[i64]) {
    let schema = "message swaps {
        required fixed_len_byte_array(32) user_pubkey;
        optional int64 timestamp (TIMESTAMP(MILLIS, false));
        optional fixed_len_byte_array(16) amount (DECIMAL(38, 9));
    }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(File::create(path).unwrap(), schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let present = vec![1; numbers.len()];
    let mut column = group.next_column().unwrap().unwrap();
    let users = numbers.iter().map(|&number| user(number).parse::<Pubkey>().unwrap());
    let users: Vec<_> = users.map(|user| ByteArray::from(user.to_bytes().to_vec()).into()).collect();
    column.typed::<FixedLenByteArrayType>().write_batch(&users, None, None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(numbers, Some(&present), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let amounts = numbers.iter().map(|number| i128::from(*number) * 500_000_000);
    let amounts: Vec<_> = amounts.map(|units| ByteArray::from(units.to_be_bytes().to_vec()).into()).collect();
    column.typed::<FixedLenByteArrayType>().write_batch(&amounts, Some(&present), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn files_with_awkward_names_are_read_and_missing_columns_are_null() {
    let directory = tempfile::tempdir().unwrap();
    let partition = directory.path().join("chain.swaps/day=2026-01-01/[a b]*?%20");
    fs::create_dir_all(&partition).unwrap();
    let files = [partition.join("1.parquet"), partition.join("2.parquet")];
    write(&files[0], &[0, 1, 2, 7]);
    write(&files[1], &[8, 14]);
    let columns = [("amount".to_owned(), ColumnType::Number), ("note".to_owned(), ColumnType::Text)].into();
    let table = StoredTable { name: "chain.swaps".parse().unwrap(), columns, files: files.to_vec() };
    let empty = StoredTable { name: "events.none".parse().unwrap(), columns: [].into(), files: Vec::new() };
    let activity = Activity { tables: vec![table, empty] };
    let sql = "select user_pubkey as address, sum(amount) + count(note) * 1000 as value from chain.swaps where timestamp \
               < cast(9 as bigint)::timestamp(3) or user_pubkey in (select user_pubkey from events.none) group by 1";
    let answer = worker().ask(&activity, &question(sql), &LIMITS);
    let rows: Vec<String> = answer.unwrap().iter().map(|row| format!("{}={}", row.address, row.value)).collect();
    assert_eq!(rows, [format!("{}=3.5", user(0)), format!("{}=4.5", user(1)), format!("{}=1", user(2))]);
}

#[test]
fn a_file_that_is_no_parquet_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("1.parquet");
    fs::write(&path, "not at all").unwrap();
    let table = StoredTable { name: "events.x".parse().unwrap(), columns: [].into(), files: vec![path] };
    let sql = "select user_pubkey as address, 1 as value from events.x";
    let error = worker().ask(&Activity { tables: vec![table] }, &question(sql), &LIMITS).unwrap_err();
    assert!(error.to_string().contains("Parquet"), "{error}");
}
