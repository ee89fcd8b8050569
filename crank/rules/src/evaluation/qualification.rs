//! Which rows qualify, in rank order, and for every other row the reason.
//!
//! `evaluate`, `conversion` and `draw` decide how much a qualifying row gets.

use std::iter;

use super::{Circumstances, EvaluationError, Kind, Rejection, RewardTerms, Row, row, sort_by_rank};
use crate::values::decimal::Decimal;

/// The rows in rank order, and for each the reason why it does not qualify; `None` if it does.
pub(super) fn ranked(
    mut rows: Vec<Row>,
    terms: &RewardTerms,
    circumstances: &Circumstances,
) -> Result<(Vec<Row>, Vec<Option<Rejection>>), EvaluationError> {
    if let Some(address) = row::repeated_address(&rows) {
        return Err(EvaluationError::RepeatedAddress(address));
    }
    sort_by_rank(&mut rows);
    let refusals = rows.iter().map(|row| refusal(row, terms, circumstances)).collect::<Result<_, _>>()?;
    Ok((rows, refusals))
}

/// The rows without a refusal; an error if there are more than an index can count.
pub(super) fn qualifying<'a>(rows: &'a [Row], refusals: &[Option<Rejection>]) -> Result<Vec<&'a Row>, EvaluationError> {
    let qualifying = iter::zip(rows, refusals).filter_map(|(row, refusal)| refusal.is_none().then_some(row));
    let qualifying: Vec<&Row> = qualifying.collect();
    match u32::try_from(qualifying.len()) {
        Ok(_) => Ok(qualifying),
        Err(_) => Err(EvaluationError::TooManyRows(qualifying.len())),
    }
}

/// Why a row gets no rank; `None` if it gets one.
fn refusal(
    row: &Row,
    terms: &RewardTerms,
    circumstances: &Circumstances,
) -> Result<Option<Rejection>, EvaluationError> {
    let is_positive = row.value > Decimal::ZERO;
    if terms.shape.kind() == Kind::Direct && !is_positive {
        return Err(EvaluationError::GivenAmountNotPositive { address: row.address, value: row.value });
    }
    let refusal = refusal_of_wallet(row, terms, circumstances);
    Ok(refusal.or_else(|| (!is_positive).then_some(Rejection::ValueNotPositive)))
}

/// Why a wallet gets nothing whatever its value is; `None` if it may get something.
pub(super) fn refusal_of_wallet(row: &Row, terms: &RewardTerms, circumstances: &Circumstances) -> Option<Rejection> {
    if circumstances.is_milestone_missed {
        return Some(Rejection::MilestoneNotReached);
    }
    let filtered = || circumstances.excluded.get(&row.address).copied().map(Rejection::Filtered);
    terms.audience.refusal(&row.address).or_else(filtered)
}
