//! The fields of one JSON object, read one at a time with an error text that says what would be right.
//!
//! Values stay JSON text until they are asked for, so a number is read from its digits and never becomes a float. A
//! field that is `null` counts as left out. What the fields mean is in the modules beside this one.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use solana_pubkey::Pubkey;

use super::CampaignError;
use crate::{
    values::decimal::Decimal, values::json_object::Members, values::table_name::is_word, wording::near_names,
    wording::shown,
};

/// The longest text of one line, in characters.
pub(super) const MAX_LINE_CHARACTERS: usize = 200;

/// The longest query, in bytes; the query engine reads no longer one.
pub(super) const MAX_QUERY_BYTES: usize = 64 << 10;

/// The fields of one JSON object.
pub(super) struct Fields<'a> {
    /// The path before a field's name in errors, such as `audience.`; empty at the top.
    path: String,
    members: BTreeMap<String, &'a RawValue>,
}

impl<'a> Fields<'a> {
    /// The fields of a whole JSON text; each must be in `known`.
    pub(super) fn of_text(text: &'a str, known: &[&str]) -> Result<Self, CampaignError> {
        let members: Members<'a> =
            serde_json::from_str(text).map_err(|error| CampaignError::Json(error.to_string()))?;
        Self::new(String::new(), members, known)
    }

    /// The fields of the object `value` at `place`; each must be in `known`.
    pub(super) fn of_object(
        place: &str,
        value: &'a RawValue,
        known: &[&str],
        expected: &str,
    ) -> Result<Self, CampaignError> {
        match serde_json::from_str(value.get()) {
            Ok(members) => Self::new(format!("{place}."), members, known),
            Err(_) => Err(wrong(place, quote(value), expected)),
        }
    }

    fn new(path: String, members: Members<'a>, known: &[&str]) -> Result<Self, CampaignError> {
        let mut fields = Self { path, members: BTreeMap::new() };
        for (name, value) in members.0 {
            if !known.contains(&name.as_ref()) {
                return Err(unknown_field(&fields.path, &name, known));
            }
            let field = format!("{}{name}", fields.path);
            if fields.members.insert(name.into_owned(), value).is_some() {
                return Err(CampaignError::RepeatedField(field));
            }
        }
        fields.members.retain(|_, value| value.get() != "null");
        Ok(fields)
    }

    /// The field's name with the path that leads to it, such as `distributors[1].raffleBuckets`.
    pub(super) fn place(&self, name: &str) -> String {
        format!("{}{name}", self.path)
    }

    /// The error for the field's value, which is not valid.
    pub(super) fn wrong(&self, name: &str, expected: &str) -> CampaignError {
        let found = self.members.get(name).map_or_else(|| "nothing".to_owned(), |value| quote(value));
        wrong(&self.place(name), found, expected)
    }

    /// Whether the field is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// The field's value as `read` converts it, if the field is there.
    pub(super) fn optional<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a RawValue) -> Option<T>,
    ) -> Result<Option<T>, CampaignError> {
        let Some(value) = self.members.get(name) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| self.wrong(name, expected))
    }

    /// The field's value as `read` converts it.
    pub(super) fn required<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&'a RawValue) -> Option<T>,
    ) -> Result<T, CampaignError> {
        self.optional(name, expected, read)?
            .ok_or_else(|| CampaignError::Missing { field: self.place(name), expected: expected.to_owned() })
    }

    /// The meaning of the field's word, if the field is there; `words` are pairs of word and meaning.
    pub(super) fn choice<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, CampaignError> {
        self.optional(name, &alternatives(words), |value| chosen(value, words))
    }

    /// The meaning of the field's word; `words` are pairs of word and meaning.
    pub(super) fn required_choice<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, CampaignError> {
        self.required(name, &alternatives(words), |value| chosen(value, words))
    }

    /// The elements of a list of 1 to `most`, each with its place, if the field is there.
    pub(super) fn elements(
        &self,
        name: &str,
        expected: &str,
        most: usize,
    ) -> Result<Option<Vec<(String, &'a RawValue)>>, CampaignError> {
        let expected = format!("{expected}, from 1 to {most} of them");
        let Some(list) = self.optional(name, &expected, list)? else { return Ok(None) };
        let place = self.place(name);
        if list.is_empty() || list.len() > most {
            return Err(wrong(&place, format!("a list of {}", list.len()), &expected));
        }
        let named = list.into_iter().enumerate().map(|(index, value)| (format!("{place}[{index}]"), value));
        Ok(Some(named.collect()))
    }

    /// The elements of a list of 1 to `most`, each with its place.
    pub(super) fn required_elements(
        &self,
        name: &str,
        expected: &str,
        most: usize,
    ) -> Result<Vec<(String, &'a RawValue)>, CampaignError> {
        self.elements(name, expected, most)?
            .ok_or_else(|| CampaignError::Missing { field: self.place(name), expected: expected.to_owned() })
    }

    /// The field as an amount in base units, above 0, if it is there.
    pub(super) fn amount(&self, name: &str, decimals: u8) -> Result<Option<u64>, CampaignError> {
        self.optional(name, &expected_amount(decimals), |value| base_units(number(value)?, decimals))
    }

    /// The field as an amount in base units, above 0.
    pub(super) fn required_amount(&self, name: &str, decimals: u8) -> Result<u64, CampaignError> {
        self.required(name, &expected_amount(decimals), |value| base_units(number(value)?, decimals))
    }

    /// Refuses the field if it is there.
    pub(super) fn refuse(&self, name: &str, reason: &str) -> Result<(), CampaignError> {
        if self.has(name) {
            return Err(CampaignError::Surplus { field: self.place(name), reason: reason.to_owned() });
        }
        Ok(())
    }
}

/// A JSON string.
pub(super) fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// A JSON string that is not blank.
pub(super) fn filled_text(value: &RawValue) -> Option<String> {
    text(value).filter(|text| !text.trim().is_empty())
}

/// A JSON string of one line that fits messages and tables: 1 to `MAX_LINE_CHARACTERS` characters.
pub(super) fn line(value: &RawValue) -> Option<String> {
    text(value).filter(|text| is_line(text))
}

/// Whether a text is one line that fits messages and tables.
pub(super) fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_LINE_CHARACTERS && !text.contains(char::is_control)
}

/// A JSON string that is not blank and not longer than a query may be.
pub(super) fn long_text(value: &RawValue) -> Option<String> {
    filled_text(value).filter(|text| text.len() <= MAX_QUERY_BYTES)
}

/// A JSON string that is a word: at most 64 letters, digits and underscores, not beginning with a digit.
pub(super) fn word(value: &RawValue) -> Option<String> {
    text(value).filter(|text| is_word(text))
}

/// A JSON string that is a public key in base58.
pub(super) fn address(value: &RawValue) -> Option<Pubkey> {
    text(value)?.parse().ok()
}

/// A JSON number above 0, exactly.
pub(super) fn positive_number(value: &RawValue) -> Option<Decimal> {
    number(value).filter(|number| *number > Decimal::ZERO)
}

/// A JSON number, exactly.
pub(super) fn number(value: &RawValue) -> Option<Decimal> {
    value.get().parse().ok()
}

/// A JSON number without a fraction, at least 0.
pub(super) fn whole_number(value: &RawValue) -> Option<u64> {
    number(value)?.to_base_units_exact(0).ok()
}

/// An amount in display units as base units: exactly, and above 0.
pub(super) fn base_units(amount: Decimal, decimals: u8) -> Option<u64> {
    amount.to_base_units_exact(decimals).ok().filter(|amount| *amount > 0)
}

/// What [`base_units`] takes, for an error text.
pub(super) fn expected_amount(decimals: u8) -> String {
    format!("an amount above 0 with at most {decimals} decimals and at most {} base units, such as 50000", u64::MAX)
}

/// `true` or `false`.
pub(super) fn flag(value: &RawValue) -> Option<bool> {
    serde_json::from_str(value.get()).ok()
}

fn chosen<T: Copy>(value: &RawValue, words: &[(&str, T)]) -> Option<T> {
    let text = text(value)?;
    words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning)
}

/// `"A", "B" or "C"`.
fn alternatives<T>(words: &[(&str, T)]) -> String {
    let quoted: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => quoted.concat(),
    }
}

/// The elements of a JSON array.
pub(super) fn list(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

/// The error of a field whose value is not valid.
pub(super) fn wrong(place: &str, found: String, expected: &str) -> CampaignError {
    CampaignError::Value { field: place.to_owned(), found, expected: expected.to_owned() }
}

/// `value` as an error text shows it.
pub(super) fn quote(value: &RawValue) -> String {
    match value.get().chars().next() {
        Some('"') => format!("the text {}", shown(value.get())),
        Some('[') => "a list".to_owned(),
        Some('{') => "an object".to_owned(),
        Some('t' | 'f' | 'n') => value.get().to_owned(),
        _ => format!("the number {}", shown(value.get())),
    }
}

fn unknown_field(path: &str, name: &str, known: &[&str]) -> CampaignError {
    let nearest = near_names::nearest(name, known.iter().copied());
    let suggestion = nearest.map(|known| format!(", did you mean `{path}{known}`?")).unwrap_or_default();
    let field = format!("{path}{}", shown(name));
    CampaignError::UnknownField { field, suggestion, known: known.join(", ") }
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
