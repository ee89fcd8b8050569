//! Tests of the filters' SQL: it runs over real events, and the results are compared with counts made by hand.

#![expect(clippy::arithmetic_side_effects, reason = "test data is made of small numbers")]

use super::{events, exclusions, few_counterparties, views};
use crate::engine::{Activity, QueryLimits, answer_here};
use crate::store::TemporaryStore;
use crank_rules::{
    campaign::{Filter, FilterRule, MAX_HOLD_SECONDS},
    values::period::Period,
    values::table_name::TableName,
};

const START: i64 = 1_767_225_600;
/// A day.
const PERIOD: Period = Period { start: START, end: START + 86_400 };
const LIMITS: QueryLimits = QueryLimits { threads: 2, memory_bytes: 64 << 20, seconds: 60, rows: 10_000 };

fn user(byte: u8) -> String {
    solana_pubkey::Pubkey::new_from_array([byte; 32]).to_string()
}

/// One trade of wallet `byte`, `milliseconds` after the period's start.
fn trade(byte: u8, milliseconds: i64, data: &str) -> String {
    let (user, time) = (user(byte), START * 1_000 + milliseconds);
    format!(r#"{{"eventName":"trade","userPubkey":"{user}","timestamp":{time},"data":{{{data}}}}}"#)
}

fn filter(rule: FilterRule) -> Filter {
    Filter::new("wash trading".to_owned(), rule).unwrap()
}

fn trades() -> TableName {
    "events.trade".parse().unwrap()
}

fn exclude(condition: &str) -> Filter {
    filter(FilterRule::ExcludeEvents { table: trades(), condition: condition.to_owned() })
}

fn hold(minimum_seconds: u64) -> Filter {
    filter(FilterRule::MinimumHold {
        table: trades(),
        asset_field: "asset".to_owned(),
        side_field: "side".to_owned(),
        buy_value: "buy".to_owned(),
        sell_value: "sell".to_owned(),
        minimum_seconds,
    })
}

fn counterparties(field: &str, minimum: u64) -> Filter {
    let counterparty_field = field.to_owned();
    filter(FilterRule::MinimumCounterparties { table: trades(), counterparty_field, minimum })
}

/// The rows of a query as `<byte>=<value>`.
fn answer(lines: &[String], sql: &str) -> Result<Vec<String>, String> {
    let store = TemporaryStore::of_events(lines.join("\n").as_bytes(), |_| true).unwrap();
    let activity = Activity { tables: store.tables.clone() };
    let rows = answer_here(activity, sql, PERIOD, &LIMITS).map_err(|error| error.to_string())?;
    Ok(rows.iter().map(|row| format!("{}={}", row.address.to_bytes()[0], row.value)).collect())
}

fn rows(lines: &[String], sql: &str) -> Vec<String> {
    answer(lines, sql).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// The ids of the trades that stay, which the field `n` adds up by powers of ten.
fn staying(lines: &[String], filters: &[Filter]) -> Vec<String> {
    let view = views(filters).unwrap().remove(&trades()).unwrap();
    rows(lines, &format!("select user_pubkey as address, sum(n) as value from (\n{view}\n) as trade group by 1"))
}

#[test]
fn an_event_is_taken_out_only_where_the_condition_is_true() {
    let lines = [
        trade(1, 0, r#""n":1,"usd":5"#),
        trade(1, 1, r#""n":10,"usd":500"#),
        trade(1, 2, r#""n":100,"usd":null"#),
        trade(1, 3, r#""n":1000"#),
    ];
    assert_eq!(staying(&lines, &[exclude("usd > 100")]), ["1=1101"]);
    assert_eq!(staying(&lines, &[exclude("usd < 100 -- small")]), ["1=1110"]);
    assert_eq!(staying(&lines, &[exclude("usd is null")]), ["1=11"]);
}

#[test]
fn several_filters_on_one_table_take_out_together() {
    let lines = [
        trade(1, 0, r#""n":1,"usd":5,"asset":"A","side":"buy""#),
        trade(1, 1_000, r#""n":10,"usd":500,"asset":"A","side":"sell""#),
        trade(1, 2_000, r#""n":100,"usd":50,"asset":"B","side":"buy""#),
    ];
    assert_eq!(staying(&lines, &[exclude("usd = 5"), exclude("trade.usd = 50")]), ["1=10"]);
    // The later filter no longer sees the purchase that the earlier one took out.
    assert_eq!(staying(&lines, &[exclude("usd = 5"), hold(60)]), ["1=110"]);
    assert_eq!(staying(&lines, &[hold(60), exclude("usd = 5")]), ["1=100"]);
    let other = filter(FilterRule::ExcludeEvents {
        table: "chain.swaps".parse().unwrap(),
        condition: "protocol = 'x'".to_owned(),
    });
    let names: Vec<String> = views(&[other, exclude("true")]).unwrap().keys().map(ToString::to_string).collect();
    assert_eq!(names, ["chain.swaps", "events.trade"]);
}

#[test]
fn a_sale_needs_its_time_after_the_last_purchase_of_the_same_asset() {
    let side = |n: u64, side: &str, asset: &str| format!(r#""n":{n},"asset":"{asset}","side":"{side}""#);
    let lines = [
        // A purchase before the epoch counts too.
        trade(1, -30_000, &side(1, "buy", "A")),
        // 30 s after it: too soon.
        trade(1, 0, &side(10, "sell", "A")),
        // Exactly 60 s after it: long enough.
        trade(1, 30_000, &side(100, "sell", "A")),
        // One millisecond less, after another purchase.
        trade(1, 40_000, &side(1_000, "buy", "A")),
        trade(1, 99_999, &side(10_000, "sell", "A")),
        // Another asset, another wallet, and no purchase before.
        trade(1, 41_000, &side(100_000, "sell", "B")),
        trade(2, 41_000, &side(1, "sell", "A")),
        trade(2, 42_000, &side(10, "buy", "A")),
        // A purchase in the same millisecond counts as before the sale.
        trade(2, 200_000, &side(100, "sell", "C")),
        trade(2, 200_000, &side(1_000, "buy", "C")),
        // Events that are not a sale, or have no asset, stay.
        trade(2, 42_001, &side(10_000, "transfer", "A")),
        trade(2, 42_001, r#""n":100000,"asset":null,"side":"buy""#),
        trade(2, 42_002, r#""n":1000000,"asset":null,"side":"sell""#),
        trade(2, 42_003, r#""n":10000000,"asset":"A","side":null"#),
    ];
    assert_eq!(staying(&lines, &[hold(60)]), ["1=101101", "2=11111011"]);
    let mut shuffled = lines.to_vec();
    for _ in 0..lines.len() {
        shuffled.rotate_left(5);
        assert_eq!(staying(&shuffled, &[hold(60)]), ["1=101101", "2=11111011"]);
    }
    assert_eq!(staying(&lines, &[hold(MAX_HOLD_SECONDS)]), ["1=101001", "2=11111011"]);
}

#[test]
fn few_counterparties_are_counted_within_the_epoch() {
    let with = |name: &str| format!(r#""n":1,"other":"{name}""#);
    let lines = [
        trade(1, 0, &with("a")),
        trade(1, 1, &with("a")),
        trade(1, 2, &with("b")),
        // Too late, and its own counterparty.
        trade(1, 86_400_000, &with("c")),
        trade(1, 3, &with(&user(1))),
        trade(1, 4, r#""n":1,"other":null"#),
        trade(2, 5, &with("a")),
        trade(2, 6, &with("b")),
        trade(2, 7, &with("c")),
        trade(3, 8, r#""n":1"#),
        // A wallet with rows only before the epoch is not returned.
        trade(4, -1, &with("a")),
    ];
    let queries = exclusions(&[exclude("true"), counterparties("other", 3), counterparties("n", 2)]);
    let places: Vec<u16> = queries.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, [1, 2]);
    assert_eq!(rows(&lines, &queries[0].1), ["1=2", "3=0"]);
    assert_eq!(rows(&lines, &queries[1].1), ["1=1", "2=1", "3=1"]);
}

#[test]
fn a_query_for_wallets_is_passed_on_as_it_is() {
    let sql = "select user_pubkey as address, 1 as value from events.bots";
    let wallets = filter(FilterRule::ExcludeWallets { sql: sql.to_owned() });
    assert_eq!(exclusions(&[hold(5), wallets.clone()]), [(1, sql.to_owned())]);
    assert!(views(&[wallets]).unwrap().is_empty());
}

#[test]
fn names_and_values_cannot_leave_their_quotes() {
    let rule = |side_field: &str| FilterRule::MinimumHold {
        table: trades(),
        asset_field: "asset".to_owned(),
        side_field: side_field.to_owned(),
        buy_value: "b'uy') or (true".to_owned(),
        sell_value: "--sell".to_owned(),
        minimum_seconds: 60,
    };
    let side = |n: u64, side: &str| format!(r#""n":{n},"asset":"A","order":"{side}""#);
    let lines =
        [trade(1, 0, &side(1, "b'uy') or (true")), trade(1, 1, &side(10, "--sell")), trade(1, 2, &side(100, "x"))];
    assert_eq!(staying(&lines, &[filter(rule("order"))]), ["1=101"]);
    let evil = r#"x" = '' or true; drop table "events"#;
    // No filter has such a name, and it would do no harm.
    let view = events::without(&rule(evil), "events.trade").unwrap();
    let queries = [view, few_counterparties(&trades(), evil, 2)];
    for query in queries {
        let error = answer(&lines, &format!("select '{}' as address, 1 as value from ({query}) as t", user(1)));
        assert!(error.unwrap_err().starts_with("there is no column"), "{query}");
    }
}

#[test]
fn a_condition_that_is_not_one_expression_is_refused_with_its_place() {
    let message = |filter: Filter| views(&[hold(1), filter]).unwrap_err().to_string();
    assert_eq!(message(exclude("true) or (true")), "`filters[1].where`: `)` follows where the expression should end");
}
