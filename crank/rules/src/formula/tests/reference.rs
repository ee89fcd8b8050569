//! The slow evaluation that the fast one is held to: rational numbers in lowest terms after every operation.
//!
//! It walks the same tree and shares nothing else with what it checks.

mod arithmetic;
mod power;
mod rounding;
mod transcendental;
mod walk;

use crate::formula::{EvaluationCause, EvaluationError, Formula, Rational, Variables, expression, names};

/// What a formula gives for a row.
pub(super) fn evaluate(formula: &Formula, variables: &Variables) -> Result<Rational, EvaluationError> {
    walk::number(&formula.root, variables)
}
