//! The decision itself: every row is paid by a leaf or rejected with a reason.
//!
//! This module has the order of the steps, and all kinds whose rows are wallets in rank order. `conversion` evaluates a
//! curve, whose rows are conversions.

use std::iter;

use torque::merkle::Hash;

use super::{
    Circumstances, DecidedRow, Decision, Evaluation, EvaluationError, Kind, Raffle, Rejection, RewardTerms, Row,
    SeedError, Shape, TicketTable,
    amount::amounts,
    conversion, draw,
    payout::{Claim, Payout},
    qualification::{qualifying, ranked},
};
use crate::formula::Formula;

/// Decides about every row.
///
/// # Errors
/// When a wallet has two rows and the kind is not a curve, a direct amount is not above zero, the formula has no result
/// for a row, the curve or the tickets are out of range, the seed does not belong to the kind or is missing, a raffle
/// is to be corrected, or more rows qualify than an index can count.
pub fn evaluate(
    rows: Vec<Row>,
    terms: &RewardTerms,
    circumstances: &Circumstances,
) -> Result<Evaluation, EvaluationError> {
    if terms.shape.kind() == Kind::Raffle && circumstances.allotted_before.is_some() {
        return Err(EvaluationError::RaffleIsFinal);
    }
    SeedError::check(terms.shape.kind(), circumstances.raffle_seed.as_ref())?;
    match &terms.shape {
        Shape::Raffle(raffle) => {
            let seed = circumstances.raffle_seed.ok_or(SeedError::Missing)?;
            let mut tickets = None;
            let decided = decide(rows, terms, circumstances, |rows, payout| {
                tickets = Some(TicketTable::of_ranks(rows, raffle)?);
                drawn(rows, raffle, &seed, terms, payout)
            });
            Ok(Evaluation { tickets, ..decided? })
        }
        Shape::Curve(curve) => conversion::evaluate(rows, curve, terms, circumstances),
        Shape::Leaderboard(formula) | Shape::Rebate(formula) | Shape::Direct(formula) => {
            decide(rows, terms, circumstances, |rows, payout| rewarded(rows, formula, terms, payout))
        }
    }
}

/// Ranks the rows that qualify, and lets `decide_ranks` decide how much each of them gets.
fn decide(
    rows: Vec<Row>,
    terms: &RewardTerms,
    circumstances: &Circumstances,
    decide_ranks: impl FnOnce(&[&Row], &mut Payout<'_>) -> Result<Vec<Decision>, EvaluationError>,
) -> Result<Evaluation, EvaluationError> {
    let (rows, refusals) = ranked(rows, terms, circumstances)?;
    let qualifying = qualifying(&rows, &refusals)?;
    let mut payout = Payout::new(terms.pool, circumstances.allotted_before.as_ref());
    let mut decisions = decide_ranks(&qualifying, &mut payout)?.into_iter();
    let decided = iter::zip(&rows, &refusals).filter_map(|(row, refusal)| {
        let decision = refusal.map(Decision::Rejected).or_else(|| decisions.next())?;
        Some(DecidedRow { row: *row, decision })
    });
    let Payout { allocations, total, .. } = payout;
    Ok(Evaluation { rows: decided.collect(), allocations, total, conversions: 0, tickets: None })
}

/// The decisions about rows in rank order that a formula rewards: each gets a leaf, while the pool lasts.
fn rewarded(
    rows: &[&Row],
    formula: &Formula,
    terms: &RewardTerms,
    payout: &mut Payout<'_>,
) -> Result<Vec<Decision>, EvaluationError> {
    let claims = iter::zip(rows, amounts(rows, formula, terms)?).zip(1..);
    let decisions = claims
        .map(|((row, amount), rank)| payout.decide(&Claim { address: row.address, value: row.value, rank, amount }));
    Ok(decisions.collect())
}

/// The decisions about rows in rank order among which prizes are drawn: each winner gets a leaf, in draw order.
///
/// `max_per_participant` caps a prize.
fn drawn(
    rows: &[&Row],
    raffle: &Raffle,
    seed: &Hash,
    terms: &RewardTerms,
    payout: &mut Payout<'_>,
) -> Result<Vec<Decision>, EvaluationError> {
    let draws = draw::draw(rows, raffle, seed)?;
    let lost = |had_ticket: &bool| if *had_ticket { Rejection::NotDrawn } else { Rejection::NoTicket };
    let mut decisions: Vec<Decision> = draws.had_ticket.iter().map(lost).map(Decision::Rejected).collect();
    for (position, prize) in draws.winners {
        let amount = terms.max_per_participant.map_or(prize, |cap| prize.min(cap));
        let rank = u64::try_from(position).unwrap_or(u64::MAX).saturating_add(1);
        if let (Some(row), Some(decision)) = (rows.get(position), decisions.get_mut(position)) {
            *decision = payout.decide(&Claim { address: row.address, value: row.value, rank, amount });
        }
    }
    Ok(decisions)
}
