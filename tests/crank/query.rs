//! `crank query`: the query, its explanation, and its results from a file and from a store.

use serde_json::Value;

use crate::working_directory::WorkingDirectory;

const EVENTS: &str = "%competition/events.ndjson";
const VOLUME: [&str; 6] =
    ["query", "custom_event", "--custom-event-id", "trader_day", "--value-expression", "sum(usd_volume)"];
const WEEK: [&str; 4] = ["--start", "2026-01-19", "--end", "2026-01-26"];

#[test]
fn a_query_is_written_and_explained_clause_by_clause() {
    let work = WorkingDirectory::new();
    let text = work.crank(&VOLUME).expect_success();
    let (sql, explanation) = text.split_once("\n\nclause by clause\n\n").unwrap();
    assert!(sql.starts_with("select user_pubkey as address, (sum(usd_volume)) as value\nfrom events.\"trader_day\"\n"));
    for line in sql.lines() {
        assert!(explanation.contains(line), "{line}");
    }
    let json: Value = serde_json::from_str(&work.crank(&[&VOLUME[..], &["--json"]].concat()).expect_success()).unwrap();
    assert_eq!(json["sqlQuery"], sql);
    assert_eq!(json["explanation"][1]["meaning"], "the events that were sent");
    assert_eq!(json["preview"], Value::Null);
}

#[test]
fn a_request_is_the_same_as_a_file_and_as_arguments() {
    let work = WorkingDirectory::new();
    let request = r#"{"source":"custom_event","customEventId":"trader_day","valueExpression":"sum(usd_volume)"}"#;
    work.write("request.json", request);
    let of_file = work.crank(&["query", "--request", "@request.json"]).expect_success();
    assert_eq!(of_file, work.crank(&VOLUME).expect_success());
    let both = work.crank(&["query", "hold", "--request", "@request.json"]);
    both.expect_failure(2, &["--request is given beside other parameters"]);
    work.write("request.json", r#"{"source":"hold","tokenMin":"x"}"#);
    let wrong = work.crank(&["query", "--request", "@request.json"]);
    wrong.expect_failure(2, &["request.json", "unknown field `tokenMin`"]);
}

#[test]
fn a_query_is_tried_on_a_file_and_on_a_store_alike() {
    let work = WorkingDirectory::new();
    let tried = |source: &[&str]| work.crank(&[&VOLUME[..], &WEEK, source, &["--json"]].concat()).expect_success();
    let of_file = tried(&["--events", EVENTS]);
    let preview = serde_json::from_str::<Value>(&of_file).unwrap()["preview"].clone();
    assert_eq!(preview["rows"], 200);
    assert_eq!(preview["top"].as_array().unwrap().len(), 10);
    assert_eq!(preview["top"][0]["value"], "239735.59");
    assert_eq!(preview["distribution"]["count"], 200);
    work.crank(&["store", "ingest", "--store", "@store", "--events", EVENTS]).expect_success();
    assert_eq!(tried(&["--store", "@store"]), of_file);
    let text = work.crank(&[&VOLUME[..], &WEEK, &["--events", EVENTS]].concat()).expect_success();
    assert!(text.contains("\nrows  200\n") && text.contains(" 50 % (median)"), "{text}");
}

#[test]
fn conversions_are_tried_in_time_order() {
    let work = WorkingDirectory::new();
    let conversions = ["query", "custom_event", "--custom-event-id", "trader_day", "--group-by-pubkey", "false"];
    let text = work.crank(&[&conversions[..], &WEEK, &["--events", EVENTS]].concat()).expect_success();
    assert!(text.contains("\nrows  560\n") && text.contains("2026-01-19T00:05:00Z"), "{text}");
}

#[test]
fn a_trial_needs_events_and_a_span_of_time() {
    let work = WorkingDirectory::new();
    let refused = |arguments: &[&str], expected: &str| {
        work.crank(&[&VOLUME[..], arguments].concat()).expect_failure(2, &[expected]);
    };
    refused(&["--events", EVENTS], "--start is missing: it bounds the epoch");
    refused(&WEEK, "--events is missing: the query needs a file of events to try it on, or a store");
    refused(&["--events", EVENTS, "--start", "2026-01-26", "--end", "2026-01-19"], "--end is not after the start");
    refused(&["--events", "@none", "--start", "2026-01-19", "--end", "2026-01-20"], "none");
    refused(&["--filter", "true) or (true"], "`filters[0]`: `)` follows");
    let unknown = ["query", "custom_event", "--custom-event-id", "trader_days", "--events", EVENTS];
    work.crank(&[&unknown[..], &WEEK].concat())
        .expect_failure(2, &["the query: there is no table `events.trader_days`"]);
}

#[test]
fn a_limit_that_is_reached_names_the_option_that_raises_it() {
    let work = WorkingDirectory::new();
    let evaluate = ["evaluate", "--campaign", "%competition/campaign.json", "--events", "%competition/events.ndjson"];
    let run = |limit: &[&str], out: &str| work.crank(&[&evaluate[..], &["--epoch", "0", "--out", out], limit].concat());
    let rows = ["the query returns more than 100 rows", "raise the limit with --query-rows"];
    run(&["--query-rows", "100"], "@few").expect_failure(2, &rows);
    run(&["--query-rows", "200"], "@enough").expect_success();
    run(&["--query-memory", "1MiB"], "@little").expect_failure(2, &["raise the limit with --query-memory"]);
    run(&["--query-memory", "1GiB", "--query-seconds", "60", "--threads", "1"], "@plenty").expect_success();
    for limit in [["--query-rows", "0"], ["--query-memory", "12KiB"], ["--query-seconds", "0"]] {
        run(&limit, "@none").expect_failure_of_usage(limit[0]);
    }
}
