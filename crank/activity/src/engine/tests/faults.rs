//! A number that cannot be computed is a fault: arithmetic on it gives a fault, a comparison with it is unknown, and a
//! fault in the result refuses the query with its cause and the address.

use super::{LIMITS, ONE, Sample, message, run_with, user, value, values};

const BY_ZERO: &str = "is a division by zero: leave such rows out, or write nullif(…, 0) for the divisor";
const OVERFLOW: &str = "is an overflow, a result of too many digits";
const CAST: &str = "is a cast of what does not fit its type: leave such rows out, or write try_cast";

#[test]
fn a_fault_refuses_the_query_by_its_cause_and_the_address() {
    let sum = "9999999999999999999999999999999 * amount * 1e37 * 1e37";
    for (expression, cause) in [
        ("sum(amount) / sum(0)", BY_ZERO),
        ("sum(amount % 0)", BY_ZERO),
        ("sum(1 / (amount - 0.5))", BY_ZERO),
        ("avg(1 / (amount - 0.5))", BY_ZERO),
        ("max(1 / (amount - 0.5))", BY_ZERO),
        ("min(amount % (amount - 0.5))", BY_ZERO),
        ("-round(1 / sum(0), 2) * 0", BY_ZERO),
        ("coalesce(1 / sum(0), 0)", BY_ZERO),
        ("greatest(1 / sum(0), 0)", BY_ZERO),
        ("case when count(*) > 1 then 1 / sum(0) else 0 end", BY_ZERO),
        ("nullif(1 / sum(0), 1 / sum(0))", BY_ZERO),
        ("cast(1 / sum(0) as decimal(38, 9))", BY_ZERO),
        (&format!("sum({sum})"), OVERFLOW),
        (&format!("sum({sum}) * 0 + max(amount)"), OVERFLOW),
        ("sum(cast(pool as bigint))", CAST),
        ("sum(cast(amount * 10 as tinyint))", CAST),
        ("sum(cast(amount as decimal(3, 2)))", CAST),
        ("sum(cast(amount / 3 as decimal(3, 2)))", CAST),
    ] {
        let found = message(&format!("select '{ONE}' as address, {expression} as value from events.swapDone"));
        assert!(found.starts_with(&format!("the value of {ONE} {cause}")), "{expression}\n  {found}");
    }
}

#[test]
fn of_several_wallets_the_one_that_is_named_does_not_depend_on_the_rows() {
    let found =
        message("select user_pubkey as address, sum(1 / (amount - amount)) as value from events.swapDone group by 1");
    let first = (1..=7).map(user).min().unwrap();
    assert!(found.starts_with(&format!("the value of {first} {BY_ZERO}")), "{found}");
}

#[test]
fn a_comparison_with_a_fault_is_unknown() {
    let count = |condition: &str| {
        let sql = format!("select '{ONE}' as address, count(*) as value from events.swapDone where {condition}");
        values(&sql)["11"].clone()
    };
    for (condition, expected) in [
        ("1 / (amount - 0.5) > 0", "99"),
        ("not (1 / (amount - 0.5) > 0)", "0"),
        ("(1 / (amount - 0.5) > 0) is unknown", "1"),
        ("1 / (amount - 0.5) <> 7 or amount < 1", "100"),
        ("amount % (amount - 0.5) = 0.5 and amount > 1", "99"),
        ("1 / (amount - 0.5) is null", "0"),
        ("1 / (amount - 0.5) in (1, 0.5, 1 / 0)", "2"),
        ("1 / (amount - 0.5) not in (1, 0.5)", "97"),
        ("amount between 1 / 0 and 5", "0"),
        ("cast(substr(pool, 2) as bigint) = 1", "33"),
        ("cast(pool as bigint) is not null", "100"),
        ("try_cast(pool as bigint) is null", "100"),
        ("case 1 / 0 when 1 / 0 then true else false end", "0"),
        ("pool = 1 or amount < 3", "3"),
    ] {
        assert_eq!(count(condition), expected, "{condition}");
    }
}

#[test]
fn a_fault_counts_as_a_value_that_is_there() {
    for (expression, expected) in [
        ("count(1 / (amount - 0.5))", "100"),
        ("count(distinct 1 / (amount - amount))", "1"),
        ("sum(case when 1 / (amount - 0.5) > 0 then 1 else 0 end)", "99"),
        ("sum(coalesce(1 / nullif(amount - 0.5, 0), 0) * 0)", "0"),
        ("sum(1 / (amount - 0.5)) filter (where amount > 99) * 99", "1"),
        ("count(try_cast(amount as tinyint)) + count(try_cast(amount * 2 as tinyint))", "164"),
    ] {
        let sql = format!("select '{ONE}' as address, {expression} as value from events.swapDone");
        assert_eq!(values(&sql)["11"], expected, "{expression}");
    }
}

#[test]
fn casts_round_as_they_always_did() {
    for (expression, expected) in [
        ("cast(7.456 as decimal(5, 2))", "7.46"),
        ("cast(-7.455 as decimal(5, 2))", "-7.46"),
        ("cast(7.9 as bigint)", "7"),
        ("cast(-7.9 as bigint)", "-7"),
        ("cast(2 / 3 as decimal(38, 9))", "0.666666667"),
        ("cast(-2 / 3 as bigint)", "0"),
        ("(2 / 3)::numeric(10, 1)", "0.7"),
        ("round(2 / 3, 3) + floor(-1 / 3) + ceil(-1 / 3) + trunc(5 / 3) + abs(-1 / 4)", "0.917"),
        ("round(1250 / 3, -2)", "400"),
        ("cast('1000.5' as decimal(38, 9))", "1000.5"),
        ("cast(' 12' as bigint) + 1", "13"),
    ] {
        assert_eq!(value(expression), expected, "{expression}");
    }
}

#[test]
fn times_of_every_year_can_be_compared_and_calculated_with() {
    let line = |time: i64| format!(r#"{{"eventName":"x","userPubkey":"{ONE}","timestamp":{time},"data":{{}}}}"#);
    let events = Sample::new(&[0, 1_767_225_600_000, 253_402_300_799_999].map(line));
    for (condition, expected) in [
        ("timestamp >= timestamp '2026-01-01'", "2"),
        ("timestamp < '2026-01-01T00:00:00.001'", "2"),
        ("timestamp between {{startDate}} and '9999-12-31'", "1"),
        ("timestamp in (timestamp '2026-01-01', timestamp '1970-01-01')", "2"),
        ("cast(timestamp as timestamp) > {{startDate}}", "1"),
        ("timestamp + interval '9999 years' > timestamp", "3"),
        ("timestamp - interval '120000 months' < timestamp", "3"),
        ("timestamp - timestamp '2026-01-01' = interval '0 days'", "1"),
        ("timestamp - timestamp '2026-01-01' between interval '-1 hours' and interval '3000000 days'", "2"),
        // After the year 2262 nanoseconds do not fit 64 bits.
        ("date_trunc('year', timestamp) <= timestamp", "2"),
        ("date_trunc('week', timestamp) is null", "1"),
        ("date_trunc('hour', timestamp) = timestamp", "2"),
        ("date_part('year', timestamp) >= 1970", "3"),
        ("cast(timestamp as date) >= date '2026-01-01'", "2"),
        ("coalesce(timestamp, timestamp '2026-01-01') >= timestamp '2026-01-01'", "2"),
        ("case when timestamp > {{endDate}} then timestamp else timestamp '2026-01-01' end > {{startDate}}", "1"),
    ] {
        let sql = format!("select '{ONE}' as address, count(*) as value from events.x where {condition}");
        let found = run_with(&events, &sql, &LIMITS).map(|rows| rows[0].value.to_string());
        assert_eq!(found.map_err(|error| error.to_string()), Ok(expected.to_owned()), "{condition}");
    }
}

#[test]
fn an_expression_that_could_fail_while_it_runs_is_refused_before() {
    for (expression, expected) in [
        (
            "sum(case when cast(pool as timestamp) > {{startDate}} then 1 else 0 end)",
            "write try_cast, which is null where",
        ),
        (
            "sum(case when cast(pool as boolean) then 1 else 0 end)",
            "`cast` from a text to Boolean does not fit every value",
        ),
        ("count(cast(amount / 3 as varchar))", "`cast` from a fraction to a text does not fit every value"),
        ("count(left(pool, cast(pool as bigint)))", "`left` does not take the result of a calculation"),
        ("count(date_trunc(pool, timestamp))", "`date_trunc` takes a literal for its unit, such as 'day'"),
        ("count(substr(pool, 1, -1))", "`substring` takes a length that is a literal of at least 0"),
        ("count(timestamp + interval '10001 years')", "an interval of 120012 months and 0 days is too long"),
        ("count(round(amount, amount))", "`round` takes whole numbers of digits, such as 2"),
        ("count(timestamp > '2026-01-01T00:00:00.0000001')", "events have milliseconds; write three digits behind"),
    ] {
        let found = message(&format!("select '{ONE}' as address, {expression} as value from events.swapDone"));
        assert!(found.contains(expected), "{expression}\n  {found}");
    }
    let over = "select user_pubkey as address, max(s) as value from (select user_pubkey, FUNCTION as s from \
                events.swapDone) as t group by 1";
    for (function, expected) in [
        (
            "sum(1 / amount) over (order by timestamp rows 2 preceding)",
            "`sum` over a frame that slides takes no fractions",
        ),
        (
            "count(*) over (order by 1 / amount range 2 preceding)",
            "`range` does not count distances of calculated numbers",
        ),
    ] {
        let found = message(&over.replace("FUNCTION", function));
        assert!(found.contains(expected), "{function}\n  {found}");
    }
}

#[test]
fn a_fault_that_max_has_found_is_like_every_other() {
    let rows = format!("(values ('{}', 1.0), ('{}', 0.0)) as t(u, a)", user(1), user(2));
    for fault in [format!("(select max(1 / a) from {rows})"), format!("(select max(a % a) from {rows})")] {
        // Both rows have the same fault, so that the second key decides which of them is first.
        let query = format!("select u, least(a % a, {fault}) as x, a from {rows} order by x, a desc limit 1");
        let found = message(&format!("select u as address, sum(x) as value from ({query}) as q group by u"));
        assert!(found.starts_with(&format!("the value of {} {BY_ZERO}", user(1))), "{fault}\n  {found}");
        let over = format!("select u, a, max(1 / a) over (order by a) as x from {rows} order by x, a desc limit 1");
        let found = message(&format!("select u as address, sum(x) as value from ({over}) as q group by u"));
        assert!(found.starts_with(&format!("the value of {} {BY_ZERO}", user(1))), "{found}");
    }
}
