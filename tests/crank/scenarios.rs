//! The three example campaigns with several distributors, epoch by epoch, and the competition with a declared filter.
//!
//! The expected allocations were computed without the crank, in exact fractions, from the same events and the text of
//! the design; they are not the crank's own output.

use std::{collections::BTreeMap, fs};

use crate::working_directory::WorkingDirectory;

/// The wallets of the examples, by the letters that stand for them here.
const WALLETS: [(&str, &str); 8] = [
    ("A", "CyaE1VxvBrahnPWkqm5VsdCvyS2QmNht2UFrKJHga54o"),
    ("B", "BA36AnwpTfKeqNhExVUFFbzUAQTyKYvJrEokKJqVCTPi"),
    ("C", "BBPKQwYLyiPjAX2KTFxanR7vxwa7majAF7c7yoaRX8oR"),
    ("D", "2fg5QD1eD7rzNNCsvnhmXFm5hqNgwTTG8p7kQ6f3rx6f"),
    ("E", "HYSq1KBAvqWpEv1pCbV31muKM1za5A1WSHGdiVLUoNhb"),
    ("F", "FYQU4Q4BEgNwNATMEphBtZtfkR3RamXXy6JvHnVHhjuo"),
    ("G", "BAk7jy4pPS9u4tBsbGWVJstrbami8UuxQtRktVFnfx9k"),
    ("H", "AD3XDgirYWTDrtztXDyjwzRvwyA5aG5bivaFXnjujXPf"),
];

/// The 32 bytes from 0 to 31.
pub(crate) const SEED: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// The allocations of the bundle at `@name`, each as wallet, value and amount in base units.
pub(crate) fn allocations(work: &WorkingDirectory, name: &str) -> String {
    let letters: BTreeMap<&str, &str> = WALLETS.map(|(letter, address)| (address, letter)).into();
    let table = fs::read_to_string(work.path(name).join("allocations.csv")).unwrap();
    let lines = table.lines().skip(1).enumerate().map(|(index, line)| {
        let cells: Vec<&str> = line.split(',').collect();
        let [place, address, value, _, amount] = cells[..] else { panic!("{line}") };
        assert_eq!(place, index.to_string());
        format!("{}:{value}:{amount}", letters[address])
    });
    lines.collect::<Vec<_>>().join(" ")
}

/// Evaluates an epoch of a scenario's distributor into `@<distributor>-<epoch>`; the report.
pub(crate) fn evaluate(
    work: &WorkingDirectory,
    scenario: &str,
    distributor: &str,
    epoch: &str,
    rest: &[&str],
) -> String {
    let (campaign, events) = (format!("%{scenario}/campaign.json"), format!("%{scenario}/events.ndjson"));
    let out = format!("@{distributor}-{epoch}");
    let arguments = ["evaluate", "--campaign", &campaign, "--events", &events, "--distributor-name", distributor];
    work.crank(&[&arguments[..], &["--epoch", epoch, "--out", &out], rest].concat()).expect_success()
}

/// Evaluates the epoch, compares its allocations, and lets `verify` recompute everything from the events. An epoch that
/// pays no wallet must be skipped.
fn expect(work: &WorkingDirectory, scenario: &str, (distributor, epoch, expected): (&str, &str, &str)) -> String {
    let report = evaluate(work, scenario, distributor, epoch, &[]);
    expect_bundle(work, scenario, (distributor, epoch, expected), &report);
    report
}

fn expect_bundle(
    work: &WorkingDirectory,
    scenario: &str,
    (distributor, epoch, expected): (&str, &str, &str),
    report: &str,
) {
    let name = format!("{distributor}-{epoch}");
    assert_eq!(allocations(work, &name), expected, "{name}");
    assert_eq!(report.contains("skip the epoch"), expected.is_empty(), "{report}");
    work.crank(&["verify", &format!("@{name}"), "--events", &format!("%{scenario}/events.ndjson")]).expect_success();
}

#[test]
fn one_action_feeds_a_reward_at_once_a_bonding_curve_and_a_raffle() {
    let work = WorkingDirectory::new();
    let scenario = "early-adoption";
    for case in [
        // One percent. In the second epoch the cap of 25 takes 15 from the first wallet; in the third no wallet stakes.
        ("immediate", "0", "A:1500:15000000 B:250.5:2505000"),
        ("immediate", "1", "D:4000:25000000 C:80:800000"),
        ("immediate", "2", ""),
    ] {
        expect(&work, scenario, case);
    }
    // 100 less 12.5 a conversion. On the second day two wallets convert in the same millisecond: the smaller address is
    // first and gets the last 12.5. From then on nothing is left.
    let days =
        [("0", "A:2:175000000 B:2:112500000 C:1:62500000 D:1:50000000 E:1:37500000"), ("1", "A:1:12500000"), ("2", "")];
    let mut previous: Vec<String> = Vec::new();
    for (epoch, expected) in days {
        let rest: Vec<&str> = previous.iter().map(String::as_str).collect();
        let report = evaluate(&work, scenario, "bonding_curve", epoch, &rest);
        expect_bundle(&work, scenario, ("bonding_curve", epoch, expected), &report);
        previous = vec!["--previous".to_owned(), format!("@bonding_curve-{epoch}")];
    }
    let report = evaluate(&work, scenario, "nft_raffle", "0", &["--raffle-seed", SEED]);
    expect_bundle(&work, scenario, ("nft_raffle", "0", "A:1555:3 E:60:1 H:0.5:1"), &report);
    assert!(report.contains("raffle of 3 prizes, points") && report.contains("winners      3"), "{report}");
}

#[test]
fn many_actions_reach_a_milestone_together() {
    let work = WorkingDirectory::new();
    let scenario = "community-milestone";
    let report = expect(&work, scenario, ("community_pool", "0", ""));
    assert!(report.contains("milestone    390.5 of 900: not reached"), "{report}");
    let second = "C:375.5:600000000 A:200:343053173 E:7.5:12864493";
    let report = expect(&work, scenario, ("community_pool", "1", second));
    assert!(report.contains("milestone    973.5 of 900: reached"), "{report}");
    let third = "B:300:600000000 D:50:134228187 E:15:40268456 C:7.5:20134228";
    let report = expect(&work, scenario, ("community_pool", "2", third));
    assert!(report.contains("milestone    1346 of 900: reached"), "{report}");
    for case in [("points", "0", "A:2:20 C:1:10 E:1:10"), ("points", "1", "E:1:10"), ("points", "2", "E:2:20 C:1:10")] {
        expect(&work, scenario, case);
    }
}

#[test]
fn three_actions_feed_five_distributors() {
    let work = WorkingDirectory::new();
    for case in [
        ("purchase_reward", "0", "B:200:5000000 A:75.5:1887500"),
        ("purchase_reward", "1", "C:10:250000"),
        ("purchase_reward", "48", "A:60:1500000 B:40:1000000"),
        ("stake_reward", "0", "A:1000:31000000 B:400:20000000"),
        ("stake_reward", "1", ""),
        ("vote_reward", "0", "B:1:5000000000 A:1:5000000000"),
        ("vote_reward", "33", "D:1:5000000000 C:1:5000000000 A:1:5000000000"),
        // Everything since the campaign's start counts, a vote one and a half times.
        ("tiers", "0", "A:4.5:40000000 B:3.5:15000000 C:2:15000000"),
        ("tiers", "1", "A:8:100000000 D:3.5:15000000 B:3.5:15000000 C:3.5:15000000"),
        ("tiers", "2", "A:10.5:100000000 D:4.5:40000000 B:4.5:40000000 C:3.5:15000000 E:2.5:15000000"),
        // 4050 of 4100 are staked on its first day; on the second, the wallet in the deny list is left out.
        ("special", "0", ""),
        ("special", "1", "E:80:5000000000 F:12:5000000000"),
    ] {
        expect(&work, "multi-layered", case);
    }
}

#[test]
fn a_declared_filter_pays_what_a_having_clause_pays_and_says_why() {
    let work = WorkingDirectory::new();
    work.competition("@having").expect_success();
    let (campaign, events) = ("%competition/campaign-filtered.json", "%competition/events.ndjson");
    let arguments = ["evaluate", "--campaign", campaign, "--events", events, "--epoch", "0", "--out", "@filter"];
    let report = work.crank(&arguments).expect_success();
    let read = |path: &str| fs::read_to_string(work.path(path)).unwrap();
    assert!(read("having/allocations.csv") == read("filter/allocations.csv"), "the filter pays something else");
    let rejected = read("filter/rejected.csv");
    let rejected: Vec<&str> = rejected.lines().skip(1).collect();
    let all = read("filter/results.csv").lines().count() - read("having/results.csv").lines().count();
    assert_eq!((rejected.len(), all > 0), (all, true));
    for line in &rejected {
        assert!(line.ends_with(",excluded by filter 0: more than 500 rapid reversals"), "{line}");
    }
    assert!(rejected[0].starts_with(WALLETS[0].1), "the largest volume is among the excluded");
    let filters = format!("filters      1, which touch {all} wallets and exclude {all} rows");
    assert!(report.contains(&filters), "{report}");
}
