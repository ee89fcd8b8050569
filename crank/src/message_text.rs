//! How what came from outside stands in messages and reports: a text cut to a length that a line can hold, and an instant
//! as a date and a time in UTC.
//!
//! What else a message says is for the module that found the fault, and near names are in `near_names`.

use jiff::Timestamp;

/// Longer texts are cut, in characters.
const LONGEST: usize = 80;

/// The text, or its beginning and an ellipsis where it is longer than a message should be.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// An instant in seconds since 1970 as people write it, or the number where the calendar ends.
pub(crate) fn second(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| second.to_string(), |time| time.to_string())
}

/// An instant in milliseconds since 1970 as people write it, or the number where the calendar ends.
pub(crate) fn millisecond(millisecond: i64) -> String {
    Timestamp::from_millisecond(millisecond).map_or_else(|_| millisecond.to_string(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_only_if_it_is_longer() {
        let longest = "é".repeat(LONGEST);
        assert_eq!(shortened(&longest), longest);
        assert_eq!(shortened(&format!("{longest}é")), format!("{longest}…"));
        assert_eq!(shortened(""), "");
    }

    #[test]
    fn an_instant_is_a_date_and_a_time_or_its_number_where_the_calendar_ends() {
        assert_eq!(second(1_768_780_800), "2026-01-19T00:00:00Z");
        assert_eq!(millisecond(1_768_780_800_001), "2026-01-19T00:00:00.001Z");
        assert_eq!((second(-1), millisecond(-1)), ("1969-12-31T23:59:59Z".into(), "1969-12-31T23:59:59.999Z".into()));
        assert_eq!((second(i64::MAX), millisecond(i64::MIN)), (i64::MAX.to_string(), i64::MIN.to_string()));
    }
}
