//! Tests of the campaign file: what is accepted, and the message for each fault.

mod escrow;
mod kinds;
mod stages;

use serde_json::{Value, json};

use super::super::{Campaign, DistributionMode, Reward, Source};
use crate::{
    evaluation::{Audience, Kind},
    values::period::Period,
};

const WALLET: &str = "CyaE1VxvBrahnPWkqm5VsdCvyS2QmNht2UFrKJHga54o";
const OTHER: &str = "BA36AnwpTfKeqNhExVUFFbzUAQTyKYvJrEokKJqVCTPi";
const MINT: &str = "So11111111111111111111111111111111111111112";

fn leaderboard() -> Value {
    json!({
        "name": "Season one",
        "type": "leaderboard",
        "emissionType": "TOKENS",
        "totalFundAmount": 50000,
        "tokenAddress": MINT,
        "tokenDecimals": 6,
        "startDate": "2026-01-19",
        "interval": "WEEKLY",
        "sqlQuery": "SELECT 1",
    })
}

fn direct() -> Value {
    json!({
        "name": "Thank you",
        "type": "direct",
        "emissionType": "SOL",
        "startDate": "2026-01-19T00:00:00Z",
        "evalDurationSeconds": 600,
        "allocations": [{"address": WALLET, "amount": 1.5}, {"address": OTHER, "amount": 0.25}],
    })
}

/// The campaign with some fields replaced; a null removes a field.
fn changed(mut campaign: Value, changes: Value) -> String {
    for (name, value) in changes.as_object().unwrap() {
        campaign[name] = value.clone();
    }
    campaign.to_string()
}

fn parse(campaign: Value, changes: Value) -> Campaign {
    Campaign::parse(changed(campaign, changes).as_bytes()).unwrap()
}

fn error(campaign: Value, changes: Value) -> String {
    error_of_text(&changed(campaign, changes))
}

fn error_of_text(text: &str) -> String {
    let message = Campaign::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(!message.contains('\n') && !message.ends_with('.'), "one paragraph without a full stop: {message}");
    message
}

/// Checks that every change is refused with a message that contains all the texts beside it.
fn refuses(campaign: &Value, cases: &[(Value, &[&str])]) {
    for (changes, texts) in cases {
        let message = error(campaign.clone(), changes.clone());
        for text in *texts {
            assert!(message.contains(text), "{changes}: {message:?} lacks {text:?}");
        }
    }
}

#[test]
fn a_leaderboard_is_read() {
    let campaign = parse(leaderboard(), json!({"maxPerParticipant": 0.5, "description": "x", "confirmed": true}));
    assert_eq!(campaign.name, "Season one");
    let Source::Actions(actions) = &campaign.source else { panic!("not measured") };
    assert_eq!((actions[0].sql.as_str(), actions[0].weight_basis_points, actions.len()), ("SELECT 1", 10_000, 1));
    assert_eq!(campaign.reward, Reward::Tokens { mint: MINT.parse().unwrap(), decimals: 6 });
    assert_eq!(campaign.distribution_mode, DistributionMode::Claim);
    assert_eq!(campaign.terms.shape.kind(), Kind::Leaderboard);
    assert_eq!(campaign.terms.pool, 50_000_000_000);
    assert_eq!(campaign.terms.max_per_participant, Some(500_000));
    assert_eq!(campaign.terms.audience, Audience::Everyone);
    assert_eq!(campaign.terms.shape.formula().unwrap().source(), "N");
    assert_eq!(campaign.period(1), Ok(Period { start: 1_769_385_600, end: 1_769_990_400 }));
}

#[test]
fn a_direct_campaign_derives_its_pool() {
    let campaign = parse(direct(), json!({"totalFundAmount": 7, "distributionMode": "PUSH"}));
    assert_eq!(campaign.reward, Reward::Sol);
    assert_eq!(campaign.distribution_mode, DistributionMode::Push);
    assert_eq!(campaign.terms.pool, 1_750_000_000);
    assert_eq!(campaign.period(0), Ok(Period { start: 1_768_780_800, end: 1_768_781_400 }));
}

#[test]
fn allocations_may_be_lines_of_csv() {
    let list = parse(direct(), json!({}));
    let csv = format!("{WALLET},1.5\r\n\n {OTHER} , 0.25\n");
    assert_eq!(parse(direct(), json!({"allocations": csv})).source, list.source);
}

#[test]
fn days_take_priority_over_the_interval() {
    assert_eq!(parse(leaderboard(), json!({"evalDurationDays": 1})).schedule.epoch_seconds, 86_400);
    assert_eq!(parse(leaderboard(), json!({"interval": "MONTHLY"})).schedule.epoch_seconds, 2_592_000);
}

#[test]
fn an_audience_is_one_list() {
    let list = |name: &str| parse(leaderboard(), json!({"audience": {name: [OTHER, WALLET]}})).terms.audience;
    let keys = [WALLET.parse().unwrap(), OTHER.parse().unwrap()].into();
    assert_eq!(list("allowList"), Audience::AllowList(keys));
    assert!(matches!(list("denyList"), Audience::DenyList(_)));
}

#[test]
fn a_file_that_is_not_an_object_is_refused() {
    for text in ["", "[]", "7", "{", "{\"name\": }"] {
        assert!(error_of_text(text).starts_with("the campaign is not a JSON object"), "{text}");
    }
    assert!(Campaign::parse(b"\xff{}").is_err());
}

#[test]
fn unknown_and_repeated_fields_are_refused() {
    let message = error(leaderboard(), json!({"totalFundAmmount": 5}));
    assert!(
        message.starts_with("unknown field `totalFundAmmount`, did you mean `totalFundAmount`?: the fields are name,")
    );
    assert!(error(leaderboard(), json!({"colour": "red"})).starts_with("unknown field `colour`: the fields are name,"));
    let nested = error(leaderboard(), json!({"audience": {"allowlist": []}}));
    assert!(nested.starts_with("unknown field `audience.allowlist`, did you mean `audience.allowList`?"), "{nested}");
    assert_eq!(error_of_text("{\"name\": \"a\", \"name\": \"b\"}"), "`name` is given twice: leave one of the two out");
}

#[test]
fn a_missing_field_is_named() {
    for name in
        ["name", "type", "emissionType", "totalFundAmount", "tokenAddress", "tokenDecimals", "startDate", "sqlQuery"]
    {
        let message = error(leaderboard(), json!({name: null}));
        assert!(message.starts_with(&format!("`{name}` is missing: expected ")), "{message}");
    }
    assert!(error(leaderboard(), json!({"interval": null})).starts_with("`evalDurationDays` is missing"));
    assert!(error(direct(), json!({"allocations": null})).starts_with("`allocations` is missing"));
}

#[test]
fn a_wrong_value_is_quoted_beside_what_would_be_right() {
    let many = u64::from(u32::MAX) + 1;
    refuses(
        &leaderboard(),
        &[
            (json!({"name": 7}), &["`name`: found the number 7, expected the name"]),
            (json!({"name": " "}), &["`name`: found the text \" \""]),
            (
                json!({"type": "lottery"}),
                &[
                    "`type`: found the text \"lottery\"",
                    "\"leaderboard\", \"rebate\", \"raffle\", \"direct\" or \"curve\"",
                ],
            ),
            (json!({"emissionType": "NFT"}), &["`emissionType`", "\"TOKENS\", \"SOL\" or \"POINTS\""]),
            (json!({"totalFundAmount": "50000"}), &["`totalFundAmount`: found the text \"50000\", expected an amount"]),
            (json!({"totalFundAmount": 0}), &["found the number 0", "above 0"]),
            (json!({"totalFundAmount": -5}), &["found the number -5", "above 0"]),
            (json!({"totalFundAmount": 0.0000001}), &["`totalFundAmount`", "at most 6 decimals"]),
            (json!({"totalFundAmount": 1e20}), &["`totalFundAmount`", "18446744073709551615 base units"]),
            (json!({"maxPerParticipant": 0}), &["`maxPerParticipant`", "above 0"]),
            (json!({"tokenAddress": "abc"}), &["`tokenAddress`: found the text \"abc\"", "base58"]),
            (json!({"tokenDecimals": 19}), &["`tokenDecimals`: found the number 19", "0 to 18"]),
            (json!({"tokenDecimals": 6.5}), &["`tokenDecimals`", "0 to 18"]),
            (json!({"startDate": "2026-01-19T00:00:00"}), &["`startDate`", "zone"]),
            (json!({"interval": "HOURLY"}), &["`interval`", "\"DAILY\", \"WEEKLY\" or \"MONTHLY\""]),
            (json!({"evalDurationDays": 0}), &["`evalDurationDays`", "above 0"]),
            (json!({"evalDurationSeconds": 600}), &["`interval` is given, but `evalDurationSeconds`"]),
            (json!({"maxIterations": 0}), &["`maxIterations`: found the number 0", "from 1"]),
            (json!({"maxIterations": many}), &["`maxIterations`"]),
            (json!({"confirmed": "yes"}), &["`confirmed`: found the text \"yes\", expected true or false"]),
            (json!({"distributionMode": "AIRDROP"}), &["`distributionMode`", "\"CLAIM\" or \"PUSH\""]),
            (json!({"sqlQuery": true}), &["`sqlQuery`: found true"]),
            (json!({"audience": [WALLET]}), &["`audience`: found a list, expected an object"]),
            (json!({"audience": {}}), &["`audience.allowList` is missing"]),
            (
                json!({"audience": {"allowList": [], "denyList": []}}),
                &["`audience.allowList`: found a list of 0", "from 1 to 1000000"],
            ),
            (json!({"audience": {"denyList": [WALLET, "x"]}}), &["`audience.denyList[1]`: found the text \"x\""]),
            (json!({"acceptedPowers": "freeze"}), &["`acceptedPowers`: found the text \"freeze\"", "a list of powers"]),
            (
                json!({"acceptedPowers": ["freeze", "seize"]}),
                &["`acceptedPowers[1]`: found the text \"seize\"", "\"freeze\", \"pause\"", "\"ownerTransferHook\""],
            ),
            (
                json!({"acceptedPowers": ["pause", "pause"]}),
                &["`acceptedPowers[1]`: found the text \"pause\" again, expected each power once"],
            ),
        ],
    );
}

#[test]
fn fields_that_exclude_each_other_are_refused() {
    refuses(
        &leaderboard(),
        &[
            (json!({"emissionType": "SOL"}), &["`tokenAddress` is given, but the campaign pays SOL"]),
            (json!({"emissionType": "SOL", "tokenAddress": null}), &["`tokenDecimals` is given, but"]),
            (
                json!({"emissionType": "SOL", "tokenAddress": null, "tokenDecimals": null, "acceptedPowers": ["freeze"]}),
                &["`acceptedPowers` is given, but the campaign pays SOL"],
            ),
            (
                json!({"emissionType": "POINTS", "tokenAddress": null, "acceptedPowers": ["freeze"]}),
                &["`acceptedPowers` is given, but the campaign gives points"],
            ),
            (json!({"customEventId": "a", "instructionId": "b"}), &["`instructionId` is given, but `customEventId`"]),
            (json!({"allocations": "x,1"}), &["`allocations` is given, but only a direct campaign"]),
            (json!({"rebatePercentage": 5}), &["`rebatePercentage` is given, but only a rebate"]),
            (json!({"raffleBuckets": []}), &["`raffleBuckets` is given, but only a raffle"]),
            (json!({"raffleWeighting": "EQUAL_CHANCES"}), &["`raffleWeighting`"]),
            (
                json!({"audience": {"allowList": [WALLET], "denyList": [OTHER]}}),
                &["`audience.denyList` is given, but `allowList`"],
            ),
        ],
    );
    refuses(&direct(), &[(json!({"sqlQuery": "SELECT 1"}), &["`sqlQuery` is given, but the rows of a direct"])]);
}

#[test]
fn allocations_are_checked_one_by_one() {
    refuses(
        &direct(),
        &[
            (json!({"allocations": 5}), &["`allocations`: found the number 5"]),
            (json!({"allocations": []}), &["`allocations`: found no rows"]),
            (json!({"allocations": "\n\n"}), &["`allocations`: found no rows"]),
            (json!({"allocations": [7]}), &["`allocations[0]`: found the number 7, expected an object"]),
            (json!({"allocations": [{"address": WALLET}]}), &["`allocations[0].amount` is missing"]),
            (json!({"allocations": [{"adress": WALLET, "amount": 1}]}), &["`allocations[0].adress`, did you mean"]),
            (
                json!({"allocations": [{"address": "x", "amount": 1}]}),
                &["`allocations[0].address`: found the text \"x\""],
            ),
            (json!({"allocations": [{"address": WALLET, "amount": 0}]}), &["`allocations[0].amount`", "above 0"]),
            (json!({"allocations": [{"address": WALLET, "amount": 1e-10}]}), &["at most 9 decimals"]),
            (json!({"allocations": format!("{WALLET},1\n{OTHER}")}), &["`allocations line 2`", "`address,amount`"]),
            (json!({"allocations": format!("{WALLET},1\nx,1")}), &["`allocations line 2`", "base58"]),
            (json!({"allocations": format!("{WALLET},one")}), &["`allocations line 1`", "after the comma"]),
            (json!({"allocations": format!("{WALLET},1,2")}), &["`allocations line 1`", "after the comma"]),
            (
                json!({"allocations": format!("{WALLET},1\n{OTHER},1\n\n{WALLET},2")}),
                &["`allocations line 4`", "stands in allocations line 1", "each wallet once"],
            ),
            (
                json!({"allocations": [{"address": WALLET, "amount": 1}, {"address": WALLET, "amount": 2}]}),
                &["`allocations[1]`", "stands in allocations[0]"],
            ),
            (
                json!({"allocations": format!("{WALLET},18446744073\n{OTHER},1")}),
                &["`allocations`: found a sum that passes 64 bits", OTHER],
            ),
        ],
    );
}

#[test]
fn a_formula_is_read_with_the_file() {
    let message = error(leaderboard(), json!({"customFormula": "N * COLUMN"}));
    assert!(message.starts_with("`customFormula`: ") && message.contains("COLUMN"), "{message}");
}
