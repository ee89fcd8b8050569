//! Rules for functions and tests: length, names, and attributes that would hide a failure.

use crate::repository::{refuse, rust_files};
use crate::source::{Function, functions, line_of, words};

/// Lines of code in a function's body; clippy's `too-many-lines-threshold` is the same.
const MAX_FUNCTION_LINES: usize = 60;

/// A test's name is a sentence, and a sentence has more words than two.
const SHORTEST_SENTENCE: usize = 3;

#[test]
fn no_function_is_longer_than_60_lines_without_a_reason() {
    let mut offences = Vec::new();
    for file in rust_files() {
        for function in functions(&file.code) {
            let is_excused = function.attributes.contains("expect(clippy::too_many_lines");
            if function.length > MAX_FUNCTION_LINES && !is_excused {
                let place = format!("{}:{}", file.path, function.line);
                offences.push(format!("{place}: `{}` has {} lines of code", function.name, function.length));
            }
        }
    }
    refuse(&offences);
}

#[test]
fn every_test_is_named_by_a_sentence() {
    let mut offences = Vec::new();
    for file in rust_files() {
        for test in functions(&file.code).iter().filter(|function| is_test(function)) {
            let is_sentence = test.name.split('_').filter(|word| !word.is_empty()).count() >= SHORTEST_SENTENCE;
            if !is_sentence || test.name.starts_with("test_") || test.name.ends_with("_test") {
                offences.push(format!("{}:{}: `{}` is not a sentence", file.path, test.line, test.name));
            }
        }
    }
    refuse(&offences);
}

#[test]
fn no_test_is_ignored_or_expects_a_panic() {
    let mut offences = Vec::new();
    for file in rust_files() {
        for word in words(&file.code) {
            let is_ignored = word.text == "ignore" && word.follows(&file.code, "#[");
            if is_ignored || word.text == "should_panic" {
                offences.push(format!("{}:{}: `{}`", file.path, line_of(&file.code, word.start), word.text));
            }
        }
    }
    refuse(&offences);
}

/// Whether the test harness runs it, be it by `#[test]` or by `#[tokio::test]`.
fn is_test(function: &Function<'_>) -> bool {
    ["#[test]", "::test]", "::test("].iter().any(|mark| function.attributes.contains(mark))
}
