//! Tests of the query builder: every query runs over real events, and its rows are compared with sums made by hand.

#![expect(clippy::arithmetic_side_effects, reason = "test data is made of small numbers")]

mod refusals;

use super::{GeneratedQuery, QueryRequest, generate_incentive_query};
use crate::engine::{Activity, QueryLimits, answer_here, check_query};
use crate::store::TemporaryStore;
use crank_rules::values::period::Period;

const START: i64 = 1_767_225_600;
/// A day.
const PERIOD: Period = Period { start: START, end: START + 86_400 };
const DAY: i64 = 86_400_000;
const LIMITS: QueryLimits = QueryLimits { threads: 2, memory_bytes: 64 << 20, seconds: 60, rows: 10_000 };

fn user(byte: u8) -> String {
    solana_pubkey::Pubkey::new_from_array([byte; 32]).to_string()
}

/// One event of wallet `byte`, `milliseconds` after the period's start.
fn event(name: &str, byte: u8, milliseconds: i64, data: &str) -> String {
    let (user, time) = (user(byte), START * 1_000 + milliseconds);
    format!(r#"{{"eventName":"{name}","userPubkey":"{user}","timestamp":{time},"data":{{{data}}}}}"#)
}

fn generated(request: &str) -> GeneratedQuery {
    let request = QueryRequest::parse(request.as_bytes()).unwrap_or_else(|error| panic!("{request}: {error}"));
    generate_incentive_query(&request).unwrap_or_else(|error| panic!("{request:?}: {error}"))
}

/// The rows of the generated query as `<byte>=<value>`.
fn rows(lines: &[String], request: &str) -> Vec<String> {
    let sql = generated(request).sql();
    check_query(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let store = TemporaryStore::of_events(lines.join("\n").as_bytes(), |_| true).unwrap();
    let rows = answer_here(Activity { tables: store.tables.clone() }, &sql, PERIOD, &LIMITS);
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| format!("{}={}", row.address.to_bytes()[0], row.value)).collect()
}

/// Swaps of the tokens 77 and 88. All but two are within the period.
fn swaps() -> Vec<String> {
    let swap = |byte: u8, time: i64, tokens: (u8, u8), usd: &str, protocol: &str| {
        let (token_in, token_out) = (user(tokens.0), user(tokens.1));
        let data = format!(
            r#""tokenIn":"{token_in}","tokenOut":"{token_out}","uiAmountIn":1,"uiAmountOut":2,"usdAmount":{usd},"protocol":"{protocol}""#
        );
        event("chain.swaps", byte, time, &data)
    };
    vec![
        swap(1, 0, (88, 77), "10.5", "raydium"),
        swap(1, 1, (88, 77), "0.000000001", "orca"),
        swap(1, 2, (77, 88), "100", "raydium"),
        swap(1, DAY - 1, (88, 77), "7", "raydium"),
        swap(1, -1, (88, 77), "1000", "raydium"),
        swap(1, DAY, (88, 77), "2000", "raydium"),
        swap(2, 5, (88, 77), "null", "raydium"),
        swap(3, 5, (77, 99), "3", "it's"),
        swap(4, 5, (88, 99), "50", "raydium"),
    ]
}

#[test]
fn swaps_are_measured_by_direction_and_measure() {
    let lines = swaps();
    let mint = user(77);
    for (parameters, expected) in [
        (r#""#, vec!["1=17.500000001", "2=0"]),
        (r#","direction":"buy","measure":"volume""#, vec!["1=17.500000001", "2=0"]),
        (r#","direction":"buy","measure":"count""#, vec!["1=3", "2=1"]),
        (r#","direction":"sell","measure":"volume""#, vec!["1=100", "3=3"]),
        (r#","direction":"sell","measure":"count""#, vec!["1=1", "3=1"]),
        (r#","direction":"both","measure":"volume""#, vec!["1=117.500000001", "2=0", "3=3"]),
        (r#","direction":"both","measure":"count""#, vec!["1=4", "2=1", "3=1"]),
        (r#","minUsdAmount":7,"measure":"count""#, vec!["1=2"]),
        (r#","minUsdAmount":7.000000001,"measure":"count""#, vec!["1=1"]),
        (r#","protocol":"orca""#, vec!["1=0.000000001"]),
        (r#","protocol":"it's","direction":"both""#, vec!["3=3"]),
        (r#","protocol":"' or ''='""#, vec![]),
    ] {
        let request = format!(r#"{{"source":"swap","tokenMint":"{mint}"{parameters}}}"#);
        assert_eq!(rows(&lines, &request), expected, "{request}");
    }
}

/// Trades on a pool of `LaunchLab` and on a Genesis curve.
fn curve_trades() -> Vec<String> {
    let trade = |byte: u8, time: i64, curve: &str, direction: &str, amounts: (u64, u64)| {
        let data = format!(r#"{curve},"direction":"{direction}","amountIn":{},"amountOut":{}"#, amounts.0, amounts.1);
        event("chain.curve_trades", byte, time, &data)
    };
    let pool = format!(r#""launchpad":"raydium_launchlab","poolState":"{}""#, user(50));
    let other_pool = format!(r#""launchpad":"raydium_launchlab","poolState":"{}""#, user(51));
    let genesis = format!(r#""launchpad":"metaplex_genesis","genesisAccount":"{}""#, user(50));
    vec![
        trade(1, 0, &pool, "buy", (1_000, 9)),
        trade(1, 1, &pool, "buy", (500, 8)),
        trade(1, 2, &pool, "sell", (7, 300)),
        trade(1, DAY, &pool, "buy", (1, 1)),
        trade(2, 3, &pool, "sell", (6, 200)),
        trade(3, 4, &other_pool, "buy", (1, 1)),
        trade(4, 5, &genesis, "buy", (44, 1)),
    ]
}

#[test]
fn curve_trades_are_measured_on_the_quote_side() {
    let lines = curve_trades();
    let pool = format!(r#""launchpad":"raydium_launchlab","poolState":"{}""#, user(50));
    let genesis = format!(r#""launchpad":"metaplex_genesis","genesisAccount":"{}""#, user(50));
    for (curve, parameters, expected) in [
        (&pool, "", vec!["1=1500"]),
        (&pool, r#","direction":"buy","measure":"volume""#, vec!["1=1500"]),
        (&pool, r#","direction":"buy","measure":"count""#, vec!["1=2"]),
        (&pool, r#","direction":"sell","measure":"volume""#, vec!["1=300", "2=200"]),
        (&pool, r#","direction":"sell","measure":"count""#, vec!["1=1", "2=1"]),
        (&pool, r#","direction":"both","measure":"volume""#, vec!["1=1800", "2=200"]),
        (&pool, r#","direction":"both","measure":"count""#, vec!["1=3", "2=1"]),
        (&pool, r#","minAmountIn":501"#, vec!["1=1000"]),
        (&pool, r#","minAmountIn":7,"direction":"sell""#, vec!["1=300"]),
        (&genesis, "", vec!["4=44"]),
    ] {
        let request = format!(r#"{{"source":"bonding_curve",{curve}{parameters}}}"#);
        assert_eq!(rows(&lines, &request), expected, "{request}");
    }
}

/// Balances of the token 77; the comments say what each wallet does.
fn balances() -> Vec<String> {
    let change = |byte: u8, time: i64, balance: &str| {
        event("chain.balances", byte, time, &format!(r#""tokenMint":"{}","balance":{balance}"#, user(77)))
    };
    vec![
        // Holds from long before to the end.
        change(1, -50 * DAY, "150.5"),
        // Buys after an hour, and sells an hour before the end, half a second late.
        change(2, 3_600_000, "100"),
        change(2, DAY - 3_600_000 + 500, "99.999999999"),
        // Below the least for a minute, twice, and sells after the end.
        change(3, -1, "200"),
        change(3, 60_000, "50"),
        change(3, 120_000, "200"),
        change(3, 600_000, "10"),
        change(3, 660_000, "300"),
        change(3, DAY, "0"),
        // Sold before the epoch, and bought at its end.
        change(4, -1, "0"),
        change(4, DAY, "1000"),
        // Two changes at once: the lower one counts, here and for the duration.
        change(5, 1_000, "500"),
        change(5, 1_000, "120"),
        change(6, 1_000, "500"),
        change(6, 1_000, "20"),
        // Holds for the last millisecond.
        change(7, DAY - 1, "100"),
        // Another token.
        event("chain.balances", 8, 0, &format!(r#""tokenMint":"{}","balance":1000"#, user(88))),
    ]
}

#[test]
fn holders_are_measured_at_the_end_and_through_the_epoch() {
    let lines = balances();
    let mint = user(77);
    for (measure, expected) in [
        ("", vec!["1=150.5", "3=300", "5=120", "7=100"]),
        (r#","measure":"balance""#, vec!["1=150.5", "3=300", "5=120", "7=100"]),
        (r#","measure":"count""#, vec!["1=1", "3=1", "5=1", "7=1"]),
        (r#","measure":"duration""#, vec!["1=86400", "2=79200.5", "3=86280", "5=86399", "7=0.001"]),
    ] {
        let request = format!(r#"{{"source":"hold","tokenMint":"{mint}","minBalance":100{measure}}}"#);
        assert_eq!(rows(&lines, &request), expected, "{request}");
        let mut shuffled = lines.clone();
        shuffled.reverse();
        assert_eq!(rows(&shuffled, &request), expected, "{request}");
    }
}

fn trades(name: &str) -> Vec<String> {
    let trade = |byte: u8, time: i64, usd: &str, pool: &str| {
        event(name, byte, time, &format!(r#""usd":{usd},"pool":"{pool}""#))
    };
    vec![
        trade(1, 0, "10", "a"),
        trade(1, 1, "20.5", "b"),
        trade(1, DAY, "1000", "a"),
        trade(2, 2, "7", "a"),
        trade(3, 3, "7", "a--b"),
        trade(4, -1, "1", "a"),
    ]
}

#[test]
fn events_and_instructions_are_measured_by_an_expression() {
    for (source, table) in [
        (r#""source":"custom_event","customEventId":"order""#, "order"),
        (r#""source":"idl_instruction","instructionId":"swap_base_in""#, "instructions.swap_base_in"),
    ] {
        let lines = trades(table);
        for (parameters, expected) in [
            (r#""#, vec!["1=2", "2=1", "3=1"]),
            (r#","valueExpression":"sum(usd)","groupByPubkey":true"#, vec!["1=30.5", "2=7", "3=7"]),
            (r#","valueExpression":"sum(usd) / 2 -- half""#, vec!["1=15.25", "2=3.5", "3=3.5"]),
            (r#","filters":["usd < 20 or pool = 'b'","pool <> 'b'"]"#, vec!["1=1", "2=1", "3=1"]),
            (r#","filters":["pool = 'a--b'"]"#, vec!["3=1"]),
            (r#","filters":["usd >= 10 -- large ) or true"]"#, vec!["1=2"]),
            (r#","valueExpression":"sum(usd)","limit":2"#, vec!["1=30.5", "2=7"]),
            (r#","valueExpression":"sum(usd)","orderBy":"ASC","limit":1"#, vec!["2=7"]),
        ] {
            let request = format!("{{{source}{parameters}}}");
            assert_eq!(rows(&lines, &request), expected, "{request}");
        }
    }
}

#[test]
fn a_raw_query_is_passed_on_as_it_is() {
    let raw = "select user_pubkey as address, max(usd) as value from events.order_line group by 1";
    let request = format!(r#"{{"source":"custom_event","customEventId":"order_line","rawQuery":"{raw}"}}"#);
    assert_eq!(generated(&request).sql(), raw);
    assert_eq!(rows(&trades("order_line"), &request), ["1=1000", "2=7", "3=7", "4=1"]);
}

#[test]
fn without_grouping_every_event_is_a_conversion() {
    let request = r#"{"source":"custom_event","customEventId":"stake","groupByPubkey":false,"filters":["usd > 5"]}"#;
    let sql = generated(request).sql();
    assert_eq!(
        sql,
        "select user_pubkey as address, timestamp\nfrom events.\"stake\"\nwhere timestamp >= {{startDate}} and timestamp < \
         {{endDate}}\n  and (usd > 5)\norder by timestamp, address"
    );
    assert!(check_query(&sql).is_ok());
}

#[test]
fn every_clause_says_what_it_means() {
    let mint = user(77);
    for request in [
        format!(r#"{{"source":"swap","tokenMint":"{mint}","minUsdAmount":5,"protocol":"raydium"}}"#),
        format!(r#"{{"source":"hold","tokenMint":"{mint}","minBalance":5}}"#),
        format!(r#"{{"source":"hold","tokenMint":"{mint}","minBalance":5,"measure":"duration"}}"#),
        format!(r#"{{"source":"bonding_curve","launchpad":"metaplex_genesis","genesisAccount":"{mint}"}}"#),
        r#"{"source":"custom_event","customEventId":"a","filters":["x > 1"],"limit":3}"#.to_owned(),
    ] {
        let query = generated(&request);
        assert!(query.clauses().len() > 4);
        assert!(query.clauses().iter().all(|clause| !clause.meaning.is_empty() && !clause.clause.is_empty()));
    }
    let query = generated(&format!(r#"{{"source":"swap","tokenMint":"{mint}"}}"#));
    assert_eq!(
        query.sql(),
        format!(
            "select user_pubkey as address, coalesce(sum(\"usdAmount\"), 0) as value\nfrom chain.swaps\nwhere timestamp >= \
             {{{{startDate}}}} and timestamp < {{{{endDate}}}}\n  and \"tokenOut\" = '{mint}'\ngroup by user_pubkey\norder \
             by value desc, address"
        )
    );
}
