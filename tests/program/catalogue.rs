//! The security catalogue: the cases C-001 to C-134 of the threat model, each with its tests or the reason why it does
//! not apply, in `CATALOGUE.md` beside this file.
//!
//! The modules below are attacks that do not concern a single instruction: paying twice, forged proofs, leaves of other
//! epochs, odd accounts. Not here: the normal work of the instructions (the modules beside this one).

mod accounts;
mod batch;
mod binding;
mod bit_flips;
mod claim_once;
mod clawback;
mod closing;
mod extensions;
mod forgery;
mod in_process;
mod index;
mod length;
mod mints;
mod odd_trees;
mod receivers;
mod roots;
mod seizures;
mod stage;
mod substitution;
mod token_accounts;
mod transfer_fees;
mod vaults;
mod withheld_fees;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The cases, each with its subject and the tests that cover it.
const CATALOGUE: &str = include_str!("CATALOGUE.md");
/// How many cases there are.
const CASES: usize = 134;
/// Written in place of tests, with the reason.
const NOT_APPLICABLE: &str = "does not apply: ";

/// The rows of the catalogue: the case's number, and the tests that cover it.
fn rows() -> Vec<(usize, &'static str)> {
    let lines = CATALOGUE.lines().filter_map(|line| line.strip_prefix("| C-")?.strip_suffix(" |"));
    lines
        .map(|line| {
            let [number, _, coverage] = line.split(" | ").collect::<Vec<_>>()[..] else {
                panic!("not three columns: {line}");
            };
            (number.parse().unwrap(), coverage)
        })
        .collect()
}

/// The tests that a row names.
fn named(coverage: &str) -> impl Iterator<Item = &str> {
    coverage.split('`').skip(1).step_by(2)
}

/// Every test of the program, the tree and the evaluation, as `file::test`, and the text of the files of `folder`.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                found.push((name, std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    found
}

/// The tests of a file's text, each with the text above it.
fn tests_of(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let blocks = text.split("\n\n").filter_map(|block| block.split_once("#[test]\nfn "));
    blocks.map(|(above, rest)| (rest.split('(').next().unwrap_or_default(), above))
}

/// Every test, as `file::test`.
fn all_tests() -> BTreeSet<String> {
    let sources: Vec<_> = ["program", "merkle", "evaluation"].into_iter().flat_map(sources).collect();
    let names = sources.iter().flat_map(|(file, text)| tests_of(text).map(move |(name, _)| format!("{file}::{name}")));
    names.collect()
}

#[test]
fn every_case_has_one_row_with_tests_or_the_reason_why_it_does_not_apply() {
    let rows = rows();
    let numbers: Vec<usize> = rows.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=CASES).collect::<Vec<_>>());
    for (number, coverage) in rows {
        let reason = coverage.strip_prefix(NOT_APPLICABLE).is_some_and(|reason| reason.split(' ').count() > 5);
        assert!(reason || named(coverage).next().is_some(), "C-{number:03} is not covered");
    }
}

#[test]
fn every_test_that_the_catalogue_names_exists() {
    let tests = all_tests();
    let rows = rows();
    let named = rows.iter().flat_map(|(number, coverage)| named(coverage).map(move |test| (number, test)));
    let missing: Vec<_> = named.filter(|(_, test)| !tests.contains(*test)).collect();
    assert!(missing.is_empty(), "named, but not there: {missing:#?}");
}

#[test]
fn every_test_with_a_number_in_its_name_is_in_the_row_of_that_number() {
    let rows: BTreeMap<usize, BTreeSet<&str>> =
        rows().into_iter().map(|(number, coverage)| (number, named(coverage).collect())).collect();
    let tests = all_tests();
    let numbered = tests.iter().filter_map(|test| Some((test, test.split_once("::c_")?.1.get(..3)?.parse().ok()?)));
    let unlisted: Vec<_> = numbered
        .filter(|(test, number)| rows.get(number).is_none_or(|listed| !listed.contains(test.as_str())))
        .collect();
    assert!(unlisted.is_empty(), "in no row of the catalogue: {unlisted:#?}");
}

#[test]
fn every_test_of_an_attack_names_its_case_in_its_documentation() {
    for (file, text) in sources("program/catalogue") {
        for (name, above) in tests_of(&text) {
            let case = name.strip_prefix("c_").and_then(|rest| rest.get(..3));
            let case = case.unwrap_or_else(|| panic!("{file}: a test without a number: {name}"));
            assert!(above.starts_with(&format!("/// C-{case}")), "{file}: {name} is documented as another case");
        }
    }
}
