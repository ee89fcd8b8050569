//! The program's events, read back from a transaction's log. Not here: checks that they are true.

use anchor_lang::Event;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crank_cluster::cluster::Receipt;

/// The runtime's prefix of data that a program logs.
const DATA_LINE: &str = "Program data: ";

/// The events of type `E` that a transaction emitted, in order.
#[must_use]
pub fn events<E: Event>(receipt: &Receipt) -> Vec<E> {
    let lines = receipt.logs.iter().filter_map(|line| line.strip_prefix(DATA_LINE));
    lines.filter_map(|line| decode(&STANDARD.decode(line).unwrap())).collect()
}

/// The only event of a transaction, which must be of type `E`.
#[track_caller]
#[must_use]
pub fn the_event<E: Event>(receipt: &Receipt) -> E {
    let logged = receipt.logs.iter().filter(|line| line.starts_with(DATA_LINE)).count();
    assert_eq!(logged, 1, "one event is expected\n{}", receipt.logs.join("\n"));
    events(receipt).pop().expect("an event of another type was emitted")
}

fn decode<E: Event>(bytes: &[u8]) -> Option<E> {
    let mut fields = bytes.strip_prefix(E::DISCRIMINATOR)?;
    let event = E::deserialize(&mut fields).unwrap();
    assert!(fields.is_empty(), "{} bytes follow the event", fields.len());
    Some(event)
}
