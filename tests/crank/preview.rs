//! `crank preview`: it shows the same amounts that `crank evaluate` decides later, the costs, and the campaign's hash.

use std::{fs, path::Path};

use serde_json::Value;

use crate::scenarios::SEED;
use crate::working_directory::{WorkingDirectory, fixture_text};

const COMPETITION: [&str; 5] =
    ["preview", "--campaign", "%competition/campaign.json", "--events", "%competition/events.ndjson"];

fn preview(work: &WorkingDirectory, arguments: &[&str]) -> Value {
    serde_json::from_str(&work.crank(&[arguments, &["--json"]].concat()).expect_success()).unwrap()
}

#[test]
fn a_preview_shows_what_is_then_decided() {
    let work = WorkingDirectory::new();
    let shown = preview(&work, &COMPETITION);
    work.competition("@bundle").expect_success();
    let allocations = fs::read_to_string(work.path("bundle").join("allocations.csv")).unwrap();
    let lines: Vec<&str> = allocations.lines().skip(1).collect();
    assert_eq!(shown["board"]["paid"], lines.len());
    let board = shown["board"]["top"].as_array().unwrap();
    assert_eq!(board.len(), 10);
    for (rank, line) in board.iter().zip(lines) {
        let cells: Vec<&str> = line.split(',').collect();
        let amount: f64 = rank["amount"].as_str().unwrap().parse().unwrap();
        let paid: f64 = cells[4].parse::<f64>().unwrap() / 1e6;
        assert_eq!((rank["address"].as_str(), rank["value"].as_str()), (Some(cells[1]), Some(cells[2])));
        assert!((amount - paid).abs() < 1e-9, "{line}");
    }
    let manifest: Value =
        serde_json::from_str(&fs::read_to_string(work.path("bundle").join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["total"].to_string().trim_matches('"'), "48570927672");
    assert_eq!((&shown["board"]["total"], &shown["board"]["usedBasisPoints"]), (&"48570.927672".into(), &9_714.into()));
    assert_eq!(shown["cost"]["epoch"]["creatorPays"], "52500");
    assert_eq!(shown["claimWindowSeconds"], 604_800);
}

/// Every distributor of the fixtures: their folder, its name, and its epochs that are compared.
const DISTRIBUTORS: [(&str, &str, &[&str]); 11] = [
    ("competition", "", &["0"]),
    ("thank-you", "", &["0"]),
    ("early-adoption", "immediate", &["0", "1"]),
    ("early-adoption", "bonding_curve", &["0", "1"]),
    ("early-adoption", "nft_raffle", &["0"]),
    ("community-milestone", "points", &["0"]),
    ("multi-layered", "purchase_reward", &["0"]),
    ("multi-layered", "stake_reward", &["0"]),
    ("multi-layered", "vote_reward", &["0"]),
    ("multi-layered", "tiers", &["0", "1"]),
    ("multi-layered", "special", &["0", "1"]),
];

#[test]
fn every_kind_of_campaign_is_previewed_as_it_is_evaluated() {
    let work = WorkingDirectory::new();
    for (folder, distributor, epochs) in DISTRIBUTORS {
        let mut previous: Option<String> = None;
        for epoch in epochs {
            let campaign = format!("%{folder}/campaign.json");
            let events = format!("%{folder}/events.ndjson");
            let mut arguments = vec!["--campaign", campaign.as_str(), "--epoch", *epoch];
            if folder != "thank-you" {
                arguments.extend(["--events", events.as_str()]);
            }
            if !distributor.is_empty() {
                arguments.extend(["--distributor-name", distributor]);
            }
            if distributor == "nft_raffle" {
                arguments.extend(["--raffle-seed", SEED]);
            }
            let shown = preview(&work, &[&["preview"], &arguments[..]].concat());
            let out = format!("@{folder}-{distributor}-{epoch}");
            let before = previous.iter().filter(|_| distributor == "bonding_curve");
            let before: Vec<&str> = before.flat_map(|path| ["--previous", path.as_str()]).collect();
            work.crank(&[&["evaluate", "--out", &out], &arguments[..], &before].concat()).expect_success();
            compare(&shown, &work.path(&out[1..]));
            previous = Some(out);
        }
    }
}

/// Compares a preview's board with a bundle: the wallets in order, each amount, how many are paid, the total, and
/// whether the milestone lets them be paid.
fn compare(shown: &Value, bundle: &Path) {
    let read = |name: &str| fs::read_to_string(bundle.join(name)).unwrap();
    let manifest: Value = serde_json::from_str(&read("manifest.json")).unwrap();
    let decimals = manifest["terms"]["decimals"].as_u64().unwrap();
    let base_units = |amount: &Value| {
        let amount: crank_rules::values::decimal::Decimal = amount.as_str().unwrap().parse().unwrap();
        amount.to_base_units_exact(u8::try_from(decimals).unwrap()).unwrap().to_string()
    };
    let allocations = read("allocations.csv");
    let lines: Vec<Vec<&str>> = allocations.lines().skip(1).map(|line| line.split(',').collect()).collect();
    if shown["milestone"]["isReached"] == false {
        assert!(lines.is_empty(), "{}", bundle.display());
        return;
    }
    let (board, top) = (&shown["board"], shown["board"]["top"].as_array().unwrap());
    assert_eq!((&board["paid"], top.len()), (&lines.len().into(), lines.len().min(10)), "{}", bundle.display());
    assert_eq!(board["rows"], read("results.csv").lines().count() - 1, "{}", bundle.display());
    assert_eq!(base_units(&board["total"]), manifest["total"].as_str().unwrap(), "{}", bundle.display());
    for (rank, cells) in top.iter().zip(&lines) {
        let amount = base_units(&rank["amount"]);
        let expected = (Some(cells[1]), Some(cells[2]), cells[3].parse().ok(), cells[4]);
        let found = (rank["address"].as_str(), rank["value"].as_str(), rank["rank"].as_u64(), amount.as_str());
        assert_eq!(found, expected, "{}", bundle.display());
    }
}

#[test]
fn filters_stand_beside_the_board_without_them() {
    let work = WorkingDirectory::new();
    let filtered =
        ["preview", "--campaign", "%competition/campaign-filtered.json", "--events", "%competition/events.ndjson"];
    let shown = preview(&work, &filtered);
    let comparison = &shown["comparison"];
    assert_eq!((&comparison["before"], &comparison["after"]), (&200.into(), &187.into()));
    assert_eq!(comparison["changed"].as_array().unwrap().len(), 13);
    let first = &comparison["top"][0];
    assert_eq!((&first["before"]["rank"], &first["after"]), (&1.into(), &Value::Null));
    assert_eq!(first["reason"], "excluded: more than 500 rapid reversals");
    assert_eq!(
        (&comparison["top"][2]["before"]["rank"], &comparison["top"][2]["after"]["rank"]),
        (&3.into(), &1.into())
    );
    assert_eq!(shown["board"]["top"], preview(&work, &COMPETITION)["board"]["top"]);
    let text = work.crank(&filtered).expect_success();
    assert!(text.contains("200 wallets qualify without filters, 187 with them; 13 are out"), "{text}");
}

#[test]
fn a_draw_without_a_seed_is_a_sample() {
    let work = WorkingDirectory::new();
    let (campaign, events) = ("%early-adoption/campaign.json", "%early-adoption/events.ndjson");
    let raffle = ["preview", "--campaign", campaign, "--events", events, "--distributor-name", "nft_raffle"];
    let sample = preview(&work, &raffle);
    assert_eq!((&sample["raffle"]["isSample"], &sample["board"]["paid"]), (&true.into(), &3.into()));
    assert!(work.crank(&raffle).expect_success().contains("A SAMPLE"));
    let seed = "07".repeat(32);
    let drawn = preview(&work, &[&raffle[..], &["--raffle-seed", &seed]].concat());
    assert_eq!((&drawn["raffle"]["isSample"], &drawn["raffle"]["seed"]), (&false.into(), &seed.as_str().into()));
    let seed_for_none = work.crank(&[&COMPETITION[..], &["--raffle-seed", &seed]].concat());
    seed_for_none.expect_failure(2, &["--raffle-seed is given, but the campaign is not a raffle"]);
}

#[test]
fn a_curve_goes_on_where_the_epoch_before_ended() {
    let work = WorkingDirectory::new();
    let curve = ["preview", "--campaign", "%early-adoption/campaign.json", "--distributor-name", "bonding_curve"];
    let rewards = |shown: &Value| {
        let next = shown["nextConversions"].as_array().unwrap();
        next.iter().map(|each| format!("{}:{}", each["number"], each["amount"].as_str().unwrap())).collect::<Vec<_>>()
    };
    // 100, and 12.5 less for each conversion before it.
    assert_eq!(rewards(&preview(&work, &curve)), ["1:100", "2:87.5", "3:75", "4:62.5", "5:50"]);
    let with_events = [&curve[..], &["--events", "%early-adoption/events.ndjson"]].concat();
    assert_eq!(rewards(&preview(&work, &with_events))[..2], ["8:12.5", "9:0"]);
    let second = preview(&work, &[&with_events[..], &["--epoch", "1"]].concat());
    let conversions = 7 + second["board"]["rows"].as_u64().unwrap();
    assert!(rewards(&second)[0].starts_with(&format!("{}:", conversions + 1)), "{second}");
}

#[test]
fn a_milestone_shows_how_far_it_is() {
    let work = WorkingDirectory::new();
    let (campaign, events) = ("%community-milestone/campaign.json", "%community-milestone/events.ndjson");
    let arguments = ["preview", "--campaign", campaign, "--events", events, "--distributor-name", "community_pool"];
    let shown = preview(&work, &arguments);
    assert_eq!(shown["milestone"]["progress"], "43.39 %");
    assert_eq!(shown["milestone"]["isReached"], false);
    let text = work.crank(&arguments).expect_success();
    assert!(text.contains("is not reached: the epoch pays nothing") && text.contains("if the milestone were reached"));
}

#[test]
fn findings_come_with_an_example() {
    let work = WorkingDirectory::new();
    let campaign = fixture_text("competition/campaign.json");
    let formula = campaign.split("\"customFormula\": ").nth(1).unwrap().split('\n').next().unwrap();
    work.write("campaign.json", &campaign.replace(formula, "\"N\""));
    let shown = preview(&work, &["preview", "--campaign", "@campaign.json", "--events", "%competition/events.ndjson"]);
    let codes: Vec<&str> =
        shown["findings"].as_array().unwrap().iter().map(|each| each["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"pays-own-value") && codes.contains(&"pays-more-than-pool"), "{codes:?}");
    assert!(shown["findings"].as_array().unwrap().iter().any(|each| each["example"].is_string()));
}

#[test]
fn without_events_the_cost_and_the_schedule_are_shown() {
    let work = WorkingDirectory::new();
    let text = work.crank(&["preview", "--campaign", "%competition/campaign.json"]).expect_success();
    for part in ["creator pays", "52500", "2026-01-26T00:00:00Z", "no events were given"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("\nboard"));
    let given = work.crank(&["preview", "--campaign", "%thank-you/campaign.json"]).expect_success();
    assert!(given.contains("\nboard\n  rows         3\n"), "{given}");
}

#[test]
fn the_hash_is_that_of_the_parameters_and_not_of_their_form() {
    let work = WorkingDirectory::new();
    let campaign = fixture_text("competition/campaign.json");
    let hash = |text: &str| {
        work.write("campaign.json", text);
        preview(&work, &["preview", "--campaign", "@campaign.json"])["confirmation"]["sha256"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let original = hash(&campaign);
    let compact: String = campaign.lines().map(str::trim).collect();
    let same = [
        compact.replace("\": ", "\":"),
        campaign.replace("50000,", "5e4,"),
        campaign.replace("\"maxIterations\"", "\"confirmed\": true, \"maxIterations\""),
        campaign.replace("\"maxIterations\"", "\"maxPerParticipant\": null, \"maxIterations\""),
    ];
    for text in &same {
        assert_eq!(hash(text), original, "{text}");
    }
    for text in [campaign.replace("50000,", "50001,"), campaign.replace("One week", "One  week")] {
        assert_ne!(hash(&text), original, "{text}");
    }
    assert_eq!(original.len(), 64);
}

#[test]
fn a_campaign_that_cannot_be_previewed_gets_the_reason() {
    let work = WorkingDirectory::new();
    let several = work.crank(&["preview", "--campaign", "%early-adoption/campaign.json"]);
    several.expect_failure(2, &["several distributors", "--distributor-name"]);
    let late = work.crank(&[&COMPETITION[..], &["--epoch", "1"]].concat());
    late.expect_failure(2, &["epoch 1 does not exist"]);
    work.crank(&["preview", "--campaign", "@none.json"]).expect_failure(2, &["none.json"]);
    let seed = ["--raffle-seed", "zz"];
    let answer = work.crank(&[&COMPETITION[..], &seed].concat());
    assert!(answer.exit_code == 2 && answer.error.contains("expected 64 hexadecimal digits"), "{}", answer.error);
}

#[test]
fn the_accepted_powers_over_a_token_are_shown_with_their_meaning() {
    let work = WorkingDirectory::new();
    assert_eq!(preview(&work, &COMPETITION)["acceptedPowers"], Value::Array(Vec::new()));
    assert!(work.crank(&COMPETITION).expect_success().contains("powers over the token\n  none is accepted: a mint of"));
    let mut campaign: Value = serde_json::from_str(&fixture_text("competition/campaign.json")).unwrap();
    campaign["acceptedPowers"] = serde_json::json!(["permanentDelegate", "ownerFreeze", "freeze"]);
    work.write("campaign.json", &campaign.to_string());
    let arguments = ["preview", "--campaign", "@campaign.json"];
    let shown = preview(&work, &arguments);
    let names = shown["acceptedPowers"].as_array().unwrap().iter().map(|power| power["name"].as_str().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["freeze", "permanentDelegate", "ownerFreeze"]);
    let text = work.crank(&arguments).expect_success();
    assert!(text.contains("  permanentDelegate       its permanent delegate can empty the vault\n"), "{text}");
    let sol = ["preview", "--campaign", "%thank-you/campaign.json"];
    assert_eq!(preview(&work, &sol)["acceptedPowers"], Value::Null);
}
