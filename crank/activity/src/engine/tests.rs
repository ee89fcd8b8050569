//! Tests of queries over events: what they return, how exactly, and that nothing depends on order or threads.

#![expect(clippy::arithmetic_side_effects, reason = "test data is made of small numbers")]

mod cuts;
mod determinism;
mod exact;
mod faults;
mod hostile;
mod stored;

use std::collections::BTreeMap;

use super::sandbox::service::answer_here;
use super::{Activity, QueryError, QueryLimits, ResultRow};
use crate::store::TemporaryStore;
use crank_rules::values::period::Period;

const ONE: &str = "11111111111111111111111111111111";
/// The first of January 2026, and the second.
const PERIOD: Period = Period { start: 1_767_225_600, end: 1_767_312_000 };
const LIMITS: QueryLimits = QueryLimits { threads: 2, memory_bytes: 64 << 20, seconds: 60, rows: 10_000 };

/// The base58 text of a key made of one byte.
fn user(byte: u8) -> String {
    solana_pubkey::Pubkey::new_from_array([byte; 32]).to_string()
}

/// A hundred swaps of seven users, one an hour from the period's start; amounts 0.5, 1.5, …
fn swaps() -> Sample {
    Sample::new(&swap_lines(100))
}

/// Events in a store that is deleted at the end of the test.
struct Sample {
    store: TemporaryStore,
}

impl Sample {
    fn new(lines: &[String]) -> Self {
        Self { store: TemporaryStore::of_events(lines.join("\n").as_bytes(), |_| true).unwrap() }
    }

    fn activity(&self) -> Activity {
        Activity { tables: self.store.tables.clone() }
    }
}

fn swap_lines(count: u64) -> Vec<String> {
    let line = |number: u64| {
        let user = user(u8::try_from(number % 7 + 1).unwrap());
        let time = 1_767_225_600_000 + number * 3_600_000 % 31_536_000_000;
        let (pool, even) = (number % 3, number.is_multiple_of(2));
        let data = format!(r#"{{"amount":{number}.5,"pool":"p{pool}","even":{even},"nothing":null}}"#);
        format!(r#"{{"eventName":"swapDone","userPubkey":"{user}","timestamp":{time},"data":{data}}}"#)
    };
    (0..count).map(line).collect()
}

/// Runs the query in this process, since its result does not depend on the process that runs it.
fn run_with(events: &Sample, sql: &str, limits: &QueryLimits) -> Result<Vec<ResultRow>, QueryError> {
    answer_here(events.activity(), sql, PERIOD, limits)
}

fn run(sql: &str) -> Result<Vec<ResultRow>, QueryError> {
    run_with(&swaps(), sql, &LIMITS)
}

/// The value of a query's only row.
fn value(expression: &str) -> String {
    let rows = run(&format!("select '{ONE}' as address, {expression} as value"));
    rows.map_or_else(|error| error.to_string(), |rows| rows[0].value.to_string())
}

/// The values of all rows, by the first two letters of their addresses.
fn values(sql: &str) -> BTreeMap<String, String> {
    let rows = run(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| (row.address.to_string()[..2].to_owned(), row.value.to_string())).collect()
}

fn message(sql: &str) -> String {
    match run(sql) {
        Ok(rows) => panic!("{sql} returned {rows:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_query_without_events_gives_its_own_rows() {
    let sql = format!("SELECT address, value FROM (VALUES ('{}', 12.5), ('{ONE}', 3)) AS t(address, value)", user(9));
    let rows = run_with(&Sample::new(&[]), &sql, &LIMITS).unwrap();
    let texts: Vec<String> = rows.iter().map(|row| format!("{}={}", row.address, row.value)).collect();
    assert_eq!(texts, [format!("{ONE}=3"), format!("{}=12.5", user(9))]);
}

#[test]
fn sums_are_those_of_the_events() {
    let mut expected = BTreeMap::new();
    for number in 0..100_u32 {
        let address = user(u8::try_from(number % 7 + 1).unwrap())[..2].to_owned();
        *expected.entry(address).or_insert(0) += number * 10 + 5;
    }
    let expected: BTreeMap<String, String> = expected
        .into_iter()
        .map(|(address, tenths)| {
            (address, format!("{}.{}", tenths / 10, tenths % 10).trim_end_matches(".0").to_owned())
        })
        .collect();
    for name in ["value", "score", "amount"] {
        let sql = format!("select user_pubkey as address, sum(amount) as {name} from events.swapDone group by 1");
        assert_eq!(values(&sql), expected);
    }
    assert_eq!(
        values("select sum(amount) value, user_pubkey address from \"events\".\"swapDone\" group by 2"),
        expected
    );
}

#[test]
fn placeholders_are_the_bounds_of_the_period() {
    let bounds = [
        "timestamp >= {{startDate}} and timestamp < {{endDate}}",
        "timestamp >= '{{startDate}}' and timestamp < '{{endDate}}'",
        "timestamp >= \"{{startDate}}\" and timestamp < '{{ endDate }}'",
        "timestamp >= {{ startDate }} and timestamp < timestamp '{{endDate}}'",
        "timestamp >= '{{startDate}}'::timestamp and timestamp < cast('{{endDate}}' as timestamp)",
        "timestamp >= {{startDate}} and timestamp < {{startDate}} + interval '1 day'",
        "date_trunc('day', timestamp) = {{startDate}} -- {{unknown}}",
        "timestamp between {{startDate}} and '2026-01-01T23:59:59.999'",
    ];
    for bound in bounds {
        let sql = format!("select '{ONE}' as address, count(*) as value from events.swapDone where {bound}");
        assert_eq!(values(&sql)["11"], "24", "{bound}");
    }
    assert_eq!(value("date_part('day', {{endDate}})"), "2");
}

#[test]
fn other_placeholders_are_refused() {
    let known = "a query knows `{{startDate}}`, `{{endDate}}` and `{{campaignStart}}`, each a whole value of its own";
    let cases = [
        ("{{start_date}}", "`{{start_date}}` is unknown"),
        ("'{{STARTDATE}}'", "`{{STARTDATE}}` is unknown"),
        ("'{{startDate}} 12:00'", "`{{startDate}} 12:00` is more than a placeholder"),
        ("'{{startDate}}{{endDate}}'", "`{{startDate}}{{endDate}}` is more than a placeholder"),
        ("{{startDate}", "`{{` is not followed by a name and `}}`"),
        ("{{", "`{{` is not followed by a name and `}}`"),
        ("{{x'; drop table y; --}}", "is not valid SQL"),
    ];
    for (placeholder, expected) in cases {
        let found = message(&format!("select '{ONE}' as address, date_part('day', {placeholder}) as value"));
        assert!(found.contains(expected), "{found}");
        assert!(found.contains(known) || expected == "is not valid SQL", "{found}");
    }
    assert!(value("{startDate}").contains("is not valid SQL"), "{}", value("{startDate}"));
}

#[test]
fn numbers_are_exact_decimals() {
    let cases = [
        ("9223372036854775807 + 1", "9223372036854775808"),
        ("-9223372036854775808 - 1", "-9223372036854775809"),
        ("9223372036854775807 * 9223372036854775807", "85070591730234615847396907784232501249"),
        ("-(-9223372036854775808)", "9223372036854775808"),
        ("7 / 2", "3.5"),
        ("1 / 3", "0.33333333333333333333333333333333333333"),
        ("1 / 3 * 3", "1"),
        ("2 / 3 * 1e38", "66666666666666666666666666666666666667"),
        ("7 % 4", "3"),
        ("9007199254740993 * 0.05", "450359962737049.65"),
        ("0.1 + 0.2", "0.3"),
        ("1e3", "1000"),
        ("2 * -3 + 4", "-2"),
        ("- - 5", "5"),
        ("round(7.456, 1)", "7.5"),
        ("trunc(7.456, 1)", "7.4"),
        ("floor(-7.5)", "-8"),
        ("ceil(-7.5)", "-7"),
        ("abs(-7.5)", "7.5"),
        ("abs(-9223372036854775808)", "9223372036854775808"),
        ("greatest(1, 2.5) + least(3, 4)", "5.5"),
        ("coalesce(null, 1.5)", "1.5"),
        ("cast('1.1234567891' as decimal(38, 9))", "1.123456789"),
        ("length(substring(trim(' abc ') from 2 for 1)) + position('c' in 'abc')", "4"),
        ("case when 'ABC' like 'A%' then 1 else 0 end", "1"),
        ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
    ];
    for (expression, expected) in cases {
        assert_eq!(value(expression), expected, "{expression}");
    }
}

#[test]
fn aggregates_are_exact() {
    let cases = [
        ("sum(amount)", "5000"),
        ("-sum(amount)", "-5000"),
        ("avg(amount)", "50"),
        ("sum(amount) / count(*)", "50"),
        ("sum(amount * amount)", "333325"),
        ("sum(amount) filter (where even)", "2475"),
        ("sum(case when pool = 'p1' then amount else 0 end)", "1633.5"),
        ("count(distinct pool) + count(*)", "103"),
        ("min(amount) + max(amount)", "100"),
        ("coalesce(sum(nothing), 0)", "0"),
        ("round(sum(amount) / 7, 2)", "714.29"),
        ("case when bool_and(amount > 0) and bool_or(even) then 1 else 0 end", "1"),
    ];
    for (aggregate, expected) in cases {
        let sql = format!("select '{ONE}' as address, {aggregate} as value from events.swapDone");
        assert_eq!(values(&sql)["11"], expected, "{aggregate}");
    }
}

#[test]
fn a_sum_that_overflows_is_never_a_wrong_number() {
    let total = |values: &str| {
        message_or_value(&format!("select '{ONE}' as address, sum(x) as value from (values {values}) as t(x)"))
    };
    assert_eq!(total("(9223372036854775807), (9223372036854775807), (1)"), "18446744073709551615");
    let nines = "9".repeat(38);
    assert_eq!(
        total(&format!("({nines}), ({nines}), ({nines})")),
        format!("the value of {ONE} has more than 38 digits: 299999999999999999999999999999999999997")
    );
    assert_eq!(total(&format!("({nines}), (-{nines}), (1)")), "1");
}

fn message_or_value(sql: &str) -> String {
    run(sql).map_or_else(|error| error.to_string(), |rows| rows[0].value.to_string())
}

#[test]
fn joins_subqueries_and_windows_work() {
    let queries = [
        "with a as (select user_pubkey as u, sum(amount) as x from events.swapDone group by 1), \
         b as (select user_pubkey as u, count(*) as y from events.swapDone group by 1) \
         select a.u as address, x + y * 0 as value from a join b on a.u = b.u",
        "select u as address, max(s) as value from (select user_pubkey as u, sum(amount) over \
         (partition by user_pubkey order by timestamp) as s from events.swapDone) as t group by u",
        "select s.user_pubkey as address, (select sum(t.amount) from events.swapDone t \
         where t.user_pubkey = s.user_pubkey) as value from events.swapDone s group by s.user_pubkey",
        "select user_pubkey as address, sum(amount) as value from events.swapDone where user_pubkey in \
         (select user_pubkey from events.swapDone where pool like 'p%') group by user_pubkey order by 2 desc",
    ];
    let expected = values("select user_pubkey as address, sum(amount) as value from events.swapDone group by 1");
    for sql in queries {
        assert_eq!(values(sql), expected, "{sql}");
    }
    let ranks = "select address, rank() over (order by v desc) as value from \
                 (select user_pubkey as address, count(*) as v from events.swapDone group by 1) as t";
    assert_eq!(values(ranks).into_values().collect::<Vec<_>>(), ["1", "1", "3", "3", "3", "3", "3"]);
}

#[test]
fn neither_threads_nor_the_order_of_the_file_change_a_result() {
    let mut lines = swap_lines(12_000);
    let queries = [
        "select user_pubkey as address, sum(amount) / 7 as value from events.swapDone group by 1",
        "select user_pubkey as address, avg(amount / 3) as value from events.swapDone group by 1",
        // Ties everywhere: which rows are taken depends on their order.
        "select u as address, sum(n) as value from (select user_pubkey as u, row_number() over (order by pool) \
         as n from events.swapDone) as t group by 1",
        "select u as address, sum(a) as value from (select user_pubkey as u, amount as a from events.swapDone \
         limit 9000) as t group by 1",
        "select u as address, sum(a) as value from (select * from (select user_pubkey as u, amount as a from \
         events.swapDone union all select user_pubkey, amount * 2 from events.swapDone) as s order by a % 2 \
         limit 5000) as t group by 1",
    ];
    let results = |lines: &[String], threads: usize| {
        let events = Sample::new(lines);
        let limits = QueryLimits { threads, ..LIMITS };
        queries.map(|sql| run_with(&events, sql, &limits).unwrap_or_else(|error| panic!("{sql}: {error}")))
    };
    let expected = results(&lines, 1);
    for (threads, shift) in [(2, 7_919), (8, 104), (1, 5_000)] {
        lines.rotate_left(shift);
        lines[..9_000].reverse();
        assert_eq!(results(&lines, threads), expected, "{threads} threads");
    }
}

#[test]
fn limits_do_not_change_what_fits_into_them() {
    let sql = "select user_pubkey as address, sum(amount) as value from events.swapDone group by 1";
    let rows = run(sql).unwrap();
    assert_eq!(run_with(&swaps(), sql, &QueryLimits { rows: 7, threads: 0, ..LIMITS }).unwrap(), rows);
    let error = run_with(&swaps(), sql, &QueryLimits { rows: 6, ..LIMITS }).unwrap_err();
    assert_eq!(error.to_string(), "the query returns more than 6 rows");
    assert_eq!(QueryLimits::default().seconds, 120);
}
