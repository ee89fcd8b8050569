//! Text from strangers cannot control a terminal: no command prints an invisible character, whatever its input
//! contains.

use std::{fs, os::unix::ffi::OsStringExt};

use serde_json::Value;

use crate::working_directory::{Answer, WorkingDirectory, fixture_text};

/// Clears the screen, turns the order of letters around, and hides.
const HOSTILE: &str = "\u{1b}[2J\u{9b}31m\u{202e}\u{200b}\u{7f}x";
/// The same characters, without those that a text of one line may not have.
const REORDERED: &str = "a\u{202e}b\u{2066}c\u{200b}\u{feff}";

/// The same in JSON, where control characters have to be written out and the others need not.
fn json_text() -> String {
    serde_json::to_string(HOSTILE).unwrap()
}

/// All output of the crank; checks that lines and tabs are its only invisible characters.
fn visible(answer: &Answer) -> String {
    let said = format!("{}{}", answer.output, answer.error);
    let is_hidden = |character: &char| match character {
        '\n' | '\t' => false,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => true,
        _ => character.is_control(),
    };
    let hidden: Vec<char> = said.chars().filter(is_hidden).collect();
    assert!(hidden.is_empty(), "{hidden:?} in {said:?}");
    said
}

/// The competition's campaign with a text replaced.
fn campaign(from: &str, to: &str) -> String {
    let campaign = fixture_text("competition/campaign-filtered.json");
    assert_eq!(campaign.matches(from).count(), 1, "{from}");
    campaign.replace(from, to)
}

fn first_event() -> String {
    fixture_text("competition/events.ndjson").lines().next().unwrap().to_owned()
}

#[test]
fn an_error_about_a_campaign_shows_every_character() {
    let hostile = json_text();
    let inner = hostile.trim_matches('"');
    let own_action = "\"SELECT user_pubkey AS address, SUM(usd_volume) AS value FROM events.trader_day WHERE timestamp >= \
                      {{startDate}} AND timestamp < {{endDate}} GROUP BY user_pubkey\"";
    let query = |sql: &str| campaign(own_action, &format!("\"{sql}\""));
    for campaign in [
        campaign("\"description\"", &hostile),
        campaign("\"name\"", &format!("{hostile}: 1, {hostile}: 1, \"name\"")),
        campaign("\"Axiom/Raydium trading competition, filtered\"", &hostile),
        campaign("\"leaderboard\"", &hostile),
        campaign("RANK == 1 ? 10000", &format!("RANK {inner} 10000")),
        campaign("\"more than 500 rapid reversals\"", &hostile),
        query(&format!("SELECT {inner}")),
        query(&format!("SELECT user_pubkey AS address, sum(\\\"{inner}\\\") AS value FROM events.trader_day")),
        query(&format!("SELECT user_pubkey AS address, 1 AS value FROM events.\\\"{inner}\\\"")),
        query(&format!("SELECT user_pubkey AS \\\"{inner}\\\", 1 AS value FROM events.trader_day")),
        query(&format!("SELECT \\\"{inner}\\\"(1) AS address, 1 AS value FROM events.trader_day")),
        query(&format!("SELECT '{inner}' AS address, 1 AS value FROM events.trader_day LIMIT 1")),
    ] {
        let work = WorkingDirectory::new();
        let answer = work.evaluate_texts(&campaign, &first_event(), "0");
        let said = visible(&answer);
        assert!(answer.exit_code == 2 && said.starts_with("error: "), "{said}");
        assert!(said.contains("\\u001b") || said.contains("\\u202e"), "{said}");
    }
}

#[test]
fn an_error_about_an_event_shows_every_character() {
    let hostile = json_text();
    let event = first_event();
    let campaign = fixture_text("competition/campaign.json");
    let with_id = |time: &str| event.replace("\"1-1\"", &hostile).replace("1768", time);
    for events in [
        event.replace("\"data\"", &hostile),
        event.replacen('{', &format!("{{{hostile}:1,{hostile}:2,"), 1),
        event.replace("\"trader_day\"", &hostile),
        event.replace("\"usd_volume\"", &hostile),
        event.replace("\"userPubkey\":\"", &format!("\"userPubkey\":\"{}", hostile.trim_matches('"'))),
        format!("{}\n{}", with_id("1768"), with_id("1769")),
        format!("{event}\n{HOSTILE}"),
    ] {
        assert_ne!(events, event);
        let answer = WorkingDirectory::new().evaluate_texts(&campaign, &events, "0");
        let said = visible(&answer);
        assert!(answer.exit_code == 2 && said.contains("events.ndjson: line "), "{said}");
    }
}

#[test]
fn names_and_reasons_are_shown_with_every_character_in_every_report() {
    let work = WorkingDirectory::new();
    let campaign = fixture_text("competition/campaign-filtered.json");
    let hostile = campaign.replace("Axiom/Raydium", REORDERED).replace("more than 500", REORDERED);
    work.write("campaign.json", &hostile);
    let files = ["--campaign", "@campaign.json", "--events", "%competition/events.ndjson", "--epoch", "0"];
    let run = |arguments: &[&str]| visible(&work.crank(arguments));
    assert!(run(&[&["evaluate"], &files[..], &["--out", "@a"]].concat()).contains("a\\u202eb"));
    assert!(run(&[&["preview"], &files[..]].concat()).contains("a\\u202eb"));
    work.write("campaign.json", &campaign);
    work.crank(&[&["evaluate"], &files[..], &["--out", "@b"]].concat()).expect_success();
    let changed = run(&["diff", "@a", "@b"]);
    assert!(changed.contains("a\\u202eb"), "{changed}");

    let results = fs::read_to_string(work.path("b/results.csv")).unwrap();
    work.write("b/results.csv", &results.replacen(',', &format!("{HOSTILE},"), 1));
    let found = run(&["verify", "@b"]);
    assert!(found.contains("results.csv") && found.contains("\\u001b[2J"), "{found}");
    work.write(&format!("a/{HOSTILE}"), "");
    let surplus = run(&["verify", "@a"]);
    assert!(surplus.contains("\\u001b[2J"), "{surplus}");
}

#[test]
fn json_for_machines_stays_json_with_the_same_texts() {
    let work = WorkingDirectory::new();
    work.write("campaign.json", &fixture_text("competition/campaign.json").replace("Axiom/Raydium", REORDERED));
    let answer = work.crank(&["preview", "--campaign", "@campaign.json", "--json"]);
    visible(&answer);
    let preview: Value = serde_json::from_str(&answer.expect_success()).unwrap();
    assert!(preview["campaign"].as_str().unwrap().starts_with(REORDERED), "{preview}");
}

#[test]
fn arguments_and_file_names_are_shown_with_every_character() {
    let work = WorkingDirectory::new();
    let name = format!("@{HOSTILE}");
    for arguments in [
        &["evaluate", "--campaign", &name, "--events", &name, "--epoch", "0", "--out", "@out"][..],
        &["verify", &name],
        &["diff", &name, &name],
        &["store", "status", "--store", HOSTILE],
        &["query", HOSTILE],
        &["query", "custom_event", "--custom-event-id", HOSTILE],
        &[HOSTILE],
        &["verify", &format!("--{HOSTILE}")],
    ] {
        let answer = work.crank(arguments);
        let said = visible(&answer);
        assert!(answer.exit_code != 0 && said.contains("\\u202e"), "{arguments:?}: {said}");
    }
    assert!(visible(&work.competition(&name)).contains("\\u001b[2J"));
    // Bytes that are not Unicode are escaped too.
    let odd = std::ffi::OsString::from_vec(b"\xff\x1b[2J".to_vec());
    let answer = work.crank(&["verify", &odd.to_string_lossy()]);
    assert!(visible(&answer).contains("\\u001b[2J"));
}
