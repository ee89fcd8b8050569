//! A query over stored activity gives the same rows whatever the files, their row groups and the threads, and reads no
//! more than it must.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, FixedSizeBinaryArray, StringArray, TimestampMillisecondArray,
};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use solana_pubkey::Pubkey;

use super::{LIMITS, PERIOD, Sample, user};
use crate::engine::plan::execution::{bytes_and_rows_read, steps};
use crate::engine::sandbox::service::answer_here;
use crate::engine::{Activity, QueryLimits};
use crate::events::ColumnType;
use crate::store::StoredTable;

/// One event; a field may be missing.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) user: u8,
    pub(super) time: i64,
    /// The amount in tenths.
    pub(super) amount: Option<i64>,
    pub(super) pool: Option<u8>,
    pub(super) even: Option<bool>,
}

impl Event {
    fn line(&self) -> String {
        let amount = self.amount.map_or("null".to_owned(), |tenths| format!("{tenths}e-1"));
        let pool = self.pool.map_or("null".to_owned(), |pool| format!("\"p{pool}\""));
        let even = self.even.map_or("null".to_owned(), |even| even.to_string());
        let data = format!(r#""amount":{amount},"pool":{pool},"even":{even}"#);
        let (user, time) = (user(self.user), self.time);
        format!(r#"{{"eventName":"swapDone","userPubkey":"{user}","timestamp":{time},"data":{{{data}}}}}"#)
    }
}

/// Writes a file with only those columns that have a value in it.
fn write(path: &Path, events: &[Event], row_group: usize) {
    let users = events.iter().map(|event| user(event.user).parse::<Pubkey>().unwrap());
    let users = FixedSizeBinaryArray::try_from_iter(users).unwrap();
    let times: TimestampMillisecondArray = events.iter().map(|event| Some(event.time)).collect();
    let amounts = events.iter().map(|event| event.amount.map(|tenths| i128::from(tenths) * 100_000_000));
    let amounts = amounts.collect::<Decimal128Array>().with_precision_and_scale(38, 9).unwrap();
    let pools: StringArray = events.iter().map(|event| event.pool.map(|pool| format!("p{pool}"))).collect();
    let even: BooleanArray = events.iter().map(|event| event.even).collect();
    let fields: [(&str, ArrayRef); 3] =
        [("amount", Arc::new(amounts)), ("even", Arc::new(even)), ("pool", Arc::new(pools))];
    let fields = fields.into_iter().filter(|(_, array)| array.null_count() < array.len());
    let first: [(&str, ArrayRef); 2] = [("user_pubkey", Arc::new(users)), ("timestamp", Arc::new(times))];
    let batch = RecordBatch::try_from_iter(first.into_iter().chain(fields)).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(row_group)).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// The events in that many files.
pub(super) fn stored(directory: &Path, events: &[Event], files: usize, row_group: usize) -> Activity {
    let chunks = events.chunks(events.len().div_ceil(files).max(1)).enumerate();
    let paths: Vec<PathBuf> = chunks
        .map(|(number, chunk)| {
            let path = directory.join(format!("{files}-{row_group}-{number}.parquet"));
            write(&path, chunk, row_group);
            path
        })
        .collect();
    let types = [("amount", ColumnType::Number), ("even", ColumnType::Boolean), ("pool", ColumnType::Text)];
    let is_known = |name: &str| match name {
        "amount" => events.iter().any(|event| event.amount.is_some()),
        "even" => events.iter().any(|event| event.even.is_some()),
        _ => events.iter().any(|event| event.pool.is_some()),
    };
    let columns =
        types.map(|(name, column)| (name.to_owned(), if is_known(name) { column } else { ColumnType::Null })).into();
    Activity { tables: vec![StoredTable { name: "events.swapDone".parse().unwrap(), columns, files: paths }] }
}

/// Queries with ties, limits and neighbours, whose results would differ if the order of rows were left open; and
/// queries that group by users or look at their texts, in every step that can pass a user on.
const QUERIES: [&str; 20] = [
    "select user_pubkey as address, sum(amount) / 7 as value from events.swapDone where amount is not null group by 1",
    "select u as address, sum(n) as value from (select user_pubkey as u, row_number() over (order by pool) as n from \
     events.swapDone) as t group by 1",
    "select u as address, sum(a) as value from (select user_pubkey as u, coalesce(amount, 1) as a from events.swapDone \
     order by pool desc limit 9) as t group by 1",
    "select u as address, sum(a) as value from (select user_pubkey as u, length(coalesce(pool, '')) as a from \
     events.swapDone limit 7 offset 2) as t group by 1",
    "select u as address, count(b) + sum(coalesce(a, 0)) as value from (select user_pubkey as u, lag(amount) over \
     (partition by even order by timestamp) as a, lead(pool, 2) over (order by even) as b, rank() over (order by \
     timestamp) as r, sum(amount) over (order by timestamp rows 2 preceding) as s from events.swapDone) as t where r > 1 \
     or s > 3 group by 1",
    "select user_pubkey as address, count(*) as value from events.swapDone where timestamp >= {{startDate}} and timestamp \
     < {{endDate}} and pool in ('p1', 'p2') group by 1 order by 2 desc limit 2",
    "select a.user_pubkey as address, count(distinct b.pool) as value from events.swapDone a left join (select * from \
     events.swapDone order by amount limit 5) as b on a.user_pubkey = b.user_pubkey and a.even = b.even group by 1",
    "select u as address, max(p) as value from (select user_pubkey as u, row_number() over (partition by user_pubkey \
     order by timestamp desc) as p, pool from events.swapDone qualify p < 3) as t where pool is not null group by 1",
    "select u as address, count(*) as value from (select user_pubkey as u from events.swapDone where user_pubkey <> \
     'x' group by 1) as t group by u having length(u) > 3",
    "select u as address, sum(l) as value from (select user_pubkey as u, length(user_pubkey) as l from \
     events.swapDone) as t group by u",
    "select user_pubkey as address, length(max(user_pubkey)) as value from events.swapDone group by user_pubkey",
    "select min(user_pubkey) as address, count(distinct user_pubkey) as value from events.swapDone",
    "select max(user_pubkey) as address, count(distinct user_pubkey) as value from events.swapDone group by pool, even \
     order by 1, 2 limit 1",
    "select u as address, count(*) as value from (select distinct user_pubkey as u, pool from events.swapDone) as t \
     group by u",
    "select u as address, sum(n) as value from (select user_pubkey as u, count(*) as n from events.swapDone group by 1 \
     union all select user_pubkey, 7 from events.swapDone where even) as t group by u order by u desc limit 3",
    "with t as (select user_pubkey as u, pool as p, sum(coalesce(amount, 1)) as a from events.swapDone group by u, p) \
     select u as address, sum(a) as value from t where p = 'p1' or u > '5' group by u",
    "select t.u as address, count(*) as value from (select user_pubkey as u, count(*) as n from events.swapDone group \
     by 1) as t join events.swapDone as s on s.user_pubkey = t.u and t.n > 1 group by t.u",
    "select user_pubkey as address, count(*) as value from events.swapDone where even or user_pubkey in (select \
     user_pubkey from events.swapDone where pool = 'p1' group by user_pubkey) group by user_pubkey",
    "select user_pubkey as address, avg(amount) + (select count(distinct user_pubkey) from events.swapDone) as value \
     from events.swapDone where amount is not null group by user_pubkey having user_pubkey > '2'",
    "select coalesce(user_pubkey, 'x') as address, count(*) as value from events.swapDone group by user_pubkey, \
     coalesce(user_pubkey, 'y')",
];

/// A sum for every user, which needs no texts, and one that looks at the texts.
const SUM: &str = "select user_pubkey as address, sum(amount) as value from events.swapDone group by user_pubkey";
const SUM_OF_TEXTS: &str = "select user_pubkey as address, sum(length(user_pubkey)) as value from events.swapDone \
                            group by user_pubkey";

pub(super) fn answer(activity: &Activity, sql: &str, threads: usize) -> String {
    match answer_here(activity.clone(), sql, PERIOD, &QueryLimits { threads, ..LIMITS }) {
        Ok(rows) => rows.iter().map(|row| format!("{}={} ", row.address, row.value)).collect(),
        Err(error) => error.to_string(),
    }
}

fn event() -> impl Strategy<Value = Event> {
    let amount = proptest::option::of(-20_i64..20);
    let (pool, even) = (proptest::option::of(0_u8..3), proptest::option::of(any::<bool>()));
    (1_u8..6, 0_i64..30, amount, pool, even).prop_map(|(user, hours, amount, pool, even)| Event {
        user,
        time: PERIOD.start * 1_000 + hours * 3_600_000,
        amount,
        pool,
        even,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_and_any_files_give_the_same_rows(
        events in proptest::collection::vec(event(), 1..60),
        files in 1_usize..5,
        row_group in 1_usize..40,
        threads in proptest::sample::select(vec![1_usize, 2, 8]),
    ) {
        let lines = Sample::new(&events.iter().map(Event::line).collect::<Vec<_>>());
        let backwards: Vec<Event> = events.iter().rev().cloned().collect();
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path();
        let variants = [
            lines.activity(),
            stored(directory, &events, 1, 1_000),
            stored(directory, &backwards, files, row_group),
        ];
        for sql in QUERIES {
            let expected = answer(&variants[0], sql, 1);
            for activity in &variants {
                prop_assert_eq!(answer(activity, sql, threads), expected.clone(), "{}", sql);
            }
        }
    }
}

#[test]
fn only_the_row_groups_of_the_period_are_read() {
    let event = |number: u32| Event {
        user: u8::try_from(number % 5 + 1).unwrap(),
        time: PERIOD.start * 1_000 + i64::from(number) * 60_000,
        amount: Some(number.into()),
        pool: Some(1),
        even: None,
    };
    let directory = tempfile::tempdir().unwrap();
    let events: Vec<Event> = (0..10_000).map(event).collect();
    let activity = stored(directory.path(), &events, 2, 500);
    let sum = "select user_pubkey as address, sum(amount) as value from events.swapDone";
    let of_period = format!("{sum} where timestamp >= {{{{startDate}}}} and timestamp < {{{{endDate}}}} group by 1");
    let (all_bytes, all_rows) = bytes_and_rows_read(&activity, &format!("{sum} group by 1"), PERIOD);
    let (bytes, rows) = bytes_and_rows_read(&activity, &of_period, PERIOD);
    // A day has 1,440 minutes, which lie in three groups of 500 rows.
    assert_eq!((all_rows, rows), (10_000, 1_500));
    assert!(bytes * 4 < all_bytes, "{bytes} of {all_bytes} bytes");
}

#[test]
fn texts_of_users_are_made_only_where_a_query_looks_at_them() {
    let event = Event { user: 1, time: PERIOD.start * 1_000, amount: Some(1), pool: None, even: None };
    let directory = tempfile::tempdir().unwrap();
    let activity = stored(directory.path(), &[event], 1, 1);
    let makes_texts = |sql: &str| steps(&activity, sql, PERIOD).contains("base58");
    assert!(!makes_texts(SUM), "{}", steps(&activity, SUM, PERIOD));
    assert!(makes_texts(SUM_OF_TEXTS));
    // Above the grouping, so once for every user.
    let filtered = steps(&activity, &format!("{SUM} having length(user_pubkey) > sum(amount)"), PERIOD);
    let scanned = filtered.lines().filter(|line| line.contains("base58")).count();
    assert_eq!(scanned, 1, "{filtered}");
}
