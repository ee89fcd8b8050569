//! Whether a query has a result, and which, does not depend on how rows are cut into files, row groups and batches.
//!
//! The engine may evaluate a condition on all rows of a batch or only on those that another condition has kept, and may
//! skip whole row groups or sides of joins. Which rows it evaluates must not change the result.

use std::env;

use super::PERIOD;
use super::determinism::{Random, shuffle};
use super::stored::{Event, answer, stored};

/// How many cuts are tried with each query, unless `TORQUE_CUTS` says so; `TORQUE_CUT_SEED` is the first.
const CUTS: u64 = 6;

/// Queries in which a row outside the query cannot be computed, and some in which a row inside the query cannot.
const QUERIES: &[&str] = &[
    // Conditions that guard one another, from both sides.
    "select user_pubkey as address, count(*) as value from events.swapDone where amount <> 0 and 7 / amount > 1 group by 1",
    "select user_pubkey as address, count(*) as value from events.swapDone where 7 / amount > 1 and amount <> 0 group by 1",
    "select user_pubkey as address, count(*) as value from events.swapDone where amount = 0 or 7 / amount > 1 group by 1",
    "select user_pubkey as address, count(*) as value from events.swapDone where not (amount = 0 or 7 % amount > 1) group by 1",
    "select user_pubkey as address, sum(7 / amount) as value from events.swapDone where amount <> 0 group by 1",
    "select user_pubkey as address, sum(7 / amount) as value from events.swapDone where amount >= 0 group by 1",
    // The period guards as well.
    "select user_pubkey as address, sum(amount % (amount - 1.5)) as value from events.swapDone where timestamp >= \
     {{startDate}} and timestamp < {{endDate}} and amount is not null group by 1",
    "select user_pubkey as address, count(*) as value from events.swapDone where timestamp < {{endDate}} and \
     (amount + 1) / (amount - 1.5) > 0 group by 1",
    // Casts.
    "select user_pubkey as address, count(*) as value from events.swapDone where pool <> 'p0' and cast(substr(pool, 2) as \
     bigint) > 1 group by 1",
    "select user_pubkey as address, sum(cast(pool as decimal(9, 2))) as value from events.swapDone where even group by 1",
    "select user_pubkey as address, count(*) as value from events.swapDone where even and cast(amount * 1000 as tinyint) > \
     1 group by 1",
    // CASE, and functions that choose.
    "select user_pubkey as address, sum(case when amount = 0 then 0 else 1 / amount end) as value from events.swapDone \
     where amount is not null group by 1",
    "select user_pubkey as address, sum(coalesce(1 / nullif(amount, 0), 0)) as value from events.swapDone group by 1",
    "select user_pubkey as address, max(least(1 / amount, 3)) as value from events.swapDone where amount > 0 group by 1",
    // HAVING over a sum that cannot be computed.
    "select user_pubkey as address, count(*) as value from events.swapDone group by 1 having sum(1 / amount) > 0 or \
     count(*) > 3",
    "select user_pubkey as address, max(1 / amount) as value from events.swapDone where amount is not null group by 1",
    // Sides of joins.
    "select a.user_pubkey as address, count(*) as value from events.swapDone a join events.swapDone b on a.user_pubkey = \
     b.user_pubkey and 5 / a.amount = 5 / b.amount where b.pool = 'p1' group by 1",
    "select user_pubkey as address, count(*) as value from events.swapDone where 3 / amount in (select 3 / amount from \
     events.swapDone where even) group by 1",
    "select a.user_pubkey as address, (select sum(1 / b.amount) from events.swapDone b where b.user_pubkey = a.user_pubkey \
     and b.amount > 0) as value from events.swapDone a where amount > 0 group by a.user_pubkey",
    // Products too long for any decimal.
    "select user_pubkey as address, count(*) as value from events.swapDone where amount < 1 and amount * 1e37 * 1e37 * \
     1000000 < 5 group by 1",
    "select user_pubkey as address, sum(amount * 1e36 * 1e36 * 10000) * 0 as value from events.swapDone group by 1",
    // Windows and orders.
    "select u as address, max(r) as value from (select user_pubkey as u, rank() over (order by 1 / amount, timestamp) as r \
     from events.swapDone where amount is not null) as t group by u",
    "select u as address, sum(s) as value from (select user_pubkey as u, sum(amount) over (partition by even order by \
     1 / amount, timestamp rows 2 preceding) as s from events.swapDone where amount is not null) as t group by u",
    "select u as address, count(*) as value from (select user_pubkey as u, amount from events.swapDone where amount is not \
     null order by 1 / amount limit 20) as t where amount <> 0 group by u",
    "select u as address, sum(a) as value from (select user_pubkey as u, 1 / amount as a from events.swapDone where even \
     union all select user_pubkey, amount from events.swapDone) as t where a > 0 group by u",
];

fn events() -> Vec<Event> {
    let event = |number: u8| Event {
        user: 1 + number % 5,
        time: PERIOD.start * 1_000 - 7_200_000 + i64::from(number % 40) * 3_600_000,
        // Many zeros, and 1.5 only outside of the period.
        amount: match number % 40 {
            0 | 1 | 30.. => Some(15),
            hour if hour.is_multiple_of(3) => Some(0),
            hour if hour.is_multiple_of(13) => None,
            hour => Some(i64::from(hour) - 12),
        },
        pool: (!number.is_multiple_of(5)).then_some(number % 3),
        even: Some(number.is_multiple_of(2)),
    };
    (0..90).map(event).collect()
}

#[test]
fn no_cut_of_the_rows_changes_a_result_or_a_refusal() {
    let cuts = env::var("TORQUE_CUTS").map_or(CUTS, |count| count.parse().unwrap());
    let first = env::var("TORQUE_CUT_SEED").map_or(0, |seed| seed.parse().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let activity = stored(directory.path(), &events(), 1, 1_000);
    let expected: Vec<String> = QUERIES.iter().map(|sql| answer(&activity, sql, 1)).collect();
    for seed in first..first + cuts {
        let (mut random, mut events) = (Random(seed), events());
        shuffle(&mut events, random.next());
        let directory = tempfile::tempdir().unwrap();
        let (files, row_group) = (random.below(6) + 1, [1, 2, 5, 16, 1_000][random.below(5)]);
        let activity = stored(directory.path(), &events, files, row_group);
        let threads = [1, 2, 8][random.below(3)];
        for (sql, expected) in QUERIES.iter().zip(&expected) {
            let found = answer(&activity, sql, threads);
            assert_eq!(&found, expected, "{sql}\nseed {seed}, {files} files, groups of {row_group}, {threads} threads");
        }
    }
}

#[test]
fn a_fault_outside_the_query_never_stops_it_and_one_inside_always_does() {
    let directory = tempfile::tempdir().unwrap();
    let activity = stored(directory.path(), &events(), 1, 1_000);
    let refused: Vec<usize> = QUERIES
        .iter()
        .enumerate()
        .filter(|(_, sql)| answer(&activity, sql, 1).starts_with("the value of "))
        .map(|(place, _)| place)
        .collect();
    assert_eq!(refused, [5, 9, 15, 20]);
    let failing =
        QUERIES.iter().map(|sql| (sql, answer(&activity, sql, 1))).filter(|(_, found)| found.contains("fails"));
    assert_eq!(failing.collect::<Vec<_>>(), []);
}
