//! Rebates, raffles and curves.

use super::{Code, RewardTerms, Shape, check_text, found, parsed, rows, terms};
use crate::{
    evaluation::{Bucket, Curve, CurveFunction, Raffle, Tier, Trend, Weighting},
    values::decimal::Decimal,
};

const CAN: &str = "note can-pay-more-than-pool";
const GAP: &str = "note pays-nothing-for-some-conversions";

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Prizes of 100, five of 50 and twenty of 10: 550 in all.
fn raffle(weighting: Weighting) -> RewardTerms {
    let bucket = |amount, count| Bucket { amount, count };
    let buckets = vec![bucket(100_000_000, 1), bucket(50_000_000, 5), bucket(10_000_000, 20)];
    RewardTerms { pool: 550_000_000, ..terms(Shape::Raffle(Raffle::new(buckets, weighting).unwrap())) }
}

fn curve(function: CurveFunction) -> RewardTerms {
    terms(Shape::Curve(Curve::new(function).unwrap()))
}

#[test]
fn a_rebate_of_everything_is_found() {
    for percentage in ["100", "150"] {
        let terms = terms(Shape::Rebate(parsed(&format!("VALUE * ({percentage} / 100)"))));
        assert_eq!(found(&terms, None), ["warning pays-own-value", CAN], "{percentage}");
    }
}

#[test]
fn a_raffle_needs_as_many_participants_as_prizes() {
    let equal = raffle(Weighting::EqualChances);
    assert_eq!(found(&equal, None), ["note fewer-participants-than-prizes"]);
    let enough: Vec<&str> = vec!["1"; 26];
    assert_eq!(found(&equal, Some(&rows(&enough))), [""; 0]);
    let text =
        "warning fewer-participants-than-prizes: 25 participate in 26 prizes, and the rest of the prizes is not paid";
    check_text(&equal, Some(&rows(&enough[1..])), Code::FewerParticipantsThanPrizes, text);
}

#[test]
fn prizes_past_the_pool_are_found() {
    let poor = RewardTerms { pool: 549_999_999, ..raffle(Weighting::EqualChances) };
    let text = "warning pays-more-than-pool: the prizes are 550 in all and the pool is 549.999999";
    check_text(&poor, None, Code::PaysMoreThanPool, text);
}

#[test]
fn tickets_can_be_none_or_nearly_all() {
    let mut values: Vec<&str> = vec!["1"; 27];
    values.extend(["27.5", "0.0000009"]);
    let weighted = raffle(Weighting::WeightedByMetric);
    let rows = rows(&values);
    assert_eq!(found(&weighted, Some(&rows)), ["warning no-tickets", "note most-tickets-in-one-hand"]);
    let text = "note most-tickets-in-one-hand: one participant has more than half of the tickets (rank 1 of 29, value \
        27.5: 27500000 tickets)";
    check_text(&weighted, Some(&rows), Code::MostTicketsInOneHand, text);
    assert_eq!(found(&raffle(Weighting::EqualChances), Some(&rows)), [""; 0]);
}

#[test]
fn a_constant_curve_empties_the_pool_after_the_quotient() {
    let constant = curve(CurveFunction::Constant { y_intercept: decimal("7") });
    let text = "note can-pay-more-than-pool: counted from the campaign's first conversion, 7142 are paid in full and the \
        pool of 50000 is not enough for the next one (rank 7143 of 7143, value 0: 7)";
    check_text(&constant, None, Code::CanPayMoreThanPool, text);
    let many: Vec<&str> = vec!["1"; 100];
    let small = RewardTerms { pool: 99 * 7_000_000, ..constant };
    assert_eq!(found(&small, Some(&rows(&many))), ["warning pays-more-than-pool"]);
}

#[test]
fn a_falling_line_says_from_where_on_it_pays_nothing() {
    let falling =
        curve(CurveFunction::Linear { y_intercept: decimal("10"), slope: decimal("0.25"), trend: Trend::Negative });
    let text = "note pays-nothing-for-some-conversions: conversion number 41 is paid nothing, although others are (rank \
        41 of 41, value 0: 0)";
    assert_eq!(found(&falling, None), [GAP]);
    check_text(&falling, None, Code::PaysNothingForSomeConversions, text);
}

#[test]
fn a_rising_line_and_an_exponential_one_empty_the_pool() {
    let rising =
        curve(CurveFunction::Linear { y_intercept: decimal("1"), slope: decimal("2"), trend: Trend::Positive });
    let text = "note can-pay-more-than-pool: counted from the campaign's first conversion, 223 are paid in full and the \
        pool of 50000 is not enough for the next one (rank 224 of 224, value 0: 447)";
    check_text(&rising, None, Code::CanPayMoreThanPool, text);
    let (curve_depth, curve_width) = (decimal("1"), decimal("100"));
    let falling = CurveFunction::Exponential { y_intercept: decimal("1000"), curve_depth, curve_width };
    assert_eq!(found(&curve(falling), None), [CAN]);
}

#[test]
fn steps_that_begin_late_or_pay_nothing_are_found() {
    let tier = |input, output: &str| Tier { input, output: decimal(output) };
    let steps = |tiers: &[Tier]| found(&curve(CurveFunction::Step { tiers: tiers.to_vec() }), None);
    assert_eq!(steps(&[tier(5, "1")]), [GAP]);
    assert_eq!(steps(&[tier(0, "1"), tier(100_000, "0")]), [GAP]);
    assert_eq!(steps(&[tier(0, "0.0000001")]), ["error pays-nothing"]);
    assert_eq!(steps(&[tier(0, "0")]), ["error pays-nothing"]);
    assert_eq!(steps(&[tier(0, "20"), tier(100, "10")]), [CAN]);
}
