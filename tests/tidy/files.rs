//! Rules for single files: how they begin, how long they are, and what no file may contain.

use crate::repository::{refuse, rust_files, text_files};

/// Lines of a Rust file before its test module.
const MAX_FILE_LINES: usize = 300;
/// The program's table of contents, which Anchor wants in one file and which has no logic.
const TABLE_OF_CONTENTS: &str = "programs/torque/src/lib.rs";

/// Columns of a comment, as in `rustfmt.toml`; rustfmt breaks code and leaves comments alone.
const MAX_COLUMNS: usize = 120;

/// Put together here, so that this file does not contain what it forbids.
const UNFINISHED: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

#[test]
fn every_rust_file_begins_by_saying_what_it_is() {
    let silent = rust_files().filter(|file| !file.text.starts_with("//! "));
    refuse(&silent.map(|file| format!("{}:1: begin with `//!`", file.path)).collect::<Vec<_>>());
}

#[test]
fn no_rust_file_is_longer_than_300_lines_before_its_tests() {
    let mut offences = Vec::new();
    for file in rust_files() {
        let length = lines_before_tests(&file.text);
        if length > MAX_FILE_LINES && file.path != TABLE_OF_CONTENTS {
            offences.push(format!("{}:{length}: {length} lines, at most {MAX_FILE_LINES}", file.path));
        }
    }
    refuse(&offences);
}

#[test]
fn no_comment_is_wider_than_the_code_may_be() {
    let mut offences = Vec::new();
    for file in rust_files() {
        let lines = file.text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("//"));
        let wide = lines.filter(|(_, line)| line.chars().count() > MAX_COLUMNS);
        offences.extend(wide.map(|(index, _)| format!("{}:{}: break the comment", file.path, index + 1)));
    }
    refuse(&offences);
}

#[test]
fn no_line_ends_in_white_space() {
    let blank = [' ', '\t', '\r'];
    refuse(&lines_where(|line| line.ends_with(blank)).map(|place| format!("{place}: white space")).collect::<Vec<_>>());
}

#[test]
fn nothing_is_marked_as_unfinished() {
    let is_marked = |line: &str| {
        let mut words = line.split(|character: char| !character.is_alphanumeric() && character != '_');
        words.any(|word| UNFINISHED.contains(&word))
    };
    refuse(&lines_where(is_marked).map(|place| format!("{place}: finish it")).collect::<Vec<_>>());
}

/// `path:line` of every line of every text file for which `is_offence` holds.
fn lines_where(is_offence: impl Fn(&str) -> bool) -> impl Iterator<Item = String> {
    text_files().iter().flat_map(move |file| {
        let numbered = file.text.split('\n').enumerate().filter(|(_, line)| is_offence(line));
        numbered.map(|(index, _)| format!("{}:{}", file.path, index + 1)).collect::<Vec<_>>()
    })
}

/// The lines above the file's own test module.
fn lines_before_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let tests = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod "));
    tests.unwrap_or(lines.len())
}
