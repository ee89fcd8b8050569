//! Tests of every finding, of the documented formulas, and that good formulas have no findings.

mod documented;
mod kinds;
mod measured;
mod mistakes;

use super::{Code, Lint, Severity, lint};
use crate::{
    evaluation::{Audience, RewardTerms, Row, Shape},
    formula::Formula,
};
use solana_pubkey::Pubkey;

/// A pool of 50,000 of a token with six decimals.
fn terms(shape: Shape) -> RewardTerms {
    RewardTerms { shape, decimals: 6, pool: 50_000_000_000, max_per_participant: None, audience: Audience::Everyone }
}

fn parsed(formula: &str) -> Formula {
    Formula::parse(formula).unwrap_or_else(|error| panic!("{formula}: {error}"))
}

fn leaderboard(formula: &str) -> RewardTerms {
    terms(Shape::Leaderboard(parsed(formula)))
}

/// Rows with these values.
fn rows(values: &[&str]) -> Vec<Row> {
    let address = |index: usize| Pubkey::new_from_array([u8::try_from(index).unwrap(); 32]);
    values
        .iter()
        .enumerate()
        .map(|(index, value)| Row { address: address(index), value: value.parse().unwrap() })
        .collect()
}

/// Severity and code of everything found.
fn found(terms: &RewardTerms, rows: Option<&[Row]>) -> Vec<String> {
    let short = |lint: &Lint| format!("{} {}", lint.severity, lint.code.name());
    lint(terms, rows).iter().map(short).collect()
}

/// Checks severity and code of everything found without measured rows.
#[track_caller]
fn check(formula: &str, expected: &[&str]) {
    assert_eq!(found(&leaderboard(formula), None), expected, "{formula}");
}

/// Checks the whole text of the only finding of a code.
#[track_caller]
fn check_text(terms: &RewardTerms, rows: Option<&[Row]>, code: Code, expected: &str) {
    let lints = lint(terms, rows);
    let texts: Vec<String> = lints.iter().filter(|lint| lint.code == code).map(Lint::to_string).collect();
    assert_eq!(texts, [expected]);
}

#[test]
fn findings_come_gravest_first_and_each_once() {
    let lints = lint(&leaderboard("RANK < 0 ? 1 : N * 1000 / (TOTAL_PARTICIPANTS - 1)"), None);
    assert!(lints.is_sorted_by_key(|lint| (lint.severity, lint.code)));
    assert_eq!(lints.first().unwrap().severity, Severity::Error);
    let mut codes: Vec<Code> = lints.iter().map(|lint| lint.code).collect();
    codes.dedup();
    assert_eq!(codes.len(), lints.len());
}

#[test]
fn the_same_terms_give_the_same_findings() {
    let terms = leaderboard("N > 5 ? 7 - N : sqrt(N - 2)");
    assert_eq!(lint(&terms, None), lint(&terms, None));
}
