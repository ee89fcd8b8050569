//! The inputs of an epoch besides its campaign and its events: a seed, the bundle before, the bundle that is corrected,
//! a complete store. Each is refused if it is missing, wrong or useless.

use std::{fs, path::PathBuf};

use crate::{
    scenarios::{SEED, allocations, evaluate},
    working_directory::{WorkingDirectory, fixture_text},
};

const CAMPAIGN: &str = "%early-adoption/campaign.json";
const STAKES: [&str; 5] = ["evaluate", "--campaign", CAMPAIGN, "--out", "@out"];

/// Evaluates an epoch of the first example's distributor; the events come with `rest`.
fn refuse(work: &WorkingDirectory, distributor: &str, epoch: &str, rest: &[&str], code: u8, texts: &[&str]) {
    let which = ["--distributor-name", distributor, "--epoch", epoch];
    work.crank(&[&STAKES[..], &which, rest].concat()).expect_failure(code, texts);
    assert!(!work.path("out").exists(), "nothing is written");
}

const EVENTS: [&str; 2] = ["--events", "%early-adoption/events.ndjson"];

/// Arguments after those that name the events.
fn with<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    [&EVENTS[..], rest].concat()
}

#[test]
fn the_distributor_is_named_where_there_are_several() {
    let work = WorkingDirectory::new();
    let texts = ["campaign.json: the campaign has several distributors, `immediate`, ", "with --distributor-name"];
    work.crank(&[&STAKES[..], &["--epoch", "0"], &EVENTS].concat()).expect_failure(2, &texts);
    refuse(&work, "imediate", "0", &EVENTS, 2, &["no distributor `imediate`: did you mean `immediate`?"]);
}

#[test]
fn only_a_raffle_has_a_seed_and_it_needs_one() {
    let work = WorkingDirectory::new();
    refuse(&work, "nft_raffle", "0", &EVENTS, 2, &["--raffle-seed is missing"]);
    refuse(&work, "immediate", "0", &with(&["--raffle-seed", SEED]), 2, &["--raffle-seed is given, but"]);
    let short = with(&["--distributor-name", "nft_raffle", "--epoch", "0", "--raffle-seed", "00ff"]);
    let answer = work.crank(&[&STAKES[..], &short].concat());
    assert_eq!(answer.exit_code, 2);
    assert!(answer.error.contains("expected 64 hexadecimal digits"), "{}", answer.error);
}

#[test]
fn a_curve_counts_on_from_the_epoch_before_and_from_no_other() {
    let work = WorkingDirectory::new();
    evaluate(&work, "early-adoption", "bonding_curve", "0", &[]);
    evaluate(&work, "early-adoption", "immediate", "0", &[]);
    let curve = |epoch: &str, rest: &[&str], code: u8, texts: &[&str]| {
        refuse(&work, "bonding_curve", epoch, &with(rest), code, texts);
    };
    let first = ["--previous", "@bonding_curve-0"];
    curve("1", &[], 2, &["--previous is missing: a curve counts on from the bundle of the epoch before, 0"]);
    curve("0", &first, 2, &["--previous is given, but before epoch 0 there is none"]);
    curve("2", &first, 2, &["found the bundle of epoch 0, expected that of epoch 1"]);
    curve("1", &["--previous", "@immediate-0"], 2, &["immediate-0: the bundle is of another campaign: its "]);
    let elsewhere = ["--cluster", "devnet", "--previous", "@bonding_curve-0"];
    curve("1", &elsewhere, 2, &["the bundle is of another campaign: its cluster"]);
    refuse(&work, "immediate", "1", &with(&first), 2, &["--previous is given, but only a curve counts on"]);
    let results = work.path("bonding_curve-0/results.csv");
    let changed = fs::read_to_string(&results).unwrap().replacen('\n', "\n\n", 1);
    fs::write(&results, changed).unwrap();
    curve("1", &first, 1, &["bonding_curve-0: results.csv"]);
}

#[test]
fn late_events_are_paid_by_a_correction() {
    let work = WorkingDirectory::new();
    let events = fixture_text("early-adoption/events.ndjson");
    // The second stake of A and the only one of B arrive after the epoch was evaluated.
    let early: String = events
        .lines()
        .enumerate()
        .filter(|(place, _)| ![1, 2].contains(place))
        .map(|(_, line)| format!("{line}\n"))
        .collect();
    work.write("early.ndjson", &early);
    let immediate = ["evaluate", "--campaign", "%early-adoption/campaign.json", "--distributor-name", "immediate"];
    let run = |epoch: &str, events: &str, out: &str, rest: &[&str]| {
        work.crank(&[&immediate[..], &["--epoch", epoch, "--events", events, "--out", out], rest].concat())
    };
    let all = "%early-adoption/events.ndjson";
    run("0", "@early.ndjson", "@first", &[]).expect_success();
    assert_eq!(allocations(&work, "first"), "A:1000:10000000");
    let report = run("0", all, "@second", &["--corrects", "@first"]).expect_success();
    assert_eq!(allocations(&work, "second"), "A:1500:5000000 B:250.5:2505000");
    assert!(report.contains("corrects"), "{report}");
    let report = run("0", all, "@third", &["--corrects", "@second"]).expect_success();
    assert_eq!(allocations(&work, "third"), "");
    assert!(report.contains("skip the epoch"), "{report}");
    for name in ["@first", "@second", "@third"] {
        work.crank(&["verify", name]).expect_success();
    }
    let texts = ["first: found the bundle of epoch 0, expected that of epoch 1"];
    run("1", all, "@other", &["--corrects", "@first"]).expect_failure(2, &texts);
}

#[test]
fn a_store_must_be_complete_up_to_the_epoch_s_end_and_the_grace_period() {
    let work = WorkingDirectory::new();
    let store = work.path("store");
    let store = store.to_str().unwrap();
    let ingest = |until: &str| {
        let arguments = ["store", "ingest", "--store", store, "--events", "%early-adoption/events.ndjson"];
        work.crank(&[&arguments[..], &["--complete-until", until]].concat()).expect_success()
    };
    // The first day of the curve ends at midnight, and the time for late events at one o'clock.
    ingest("2026-03-03T00:59:59Z");
    let texts = ["may still be missing", "complete up to 2026-03-03T01:00:00Z", "up to 2026-03-03T00:59:59Z"];
    refuse(&work, "bonding_curve", "0", &["--store", store], 2, &texts);
    let curve = ["--distributor-name", "bonding_curve", "--epoch", "0", "--store", store];
    work.crank(&[&STAKES[..], &curve, &["--even-if-incomplete"]].concat()).expect_success();
    let expected = "A:2:175000000 B:2:112500000 C:1:62500000 D:1:50000000 E:1:37500000";
    assert_eq!(allocations(&work, "out"), expected);
    let verify = || work.crank(&["verify", "@out", "--store", store]);
    assert!(verify().expect_success().contains("the queries' results from the store"));
    ingest("2026-03-03T01:00:00Z");
    let again = ["evaluate", "--campaign", "%early-adoption/campaign.json", "--out", "@again"];
    work.crank(&[&again[..], &curve].concat()).expect_success();
    assert_eq!(allocations(&work, "again"), expected);
    // A late event makes another version; the bundle is still checked on the files that it was made from.
    let late =
        fixture_text("early-adoption/events.ndjson").lines().next().unwrap().replace("stake-1\"", "stake-late\"");
    work.write("late.ndjson", &late);
    work.crank(&["store", "ingest", "--store", store, "--events", "@late.ndjson"]).expect_success();
    verify().expect_success();
    let events = ["verify", "@out", "--events", "%early-adoption/events.ndjson"];
    work.crank(&events).expect_failure(2, &["the bundle was made from a store"]);
}

#[test]
fn events_come_from_a_file_or_a_store() {
    let work = WorkingDirectory::new();
    refuse(&work, "immediate", "0", &[], 2, &["--events is missing", "or a store"]);
    for rest in [&["--events", "a", "--store", "b"][..], &["--events", "a", "--even-if-incomplete"]] {
        let which = ["--distributor-name", "immediate", "--epoch", "0"];
        assert_eq!(work.crank(&[&STAKES[..], &which, rest].concat()).exit_code, 2);
    }
    refuse(&work, "immediate", "0", &["--store", "@nowhere"], 2, &["nowhere: no store can be opened there"]);
}

/// Every command that reads a store, each with the argument before the store's place as its last.
const READERS: [&[&str]; 4] = [
    &[
        "evaluate",
        "--campaign",
        CAMPAIGN,
        "--out",
        "@again",
        "--even-if-incomplete",
        "--distributor-name",
        "immediate",
        "--epoch",
        "0",
        "--store",
    ],
    &["verify", "@out", "--store"],
    &["preview", "--campaign", CAMPAIGN, "--distributor-name", "immediate", "--store"],
    &["query", "custom_event", "--custom-event-id", "stake", "--start", "2026-03-02", "--end", "2026-03-03", "--store"],
];

#[test]
fn every_command_that_reads_a_store_reports_its_faults_alike() {
    let work = WorkingDirectory::new();
    work.crank(&["store", "ingest", "--store", "@store", "--events", EVENTS[1]]).expect_success();
    let which = ["--distributor-name", "immediate", "--epoch", "0", "--store", "@store", "--even-if-incomplete"];
    work.crank(&[&STAKES[..], &which].concat()).expect_success();
    let refuse = |place: &str, code: u8, text: &str| {
        for reader in READERS {
            work.crank(&[reader, &[place]].concat()).expect_failure(code, &[text]);
        }
    };
    refuse("@nowhere", 2, "nowhere: no store can be opened there");
    refuse("ftp://host", 2, "ftp://host: no store can be opened there");
    // The store opens, but its disk fails.
    let files = stored_files(&work);
    for file in &files {
        fs::rename(file, file.with_extension("away")).unwrap();
        fs::create_dir(file).unwrap();
    }
    refuse("@store", 3, "Is a directory");
    for file in &files {
        fs::remove_dir(file).unwrap();
    }
    refuse("@store", 1, "is missing");
    for file in &files {
        fs::write(file, "x").unwrap();
    }
    refuse("@store", 1, "is not what was stored");
}

/// The files of events in the store, of every day.
fn stored_files(work: &WorkingDirectory) -> Vec<PathBuf> {
    let days = fs::read_dir(work.path("store/events.stake")).unwrap().map(|entry| entry.unwrap().path());
    let days = days.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("day="));
    days.flat_map(|day| fs::read_dir(day).unwrap().map(|entry| entry.unwrap().path())).collect()
}
