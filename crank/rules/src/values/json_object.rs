//! A JSON object as it is written: its members in order, including repeated names, and its values as text.
//!
//! serde's own maps would keep only the last of repeated names, and would read numbers as floats. The two callers,
//! `campaign` and `events`, give the names their meaning.

use std::{borrow::Cow, fmt};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Room for as many members as most objects have.
const USUAL_MEMBERS: usize = 8;

/// The members of an object; a name without escapes is borrowed.
pub struct Members<'a>(pub Vec<(Cow<'a, str>, &'a RawValue)>);

#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object in braces")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut members = Vec::with_capacity(USUAL_MEMBERS);
        while let Some((Name(name), value)) = map.next_entry()? {
            members.push((name, value));
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_repetitions_and_borrow_what_they_can() {
        let Members(members) = serde_json::from_str(r#"{"b": 1.50, "a": {}, "b": "x", "\u0061": null}"#).unwrap();
        let texts: Vec<(&str, &str)> = members.iter().map(|(name, value)| (name.as_ref(), value.get())).collect();
        assert_eq!(texts, [("b", "1.50"), ("a", "{}"), ("b", "\"x\""), ("a", "null")]);
        let borrowed: Vec<bool> = members.iter().map(|(name, _)| matches!(name, Cow::Borrowed(_))).collect();
        assert_eq!(borrowed, [true, true, true, false]);
    }

    #[test]
    fn nothing_but_an_object_has_members() {
        for text in ["[]", "1", "\"{}\"", "null", "{", "{\"a\"}", "{} {}", ""] {
            assert!(serde_json::from_str::<Members<'_>>(text).is_err(), "{text}");
        }
    }
}
