//! One line of activity: from JSON text to checked values. It compares nothing with other lines; `builder` does.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::value::RawValue;
use solana_pubkey::Pubkey;

use super::column::Value;
use super::error::LineProblem;
use super::field_name::checked_field_name;
use super::limits::{LAST_TIMESTAMP, MAX_ID_BYTES};
use super::number::number_units;
use crank_rules::values::json_object::Members;
use crank_rules::values::table_name::TableName;
use crank_rules::wording::shown;

/// One event, checked on its own. It borrows texts without escapes from its line.
pub(super) struct EventLine<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) user_pubkey: Pubkey,
    /// Milliseconds since 1970.
    pub(super) timestamp: i64,
    pub(super) fields: Vec<(Cow<'a, str>, Value<'a>)>,
    pub(super) id: Option<Cow<'a, str>>,
}

impl<'a> EventLine<'a> {
    /// Reads and checks one line.
    pub(super) fn parse(line: &'a [u8]) -> Result<Self, LineProblem> {
        let (mut name, mut user_pubkey, mut timestamp, mut data, mut id) = (None, None, None, None, None);
        for (key, value) in parse_object(line)? {
            match key.as_ref() {
                "eventName" => name = Some(event_name(value)?),
                "userPubkey" => user_pubkey = Some(public_key(value)?),
                "timestamp" => timestamp = Some(milliseconds(value)?),
                "data" => data = Some(fields(value)?),
                "id" => id = Some(identifier(value)?),
                _ => return Err(LineProblem::UnknownKey(shown(&key))),
            }
        }
        Ok(Self {
            name: name.ok_or(LineProblem::MissingKey("eventName"))?,
            user_pubkey: user_pubkey.ok_or(LineProblem::MissingKey("userPubkey"))?,
            timestamp: timestamp.ok_or(LineProblem::MissingKey("timestamp"))?,
            fields: data.ok_or(LineProblem::MissingKey("data"))?,
            id,
        })
    }
}

/// The entries of an object as they are written.
type Entries<'a> = Vec<(Cow<'a, str>, &'a RawValue)>;

fn parse_object(line: &[u8]) -> Result<Entries<'_>, LineProblem> {
    let text = std::str::from_utf8(line)
        .map_err(|error| LineProblem::NotAnObject(format!("byte {} is not UTF-8", error.valid_up_to())))?;
    let Members(entries) =
        serde_json::from_str(text).map_err(|error| LineProblem::NotAnObject(json_message(&error)))?;
    refuse_duplicates(&entries, "")?;
    Ok(entries)
}

/// serde's message without its line number, which would always be 1.
fn json_message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let message = text.split_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    format!("{message}, at column {}", error.column())
}

fn refuse_duplicates(entries: &[(Cow<'_, str>, &RawValue)], prefix: &str) -> Result<(), LineProblem> {
    // Comparing a few keys with each other is faster than building a set.
    const FEW: usize = 16;
    let duplicate = if entries.len() <= FEW {
        let earlier = |at: usize| entries.get(..at).unwrap_or_default();
        let mut later = entries.iter().enumerate();
        later.find(|(at, (key, _))| earlier(*at).iter().any(|(other, _)| other == key)).map(|(_, (key, _))| key)
    } else {
        let mut seen = BTreeSet::new();
        entries.iter().map(|(key, _)| key).find(|key| !seen.insert(*key))
    };
    match duplicate {
        None => Ok(()),
        Some(key) => Err(LineProblem::DuplicateKey(format!("{prefix}{}", shown(key)))),
    }
}

fn event_name(value: &RawValue) -> Result<Cow<'_, str>, LineProblem> {
    let name = as_text(value).filter(|name| TableName::is_event_name(name));
    name.ok_or_else(|| LineProblem::EventName(quoted(value)))
}

fn public_key(value: &RawValue) -> Result<Pubkey, LineProblem> {
    // Base58 of a fixed length has one text for each value, so what parses is canonical.
    as_text(value).and_then(|text| text.parse().ok()).ok_or_else(|| LineProblem::UserPubkey(quoted(value)))
}

fn milliseconds(value: &RawValue) -> Result<i64, LineProblem> {
    let milliseconds = value.get().parse().ok().filter(|time| (0..=LAST_TIMESTAMP).contains(time));
    milliseconds.ok_or_else(|| LineProblem::Timestamp(quoted(value)))
}

fn identifier(value: &RawValue) -> Result<Cow<'_, str>, LineProblem> {
    let id = as_text(value).filter(|id| (1..=MAX_ID_BYTES).contains(&id.len()));
    id.ok_or_else(|| LineProblem::Id(quoted(value)))
}

fn fields(data: &RawValue) -> Result<Vec<(Cow<'_, str>, Value<'_>)>, LineProblem> {
    let Members(entries) = serde_json::from_str(data.get()).map_err(|_| LineProblem::Data(quoted(data)))?;
    refuse_duplicates(&entries, "data.")?;
    entries.into_iter().map(|(name, value)| field(name, value)).collect()
}

fn field<'a>(name: Cow<'a, str>, value: &'a RawValue) -> Result<(Cow<'a, str>, Value<'a>), LineProblem> {
    checked_field_name(&name)?;
    let value = scalar(&name, value)?;
    Ok((name, value))
}

fn scalar<'a>(name: &str, value: &'a RawValue) -> Result<Value<'a>, LineProblem> {
    let nested = |found| Err(LineProblem::NestedField { path: format!("data.{name}"), found });
    match value.get().as_bytes().first() {
        Some(b'{') => nested("object"),
        Some(b'[') => nested("array"),
        Some(b'n') => Ok(Value::Null),
        Some(b't') => Ok(Value::Boolean(true)),
        Some(b'f') => Ok(Value::Boolean(false)),
        Some(b'"') => text(name, value).map(Value::Text),
        _ => number(name, value).map(Value::Number),
    }
}

fn text<'a>(name: &str, value: &'a RawValue) -> Result<Cow<'a, str>, LineProblem> {
    // Only a JSON string with half of a surrogate pair, which is not valid Unicode, gets here.
    as_text(value).ok_or_else(|| LineProblem::NotAnObject(format!("`data.{name}` is not Unicode text")))
}

fn number(name: &str, value: &RawValue) -> Result<i128, LineProblem> {
    let number = number_units(value.get());
    number.ok_or_else(|| LineProblem::NumberTooLong { field: name.to_owned(), found: quoted(value) })
}

fn as_text(value: &RawValue) -> Option<Cow<'_, str>> {
    let text = value.get();
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        // The parser has already refused control characters.
        Some(inner) if !inner.contains('\\') => Some(Cow::Borrowed(inner)),
        _ => serde_json::from_str(text).ok().map(Cow::Owned),
    }
}

/// A value's JSON text for a message.
fn quoted(value: &RawValue) -> String {
    shown(value.get())
}
