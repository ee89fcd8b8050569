//! Amounts beyond the pool, of measured rows or of possible ones; and a cap above the pool.

use std::iter;

use super::{
    Code, Lint, Severity,
    board::{Board, Situation},
    situations,
};
use crate::{evaluation::RewardTerms, values::decimal::Decimal};

/// Every campaign can have boards up to this size.
const SMALL_BOARD: u64 = 10;

/// The largest board that is tried.
const LARGEST_BOARD: u64 = 10_000;

/// The measured rows are due more than the pool.
pub(super) fn pays_more(board: &Board, measured: &[Situation]) -> Option<Lint> {
    let (first_unpaid, due) = overdrawn(board, measured)?;
    Some(Lint {
        code: Code::PaysMoreThanPool,
        severity: Severity::Warning,
        message: format!(
            "the measured rows are due {} and the pool is {}: from rank {} on there is not enough",
            shown(board, due),
            board.display(board.terms.pool),
            first_unpaid.rank,
        ),
        example: Some(board.example(&first_unpaid)),
    })
}

/// Some rows would be due more than the pool. Not checked for given rows, whose sum is the pool.
pub(super) fn can_pay_more(board: &Board, is_direct: bool) -> Option<Lint> {
    if is_direct {
        return None;
    }
    let largest = iter::once_with(|| situations::board_of_equals(LARGEST_BOARD, 1_000.into()));
    let (first_unpaid, due) =
        situations::boards_of_equals().chain(largest).find_map(|equals| overdrawn(board, &equals))?;
    let participants = first_unpaid.participants;
    let exceeds = |value| overdrawn(board, &situations::board_of_equals(participants, value)).is_some();
    let always = participants <= SMALL_BOARD && situations::equal_values().all(exceeds);
    let (severity, scope) = if always { (Severity::Warning, ", whatever the values") } else { (Severity::Note, "") };
    let (plural, verb) = if participants == 1 { ("", "is") } else { ("s", "are") };
    Some(Lint {
        code: Code::CanPayMoreThanPool,
        severity,
        message: format!(
            "{participants} participant{plural} of value {} {verb} due {} and the pool is {}: from rank {} on there is \
             not enough{scope}",
            first_unpaid.value,
            shown(board, due),
            board.display(board.terms.pool),
            first_unpaid.rank,
        ),
        example: Some(board.example(&first_unpaid)),
    })
}

/// The first row for which the pool is not enough, and the sum that all rows are due; rows without a result count 0.
fn overdrawn(board: &Board, ranks: &[Situation]) -> Option<(Situation, u128)> {
    let pool = u128::from(board.terms.pool);
    let mut due = 0_u128;
    let mut first_unpaid = None;
    for situation in ranks {
        due = due.saturating_add(u128::from(board.amount(situation).unwrap_or_default()));
        if due > pool && first_unpaid.is_none() {
            first_unpaid = Some(situation.clone());
        }
    }
    first_unpaid.map(|situation| (situation, due))
}

/// A sum in display units; one beyond 64 bits is shown as "more than" their maximum.
fn shown(board: &Board, due: u128) -> String {
    match u64::try_from(due) {
        Ok(due) => board.display(due).to_string(),
        Err(_) => format!("more than {}", board.display(u64::MAX)),
    }
}

/// `maxPerParticipant` is above the pool.
pub(super) fn cap_above_pool(terms: &RewardTerms) -> Option<Lint> {
    let cap = terms.max_per_participant.filter(|cap| *cap > terms.pool)?;
    let display = |amount| Decimal::from_base_units(amount, terms.decimals);
    Some(Lint {
        code: Code::CapAbovePool,
        severity: Severity::Note,
        message: format!(
            "`maxPerParticipant` is {} and the pool only {}, so the cap never matters",
            display(cap),
            display(terms.pool)
        ),
        example: None,
    })
}
