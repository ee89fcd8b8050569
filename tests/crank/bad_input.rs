//! Bad usage and input: exit code 2, one paragraph that says what is wrong and where, and nothing written.

use crate::working_directory::{WorkingDirectory, fixture_text};

const EVENT: &str = "{\"eventName\":\"trader_day\",\"userPubkey\":\"CyaE1VxvBrahnPWkqm5VsdCvyS2QmNht2UFrKJHga54o\",\
                     \"timestamp\":1768840500000,\"data\":{\"usd_volume\":12.5,\"rapid_reversals\":3}}\n";

/// The competition's campaign with a text replaced.
fn campaign(from: &str, to: &str) -> String {
    let campaign = fixture_text("competition/campaign.json");
    assert_eq!(campaign.matches(from).count(), 1, "{from}");
    campaign.replace(from, to)
}

fn refuse(campaign: &str, events: &str, epoch: &str, texts: &[&str]) {
    let work = WorkingDirectory::new();
    work.evaluate_texts(campaign, events, epoch).expect_failure(2, texts);
    assert!(!work.path("out").exists(), "nothing is written");
}

fn refuse_campaign(from: &str, to: &str, texts: &[&str]) {
    refuse(&campaign(from, to), EVENT, "0", texts);
}

#[test]
fn a_sound_campaign_with_one_event_is_evaluated() {
    WorkingDirectory::new().evaluate_texts(&fixture_text("competition/campaign.json"), EVENT, "0").expect_success();
}

#[test]
fn an_unknown_field_is_named_with_the_near_one() {
    let texts = ["campaign.json: unknown field `totalFundAmmount`, did you mean `totalFundAmount`?"];
    refuse_campaign("totalFundAmount", "totalFundAmmount", &texts);
}

#[test]
fn a_wrong_type_is_quoted() {
    let texts = ["campaign.json: `totalFundAmount`: found the text \"50000\", expected an amount"];
    refuse_campaign("\"totalFundAmount\": 50000", "\"totalFundAmount\": \"50000\"", &texts);
}

#[test]
fn a_formula_with_an_unknown_name_points_at_the_column() {
    refuse_campaign(
        "33000 * VALUE / TOTAL_VALUE",
        "33000 * VOLUME",
        &["`customFormula`: ", "VOLUME", "column 67", "TOTAL_VALUE"],
    );
}

#[test]
fn a_formula_without_a_result_names_the_row() {
    let texts = ["rank 1, address CyaE1VxvBrahnPWkqm5VsdCvyS2QmNht2UFrKJHga54o, value 12.5", "zero"];
    refuse_campaign("RANK == 1 ? 10000", "RANK == 1 ? N / INDEX", &texts);
}

#[test]
fn a_query_that_is_no_sql_or_asks_for_too_much_is_refused() {
    refuse_campaign("SELECT user_pubkey", "SELEKT user_pubkey", &["`sqlQuery`: "]);
    refuse_campaign("events.trader_day", "events.trader_days", &["`sqlQuery`: ", "trader_day"]);
    refuse_campaign("SUM(usd_volume) AS value", "CAST(SUM(usd_volume) AS DOUBLE) AS value", &["`sqlQuery`: ", "float"]);
}

#[test]
fn a_broken_event_is_named_by_its_line() {
    let campaign = fixture_text("competition/campaign.json");
    refuse(&campaign, &format!("{EVENT}{EVENT}{{\"eventName\":\n"), "0", &["events.ndjson: line 3"]);
}

#[test]
fn a_missing_file_is_named() {
    let work = WorkingDirectory::new();
    let (campaign, events) = ("%competition/campaign.json", "%competition/events.ndjson");
    let rest = ["--epoch", "0", "--out", "@out"];
    let run = |files: &[&str]| work.crank(&[&["evaluate"], files, &rest].concat());
    run(&["--campaign", "@none.json", "--events", events]).expect_failure(2, &["none.json: "]);
    run(&["--campaign", campaign, "--events", "@none.ndjson"]).expect_failure(2, &["none.ndjson: "]);
    run(&["--campaign", campaign]).expect_failure(2, &["--events is missing"]);
}

#[test]
fn an_epoch_after_the_last_does_not_exist() {
    let campaign = fixture_text("competition/campaign.json");
    refuse(&campaign, EVENT, "1", &["epoch 1 does not exist: `maxIterations` is 1, so the last is epoch 0"]);
}

#[test]
fn an_epoch_without_any_event_of_the_query_is_refused() {
    refuse(&fixture_text("competition/campaign.json"), "", "0", &["there is no table"]);
}

#[test]
fn a_place_that_is_taken_is_not_overwritten() {
    let work = WorkingDirectory::new();
    work.competition("@bundle").expect_success();
    work.competition("@bundle").expect_failure(2, &["bundle exists and is not an empty directory"]);
    work.crank(&["verify", "@bundle"]).expect_success();
}

#[test]
fn bad_usage_is_exit_code_2() {
    let work = WorkingDirectory::new();
    let evaluate = ["evaluate", "--campaign", "a", "--out", "@out"];
    let with = |rest: &[&str]| work.crank(&[&evaluate[..], rest].concat());
    for answer in [
        work.crank(&[]),
        work.crank(&["conquer"]),
        work.crank(&["verify"]),
        with(&[]),
        with(&["--epoch", "-1"]),
        with(&["--epoch", "0", "--threads", "0"]),
        with(&["--epoch", "0", "--distributor", "abc"]),
        with(&["--epoch", "0", "--cluster", "https://node.example/?api-key=secret"]),
    ] {
        assert_eq!((answer.exit_code, answer.output.as_str()), (2, ""), "{}", answer.error);
        assert!(!answer.error.is_empty());
    }
}
