//! Queries that must be refused or stopped, each with a part of the message that it must get.

use super::{LIMITS, ONE, message, run_with, swaps};
use crate::engine::QueryLimits;

/// Statements, clauses and functions that do not exist here.
const REFUSED: &[(&str, &str)] = &[
    ("", "the query is empty"),
    ("-- nothing", "the query is empty"),
    (";", "the query is empty"),
    ("select 1; select 2", "this is several statements"),
    ("select 1 /* ; */ ; drop table events.swapDone", "this is several statements"),
    ("insert into events.swapDone values (1)", "this begins with `insert`"),
    ("update events.swapDone set amount = 1", "this begins with `update`"),
    ("delete from events.swapDone", "this begins with `delete`"),
    ("drop table events.swapDone", "this begins with `drop`"),
    ("create table t as select 1", "this begins with `create`"),
    ("CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'", "this begins with `CREATE`"),
    ("copy (select 1) to '/tmp/x.csv'", "this begins with `copy`"),
    ("set datafusion.execution.enable_recursive_ctes = true", "this begins with `set`"),
    ("show tables", "this begins with `show`"),
    ("describe events.swapDone", "this begins with `describe`"),
    ("explain select 1", "this begins with `explain`"),
    ("explain analyze insert into t values (1)", "this begins with `explain`"),
    ("prepare p as select 1", "this begins with `prepare`"),
    ("execute p", "this begins with `execute`"),
    ("begin", "this begins with `begin`"),
    ("commit", "this begins with `commit`"),
    ("attach 'x.db' as y", "this begins with `attach`"),
    ("values (1, 2)", "this begins with `values`"),
    ("table events.swapDone", "this begins with `table`"),
    ("with a as (insert into events.swapDone values (1)) select 1", "with at most WITH, UNION"),
    ("with recursive r as (select 1 as n union all select n + 1 from r) select n from r", "`with recursive`"),
    ("select 1 into t", "a SELECT has only"),
    ("select 1 from events.swapDone for update", "a query is a SELECT with at most"),
    ("select top 1 amount from events.swapDone", "a SELECT has only"),
    ("select rank() over w as value from events.swapDone window w as (order by amount)", "a SELECT has only"),
    ("select rank() over w as value from events.swapDone", "the window `w` is not available"),
    (
        "select sum(amount) over (order by amount rows 18446744073709551615 preceding) from events.swapDone",
        "is too far",
    ),
    ("select * from '/etc/passwd'", "there is no table"),
    ("select * from \"/etc/passwd\"", "there is no table `/etc/passwd`"),
    ("select * from 'https://example.com/x.parquet'", "there is no table"),
    ("select * from information_schema.tables", "there is no table `information_schema.tables`"),
    ("select * from pg_catalog.pg_class", "there is no table `pg_catalog.pg_class`"),
    ("select * from activity.events.swapDone", "there is no table `activity.events.swapDone`"),
    ("select * from swapDone", "did you mean `events.swapDone`?"),
    ("select * from EVENTS.swapDone", "did you mean `events.swapDone`?"),
    ("select * from events.swapdone", "did you mean `events.swapDone`?"),
    ("select * from events.ѕwapDone", "did you mean `events.swapDone`?"),
    ("select * from events.unknown", "there is no table `events.unknown`: there is `events.swapDone`"),
    ("select * from read_csv('/etc/passwd')", "is not available: read from events.<eventName>"),
    ("select * from generate_series(1, 10000000000)", "is not available: read from events.<eventName>"),
    ("select * from range(10)", "is not available: read from events.<eventName>"),
    ("select * from unnest([1, 2])", "is not available: read from events.<eventName>"),
    ("select * from events.swapDone tablesample (10 percent)", "is not available: read from events.<eventName>"),
    ("select * from events.swapDone s, lateral (select s.amount) t", "is not available: read from events.<eventName>"),
    ("select now()", "there is no function `now`"),
    ("select current_timestamp", "there is no function `current_timestamp`"),
    ("select current_date", "there is no function `current_date`"),
    ("select random()", "there is no function `random`"),
    ("select uuid()", "there is no function `uuid`"),
    ("select repeat('x', 2000000000)", "there is no function `repeat`"),
    ("select lpad('x', 2000000000, 'y')", "there is no function `lpad`"),
    ("select concat('x', 'y')", "there is no function `concat`"),
    ("select replace('x', 'y', 'z')", "there is no function `replace`"),
    ("select array_repeat(1, 1000000000)", "there is no function `array_repeat`"),
    ("select array_agg(amount) from events.swapDone", "there is no function `array_agg`"),
    ("select string_agg(pool, ',') from events.swapDone", "there is no function `string_agg`"),
    ("select first_value(amount) from events.swapDone", "there is no function `first_value`"),
    ("select median(amount) from events.swapDone", "there is no function `median`"),
    ("select sqrt(2)", "there is no function `sqrt`"),
    ("select power(2, 0.5)", "there is no function `power`"),
    ("select regexp_replace('a', 'a', 'b')", "there is no function `regexp_replace`"),
    ("select version()", "there is no function `version`"),
    ("select arrow_cast(1, 'Float64')", "there is no function `arrow_cast`"),
    ("select \"SUM\"(amount) from events.swapDone", "there is no function `SUM`"),
    ("select events.sum(amount) from events.swapDone", "there is no function `events.sum`"),
    ("select summ(amount) from events.swapDone", "there is no function `summ`: did you mean `sum`"),
    ("select sum(distinct amount) from events.swapDone", "`sum` takes no DISTINCT"),
    ("select pool || pool from events.swapDone", "is not available in a query"),
    ("select pool ~ '(a+)+$' from events.swapDone", "is not available in a query"),
    ("select pool similar to '(a+)+' from events.swapDone", "is not available in a query"),
    ("select 1 << 63", "is not available in a query"),
    ("select [1, 2, 3]", "is not available in a query"),
    ("select {'a': 1}", "is not available in a query"),
    ("select $1", "is not available in a query"),
    ("select @@version", "the query fails: variable"),
    ("select timestamp at time zone 'Europe/Rome' from events.swapDone", "is not available in a query"),
    ("select amount = any(select 1) from events.swapDone", "is not available in a query"),
    ("select x'00'", "is not available in a query"),
    ("select sum(amount from events.swapDone", "the query is not valid SQL: "),
    ("select 'unterminated", "the query is not valid SQL: "),
];

/// Expressions for the column `value` that have no exact value.
const NO_VALUE: &[(&str, &str)] = &[
    (
        "1 / 0",
        "the value of 11111111111111111111111111111111 is a division by zero: leave such rows out, or write nullif",
    ),
    ("1 % 0", "the value of 11111111111111111111111111111111 is a division by zero"),
    (
        "cast(1.5 as double)",
        "`1.5` becomes a float (Float64), which is not exact: write cast(… as decimal(38, 9)) instead",
    ),
    ("cast(cast(1.5 as real) as decimal(38, 9))", "becomes a float (Float32), which is not exact: write"),
    ("sum(cast(amount as double))", "sum takes numbers, not Float64: write sum(cast(… as decimal(38, 9)))"),
    ("max(cast(amount as double))", "becomes a float (Float64)"),
    ("date_part('epoch', max(timestamp))", "becomes a float (Float64)"),
    ("count(*) filter (where cast(amount as double) > 0.1)", "becomes a float (Float64)"),
    ("'5'", "the column `value` is Utf8: it must be a whole number or a decimal"),
    ("true", "the column `value` is Boolean: it must be"),
    ("max(timestamp)", "the column `value` is Timestamp(ms): it must be"),
    ("'5' + 1", "which is Utf8: write cast(… as decimal(38, 9))"),
    ("max(pool) * 2", "which is Utf8: write cast(… as decimal(38, 9))"),
    ("sum(amount) + sum(cast(amount as bigint))", "two calls of one SELECT are both named `sum("),
    ("sum(pool)", "the query fails: sum takes numbers, not Utf8: write sum(cast(… as decimal(38, 9)))"),
    ("null", "the value of 11111111111111111111111111111111 is null: write coalesce(…, 0)"),
    ("sum(nothing)", "the value of 11111111111111111111111111111111 is null"),
    ("sum(amuont)", "there is no column `amuont`: did you mean `amount`?"),
    ("sum(Amount)", "there is no column `Amount`: did you mean `amount`?"),
    ("cast('NaN' as decimal(38, 9))", "the query fails: Cannot cast string 'NaN'"),
    ("cast('Infinity' as decimal(38, 9))", "the query fails: Cannot cast string 'Infinity'"),
    ("cast(99999999999999999999 as bigint)", "is out of range Int64"),
    (
        "sum(cast(amount * 1e9 as smallint))",
        "is a cast of what does not fit its type: leave such rows out, or write try_cast",
    ),
    ("340282366920938463463374607431768211456 * 1", "has more than 38 digits: 340282366920938463463374607431768211456"),
    ("1 / 0.00000000000000000000000000000000000001", "has more than 38 digits: 1000"),
    ("1e999999999", "the query fails: Decimal scale -999999999 exceeds"),
    ("10000000000000000000 * 10000000000000000000 * 10000000000000000000 * 100000000000000000000", "is an overflow"),
    ("date_part('year', timestamp '2026-01-01' + interval '999999999 years')", "the query fails: "),
];

#[test]
fn a_query_that_is_not_on_the_allow_list_is_refused() {
    for (sql, expected) in REFUSED {
        let found = message(sql);
        assert!(found.contains(expected), "{sql}\n  got      {found}\n  expected {expected}");
    }
}

#[test]
fn an_expression_without_an_exact_value_is_refused() {
    for (expression, expected) in NO_VALUE {
        let found = message(&format!("select '{ONE}' as address, {expression} as value from events.swapDone"));
        assert!(found.contains(expected), "{expression}\n  got      {found}\n  expected {expected}");
        assert!(!found.contains('\n') && found.len() < 600, "{found}");
    }
}

#[test]
fn a_result_has_an_address_and_a_value() {
    let cases = [
        ("select 1 as value", "the query returns the columns `value`: it must return `address` and one of `value`"),
        ("select 'x' as address", "the query returns the columns `address`: "),
        (
            "select 'x' as address, 1 as value, 2 as score",
            "the query returns the columns `address`, `value`, `score`: ",
        ),
        ("select 'x' as Address, 1 as value", "the query returns the columns `Address`, `value`: "),
        (
            "select 'x' as address, 1 as value, 2 as extra",
            "the query returns the columns `address`, `value`, `extra`: ",
        ),
        (
            "select 5 as address, 1 as value",
            "the column `address` is Int64: it must be the base58 text of a public key",
        ),
        ("select 'x' as address, 1 as value", "the address \"x\" is not a public key in base58"),
        ("select null as address, 1.5 as value", "a row with the value 1.5 has no address"),
        (
            "select address, value from (values ('11111111111111111111111111111111', 2), \
             ('11111111111111111111111111111111', 1.5)) as t(address, value)",
            "11111111111111111111111111111111 has more than one row, with 1.5 and 2: add `group by`",
        ),
    ];
    for (sql, expected) in cases {
        let found = message(sql);
        assert!(found.contains(expected), "{sql}\n  got      {found}\n  expected {expected}");
    }
}

/// A chain of WITH tables, each made from the one before by `step`.
fn chain(length: u32, step: &str) -> String {
    let mut tables = vec!["c0 as (select user_pubkey as u, amount as x from events.swapDone)".to_owned()];
    for number in 0..length {
        tables.push(format!("c{} as ({})", number + 1, step.replace("PREVIOUS", &format!("c{number}"))));
    }
    format!("with {} select u as address, sum(x) as value from c{length} group by u", tables.join(", "))
}

#[test]
fn a_query_that_would_grow_while_it_is_planned_is_refused() {
    let select = |value: String| format!("select '{ONE}' as address, {value} as value");
    let brackets = "(".repeat(20_000) + "1" + &")".repeat(20_000);
    let cases = [
        ("x".repeat(65_537), "the query has 65537 bytes: at most 65536 are read"),
        (select(brackets), "the query is nested too deeply"),
        (select("- ".repeat(20_000) + "1"), "the query is nested too deeply"),
        (select(vec!["1"; 30_000].join("+")), "an expression is nested more than 500 deep"),
        (vec!["select 1"; 3_000].join(" union "), "the query has more than 32 SELECTs"),
        (format!("select 1 from {}", vec!["events.swapDone"; 33].join(", ")), "reads from more than 32 tables"),
        (
            chain(14, "select a.u, a.x from PREVIOUS as a join PREVIOUS as b on a.u = b.u"),
            "grows to more than 500 steps",
        ),
        (chain(15, "select u, x from PREVIOUS union all select u, x from PREVIOUS"), "grows to more than 500 steps"),
    ];
    for (sql, expected) in cases {
        let found = message(&sql);
        assert!(found.contains(expected), "{}\n  got      {found}\n  expected {expected}", &sql[..80]);
    }
}

#[test]
fn deep_expressions_have_room_on_the_stack() {
    let sum = vec!["1"; 450].join(" + ");
    let any = vec!["amount = 1.5"; 450].join(" or ");
    let sql = format!("select '{ONE}' as address, {sum} + count(*) as value from events.swapDone where {any}");
    assert_eq!(run_with(&swaps(), &sql, &LIMITS).unwrap()[0].value.to_string(), "451");
}

#[test]
fn a_query_that_needs_too_much_memory_is_stopped() {
    let greedy = [
        "select u as address, max(n) as value from (select a.user_pubkey as u, row_number() over (order by b.amount) \
         as n from events.swapDone a, events.swapDone b, events.swapDone c) as t group by u",
        "select a.user_pubkey as address, count(distinct a.amount * 10000 + b.amount * 100 + c.amount) as value \
         from events.swapDone a, events.swapDone b, events.swapDone c group by a.user_pubkey",
    ];
    for sql in greedy {
        let error = run_with(&swaps(), sql, &QueryLimits { memory_bytes: 1 << 20, ..LIMITS }).unwrap_err();
        assert_eq!(error.to_string(), "the query needs more than 1048576 bytes of memory", "{sql}");
    }
}

#[test]
fn a_query_that_returns_too_many_rows_is_stopped() {
    let sql = "select a.user_pubkey as address, b.amount as value from events.swapDone a, events.swapDone b, \
               events.swapDone c, events.swapDone d, events.swapDone e, events.swapDone f";
    let error = run_with(&swaps(), sql, &LIMITS).unwrap_err();
    assert_eq!(error.to_string(), "the query returns more than 10000 rows");
}
