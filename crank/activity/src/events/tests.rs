//! Tests of the activity reader: which lines are events, which are refused with which message, and that the order of
//! the lines does not matter.

mod batches;

use std::collections::BTreeMap;

use super::{Column, Events, TableName};

const ALICE: &str = "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T";
const BOB: &str = "11111111111111111111111111111111";

fn event(data: &str) -> String {
    format!(r#"{{"eventName":"swap","userPubkey":"{ALICE}","timestamp":1,"data":{data}}}"#)
}

fn read(text: &str) -> Events {
    Events::read(text.as_bytes()).unwrap()
}

fn refusal(text: &str) -> String {
    Events::read(text.as_bytes()).unwrap_err().to_string()
}

fn table_name(event: &str) -> TableName {
    TableName::of_event(event).unwrap()
}

fn names(events: &Events) -> Vec<String> {
    events.names().map(TableName::to_string).collect()
}

fn columns(events: &Events) -> BTreeMap<String, Column> {
    events
        .table(&table_name("swap"))
        .unwrap()
        .fields()
        .map(|(name, column)| (name.to_owned(), column.clone()))
        .collect()
}

#[test]
fn an_event_becomes_a_row_of_typed_columns() {
    let events = read(&event(r#"{"amount": 12.5, "pool": "a\u0062", "win": true, "none": null}"#));
    let table = events.table(&table_name("swap")).unwrap();
    assert_eq!((events.len(), names(&events)), (1, vec!["events.swap".to_owned()]));
    assert_eq!((table.len(), table.timestamps(), table.user_pubkeys()[0].to_string().as_str()), (1, &[1][..], ALICE));
    let columns = columns(&events);
    assert_eq!(columns["amount"], Column::Number(vec![Some(12_500_000_000)]));
    assert_eq!(columns["pool"], Column::Text(vec![Some("ab".to_owned())]));
    assert_eq!(columns["win"], Column::Boolean(vec![Some(true)]));
    assert_eq!(columns["none"], Column::Null);
}

#[test]
fn an_empty_file_has_no_events() {
    for text in ["", "\n", "\n\r\n  \n"] {
        assert!(read(text).is_empty());
    }
}

#[test]
fn blank_lines_and_line_ends_do_not_matter_but_count() {
    let events = format!("\n{}\r\n\n{}", event("{}"), event("{}"));
    assert_eq!(read(&events).len(), 2);
    assert!(refusal(&format!("{events}\nx")).starts_with("line 5: "));
}

#[test]
fn numbers_are_exact() {
    let cases = [
        ("0", 0),
        ("-0.0", 0),
        ("0.1", 100_000_000),
        ("0.000000001", 1),
        ("1e3", 1_000_000_000_000),
        ("1.50000000000000", 1_500_000_000),
        ("9007199254740993", 9_007_199_254_740_993_000_000_000),
        ("99999999999999999999999999999.999999999", 10_i128.pow(38) - 1),
        ("-99999999999999999999999999999.999999999", 1 - 10_i128.pow(38)),
    ];
    for (text, units) in cases {
        let events = read(&event(&format!(r#"{{"amount":{text}}}"#)));
        assert_eq!(columns(&events)["amount"], Column::Number(vec![Some(units)]), "{text}");
    }
}

#[test]
fn numbers_with_too_many_digits_are_refused() {
    let long = "9".repeat(400);
    for text in ["0.1234567891", "1e29", "100000000000000000000000000000", "1e-10", "1e400", &long] {
        let message = refusal(&event(&format!(r#"{{"amount":{text}}}"#)));
        assert!(message.starts_with("line 1: `data.amount` is "), "{message}");
        assert!(message.ends_with(": a number has at most 29 digits before the point and 9 behind it"), "{message}");
        assert!(message.len() < 250, "{message}");
    }
}

#[test]
fn a_field_that_is_missing_or_null_has_no_value() {
    let events = read(&[event(r#"{"a":1}"#), event("{}"), event(r#"{"a":null,"b":"x"}"#)].join("\n"));
    let columns = columns(&events);
    assert_eq!(columns["a"], Column::Number(vec![None, None, Some(1_000_000_000)]));
    assert_eq!(columns["b"], Column::Text(vec![None, Some("x".to_owned()), None]));
}

#[test]
fn a_field_has_one_type() {
    let lines = [event(r#"{"a":null}"#), event("{}"), event(r#"{"a":1}"#), event(r#"{"a":"1"}"#)].join("\n");
    assert_eq!(refusal(&lines), "line 4: `data.a` of `swap` is a text here but a number on line 3: use one type");
    let other_name = event(r#"{"a":"1"}"#).replace("swap", "stake");
    assert_eq!(names(&read(&format!("{}\n{other_name}", event(r#"{"a":1}"#)))), ["events.stake", "events.swap"]);
}

#[test]
fn the_order_of_the_lines_does_not_matter() {
    let mut lines: Vec<String> = (0..50)
        .map(|number| {
            let user = if number % 3 == 0 { ALICE } else { BOB };
            let data = format!(r#"{{"a":{},"b":"{}","c":{}}}"#, number % 5, number % 2, number % 7 == 0);
            format!(r#"{{"eventName":"swap","userPubkey":"{user}","timestamp":{},"data":{data}}}"#, number % 4)
        })
        .collect();
    let expected = read(&lines.join("\n"));
    for round in 0..50 {
        lines.rotate_left(7);
        lines.swap(round, 49 - round);
        assert_eq!(read(&lines.join("\n")), expected);
    }
    assert!(expected.table(&table_name("swap")).unwrap().timestamps().is_sorted());
}

fn with_id(id: &str, data: &str) -> String {
    event(data).replace("\"timestamp\"", &format!("\"id\":\"{id}\",\"timestamp\""))
}

#[test]
fn the_same_id_with_the_same_body_counts_once() {
    let lines = [
        with_id("x", r#"{"a":1,"b":"y"}"#),
        with_id("x", r#"{"b":"y","a":1.0}"#),
        with_id("x", r#"{"b":"y","a":1e0,"c":null}"#),
        with_id("z", r#"{"a":1,"b":"y"}"#),
        event(r#"{"a":1,"b":"y"}"#),
        event(r#"{"a":1,"b":"y"}"#),
        with_id("x", r#"{"a":1,"b":"y"}"#).replace("swap", "stake"),
    ];
    assert_eq!(read(&lines.join("\n")).len(), 5);
}

#[test]
fn the_same_id_with_another_body_is_refused() {
    let first = with_id("x", r#"{"a":1}"#);
    let others = [
        with_id("x", r#"{"a":2}"#),
        with_id("x", "{}"),
        with_id("x", r#"{"a":null}"#),
        with_id("x", r#"{"a":1,"b":2}"#),
        first.replace("\"timestamp\":1", "\"timestamp\":2"),
        first.replace(ALICE, BOB),
    ];
    for other in others {
        assert_eq!(
            refusal(&format!("{first}\n\n{other}")),
            "line 3: `id` \"x\" of `swap` was on line 1 with another body: an id names one event",
            "{other}"
        );
    }
}

#[test]
fn a_line_that_is_not_an_event_is_refused() {
    let good = event("{}");
    let cases = [
        ("[]".to_owned(), "not a JSON object: invalid type: sequence, expected an object"),
        ("{".to_owned(), "not a JSON object: EOF while parsing an object, at column 1"),
        (format!("{good} {good}"), "not a JSON object: trailing characters"),
        (format!("\u{feff}{good}"), "not a JSON object: expected value, at column 1"),
        (good.replace("\"data\"", "\"Data\""), "unknown key `Data`: an event has `eventName`, `userPubkey`"),
        (good.replace("\"data\":{}", "\"id\":\"x\""), "`data` is missing"),
        (good.replace("\"eventName\":\"swap\",", ""), "`eventName` is missing"),
        (good.replace("\"timestamp\":1,", ""), "`timestamp` is missing"),
        (good.replace(&format!("\"userPubkey\":\"{ALICE}\","), ""), "`userPubkey` is missing"),
        (good.replace("\"timestamp\":1", "\"timestamp\":1,\"timestamp\":1"), "`timestamp` is there twice"),
        (event(r#"{"a":1,"\u0061":1}"#), "`data.a` is there twice"),
        (good.replace("\"swap\"", "7"), "`eventName` is 7: write 1 to 64 letters"),
        (good.replace("swap", "7swap"), "`eventName` is \"7swap\": write 1 to 64 letters"),
        (good.replace("swap", ""), "`eventName` is \"\""),
        (good.replace("swap", "sw ap"), "`eventName` is \"sw ap\""),
        (good.replace("swap", "a.b"), "`eventName` is \"a.b\""),
        (good.replace("swap", "swаp"), "`eventName` is \"swаp\""),
        (good.replace("swap", &"a".repeat(65)), "`eventName` is \"aaaa"),
        (good.replace(ALICE, "alice"), "`userPubkey` is \"alice\": write the base58 text of a public key's 32 bytes"),
        (good.replace(ALICE, &ALICE[2..]), "`userPubkey` is "),
        (good.replace(ALICE, &format!("1{ALICE}")), "`userPubkey` is "),
        (good.replace(ALICE, &format!(" {ALICE}")), "`userPubkey` is "),
        (good.replace(ALICE, &BOB[1..]), "`userPubkey` is "),
        (good.replace(&format!("\"{ALICE}\""), "null"), "`userPubkey` is null"),
        (good.replace(":1,", ":\"1\","), "`timestamp` is \"1\": write whole milliseconds since 1970"),
        (good.replace(":1,", ":1.0,"), "`timestamp` is 1.0: "),
        (good.replace(":1,", ":1e3,"), "`timestamp` is 1e3: "),
        (good.replace(":1,", ":-1,"), "`timestamp` is -1: "),
        (good.replace(":1,", ":253402300800000,"), "`timestamp` is 253402300800000: "),
        (good.replace(":1,", ":null,"), "`timestamp` is null: "),
        (event("null"), "`data` is null: write an object of fields"),
        (event("[1]"), "`data` is [1]: "),
        (event(r#"{"a":{"b":[1]}}"#), "`data.a` is an object: a field is a number, a text, a boolean or null"),
        (event(r#"{"a":[]}"#), "`data.a` is an array: "),
        (event(r#"{"a b":1}"#), "`data` has a field named \"a b\": write 1 to 64 letters"),
        (event(r#"{"":1}"#), "`data` has a field named \"\""),
        (event(r#"{"timestamp":1}"#), "`data.timestamp` is a reserved name: "),
        (event(r#"{"User_Pubkey":1}"#), "`data.User_Pubkey` is a reserved name: "),
        (event(r#"{"id":1}"#), "`data.id` is a reserved name: "),
        (event(r#"{"a":"\ud800"}"#), "`data.a` is not Unicode text"),
        (event(r#"{"a":01}"#), "not a JSON object: "),
        (event(r#"{"a":NaN}"#), "not a JSON object: "),
        (good.replace("\"timestamp\"", "\"id\":7,\"timestamp\""), "`id` is 7: write a text of 1 to 256 bytes"),
        (with_id("", "{}"), "`id` is \"\": "),
        (with_id(&"x".repeat(257), "{}"), "`id` is \"xxx"),
    ];
    for (line, expected) in cases {
        let message = refusal(&format!("{good}\n{line}"));
        assert!(message.starts_with("line 2: "), "{message}");
        assert!(message.contains(expected), "{message}\nshould contain\n{expected}");
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_refused() {
    let error = Events::read(&b"{\"eventName\":\"\xff\"}"[..]).unwrap_err();
    assert_eq!(error.to_string(), "line 1: not a JSON object: byte 14 is not UTF-8");
}

#[test]
fn a_line_may_have_a_mebibyte_and_no_more() {
    let padding = |length: usize| event(&format!(r#"{{"a":"{}"}}"#, "x".repeat(length)));
    let room = (1 << 20) - padding(0).len();
    assert_eq!(read(&format!("{}\n{}", padding(room), padding(room))).len(), 2);
    let refused = refusal(&format!("{}\n{}\n", event("{}"), padding(room + 1)));
    assert_eq!(refused, "line 2: longer than 1048576 bytes: write one event a line");
}

#[test]
fn fields_are_limited() {
    let data = |count: u32| {
        let fields: Vec<String> = (0..count).map(|number| format!("\"f{number:03}\":{number}")).collect();
        event(&format!("{{{}}}", fields.join(",")))
    };
    assert_eq!(columns(&read(&data(128))).len(), 128);
    assert_eq!(refusal(&data(129)), "line 1: `swap` has more than 128 different fields; `data.f128` is one too many");
}

#[test]
fn an_indexer_s_events_have_tables_of_their_own() {
    let lines = ["swap", "chain.swap", "instructions.swap"].map(|name| event("{}").replace("swap", name));
    assert_eq!(names(&read(&lines.join("\n"))), ["chain.swap", "events.swap", "instructions.swap"]);
    assert!(refusal(&event("{}").replace("swap", "events.swap")).contains("`eventName` is \"events.swap\""));
}

#[test]
fn users_are_ordered_by_their_bytes() {
    let lines: Vec<String> = (1..60_u8)
        .map(|byte| event("{}").replace(ALICE, &solana_pubkey::Pubkey::from([byte; 32]).to_string()))
        .collect();
    let events = read(&lines.join("\n"));
    let users = events.table(&table_name("swap")).unwrap().user_pubkeys();
    assert!(users.is_sorted());
    assert!(!users.iter().map(ToString::to_string).is_sorted());
}
