//! Rows for which the formula has no result. A single measured one keeps the epoch from being evaluated.

use super::{
    Code, Lint, Severity,
    board::{Board, Situation},
    situations::{self, Candidates},
};
use crate::formula::{EvaluationCause, EvaluationError};

/// The first division by zero and the first other failure.
pub(super) fn lints(board: &Board, candidates: &Candidates, measured: &[Situation]) -> Vec<Lint> {
    let is_division = |error: &EvaluationError| error.cause == EvaluationCause::DivisionByZero;
    let find = |wanted: bool| {
        let fails = |situation: &Situation| board.reward(situation).is_err_and(|error| is_division(&error) == wanted);
        let found =
            measured.iter().find(|situation| fails(situation)).map(|first| (true, first.clone())).or_else(|| {
                let boards = situations::boards_of_equals().flatten();
                boards.chain(candidates.among_equals()).find(|situation| fails(situation)).map(|first| (false, first))
            });
        let code = if wanted { Code::DividesByZero } else { Code::FailsForARow };
        found.map(|(is_measured, situation)| failure(board, code, is_measured, &situation))
    };
    [find(true), find(false)].into_iter().flatten().collect()
}

/// The finding for a failing row: an error if it was measured, or if the formula fails for every value.
fn failure(board: &Board, code: Code, is_measured: bool, situation: &Situation) -> Lint {
    let Situation { rank, participants, .. } = *situation;
    let of_value = |value| Situation::among_equals(rank, participants, value);
    let mut example = situation.clone();
    let (severity, when) = if is_measured {
        (Severity::Error, format!("for the measured row of rank {rank}"))
    } else if situations::powers_of_ten().all(|value| board.reward(&of_value(value)).is_err()) {
        // The value does not matter then, so the example gets one that is easy to read.
        example = of_value(1_000.into());
        let plural = if participants == 1 { "" } else { "s" };
        (Severity::Error, format!("at rank {rank} with {participants} participant{plural}, whatever the value"))
    } else {
        (Severity::Warning, format!("for a value of {}", situation.value))
    };
    let what = if code == Code::DividesByZero { "divides by zero" } else { "has no result" };
    let message = format!("the formula {what} {when}, and one such row stops the whole epoch");
    Lint { code, severity, message, example: Some(board.example(&example)) }
}
