//! Hostile queries, each in a process of its own with small limits: all are refused or stopped, and a good query still
//! works afterwards.
//!
//! They are in `tests/fixtures/hostile-queries.txt`. A line `-- expects:` begins a query and gives a part of the
//! message that it must get, or several with ` | ` between them where it depends on the machine which limit is reached
//! first. `«3|text»` stands for the text three times, in which `‹n›` is 0, 1, 2 and `‹m›` is 1, 2, 3.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use crank_activity::engine::QueryLimits;

use crate::activity::{LIMITS, Sample};

const QUERIES: &str = include_str!("../fixtures/hostile-queries.txt");
const THREADS: usize = 4;
const SMALL: QueryLimits = QueryLimits { threads: 1, memory_bytes: 8 << 20, seconds: 10, rows: 1_000 };
/// The messages for a query that has to be stopped.
const STOPPED: &str = "takes longer than";

struct Hostile {
    group: &'static str,
    expected: Vec<&'static str>,
    sql: String,
}

fn queries() -> Vec<Hostile> {
    let mut group = "";
    let mut queries = Vec::<Hostile>::new();
    for line in QUERIES.lines() {
        if let Some(name) = line.strip_prefix("-- group: ") {
            group = name;
        } else if let Some(expected) = line.strip_prefix("-- expects: ") {
            queries.push(Hostile { group, expected: expected.split(" | ").collect(), sql: String::new() });
        } else if let Some(query) = queries.last_mut() {
            query.sql.push_str(line);
            query.sql.push('\n');
        }
    }
    queries.iter_mut().for_each(|query| query.sql = repeated(query.sql.trim()));
    queries
}

/// Writes out repeated text.
fn repeated(text: &str) -> String {
    let Some((before, rest)) = text.split_once('«') else { return text.to_owned() };
    let (inside, after) = rest.split_once('»').unwrap();
    let (count, part) = inside.split_once('|').unwrap();
    let numbered = |number: u32| part.replace("‹n›", &number.to_string()).replace("‹m›", &(number + 1).to_string());
    let middle: String = (0..count.parse().unwrap()).map(numbered).collect();
    format!("{before}{middle}{}", repeated(after))
}

/// The fault of the answer to a query, if it has one.
fn offence(sample: &Sample, query: &Hostile) -> Option<String> {
    let shown: String = query.sql.chars().take(200).collect();
    // A query that has to be stopped should be stopped soon.
    let seconds = if query.expected.contains(&STOPPED) { 1 } else { SMALL.seconds };
    let found = match sample.ask(&query.sql, &QueryLimits { seconds, ..SMALL }) {
        Ok(rows) => format!("{} rows", rows.len()),
        Err(error) => error.to_string(),
    };
    let is_expected = query.expected.iter().any(|expected| found.contains(expected));
    let is_short = found.len() < 70_000 && !found.contains("This issue was likely caused");
    (!is_expected || !is_short)
        .then(|| format!("{}: {shown}\n  got      {found}\n  expected {:?}\n", query.group, query.expected))
}

#[test]
fn every_hostile_query_is_refused_or_stopped_and_nobody_is_hurt() {
    let (sample, queries) = (Sample::swaps(), Mutex::new(queries()));
    let offences = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(query) = { queries.lock().unwrap().pop() } {
                    offences.lock().unwrap().extend(offence(&sample, &query));
                }
            });
        }
    });
    let offences = offences.into_inner().unwrap();
    assert!(offences.is_empty(), "{} of them:\n{}", offences.len(), offences.join("\n"));
    let sql = "select user_pubkey as address, sum(amount) as value from events.swapDone group by 1";
    assert_eq!(sample.ask(sql, &LIMITS).unwrap().len(), 7);
}

#[test]
fn there_are_at_least_four_hundred_different_ones() {
    let queries = queries();
    let different: BTreeSet<&str> = queries.iter().map(|query| query.sql.as_str()).collect();
    assert!(queries.len() >= 400 && different.len() == queries.len(), "{} of {}", different.len(), queries.len());
    assert!(queries.iter().all(|query| query.expected.iter().all(|expected| expected.len() > 5)));
    let groups: BTreeSet<&str> = queries.iter().map(|query| query.group).collect();
    assert!(groups.len() >= 30, "{groups:?}");
}
