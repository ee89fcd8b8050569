//! Tests of corrections: late rows change the ranks, and no wallet pays anything back.

use std::collections::BTreeMap;

use solana_pubkey::Pubkey;

use super::{address, outcome, row, terms, with_formula};
use crate::evaluation::{Circumstances, Curve, CurveFunction, Rejection, RewardTerms, Row, Shape, evaluate};

fn after(allotted: &[(u8, u64)]) -> Circumstances {
    let allotted: BTreeMap<Pubkey, u64> = allotted.iter().map(|(number, amount)| (address(*number), *amount)).collect();
    Circumstances { allotted_before: Some(allotted), ..Circumstances::default() }
}

/// Checks wallet, rank and amount of each leaf and the other rows' reasons, and that the pool is enough for all
/// bundles.
fn check(
    rows: Vec<Row>,
    terms: &RewardTerms,
    before: &[(u8, u64)],
    leaves: &[(u8, u64, u64)],
    rest: &[(u8, Rejection)],
) {
    let evaluation = evaluate(rows, terms, &after(before)).unwrap();
    assert_eq!(outcome(&evaluation), (leaves.to_vec(), rest.to_vec()));
    let spent: u64 = before.iter().map(|(_, amount)| amount).sum();
    assert!(evaluation.total() <= terms.pool.saturating_sub(spent));
}

#[test]
fn a_correction_pays_what_is_missing() {
    let rows = vec![row(1, "9"), row(2, "8"), row(3, "7"), row(4, "6")];
    let before = [(1, 900), (2, 799), (3, 0)];
    let leaves = [(2, 2, 1), (3, 3, 700), (4, 4, 600)];
    check(rows, &terms(), &before, &leaves, &[(1, Rejection::AllottedBefore)]);
}

#[test]
fn nobody_pays_back_and_the_last_ranks_go_short_for_it() {
    // Wallet 1 was allotted the whole pool of 1,000; the late rows put wallets 2 and 3 before it.
    let rows = vec![row(1, "400"), row(2, "600"), row(3, "500")];
    check(
        rows.clone(),
        &terms(),
        &[(1, 60_000)],
        &[(2, 1, 40_000)],
        &[(3, Rejection::PoolIsExhausted), (1, Rejection::AllottedMoreBefore)],
    );
    check(
        rows,
        &terms(),
        &[(1, 35_000), (2, 100)],
        &[(2, 1, 59_900), (3, 2, 5_000)],
        &[(1, Rejection::AllottedMoreBefore)],
    );
}

#[test]
fn an_earlier_amount_of_a_wallet_without_a_row_is_missing_from_the_pool_too() {
    check(vec![row(1, "700")], &terms(), &[(9, 50_000)], &[(1, 1, 50_000)], &[]);
    check(vec![row(1, "700")], &terms(), &[(9, 100_000)], &[], &[(1, Rejection::PoolIsExhausted)]);
}

#[test]
fn after_more_than_the_pool_nothing_more_is_allotted() {
    let rest = [(1, Rejection::PoolIsExhausted)];
    check(vec![row(1, "7")], &terms(), &[(9, 100_001)], &[], &rest);
    let evaluation = evaluate(vec![row(1, "7")], &terms(), &after(&[(8, u64::MAX), (9, u64::MAX)])).unwrap();
    assert_eq!(outcome(&evaluation), (Vec::new(), rest.to_vec()));
}

#[test]
fn the_cap_holds_over_all_bundles() {
    let terms = RewardTerms { max_per_participant: Some(500), ..terms() };
    let before = [(1, 400), (2, 500)];
    check(vec![row(1, "9"), row(2, "8")], &terms, &before, &[(1, 1, 100)], &[(2, Rejection::AllottedBefore)]);
}

#[test]
fn a_row_without_a_rank_keeps_its_reason_and_one_without_an_amount_says_what_was_allotted() {
    let rows = vec![row(1, "9"), row(2, "8"), row(3, "7"), row(4, "0")];
    let rest = [(1, Rejection::AmountIsZero), (2, Rejection::AllottedMoreBefore), (4, Rejection::ValueNotPositive)];
    check(rows, &with_formula("RANK < 3 ? 0 : N"), &[(2, 1), (4, 1)], &[(3, 3, 700)], &rest);
}

#[test]
fn a_correction_of_nothing_is_the_evaluation_itself() {
    let rows = vec![row(1, "700"), row(2, "600"), row(3, "1")];
    let first = evaluate(rows.clone(), &terms(), &Circumstances::default()).unwrap();
    assert_eq!(evaluate(rows.clone(), &terms(), &after(&[])).unwrap(), first);
    let allotted: Vec<(u8, u64)> = outcome(&first).0.iter().map(|(number, _, amount)| (*number, *amount)).collect();
    let again = evaluate(rows, &terms(), &after(&allotted)).unwrap();
    let rest = [(1, Rejection::AllottedBefore), (2, Rejection::AllottedBefore), (3, Rejection::PoolIsExhausted)];
    assert_eq!(outcome(&again), (Vec::new(), rest.to_vec()));
}

#[test]
fn a_curve_is_corrected_wallet_by_wallet() {
    let curve = Shape::Curve(Curve::new(CurveFunction::Constant { y_intercept: "1".parse().unwrap() }).unwrap());
    let terms = RewardTerms { shape: curve, pool: 500, ..terms() };
    let rows = [1, 2, 1, 3, 4, 5].map(|number| Row { address: address(number), value: u64::from(number).into() });
    // In time order the conversions are of 1, 1, 2, 3, 4 and 5, and the pool is enough for five of them.
    check(
        rows.to_vec(),
        &terms,
        &[(1, 150), (2, 100), (5, 100)],
        &[(1, 1, 50), (3, 3, 100)],
        &[(2, Rejection::AllottedBefore), (4, Rejection::PoolIsExhausted), (5, Rejection::AllottedMoreBefore)],
    );
    let evaluation = evaluate(rows.to_vec(), &terms, &after(&[])).unwrap();
    assert_eq!(evaluation, evaluate(rows.to_vec(), &terms, &Circumstances::default()).unwrap());
}
