//! The first place where a bundle is wrong.

use std::fmt::Display;

use crate::wording::{shown, shown_to};

/// Longer texts are cut in a message, in characters.
const MAX_QUOTE: usize = 160;

/// A place where a bundle is wrong. Lines count from 1 and include a table's header.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{file}{}: expected {expected}, found {found}", .line.map(|line| format!(" line {line}")).unwrap_or_default())]
pub struct Difference {
    /// The file.
    pub file: String,
    /// The line; `None` if the whole file is meant.
    pub line: Option<usize>,
    /// What would be right.
    pub expected: String,
    /// The text that was found, without invisible characters, because a stranger may have written it.
    pub found: String,
}

impl Difference {
    /// A difference in `file`.
    pub(super) fn new(file: &str, line: Option<usize>, expected: impl Display, found: impl Display) -> Self {
        Self { file: shown(file), line, expected: expected.to_string(), found: shown_to(&found.to_string(), MAX_QUOTE) }
    }
}

/// Compares a file line by line with the expected bytes.
///
/// # Errors
/// The first line that differs.
pub fn compare(file: &str, expected: &[u8], found: &[u8]) -> Result<(), Difference> {
    if expected == found {
        return Ok(());
    }
    let mut expected_lines = lines(expected);
    let mut found_lines = lines(found);
    let mut number = 1_usize;
    loop {
        let (expected, found) = (expected_lines.next(), found_lines.next());
        if expected != found || expected.is_none() {
            let (expected, found) = (describe(expected), describe(found));
            return Err(Difference { file: shown(file), line: Some(number), expected, found });
        }
        number = number.saturating_add(1);
    }
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

/// A line for a message, with a note if the line feed at its end is missing.
fn describe(line: Option<&[u8]>) -> String {
    let quoted = |text| format!("`{}`", shown_to(&String::from_utf8_lossy(text), MAX_QUOTE));
    match line {
        None => "the end of the file".to_owned(),
        Some(line) => match line.strip_suffix(b"\n") {
            Some(text) => quoted(text),
            None => format!("{} without a line feed", quoted(line)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(expected: &str, found: &str) -> String {
        compare("a.csv", expected.as_bytes(), found.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn equal_files_do_not_differ() {
        assert_eq!(compare("a.csv", b"x\ny\n", b"x\ny\n"), Ok(()));
    }

    #[test]
    fn a_message_names_the_file_and_the_line() {
        assert_eq!(message("x\ny\n", "x\nz\n"), "a.csv line 2: expected `y`, found `z`");
        assert_eq!(message("x\n", "x\ny\n"), "a.csv line 2: expected the end of the file, found `y`");
        assert_eq!(message("x\ny\n", "x\n"), "a.csv line 2: expected `y`, found the end of the file");
        assert_eq!(message("x\n", "x"), "a.csv line 1: expected `x`, found `x` without a line feed");
        assert_eq!(message("x\n", "x\r\n"), "a.csv line 1: expected `x`, found `x\\r`");
    }

    #[test]
    fn a_stranger_s_text_cannot_reach_the_terminal() {
        assert_eq!(message("x\n", "\u{1b}[2J\u{202e}\n"), "a.csv line 1: expected `x`, found `\\u001b[2J\\u202e`");
        assert!(message("x\n", &"y".repeat(10_000)).len() < 300);
    }
}
