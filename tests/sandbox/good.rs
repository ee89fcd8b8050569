//! Allowed queries: the rows come back from the query's process unchanged.

use std::collections::BTreeMap;

use crank_activity::engine::{AnswerShape, Question};

use crate::activity::{LIMITS, Sample, question, worker};

/// The rows of a question over the swaps, as text.
fn rows(question: &Question) -> Vec<String> {
    let sample = Sample::swaps();
    let rows = worker().ask(&sample.activity(), question, &LIMITS).unwrap();
    rows.iter().map(|row| format!("{}={}", &row.address.to_string()[..2], row.value)).collect()
}

#[test]
fn sums_arrive_ordered_by_the_bytes_of_the_addresses() {
    let found = rows(&question("select user_pubkey as address, -sum(amount) as value from events.swapDone group by 1"));
    assert_eq!(found, ["4v=-742.5", "8q=-757.5", "Ck=-672", "Gg=-686", "Lb=-700", "QW=-714", "US=-728"]);
}

#[test]
fn conversions_may_repeat_an_address_and_come_in_the_order_of_time() {
    let sql = "select user_pubkey as address, timestamp from events.swapDone where amount < 10 order by amount desc";
    let found = rows(&Question { answer: AnswerShape::Conversions, ..question(sql) });
    let times: Vec<&str> = found.iter().map(|row| row.split_once('=').unwrap().1).collect();
    let expected: Vec<String> = (0..10).map(|hour| (1_767_225_600_000_i64 + hour * 3_600_000).to_string()).collect();
    assert_eq!(times, expected);
    assert_eq!(found[0][..2], found[7][..2]);
}

#[test]
fn a_view_stands_in_for_its_table_everywhere_but_in_itself() {
    let view = "select user_pubkey, timestamp, amount * 2 as amount from events.swapDone where {{campaignStart}} <= \
                timestamp and pool = 'p1'";
    let views = BTreeMap::from([("events.swapDone".parse().unwrap(), view.to_owned())]);
    let sql = "select user_pubkey as address, sum(events.swapDone.amount) as value from events.swapDone \
               where exists (select 1 from events.swapDone as other where other.amount > 60) group by 1";
    let viewed = rows(&Question { views: views.clone(), ..question(sql) });
    let plain =
        "select user_pubkey as address, sum(amount) * 2 as value from events.swapDone where pool = 'p1' group by 1";
    assert_eq!(viewed, rows(&question(plain)));
    let hidden = "select user_pubkey as address, count(even) as value from events.swapDone group by 1";
    let sample = Sample::swaps();
    let error = worker().ask(&sample.activity(), &Question { views, ..question(hidden) }, &LIMITS).unwrap_err();
    assert!(error.to_string().starts_with("there is no column `even`"), "{error}");
}

#[test]
fn neighbours_are_seen_in_one_order_whatever_the_threads() {
    let sql = "select user_pubkey as address, sum(coalesce(amount - previous, 0) * place) as value from (select *, \
               lag(amount) over (order by pool) as previous, row_number() over (order by even) as place \
               from events.swapDone) as steps group by 1";
    let found = rows(&question(sql));
    assert_eq!(found.len(), 7);
    let sample = Sample::swaps();
    for threads in [1, 3, 8] {
        let again = sample.ask(sql, &crank_activity::engine::QueryLimits { threads, ..LIMITS }).unwrap();
        let again: Vec<String> =
            again.iter().map(|row| format!("{}={}", &row.address.to_string()[..2], row.value)).collect();
        assert_eq!(again, found, "{threads} threads");
    }
}
