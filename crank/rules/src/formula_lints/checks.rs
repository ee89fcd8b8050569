//! The checks of a formula, over all rows that are tried.

use std::collections::BTreeSet;

use super::{
    Code, Lint, Severity,
    board::{self, Board, Situation},
    failures, pool,
    situations::{self, Candidates},
};
use crate::{
    evaluation::{Kind, RewardTerms, Row},
    formula::{Formula, Variable},
};

/// The findings about a formula; `rows` are the measured ones, in rank order.
pub(super) fn formula(formula: &Formula, terms: &RewardTerms, rows: Option<&[Row]>) -> Vec<Lint> {
    let board = Board { formula, terms };
    let measured = board::measured(rows.unwrap_or_default());
    let candidates = Candidates::of(&board, &measured);
    let is_direct = terms.shape.kind() == Kind::Direct;
    let mut lints = failures::lints(&board, &candidates, &measured);
    lints.extend(pays_nothing(&board, &candidates, &measured));
    lints.extend((!is_direct).then(|| pays_own_value(&board, &candidates)).flatten());
    lints.extend(pool::pays_more(&board, &measured).or_else(|| pool::can_pay_more(&board, is_direct)));
    lints.extend(less_for_a_higher_value(&board, &candidates));
    lints.extend(more_for_a_worse_rank(&board, &measured));
    lints.extend(unreachable_branch(&board, &candidates, &measured));
    lints.extend(same_for_everyone(&board));
    lints
}

/// All rows to try, the measured ones first.
fn all<'lists>(
    candidates: &'lists Candidates,
    measured: &'lists [Situation],
) -> impl Iterator<Item = Situation> + use<'lists> {
    let boards = situations::boards_of_equals().flatten();
    measured.iter().cloned().chain(boards).chain(candidates.among_equals())
}

/// Nobody gets anything: none of the rows that are tried, or none of the measured ones.
fn pays_nothing(board: &Board, candidates: &Candidates, measured: &[Situation]) -> Option<Lint> {
    if !all(candidates, measured).any(|situation| is_paid(board, &situation)) {
        return nothing(board, Severity::Error, "row", all(candidates, measured));
    }
    if !measured.iter().any(|situation| is_paid(board, situation)) {
        return nothing(board, Severity::Warning, "measured row", measured.iter().cloned());
    }
    None
}

fn is_paid(board: &Board, situation: &Situation) -> bool {
    board.amount(situation).is_ok_and(|amount| amount > 0)
}

/// The finding for rows of which none is paid: less than a base unit, or nothing at all; `None` if there are no rows.
fn nothing(board: &Board, severity: Severity, noun: &str, mut unpaid: impl Iterator<Item = Situation>) -> Option<Lint> {
    let first = unpaid.next()?;
    let is_above_zero =
        |situation: &Situation| board.reward(situation).is_ok_and(|reward| !reward.is_zero() && !reward.is_negative());
    let too_little = [first.clone()].into_iter().chain(unpaid).find(is_above_zero);
    let (code, message) = if too_little.is_some() {
        let unit = board.display(1);
        (Code::BelowBaseUnit, format!("every {noun} is due less than the base unit of {unit}, and so gets nothing"))
    } else {
        (Code::PaysNothing, format!("every {noun} is due nothing"))
    };
    Some(Lint { code, severity, message, example: Some(board.example(&too_little.unwrap_or(first))) })
}

/// The amount is the value itself: `N`, or a rebate of 100 % or more.
fn pays_own_value(board: &Board, candidates: &Candidates) -> Option<Lint> {
    let is_rebate = board.terms.shape.kind() == Kind::Rebate;
    let returns_all = candidates.among_equals().all(|situation| {
        let value = situation.value.into();
        board.reward(&situation).is_ok_and(|reward| reward == value || (is_rebate && reward > value))
    });
    let example = Situation::among_equals(1, 2, 1_000.into());
    let message = if is_rebate {
        "the rebate returns all that was measured, or more: a `rebatePercentage` of 5 returns 5 %"
    } else {
        "everybody is paid what was measured of them, a trader their own volume; without a `customFormula` it is `N`"
    };
    returns_all.then(|| Lint {
        code: Code::PaysOwnValue,
        severity: Severity::Warning,
        message: message.to_owned(),
        example: Some(board.example(&example)),
    })
}

/// At one rank, among the same participants and with the same total, a higher value is due less.
fn less_for_a_higher_value(board: &Board, candidates: &Candidates) -> Option<Lint> {
    candidates.rising_values().find_map(|rising| {
        let mut most: Option<(u64, Situation)> = None;
        for situation in rising {
            let Ok(amount) = board.amount(&situation) else { continue };
            match &most {
                Some((more, lower)) if amount < *more => {
                    return Some(less(board, lower, *more, &situation));
                }
                _ => most = Some((amount, situation)),
            }
        }
        None
    })
}

fn less(board: &Board, lower: &Situation, more: u64, higher: &Situation) -> Lint {
    Lint {
        code: Code::LessForAHigherValue,
        severity: Severity::Warning,
        message: format!(
            "a value of {} gets {} and a higher one at the same rank less",
            lower.value,
            board.display(more)
        ),
        example: Some(board.example(higher)),
    }
}

/// A rank is due less than the next one, although its value is the same or higher.
fn more_for_a_worse_rank(board: &Board, measured: &[Situation]) -> Option<Lint> {
    let (severity, better, worse) = match inversion(board, measured) {
        Some((better, worse)) => (Severity::Warning, better, worse),
        None => {
            let (better, worse) = situations::boards_of_equals().find_map(|equals| inversion(board, &equals))?;
            (if measured.is_empty() { Severity::Warning } else { Severity::Note }, better, worse)
        }
    };
    let amount = board.amount(&better).unwrap_or_default();
    Some(Lint {
        code: Code::MoreForAWorseRank,
        severity,
        message: format!("rank {} gets {} and a worse rank more", better.rank, board.display(amount)),
        example: Some(board.example(&worse)),
    })
}

/// The first two neighbours of which the worse is due more.
fn inversion(board: &Board, ranks: &[Situation]) -> Option<(Situation, Situation)> {
    let amounts: Vec<Option<u64>> = ranks.iter().map(|situation| board.amount(situation).ok()).collect();
    let place = amounts.windows(2).position(|pair| matches!(pair, [Some(better), Some(worse)] if better < worse))?;
    ranks.get(place).cloned().zip(ranks.get(place.saturating_add(1)).cloned())
}

/// A branch that no row takes.
fn unreachable_branch(board: &Board, candidates: &Candidates, measured: &[Situation]) -> Option<Lint> {
    let mut never = board.formula.branches();
    for situation in all(candidates, measured) {
        if never.is_empty() {
            return None;
        }
        let mut taken = BTreeSet::new();
        board.formula.take_branches(&board.variables(&situation), &mut taken);
        never.retain(|column| !taken.contains(column));
    }
    let columns: Vec<String> = never.iter().map(usize::to_string).collect();
    let (noun, verb) = if columns.len() == 1 { ("branch at column", "is") } else { ("branches at columns", "are") };
    (!columns.is_empty()).then(|| Lint {
        code: Code::UnreachableBranch,
        severity: Severity::Warning,
        message: format!("no row takes the {noun} {}: another {verb} always taken before", columns.join(", ")),
        example: None,
    })
}

/// The formula uses neither the rank nor the value.
fn same_for_everyone(board: &Board) -> Option<Lint> {
    let differs = [Variable::Value, Variable::Rank, Variable::Index].iter().any(|name| board.formula.mentions(*name));
    let example = Situation::among_equals(1, 10, 1_000.into());
    (!differs).then(|| Lint {
        code: Code::SameForEveryone,
        severity: Severity::Note,
        message: "everybody gets the same, whatever their rank and value: an equal split".to_owned(),
        example: Some(board.example(&example)),
    })
}
