//! `crank store`: ingest, status, compact and vacuum on a directory, as an operator types them.

use std::fs;

use crate::working_directory::{WorkingDirectory, fixture_text};

const EVENTS: &str = "%competition/events.ndjson";

fn ingested() -> WorkingDirectory {
    let work = WorkingDirectory::new();
    work.crank(&["store", "ingest", "--store", "@store", "--events", EVENTS]).expect_success();
    work
}

/// The words of the line that begins with this.
fn words(text: &str, first: &str) -> Vec<String> {
    let line = text.lines().find(|line| line.trim_start().starts_with(first)).unwrap();
    line.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn events_are_stored_once_and_counted() {
    let work = ingested();
    let count = fixture_text("competition/events.ndjson").lines().count().to_string();
    let again = work.crank(&["store", "ingest", "--store", "@store", "--events", EVENTS]).expect_success();
    assert_eq!(words(&again, "events.trader_day"), ["events.trader_day", "0", &count, "0"]);
    let status = work.crank(&["store", "status", "--store", "@store"]).expect_success();
    assert_eq!(words(&status, "version"), ["version", "1"]);
    assert_eq!(words(&status, "events.trader_day")[1], count);
}

#[test]
fn late_events_are_counted_from_their_version_on() {
    let work = ingested();
    let complete =
        ["store", "ingest", "--store", "@store", "--complete-until", "2026-02-01", "--events", "@more.ndjson"];
    work.write("more.ndjson", "");
    work.crank(&complete).expect_success();
    let first = fixture_text("competition/events.ndjson").lines().next().unwrap().replace("\"1-1\"", "\"late\"");
    work.write("more.ndjson", &first);
    work.crank(&complete).expect_success();
    let status = work.crank(&["store", "status", "--store", "@store"]).expect_success();
    assert_eq!(words(&status, "watermark"), ["watermark", "2026-02-01T00:00:00Z"]);
    let table = words(&status, "events.trader_day");
    assert_eq!(table[table.len() - 2..], ["1", "3"]);
    let before = work.crank(&["store", "status", "--store", "@store", "--version", "1"]).expect_success();
    assert_eq!(words(&before, "watermark"), ["watermark", "-"]);
    let backwards =
        ["store", "ingest", "--store", "@store", "--complete-until", "2026-01-31", "--events", "@more.ndjson"];
    work.crank(&backwards).expect_failure(2, &["complete until 2026-02-01T00:00:00Z", "taken back to 2026-01-31"]);
}

#[test]
fn pieces_are_compacted_and_vacuumed() {
    let work = WorkingDirectory::new();
    let text = fixture_text("competition/events.ndjson");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for piece in lines.chunks(lines.len().div_ceil(5)) {
        work.write("piece.ndjson", &piece.concat());
        work.crank(&["store", "ingest", "--store", "@store", "--events", "@piece.ndjson"]).expect_success();
    }
    work.crank(&["store", "compact", "--store", "@store"]).expect_success();
    let status = work.crank(&["store", "status", "--store", "@store"]).expect_success();
    let table = words(&status, "events.trader_day");
    assert_eq!((&table[1], &table[3]), (&lines.len().to_string(), &table[4]), "a file a day");
    work.crank(&["store", "vacuum", "--store", "@store", "--keep-versions", "0", "--sweep"]).expect_success();
    work.crank(&["store", "status", "--store", "@store", "--version", "1"])
        .expect_failure(2, &["version 1 was vacuumed"]);
    let after = work.crank(&["store", "status", "--store", "@store"]).expect_success();
    assert_eq!(words(&after, "events.trader_day"), table);
}

#[test]
fn events_that_cannot_be_stored_are_explained() {
    let work = ingested();
    let first = fixture_text("competition/events.ndjson").lines().next().unwrap().to_owned();
    work.write("reused.ndjson", &format!("\n{}", first.replace("\"rapid_reversals\":657", "\"rapid_reversals\":1")));
    let answer = work.crank(&["store", "ingest", "--store", "@store", "--events", "@reused.ndjson"]);
    answer
        .expect_failure(2, &["reused.ndjson: line 2: `id` \"1-1\" of `events.trader_day` is stored with another body"]);
    work.write("typed.ndjson", &first.replace("657", "\"657\"").replace("1-1", "new"));
    let answer = work.crank(&["store", "ingest", "--store", "@store", "--events", "@typed.ndjson"]);
    answer.expect_failure(
        2,
        &["typed.ndjson: line 1: `data.rapid_reversals`", "is a text here but a number in the store"],
    );
    work.crank(&["store", "ingest", "--store", "@store", "--events", "@none"]).expect_failure(2, &["none: "]);
    work.crank(&["store", "status", "--store", "@nowhere"])
        .expect_failure(2, &["nowhere: no store can be opened there"]);
    work.crank(&["store", "status", "--store", "ftp://host"]).expect_failure(2, &["ftp://host: no store"]);
    assert!(!work.path("nowhere").exists());
    let log = work.path("store/_log/00000000000000000001.json");
    let text = fs::read_to_string(&log).unwrap();
    fs::write(&log, &text[..text.len() / 2]).unwrap();
    work.crank(&["store", "status", "--store", "@store"]).expect_failure(1, &["is not what was stored"]);
}
