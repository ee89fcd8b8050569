//! Tests of the formula language's promises, one module for each. This file has the row and the checks that they share.

mod campaigns;
mod evaluation_errors;
mod functions;
mod grammar;
mod limits;
mod reference;
mod refusals;
mod same_results;

use std::str::FromStr;

use super::{EvaluationCause, Exact, Formula, Rational, Variables};

/// The second of ten rows, of value 250, in an epoch that shares 1,000 over a total value of 4,000.
fn sample() -> Variables {
    Variables {
        value: Exact::from(250),
        rank: 2,
        total_participants: 10,
        total_reward_pool: Exact::from(1_000),
        total_value: Exact::from(4_000),
    }
}

/// A number written as a decimal or as a fraction.
fn exact(text: &str) -> Exact {
    if text.contains('/') { Rational::from_str(text) } else { Rational::from_str_decimal(text) }.unwrap().into()
}

/// Evaluates a formula for a row.
fn result(source: &str, variables: &Variables) -> Exact {
    let formula = Formula::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    formula.evaluate(variables).unwrap_or_else(|error| panic!("{source}: {error}"))
}

/// Checks the exact result of a formula for the sample row.
#[track_caller]
fn check(source: &str, expected: &str) {
    assert_eq!(result(source, &sample()), exact(expected), "{source}");
}

/// Checks whether a condition holds for the sample row.
#[track_caller]
fn check_condition(source: &str, expected: bool) {
    check(&format!("{source} ? 1 : 0"), if expected { "1" } else { "0" });
}

/// Checks the whole message about a text that is not a formula.
#[track_caller]
fn check_refused(source: &str, expected: &str) {
    let error = Formula::parse(source).map(|formula| panic!("accepted: {}", formula.source())).unwrap_err();
    assert_eq!(error.to_string(), expected, "{source}");
}

/// Checks which operation has no result for the sample row, and why.
#[track_caller]
fn check_fails(source: &str, column: usize, operation: &str, cause: EvaluationCause) {
    let error = Formula::parse(source).unwrap().evaluate(&sample()).unwrap_err();
    assert_eq!((error.column, error.operation.as_str(), error.cause), (column, operation, cause), "{source}");
}
