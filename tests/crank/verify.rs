//! `crank verify`: it reports every difference, with its exact place.

use std::fs;

use crate::working_directory::{WorkingDirectory, fixture_text};

fn competition() -> WorkingDirectory {
    let work = WorkingDirectory::new();
    work.competition("@bundle").expect_success();
    work
}

#[test]
fn an_unchanged_bundle_is_verified() {
    let work = competition();
    let output = work.crank(&["verify", "@bundle"]).expect_success();
    assert!(output.contains("leaves       187") && output.contains("only with --events"), "{output}");
}

#[test]
fn the_query_is_run_again_on_its_events() {
    let work = competition();
    let output = work.crank(&["verify", "@bundle", "--events", "%competition/events.ndjson"]).expect_success();
    assert!(output.contains("the queries' results from the events"), "{output}");
}

#[test]
fn a_change_of_any_file_is_placed() {
    for (file, line) in [
        ("results.csv", 100),
        ("allocations.csv", 1),
        ("allocations.csv", 188),
        ("rejected.csv", 1),
        ("manifest.json", 20),
        ("manifest.sha256", 7),
    ] {
        let work = competition();
        let path = format!("bundle/{file}");
        let mut lines: Vec<String> =
            fs::read_to_string(work.path(&path)).unwrap().split_inclusive('\n').map(str::to_owned).collect();
        lines[line - 1].insert(3, '1');
        work.write(&path, &lines.concat());
        work.crank(&["verify", "@bundle"])
            .expect_failure(1, &[&format!("error: {file} line {line}: expected"), "found"]);
    }
}

#[test]
fn missing_and_surplus_files_are_named() {
    let work = competition();
    work.write("bundle/extra.txt", "");
    work.crank(&["verify", "@bundle"]).expect_failure(1, &["extra.txt: expected no such file"]);
    fs::remove_file(work.path("bundle/extra.txt")).unwrap();
    fs::remove_file(work.path("bundle/rejected.csv")).unwrap();
    work.crank(&["verify", "@bundle"]).expect_failure(1, &["rejected.csv: expected a file, found none"]);
}

#[test]
fn other_events_are_refused() {
    let work = competition();
    let events =
        fixture_text("competition/events.ndjson").replacen("\"rapid_reversals\":657", "\"rapid_reversals\":656", 1);
    work.write("events.ndjson", &events);
    let answer = work.crank(&["verify", "@bundle", "--events", "@events.ndjson"]);
    answer.expect_failure(1, &["events.ndjson: expected the SHA-256 ", "the bundle was made from other events"]);
}

#[test]
fn results_that_the_query_does_not_return_are_found() {
    let work = WorkingDirectory::new();
    let campaign = fixture_text("competition/campaign.json");
    let events = fixture_text("competition/events.ndjson");
    // A publisher who measured with another query than the bundle's: the query is replaced afterwards.
    work.evaluate_texts(&campaign.replace("<= 500", "<= 100000"), &events, "0").expect_success();
    let manifest = fs::read_to_string(work.path("out/manifest.json")).unwrap().replace("<= 100000", "<= 500");
    work.write("out/manifest.sha256", &line_hashes(&manifest));
    work.write("out/manifest.json", &manifest);
    work.crank(&["verify", "@out"]).expect_success();
    let answer = work.crank(&["verify", "@out", "--events", "@events.ndjson"]);
    answer.expect_failure(1, &["the queries return something else: results.csv line 2: expected `"]);
}

/// `manifest.sha256`, written from its description.
fn line_hashes(manifest: &str) -> String {
    use sha2::{Digest, Sha256};
    let hash = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let lines: String = manifest.split_inclusive('\n').map(|line| format!("{}\n", hash(line))).collect();
    format!("{lines}{}  manifest.json\n", hash(manifest))
}

#[test]
fn a_directory_that_is_not_a_bundle_is_bad_input() {
    let work = competition();
    work.crank(&["verify", "@nothing"]).expect_failure(2, &["nothing is not a directory"]);
    work.crank(&["verify", "@bundle/results.csv"]).expect_failure(2, &["is not a directory"]);
    work.crank(&["verify", "@bundle", "--events", "@nothing"]).expect_failure(2, &["nothing: "]);
}

#[test]
fn a_direct_bundle_has_no_query_to_run() {
    let work = WorkingDirectory::new();
    let direct = ["evaluate", "--campaign", "%thank-you/campaign.json", "--epoch", "0", "--out", "@bundle"];
    work.crank(&direct).expect_success();
    work.crank(&["verify", "@bundle"]).expect_success();
    let answer = work.crank(&["verify", "@bundle", "--events", "%competition/events.ndjson"]);
    answer.expect_failure(2, &["--events has no use here"]);
}
