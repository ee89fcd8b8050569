//! `crank evaluate`: the fixture campaigns, judged by a second computation, and the same bytes from the same inputs.

use std::{collections::BTreeMap, fs, path::Path, process::Command, thread};

use serde_json::Value;

use crate::working_directory::{WorkingDirectory, fixture, fixture_text};

const DISTRIBUTOR: &str = "CyaE1VxvBrahnPWkqm5VsdCvyS2QmNht2UFrKJHga54o";
const FILES: [&str; 5] = ["allocations.csv", "manifest.json", "manifest.sha256", "rejected.csv", "results.csv"];

fn read(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn manifest(directory: &Path) -> Value {
    serde_json::from_slice(&fs::read(directory.join("manifest.json")).unwrap()).unwrap()
}

/// The competition's allocations, computed in hundredths of a dollar and whole numbers: the lines of `allocations.csv`.
fn competition_allocations() -> Vec<String> {
    let mut wallets: BTreeMap<String, (u128, u64)> = BTreeMap::new();
    for line in fixture_text("competition/events.ndjson").lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        let volume = event["data"]["usd_volume"].to_string();
        let (whole, fraction) = volume.split_once('.').unwrap_or((&volume, ""));
        let wallet = wallets.entry(event["userPubkey"].as_str().unwrap().to_owned()).or_default();
        wallet.0 += format!("{whole}{fraction:0<2}").parse::<u128>().unwrap();
        wallet.1 += event["data"]["rapid_reversals"].as_u64().unwrap();
    }
    let mut rows: Vec<(u128, String)> = wallets
        .into_iter()
        .filter(|(_, (_, reversals))| *reversals <= 500)
        .map(|(wallet, (volume, _))| (volume, wallet))
        .collect();
    rows.sort_by(|left, right| right.cmp(left));
    let total: u128 = rows.iter().map(|(volume, _)| volume).sum();
    let amount = |rank: usize, volume: u128| match rank {
        1 => 10_000_000_000,
        2 => 5_000_000_000,
        3 => 2_000_000_000,
        _ => 33_000_000_000 * volume / total,
    };
    let line = |(index, (volume, wallet)): (usize, &(u128, String))| {
        let value = format!("{}.{:02}", volume / 100, volume % 100);
        let value = value.trim_end_matches('0').trim_end_matches('.');
        format!("{index},{wallet},{value},{},{}", index + 1, amount(index + 1, *volume))
    };
    rows.iter().enumerate().map(line).collect()
}

#[test]
fn the_competition_pays_what_its_formula_says() {
    let work = WorkingDirectory::new();
    let output = work.competition("@bundle").expect_success();
    let expected = competition_allocations();
    let written = fs::read_to_string(work.path("bundle/allocations.csv")).unwrap();
    let mut lines = written.lines();
    assert_eq!(lines.next(), Some("index,address,value,rank,amount"));
    assert_eq!(lines.collect::<Vec<_>>(), expected);
    let root = manifest(&work.path("bundle"))["root"].as_str().unwrap().to_owned();
    assert!(output.contains(&root) && output.contains(&format!("allocations  {}", expected.len())), "{output}");
}

#[test]
fn a_direct_campaign_pays_what_it_says() {
    let work = WorkingDirectory::new();
    let answer =
        work.crank(&["evaluate", "--campaign", "%thank-you/campaign.json", "--epoch", "0", "--out", "@bundle"]);
    assert!(answer.expect_success().contains("total        1.75"));
    let amounts = fs::read_to_string(work.path("bundle/allocations.csv")).unwrap();
    let amounts: Vec<&str> = amounts.lines().skip(1).map(|line| line.rsplit(',').next().unwrap()).collect();
    assert_eq!(amounts, ["1000000000", "500000000", "250000000"]);
    let manifest = manifest(&work.path("bundle"));
    assert!(manifest["query"].is_null() && manifest["engine"].is_null() && manifest["inputs"] == serde_json::json!([]));
}

#[test]
fn an_epoch_in_which_nobody_is_paid_has_a_bundle_that_says_so() {
    let work = WorkingDirectory::new();
    let campaign = fixture_text("competition/campaign.json").replace("RANK == 1 ? 10000", "RANK >= 1 ? 0");
    let report = work.evaluate_texts(&campaign, &fixture_text("competition/events.ndjson"), "0").expect_success();
    assert!(report.contains("none, skip the epoch: "), "{report}");
    let manifest = manifest(&work.path("out"));
    assert!(manifest["root"].is_null() && manifest["leafCount"] == 0, "{manifest}");
}

#[test]
fn the_same_inputs_give_the_same_bytes_on_any_number_of_threads() {
    let work = WorkingDirectory::new();
    work.competition("@first").expect_success();
    let first = read(&work.path("first"));
    assert_eq!(first.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), FILES);
    for threads in ["1", "2", "7"] {
        let campaign =
            ["evaluate", "--campaign", "%competition/campaign.json", "--events", "%competition/events.ndjson"];
        let out = format!("@{threads}");
        work.crank(&[&campaign[..], &["--epoch", "0", "--threads", threads, "--out", &out]].concat()).expect_success();
        assert!(read(&work.path(threads)) == first, "{threads} threads give other bytes");
    }
}

#[test]
fn the_order_of_the_events_changes_nothing_but_their_hash() {
    let work = WorkingDirectory::new();
    work.competition("@first").expect_success();
    let events = fixture_text("competition/events.ndjson");
    let reversed: String = events.lines().rev().map(|line| format!("{line}\n")).collect();
    work.evaluate_texts(&fixture_text("competition/campaign.json"), &reversed, "0").expect_success();
    let (first, second) = (manifest(&work.path("first")), manifest(&work.path("out")));
    assert_eq!(first["root"], second["root"]);
    assert_eq!(first["files"], second["files"]);
    assert_ne!(first["inputs"], second["inputs"]);
}

#[test]
fn a_distributor_is_bound_into_the_root() {
    let work = WorkingDirectory::new();
    let direct = ["evaluate", "--campaign", "%thank-you/campaign.json", "--epoch", "0", "--cluster", "devnet"];
    work.crank(&[&direct[..], &["--out", "@without"]].concat()).expect_success();
    work.crank(&[&direct[..], &["--out", "@with", "--distributor", DISTRIBUTOR]].concat()).expect_success();
    let (without, with) = (manifest(&work.path("without")), manifest(&work.path("with")));
    assert_eq!(without["epochAddress"], "11111111111111111111111111111111");
    let (address, _) = torque::state::Epoch::address(&DISTRIBUTOR.parse().unwrap(), 0);
    assert_eq!(with["epochAddress"], address.to_string());
    assert_eq!(with["cluster"], "devnet");
    assert_eq!(without["files"], with["files"]);
    assert_ne!(without["root"], with["root"]);
}

#[test]
fn help_is_an_answer_and_no_failure() {
    let work = WorkingDirectory::new();
    for arguments in [&["--help"][..], &["evaluate", "--help"], &["verify", "--help"], &["--version"]] {
        assert!(!work.crank(arguments).expect_success().is_empty());
    }
}

#[test]
fn the_events_are_read_once_however_many_questions_there_are() {
    let work = WorkingDirectory::new();
    let pipe = work.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let events = fixture_text("community-milestone/events.ndjson");
    // A second reader of the pipe would get an empty text, and the bundle would differ.
    thread::spawn(move || [events.as_str(), ""].map(|text| fs::write(&pipe, text)));
    let run = |events: &str, out: &str| {
        let campaign = "%community-milestone/campaign.json";
        let which = ["--distributor-name", "community_pool", "--epoch", "0"];
        work.crank(&[&["evaluate", "--campaign", campaign, "--events", events, "--out", out], &which[..]].concat())
            .expect_success()
    };
    run("@pipe", "@from_pipe");
    run("%community-milestone/events.ndjson", "@from_file");
    let manifest = |name: &str| fs::read(work.path(name).join("manifest.json")).unwrap();
    assert_eq!(manifest("from_pipe"), manifest("from_file"));
}

#[test]
fn nothing_of_the_events_is_left_behind() {
    let work = WorkingDirectory::new();
    let temporary = work.path("temporary");
    fs::create_dir(&temporary).unwrap();
    let run = |campaign: &str, out: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crank"));
        command.env("TMPDIR", &temporary).arg("evaluate").arg("--campaign").arg(campaign);
        command.arg("--events").arg(fixture("competition/events.ndjson")).args(["--epoch", "0", "--out"]);
        let status = command.arg(work.path(out)).output().unwrap().status;
        assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0, "{campaign}");
        status.code()
    };
    let campaign = fixture_text("competition/campaign.json");
    let wrong = work.write("wrong.json", &campaign.replace("SUM(", "SUMME("));
    assert_eq!(run(fixture("competition/campaign.json").to_str().unwrap(), "right"), Some(0));
    assert_eq!(run(wrong.to_str().unwrap(), "wrong"), Some(2));
}
