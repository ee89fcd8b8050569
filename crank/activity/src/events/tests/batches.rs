//! Tests of reading in batches: what is kept from one to the next, and where ids point to.

use super::*;
use crate::events::{ColumnType, EventBatches};

#[test]
fn batches_count_lines_and_keep_types() {
    let lines: Vec<String> = (0..10).map(|number| event(&format!(r#"{{"a":{number}}}"#))).collect();
    let text = format!("{}\n{}", lines.join("\n"), event(r#"{"a":true}"#));
    let mut batches = EventBatches::new(text.as_bytes());
    let mut next = || batches.next_batch(4);
    assert_eq!(next().unwrap().map(|events| events.len()), Some(4));
    assert_eq!(next().unwrap().map(|events| events.len()), Some(4));
    let message = next().unwrap_err().to_string();
    assert_eq!(message, "line 11: `data.a` of `swap` is a boolean here but a number on line 1: use one type");
}

#[test]
fn a_stored_type_is_kept() {
    let text = [event(r#"{"b":1}"#), event(r#"{"a":1}"#)].join("\n");
    let stored = BTreeMap::from([("a".to_owned(), ColumnType::Text), ("b".to_owned(), ColumnType::Null)]);
    let mut batches = EventBatches::with_types(text.as_bytes(), &BTreeMap::from([(table_name("swap"), stored)]));
    let message = batches.next_batch(9).unwrap_err().to_string();
    assert_eq!(message, "line 2: `data.a` of `swap` is a number here but a text in the store: use one type");
}

#[test]
fn the_first_bad_line_is_named_even_before_one_that_is_too_long() {
    let text = format!("{}\nx\n{}", event("{}"), "y".repeat(2 << 20));
    assert!(refusal(&text).starts_with("line 2: not a JSON object"));
}

#[test]
fn ids_point_to_the_rows_of_their_events() {
    let lines: Vec<String> = (0..20)
        .map(|number| with_id(&format!("i{}", number % 15), &format!(r#"{{"a":{}}}"#, (number % 15 * 7) % 15)))
        .collect();
    let events = read(&lines.join("\n"));
    let identities = events.identities(&table_name("swap"));
    let Column::Number(numbers) = &columns(&events)["a"] else { panic!("numbers") };
    assert_eq!((events.len(), identities.len()), (15, 15));
    assert!(identities.is_sorted_by_key(|identity| identity.hash));
    for identity in identities {
        let number: i128 = identity.id[1..].parse().unwrap();
        assert_eq!(numbers[identity.row], Some(number * 7 % 15 * 1_000_000_000), "{}", identity.id);
    }
}
