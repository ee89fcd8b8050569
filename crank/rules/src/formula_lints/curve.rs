//! A bonding curve: after how many conversions the pool is empty, and which conversions get nothing.
//!
//! The curve is tried as the formula that it is, with the index of a conversion for `INDEX`.

use std::iter;

use super::{
    Code, Lint, Severity,
    board::{Board, Situation},
};
use crate::{
    evaluation::{Curve, CurveFunction, RewardTerms, Trend},
    formula::Formula,
    values::decimal::Decimal,
};

/// How many conversions are tried one by one at most; a constant reward needs no trial.
const MAX_CONVERSIONS: u64 = 10_000;

/// The findings about a curve; `conversions` is how many were measured.
pub(super) fn lints(curve: &Curve, terms: &RewardTerms, conversions: Option<usize>) -> Vec<Lint> {
    // Only a curve with very many tiers has too long a formula; then there are no findings.
    let Ok(formula) = Formula::parse(&source(curve)) else { return Vec::new() };
    let board = Board { formula: &formula, terms };
    let pays = |index: u64| board.amount(&conversion(index)).unwrap_or_default() > 0;
    if !tried(curve).any(pays) {
        let example = Some(board.example(&conversion(0)));
        let message = "no conversion is paid a base unit".to_owned();
        return vec![Lint { code: Code::PaysNothing, severity: Severity::Error, message, example }];
    }
    let mut lints: Vec<Lint> = empty_pool(&board, curve, conversions).into_iter().collect();
    lints.extend(unpaid(&board, curve));
    lints
}

/// The curve as a formula of `INDEX`.
fn source(curve: &Curve) -> String {
    match curve.function() {
        CurveFunction::Constant { y_intercept } => format!("({y_intercept})"),
        CurveFunction::Linear { y_intercept, slope, trend } => {
            let sign = if *trend == Trend::Positive { '+' } else { '-' };
            format!("({y_intercept}) {sign} ({slope}) * INDEX")
        }
        CurveFunction::Step { tiers } => {
            let tiers = tiers.iter().rev().map(|tier| format!("INDEX >= {} ? ({}) : ", tier.input, tier.output));
            tiers.chain(iter::once("0".to_owned())).collect()
        }
        CurveFunction::Exponential { y_intercept, curve_depth, curve_width } => {
            format!("({y_intercept}) * pow(1 + INDEX / ({curve_width}), -({curve_depth}))")
        }
    }
}

/// A conversion as a row whose rank is the conversion's number.
fn conversion(index: u64) -> Situation {
    let number = index.saturating_add(1);
    Situation::among_equals(number, number, Decimal::ZERO)
}

/// The indexes to try: the first ones, every power of two up to more than an epoch can pay, and the beginning of each
/// step.
fn tried(curve: &Curve) -> impl Iterator<Item = u64> {
    let steps = if let CurveFunction::Step { tiers } = curve.function() { tiers.as_slice() } else { &[] };
    (0..10).chain((4..=27).map(|power| 1_u64 << power)).chain(steps.iter().map(|tier| tier.input))
}

/// The conversion for which the pool is not enough, if all before it fell into one epoch.
fn empty_pool(board: &Board, curve: &Curve, conversions: Option<usize>) -> Option<Lint> {
    let index = first_unpaid(board, curve)?;
    let measured = conversions.and_then(|count| u64::try_from(count).ok()).is_some_and(|count| count > index);
    let (code, severity, whose) = if measured {
        (Code::PaysMoreThanPool, Severity::Warning, ", and more were measured")
    } else {
        (Code::CanPayMoreThanPool, Severity::Note, "")
    };
    let pool = board.display(board.terms.pool);
    let message = format!(
        "counted from the campaign's first conversion, {index} are paid in full and the pool of {pool} is not enough for \
         the next one{whose}"
    );
    Some(Lint { code, severity, message, example: Some(board.example(&conversion(index))) })
}

/// The index of the first conversion for which the pool is not enough.
fn first_unpaid(board: &Board, curve: &Curve) -> Option<u64> {
    let pool = board.terms.pool;
    let amount = |index| board.amount(&conversion(index)).unwrap_or_default();
    if let CurveFunction::Constant { .. } = curve.function() {
        return pool.checked_div(amount(0));
    }
    let mut left = pool;
    (0..MAX_CONVERSIONS).find(|index| match left.checked_sub(amount(*index)) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    })
}

/// A conversion that gets nothing although others get something.
fn unpaid(board: &Board, curve: &Curve) -> Option<Lint> {
    let pays = |index: u64| board.amount(&conversion(index)).unwrap_or_default() > 0;
    let index = if pays(0) { first_without(tried(curve).filter(|index| !pays(*index)).min()?, pays) } else { 0 };
    Some(Lint {
        code: Code::PaysNothingForSomeConversions,
        severity: Severity::Note,
        message: format!("conversion number {} is paid nothing, although others are", index.saturating_add(1)),
        example: Some(board.example(&conversion(index))),
    })
}

/// An unpaid index that follows a paid one, found by bisection between 0, which is paid, and `known`, which is not.
fn first_without(known: u64, pays: impl Fn(u64) -> bool) -> u64 {
    let (mut paid, mut unpaid) = (0, known);
    while unpaid.saturating_sub(paid) > 1 {
        let middle = paid.midpoint(unpaid);
        if pays(middle) { paid = middle } else { unpaid = middle }
    }
    unpaid
}
