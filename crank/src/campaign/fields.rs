//! The fields of one JSON object, read one at a time with an error text that says what would be right.
//!
//! Values stay JSON text until they are asked for, so a number is read from its digits and never becomes a float. A
//! field that is `null` counts as left out. What the fields mean is in `read`, `schedule` and `allocations`.

use std::{collections::BTreeMap, fmt};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::CampaignError;
use crate::decimal::Decimal;
use crate::near_names;

/// Longer values are cut in an error text.
const LONGEST_QUOTE: usize = 60;

/// The fields of one JSON object.
pub(super) struct Fields<'a> {
    /// What stands before a field's name in errors, such as `audience.`; empty at the top.
    path: String,
    members: BTreeMap<String, &'a RawValue>,
}

impl<'a> Fields<'a> {
    /// The fields of a whole JSON text, of which each must be in `known`.
    pub(super) fn of_text(text: &'a str, known: &[&str]) -> Result<Self, CampaignError> {
        let members: Members<'a> =
            serde_json::from_str(text).map_err(|error| CampaignError::Json(error.to_string()))?;
        Self::new(String::new(), members, known)
    }

    /// The fields of `value`, which stands at `path`; none if it is not an object.
    pub(super) fn of_value(path: &str, value: &'a RawValue, known: &[&str]) -> Result<Option<Self>, CampaignError> {
        match serde_json::from_str(value.get()) {
            Ok(members) => Self::new(format!("{path}."), members, known).map(Some),
            Err(_) => Ok(None),
        }
    }

    fn new(path: String, members: Members<'a>, known: &[&str]) -> Result<Self, CampaignError> {
        let mut fields = Self { path, members: BTreeMap::new() };
        for (name, value) in members.0 {
            if !known.contains(&name.as_str()) {
                return Err(unknown_field(&fields.path, &name, known));
            }
            let field = format!("{}{name}", fields.path);
            if fields.members.insert(name, value).is_some() {
                return Err(CampaignError::RepeatedField(field));
            }
        }
        fields.members.retain(|_, value| value.get() != "null");
        Ok(fields)
    }

    /// Whether the field is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// The field as `read` understands it, if it is there.
    pub(super) fn optional<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a RawValue) -> Option<T>,
    ) -> Result<Option<T>, CampaignError> {
        let Some(value) = self.members.get(name) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| CampaignError::Value {
            field: format!("{}{name}", self.path),
            found: quote(value),
            expected: expected.to_owned(),
        })
    }

    /// The field as `read` understands it.
    pub(super) fn required<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a RawValue) -> Option<T>,
    ) -> Result<T, CampaignError> {
        self.optional(name, expected, read)?.ok_or_else(|| CampaignError::Missing {
            field: format!("{}{name}", self.path),
            expected: expected.to_owned(),
        })
    }

    /// Refuses the field if it is there.
    pub(super) fn refuse(&self, name: &str, reason: &str) -> Result<(), CampaignError> {
        if self.has(name) {
            return Err(CampaignError::Surplus { field: format!("{}{name}", self.path), reason: reason.to_owned() });
        }
        Ok(())
    }
}

/// A JSON string.
pub(super) fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// A JSON string with something in it.
pub(super) fn filled_text(value: &RawValue) -> Option<String> {
    text(value).filter(|text| !text.trim().is_empty())
}

/// A JSON number, exactly.
pub(super) fn number(value: &RawValue) -> Option<Decimal> {
    value.get().parse().ok()
}

/// A JSON number without a fraction, at least 0.
pub(super) fn whole_number(value: &RawValue) -> Option<u64> {
    number(value)?.to_base_units_exact(0).ok()
}

/// `true` or `false`.
pub(super) fn flag(value: &RawValue) -> Option<bool> {
    serde_json::from_str(value.get()).ok()
}

/// The elements of a JSON array.
pub(super) fn list(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

/// What `value` is, for an error text.
pub(super) fn quote(value: &RawValue) -> String {
    match value.get().chars().next() {
        Some('"') => format!("the text {}", shortened(value.get())),
        Some('[') => "a list".to_owned(),
        Some('{') => "an object".to_owned(),
        Some('t' | 'f' | 'n') => value.get().to_owned(),
        _ => format!("the number {}", shortened(value.get())),
    }
}

/// A text cut to a length that fits a message.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

fn unknown_field(path: &str, name: &str, known: &[&str]) -> CampaignError {
    let nearest = near_names::nearest(name, known.iter().copied());
    let suggestion = nearest.map(|known| format!(", did you mean `{path}{known}`?")).unwrap_or_default();
    let field = format!("{path}{}", shortened(name));
    CampaignError::UnknownField { field, suggestion, known: known.join(", ") }
}

/// The members of a JSON object in the order of the text, repeated names included.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object in braces")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_their_digits() {
        let value = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
        let number = |text: &str| number(&value(text)).map(|number| number.to_string());
        assert_eq!(number("9007199254740993.1").as_deref(), Some("9007199254740993.1"));
        assert_eq!(number("5e4").as_deref(), Some("50000"));
        assert_eq!(number("\"5\""), None);
        assert_eq!(whole_number(&value("7.0")), Some(7));
        assert_eq!(whole_number(&value("7.5")), None);
        assert_eq!(whole_number(&value("-7")), None);
    }
}
