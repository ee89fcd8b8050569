//! Puts text from outside into messages and reports: shortened, with every invisible character written out; and writes
//! an instant as a date and a time in UTC.
//!
//! A file, a query or a node may hold characters that move the cursor, colour a terminal, turn the order of the letters
//! around or make two names look alike. They are written as in JSON, `\u001b`, so that JSON keeps its meaning. The
//! module that finds a fault writes the rest of the message; near names are in `near_names`.

pub mod near_names;

use std::{borrow::Cow, fmt::Write};

use jiff::Timestamp;

/// Longer texts are cut, in characters.
const MAX_CHARACTERS: usize = 80;

/// A text in one line without invisible characters, cut to what a message should quote.
pub fn shown(text: &str) -> String {
    shown_to(text, MAX_CHARACTERS)
}

/// The same with another length: the first `max_characters` characters of `text`, and an ellipsis if there are more.
pub fn shown_to(text: &str, max_characters: usize) -> String {
    let mut shown = String::new();
    text.chars().take(max_characters).for_each(|character| push(&mut shown, character));
    if text.chars().nth(max_characters).is_some() {
        shown.push('…');
    }
    shown
}

/// A whole report, which has lines and tabs, without any other invisible character.
///
/// It is the last check before printing and protects the terminal if a text was not quoted with [`shown`]. Only
/// [`shown`] also keeps a text from looking like two lines.
pub fn printable(report: &str) -> Cow<'_, str> {
    let is_plain = |character: char| matches!(character, '\n' | '\t') || is_visible(character);
    if report.chars().all(is_plain) {
        return Cow::Borrowed(report);
    }
    let mut printable = String::with_capacity(report.len());
    for character in report.chars() {
        if is_plain(character) { printable.push(character) } else { push(&mut printable, character) }
    }
    Cow::Owned(printable)
}

/// Adds a character, or the escape for an invisible one.
fn push(text: &mut String, character: char) {
    match character {
        _ if is_visible(character) => text.push(character),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        _ => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
}

/// Whether a reader sees the character, and it changes nothing else on the screen. The only blank is the usual space.
fn is_visible(character: char) -> bool {
    if character.is_ascii() {
        return matches!(character, ' '..='~');
    }
    // The standard library knows which characters are printable. A combining mark counts only after a letter.
    let after_a_letter: String = ['a', character].iter().collect();
    after_a_letter.escape_debug().nth(1) == Some(character) && !is_printable_and_invisible(character)
}

/// The letters and marks without a shape: fillers, joiners and variant selectors.
fn is_printable_and_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{34f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// An instant in seconds since 1970 as date and time, or the number itself if it is outside the calendar.
pub fn second(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| second.to_string(), |time| time.to_string())
}

/// An instant in milliseconds since 1970 as date and time, or the number itself if it is outside the calendar.
pub fn millisecond(millisecond: i64) -> String {
    Timestamp::from_millisecond(millisecond).map_or_else(|_| millisecond.to_string(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_only_if_it_is_longer() {
        let longest = "é".repeat(MAX_CHARACTERS);
        assert_eq!(shown(&longest), longest);
        assert_eq!(shown(&format!("{longest}é")), format!("{longest}…"));
        assert_eq!((shown("").as_str(), shown_to("abc", 2).as_str()), ("", "ab…"));
        assert_eq!(shown_to("\u{1b}\u{1b}", 1), "\\u001b…");
    }

    #[test]
    fn invisible_characters_are_written_as_json_writes_them() {
        let invisible = "\u{0}\u{7}\u{1b}\u{7f}\u{9b}\u{a0}\u{ad}\u{61c}\u{200b}\u{200d}\u{200f}\u{2028}\u{202e}\u{2066}\u{2069}\
                         \u{feff}\u{fff9}\u{34f}\u{3164}\u{fe0f}\u{e0001}\u{e0041}\u{e01ef}\u{e000}\n\r\t";
        let written = shown(invisible);
        assert!(written.is_ascii() && !written.contains(char::is_control), "{written}");
        assert_eq!(serde_json::from_str::<String>(&format!("\"{written}\"")).unwrap(), invisible);
        assert_eq!(shown("a\u{1b}[31m\u{202e}\n\u{e0041}"), "a\\u001b[31m\\u202e\\n\\udb40\\udc41");
    }

    #[test]
    fn the_writing_of_people_stays_as_it_is() {
        for text in ["it's \"50 %\" \\ {}", "Zoë Zoe\u{308}", "हिन्दी", "ไทย", "العربية", "日本語", "→ … × 🚀"]
        {
            assert_eq!((shown(text).as_str(), printable(text).as_ref()), (text, text));
        }
    }

    #[test]
    fn a_report_keeps_its_lines_and_tabs_and_nothing_else_that_is_invisible() {
        assert!(matches!(printable("a\tb\nc é\n"), Cow::Borrowed("a\tb\nc é\n")));
        assert_eq!(printable("a\tb\r\n\u{1b}]0;x\u{7}\n"), "a\tb\\r\n\\u001b]0;x\\u0007\n");
    }

    #[test]
    fn an_instant_is_a_date_and_a_time_or_its_number_where_the_calendar_ends() {
        assert_eq!(second(1_768_780_800), "2026-01-19T00:00:00Z");
        assert_eq!(millisecond(1_768_780_800_001), "2026-01-19T00:00:00.001Z");
        assert_eq!((second(-1), millisecond(-1)), ("1969-12-31T23:59:59Z".into(), "1969-12-31T23:59:59.999Z".into()));
        assert_eq!((second(i64::MAX), millisecond(i64::MIN)), (i64::MAX.to_string(), i64::MIN.to_string()));
    }
}
