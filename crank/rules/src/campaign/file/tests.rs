//! Tests of composite files: which action feeds which distributor, and the message for each fault.

use serde_json::{Value, json};

use super::CampaignFile;
use crate::{
    campaign::{Campaign, Source},
    evaluation::Kind,
};

const WALLET: &str = "CyaE1VxvBrahnPWkqm5VsdCvyS2QmNht2UFrKJHga54o";
const JANUARY_19: i64 = 1_768_780_800;

fn board(name: &str, actions: Value) -> Value {
    json!({
        "name": name,
        "type": "leaderboard",
        "emissionType": "SOL",
        "totalFundAmount": 10,
        "interval": "DAILY",
        "actions": actions,
    })
}

fn composite() -> Value {
    json!({
        "name": "Layers",
        "startDate": "2026-01-19",
        "actions": [
            {"name": "buy", "sqlQuery": "SELECT buys", "customEventId": "1"},
            {"name": "stake", "sqlQuery": "SELECT stakes", "instructionId": "2"},
        ],
        "distributors": [
            board("instant", json!([{"name": "buy"}])),
            board("tiers", json!([{"name": "stake", "weight": 2.5}, {"name": "buy"}])),
        ],
    })
}

fn parse(file: &Value) -> CampaignFile {
    CampaignFile::parse(file.to_string().as_bytes()).unwrap()
}

/// The file with the value at a pointer replaced is refused with a message that contains all the texts.
fn refuses(pointer: &str, value: Value, texts: &[&str]) {
    let mut file = composite();
    match file.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            file.pointer_mut(parent).unwrap()[name] = value;
        }
    }
    let message = CampaignFile::parse(file.to_string().as_bytes()).unwrap_err().to_string();
    for text in texts {
        assert!(message.contains(text), "{pointer}: {message:?} lacks {text:?}");
    }
}

fn feeding(campaign: &Campaign) -> Vec<(&str, &str, u32)> {
    let Source::Actions(actions) = &campaign.source else { panic!("not measured") };
    actions.iter().map(|action| (action.name.as_str(), action.sql.as_str(), action.weight_basis_points)).collect()
}

#[test]
fn actions_feed_any_number_of_distributors_with_weights() {
    let file = parse(&composite());
    assert_eq!(file.name, "Layers");
    let instant = file.distributor(Some("instant")).unwrap();
    assert_eq!(feeding(instant), [("buy", "SELECT buys", 10_000)]);
    let tiers = file.distributor(Some("tiers")).unwrap();
    assert_eq!(feeding(tiers), [("stake", "SELECT stakes", 25_000), ("buy", "SELECT buys", 10_000)]);
    assert_eq!((tiers.name.as_str(), tiers.terms.shape.kind()), ("tiers", Kind::Leaderboard));
}

#[test]
fn a_flat_file_is_one_distributor() {
    let mut flat = board("Season one", json!(null));
    flat["sqlQuery"] = json!("SELECT 1");
    flat["startDate"] = json!("2026-01-19");
    let file = parse(&flat);
    assert_eq!(file.distributors.len(), 1);
    assert_eq!(file.distributor(None).unwrap().name, "Season one");
    assert_eq!(feeding(file.distributor(Some("Season one")).unwrap()), [("", "SELECT 1", 10_000)]);
}

#[test]
fn a_distributor_may_begin_later_than_its_campaign() {
    let mut file = composite();
    file["distributors"][1]["startDate"] = json!("2026-01-20");
    let file = parse(&file);
    let starts = |name| file.distributor(Some(name)).map(|campaign| (campaign.start, campaign.schedule.start)).unwrap();
    assert_eq!(starts("instant"), (JANUARY_19, JANUARY_19));
    assert_eq!(starts("tiers"), (JANUARY_19, JANUARY_19 + 86_400));
    refuses("/distributors/1/startDate", json!("2026-01-18"), &["`distributors[1].startDate`", "not before"]);
}

#[test]
fn a_direct_distributor_needs_no_action() {
    let mut file = composite();
    let direct = json!({"name": "thanks", "type": "direct", "emissionType": "SOL", "interval": "DAILY",
                        "allocations": [{"address": WALLET, "amount": 1}]});
    file["distributors"].as_array_mut().unwrap().push(direct);
    assert!(matches!(parse(&file).distributor(Some("thanks")).unwrap().source, Source::Given(_)));
    file["distributors"][2]["actions"] = json!([{"name": "buy"}]);
    let message = CampaignFile::parse(file.to_string().as_bytes()).unwrap_err().to_string();
    assert!(message.starts_with("`distributors[2].actions` is given, but the rows of a direct"), "{message}");
    file["distributors"][2]["actions"] = json!(null);
    file["distributors"][2]["allocations"][0]["amount"] = json!(0);
    let message = CampaignFile::parse(file.to_string().as_bytes()).unwrap_err().to_string();
    assert!(message.starts_with("`distributors[2].allocations[0].amount`: found the number 0"), "{message}");
}

#[test]
fn which_distributor_is_meant_must_be_said() {
    let file = parse(&composite());
    let error = |name| file.distributor(name).unwrap_err().to_string();
    assert_eq!(error(None), "the campaign has several distributors, `instant`, `tiers`: name one of them");
    assert_eq!(error(Some("tier")), "the campaign has no distributor `tier`: did you mean `tiers`?");
    assert!(Campaign::parse(composite().to_string().as_bytes()).is_err());
}

#[test]
fn an_unknown_action_gets_the_near_names() {
    let texts = ["`distributors[0].actions[0].name`: found `stak`", "did you mean `stake`?"];
    refuses("/distributors/0/actions/0/name", json!("stak"), &texts);
    refuses("/distributors/0/actions/0/name", json!("vote"), &["there is `buy`, `stake`"]);
}

#[test]
fn idle_actions_and_distributors_without_an_action_are_refused() {
    let stake_is_idle = json!([{"name": "buy"}]);
    refuses("/distributors/1/actions", stake_is_idle, &["`actions`: found the action `stake`, which feeds no"]);
    refuses("/distributors/0/actions", json!([]), &["`distributors[0].actions`: found a list of 0"]);
    refuses("/distributors/0/actions", json!(null), &["`distributors[0].actions` is missing"]);
    refuses("/actions", json!(null), &["`distributors[0].actions[0].name`: found `buy`", "there are none"]);
    refuses("/distributors", json!(null), &["`distributors` is missing"]);
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    refuses("/actions/1/name", json!("buy"), &["`actions[1].name`: found `buy` again"]);
    refuses("/distributors/1/name", json!("instant"), &["`distributors[1].name`: found `instant` again"]);
    refuses(
        "/distributors/1/actions/1/name",
        json!("stake"),
        &["`distributors[1].actions[1].name`: found `stake` again"],
    );
}

#[test]
fn names_are_words_and_lists_have_limits() {
    let many: Vec<Value> = (0..33).map(|index| json!({"name": format!("a{index}"), "sqlQuery": "x"})).collect();
    refuses("/actions", json!(many), &["`actions`: found a list of 33", "from 1 to 32"]);
    let many: Vec<Value> = (0..33).map(|index| board(&format!("d{index}"), json!([{"name": "buy"}]))).collect();
    refuses("/distributors", json!(many), &["`distributors`: found a list of 33", "from 1 to 32"]);
    refuses("/actions/0/name", json!("a b"), &["`actions[0].name`: found the text \"a b\"", "a word"]);
    refuses("/distributors/0/name", json!("1st"), &["`distributors[0].name`"]);
}

#[test]
fn a_weight_is_above_zero_and_has_four_decimals() {
    for weight in [json!(0), json!(-1), json!(0.00001), json!(429_497), json!("2")] {
        refuses("/distributors/1/actions/0/weight", weight, &["`distributors[1].actions[0].weight`", "4 decimals"]);
    }
    let mut file = composite();
    file["distributors"][1]["actions"][0]["weight"] = json!(0.0001);
    assert_eq!(feeding(parse(&file).distributor(Some("tiers")).unwrap())[0].2, 1);
}

#[test]
fn a_curve_counts_each_conversion_once() {
    let mut curve = board("curve", json!([{"name": "stake", "weight": 2}]));
    curve["type"] = json!("curve");
    curve["distributionFunction"] = json!({"type": "CONSTANT", "yIntercept": 1});
    refuses("/distributors/1", curve, &["`distributors[1].actions[0].weight` is given, but a curve"]);
}

#[test]
fn one_action_may_say_how_much_and_when() {
    let mut file = composite();
    file["actions"][1]["conversionQuery"] = json!("SELECT times");
    file["distributors"][0]["type"] = json!("curve");
    file["distributors"][0]["distributionFunction"] = json!({"type": "CONSTANT", "yIntercept": 1});
    file["distributors"][0]["actions"] = json!([{"name": "stake"}, {"name": "buy"}]);
    let file = parse(&file);
    let curve = feeding(file.distributor(Some("instant")).unwrap());
    assert_eq!(curve, [("stake", "SELECT times", 10_000), ("buy", "SELECT buys", 10_000)]);
    assert_eq!(feeding(file.distributor(Some("tiers")).unwrap())[0].1, "SELECT stakes");
    refuses("/actions/0/conversionQuery", json!(""), &["`actions[0].conversionQuery`", "`timestamp`"]);
    refuses("/distributors/0/conversionQuery", json!("x"), &["unknown field `distributors[0].conversionQuery`"]);
}

#[test]
fn parameters_stand_where_they_belong() {
    refuses("/sqlQuery", json!("x"), &["`sqlQuery` is given, but in a file with `actions`", "an action's own"]);
    refuses("/type", json!("raffle"), &["`type` is given", "a distributor's own"]);
    refuses(
        "/distributors/0/sqlQuery",
        json!("x"),
        &["`distributors[0].sqlQuery` is given, but it belongs to an action"],
    );
    refuses("/actions/0/weight", json!(1), &["unknown field `actions[0].weight`"]);
    refuses("/actions/0/instructionId", json!("1"), &["`actions[0].instructionId` is given, but `customEventId`"]);
    refuses("/startDate", json!(null), &["`startDate` is missing"]);
}

#[test]
fn a_fault_deep_inside_names_its_path() {
    refuses("/distributors/1/raffleBuckets", json!([]), &["`distributors[1].raffleBuckets` is given"]);
    let mut raffle = board("tiers", json!([{"name": "stake"}]));
    raffle["type"] = json!("raffle");
    raffle["raffleBuckets"] = json!([{"amount": 1, "count": -1}]);
    refuses("/distributors/1", raffle, &["`distributors[1].raffleBuckets[0].count`: found the number -1"]);
    refuses("/distributors/0/customFormula", json!("N * M"), &["`distributors[0].customFormula`: "]);
    refuses("/distributors/0/totalFundAmount", json!(null), &["`distributors[0].totalFundAmount` is missing"]);
}
