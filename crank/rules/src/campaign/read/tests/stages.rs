//! Tests of the stages before the ranking: filters, the milestone, and the time for late events.

use serde_json::{Value, json};

use super::{leaderboard, parse, refuses};
use crate::campaign::{Filter, FilterRule, Milestone};

fn filters(filters: Value) -> Vec<Filter> {
    parse(leaderboard(), json!({"filters": filters})).filters
}

fn hold() -> Value {
    json!({
        "type": "MINIMUM_HOLD",
        "reason": "held under a quarter of an hour",
        "table": "chain.curve_trades",
        "assetField": "genesisAccount",
        "sideField": "direction",
        "buyValue": "buy",
        "sellValue": "sell",
        "minimumSeconds": 900,
    })
}

#[test]
fn a_campaign_has_no_filter_no_milestone_and_no_grace_unless_it_says_so() {
    let campaign = parse(leaderboard(), json!({}));
    assert_eq!((campaign.filters.len(), campaign.milestone, campaign.grace_seconds), (0, None, 0));
    assert_eq!(campaign.start, campaign.schedule.start);
}

#[test]
fn the_four_filters_are_read_in_order() {
    let table = "events.trade".parse().unwrap();
    let read = filters(json!([
        {"type": "EXCLUDE_WALLETS", "reason": "our own", "sqlQuery": "SELECT 1"},
        {"type": "EXCLUDE_EVENTS", "reason": "dust", "table": "events.trade", "where": "usd < 1"},
        {"type": "MINIMUM_COUNTERPARTIES", "reason": "a circle", "table": "events.trade", "counterpartyField": "maker",
         "minimum": 3},
        hold(),
    ]));
    let expected = [
        FilterRule::ExcludeWallets { sql: "SELECT 1".to_owned() },
        FilterRule::ExcludeEvents { table, condition: "usd < 1".to_owned() },
        FilterRule::MinimumCounterparties {
            table: "events.trade".parse().unwrap(),
            counterparty_field: "maker".to_owned(),
            minimum: 3,
        },
        FilterRule::MinimumHold {
            table: "chain.curve_trades".parse().unwrap(),
            asset_field: "genesisAccount".to_owned(),
            side_field: "direction".to_owned(),
            buy_value: "buy".to_owned(),
            sell_value: "sell".to_owned(),
            minimum_seconds: 900,
        },
    ];
    assert_eq!(read.iter().map(|filter| filter.rule().clone()).collect::<Vec<_>>(), expected);
    assert_eq!(read[3].reason(), "held under a quarter of an hour");
}

#[test]
fn a_filter_names_the_parameter_that_is_wrong() {
    let wallets = |reason: &str| json!({"filters": [{"type": "EXCLUDE_WALLETS", "reason": reason, "sqlQuery": "x"}]});
    let events = |name: &str, value: Value| {
        let mut filter =
            json!({"type": "EXCLUDE_EVENTS", "reason": "dust", "table": "events.trade", "where": "usd < 1"});
        filter[name] = value;
        json!({"filters": [filter]})
    };
    let held = |name: &str, value: Value| {
        let mut filter = hold();
        filter[name] = value;
        json!({"filters": [filter]})
    };
    let many: Vec<Value> = (0..33).map(|_| hold()).collect();
    refuses(
        &leaderboard(),
        &[
            (json!({"filters": {}}), &["`filters`: found an object"]),
            (json!({"filters": []}), &["`filters`: found a list of 0", "from 1 to 32"]),
            (json!({"filters": many}), &["`filters`: found a list of 33"]),
            (json!({"filters": [1]}), &["`filters[0]`: found the number 1"]),
            (json!({"filters": [{"type": "EXCLUDE"}]}), &["`filters[0].type`", "\"MINIMUM_HOLD\""]),
            (wallets("a, b"), &["`filters[0].reason`: found the text \"a, b\"", "without commas"]),
            (wallets("a\nb"), &["`filters[0].reason`"]),
            (wallets("\"a\""), &["`filters[0].reason`"]),
            (wallets(""), &["`filters[0].reason`"]),
            (wallets(&"x".repeat(201)), &["`filters[0].reason`", "200 characters"]),
            (events("table", json!("trade")), &["`filters[0].table`: found the text \"trade\""]),
            (events("where", json!(null)), &["`filters[0].where` is missing"]),
            (events("minimum", json!(2)), &["`filters[0].minimum` is given, but", "table, where"]),
            (events("wherever", json!(2)), &["unknown field `filters[0].wherever`"]),
            (held("minimumSeconds", json!(0)), &["`filters[0].minimumSeconds`: found the number 0"]),
            (held("minimumSeconds", json!(3_155_760_001_u64)), &["`filters[0].minimumSeconds`", "3155760000"]),
            (held("assetField", json!("a; b")), &["`filters[0].assetField`", "a word"]),
            (held("sellValue", json!("buy")), &["`filters[0].sellValue`", "another value than for a purchase"]),
        ],
    );
}

#[test]
fn a_milestone_is_a_target_above_zero() {
    let campaign = parse(leaderboard(), json!({"milestone": {"target": 1000.5}}));
    assert_eq!(campaign.milestone, Some(Milestone { target: "1000.5".parse().unwrap() }));
    refuses(
        &leaderboard(),
        &[
            (json!({"milestone": 5}), &["`milestone`: found the number 5, expected an object"]),
            (json!({"milestone": {}}), &["`milestone.target` is missing"]),
            (json!({"milestone": {"target": 0}}), &["`milestone.target`: found the number 0"]),
            (json!({"milestone": {"goal": 5}}), &["unknown field `milestone.goal`"]),
        ],
    );
}

#[test]
fn late_events_are_waited_for_six_days_at_most() {
    assert_eq!(parse(leaderboard(), json!({"gracePeriodSeconds": 518_400})).grace_seconds, 518_400);
    refuses(
        &leaderboard(),
        &[
            (json!({"gracePeriodSeconds": 518_401}), &["`gracePeriodSeconds`: found the number 518401", "518400"]),
            (json!({"gracePeriodSeconds": -1}), &["`gracePeriodSeconds`"]),
            (json!({"gracePeriodSeconds": 0.5}), &["`gracePeriodSeconds`"]),
        ],
    );
}

#[test]
fn texts_have_a_length_and_names_one_line() {
    refuses(
        &leaderboard(),
        &[
            (json!({"name": "x".repeat(201)}), &["`name`", "200 characters"]),
            (json!({"name": "a\u{1b}[2J"}), &["`name`", "one line"]),
            (json!({"description": "x".repeat(65_537)}), &["`description`", "65536"]),
            (json!({"sqlQuery": "x".repeat(65_537)}), &["`sqlQuery`", "65536 bytes"]),
            (json!({"customEventId": ""}), &["`customEventId`"]),
        ],
    );
}
