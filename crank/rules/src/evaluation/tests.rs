//! Tests of the decision: every rule about ranks, caps and the pool, as rows and their decisions.

mod corrections;
mod curves;
mod raffles;

use std::collections::BTreeSet;

use solana_pubkey::Pubkey;

use super::{
    Audience, Circumstances, Decision, Evaluation, EvaluationError, Rejection, RewardTerms, Row, Shape, evaluate,
    sum_of_given,
};
use crate::formula::Formula;

fn address(number: u8) -> Pubkey {
    Pubkey::new_from_array([number; 32])
}

fn row(number: u8, value: &str) -> Row {
    Row { address: address(number), value: value.parse().unwrap() }
}

/// A leaderboard of tokens with two decimals, a pool of 1,000 and the formula `N`.
fn terms() -> RewardTerms {
    RewardTerms {
        shape: Shape::Leaderboard(Formula::parse("N").unwrap()),
        decimals: 2,
        pool: 100_000,
        max_per_participant: None,
        audience: Audience::Everyone,
    }
}

fn with_formula(formula: &str) -> RewardTerms {
    RewardTerms { shape: Shape::Leaderboard(Formula::parse(formula).unwrap()), ..terms() }
}

/// Wallet, rank and amount.
type Allotted = (u8, u64, u64);

/// Wallet, rank and amount of every allocation, and wallet and reason of every other row.
fn outcome(evaluation: &Evaluation) -> (Vec<Allotted>, Vec<(u8, Rejection)>) {
    let number = |address: &Pubkey| address.to_bytes()[0];
    let allocations = evaluation.allocations().enumerate().map(|(index, allocation)| {
        assert_eq!(usize::try_from(allocation.index).unwrap(), index);
        (number(&allocation.address), allocation.rank, allocation.amount)
    });
    let rejected = evaluation.rejected().map(|(row, reason)| (number(&row.address), reason));
    (allocations.collect(), rejected.collect())
}

fn check(rows: Vec<Row>, terms: &RewardTerms, allocations: &[Allotted], rejected: &[(u8, Rejection)]) {
    let evaluation = evaluate(rows.clone(), terms, &Circumstances::default()).unwrap();
    assert_eq!(outcome(&evaluation), (allocations.to_vec(), rejected.to_vec()));
    assert_eq!(evaluation.total(), allocations.iter().map(|(_, _, amount)| amount).sum::<u64>());
    assert_eq!(evaluation.rows().len(), rows.len());
    let reversed = evaluate(rows.into_iter().rev().collect(), terms, &Circumstances::default()).unwrap();
    assert_eq!(reversed, evaluation, "the order of the rows must not matter");
}

#[test]
fn rows_are_ranked_by_value_and_then_by_address() {
    let rows = vec![row(3, "5"), row(1, "5"), row(2, "10.5"), row(4, "5.00")];
    check(rows, &terms(), &[(2, 1, 1_050), (1, 2, 500), (3, 3, 500), (4, 4, 500)], &[]);
}

#[test]
fn values_of_zero_and_less_get_no_rank() {
    let rows = vec![row(1, "0"), row(2, "-7"), row(3, "1")];
    check(
        rows,
        &with_formula("TOTAL_PARTICIPANTS + RANK"),
        &[(3, 1, 200)],
        &[(1, Rejection::ValueNotPositive), (2, Rejection::ValueNotPositive)],
    );
}

#[test]
fn a_wallet_that_the_audience_does_not_admit_gets_no_rank() {
    let rows = vec![row(1, "9"), row(2, "8"), row(3, "7")];
    let list: BTreeSet<Pubkey> = [address(1)].into();
    let denied = RewardTerms { audience: Audience::DenyList(list.clone()), ..terms() };
    check(rows.clone(), &denied, &[(2, 1, 800), (3, 2, 700)], &[(1, Rejection::InDenyList)]);
    let allowed = RewardTerms { audience: Audience::AllowList(list), ..terms() };
    let others = [(2, Rejection::NotInAllowList), (3, Rejection::NotInAllowList)];
    check(rows, &allowed, &[(1, 1, 900)], &others);
}

#[test]
fn totals_are_over_the_qualifying_rows() {
    let rows = vec![row(1, "6"), row(2, "3"), row(3, "-100"), row(4, "1")];
    let terms = RewardTerms {
        audience: Audience::DenyList([address(4)].into()),
        ..with_formula("TOTAL_REWARD_POOL * VALUE / TOTAL_VALUE")
    };
    let rejected = [(4, Rejection::InDenyList), (3, Rejection::ValueNotPositive)];
    check(rows, &terms, &[(1, 1, 66_666), (2, 2, 33_333)], &rejected);
}

#[test]
fn the_first_row_that_does_not_fit_gets_the_rest_and_later_ones_nothing() {
    let rows = vec![row(1, "700"), row(2, "600"), row(3, "1")];
    check(rows, &terms(), &[(1, 1, 70_000), (2, 2, 30_000)], &[(3, Rejection::PoolIsExhausted)]);
}

#[test]
fn a_row_that_fits_exactly_leaves_nothing() {
    let rows = vec![row(1, "700"), row(2, "300"), row(3, "1")];
    check(rows, &terms(), &[(1, 1, 70_000), (2, 2, 30_000)], &[(3, Rejection::PoolIsExhausted)]);
}

#[test]
fn the_cap_comes_before_the_pool() {
    let rows = vec![row(1, "700"), row(2, "600"), row(3, "600")];
    let terms = RewardTerms { max_per_participant: Some(40_000), ..terms() };
    check(rows, &terms, &[(1, 1, 40_000), (2, 2, 40_000), (3, 3, 20_000)], &[]);
}

#[test]
fn zero_amounts_drop_out_but_keep_their_rank() {
    let rows = vec![row(1, "30"), row(2, "20"), row(3, "10")];
    let terms = with_formula("RANK == 2 ? -5 : RANK == 1 ? 0.009 : N");
    check(rows, &terms, &[(3, 3, 1_000)], &[(1, Rejection::AmountIsZero), (2, Rejection::AmountIsZero)]);
}

#[test]
fn a_reward_beyond_64_bits_is_what_is_left_of_the_pool() {
    check(
        vec![row(1, "5"), row(2, "4")],
        &with_formula("pow(10, 30)"),
        &[(1, 1, 100_000)],
        &[(2, Rejection::PoolIsExhausted)],
    );
}

#[test]
fn a_formula_without_a_result_names_the_best_such_rank() {
    let rows = (1..=200).map(|number| row(number, "4")).collect();
    let error = evaluate(rows, &with_formula("10 / (RANK - 3) / (RANK - 150)"), &Circumstances::default());
    let text = error.unwrap_err().to_string();
    assert!(text.contains("rank 3") && text.contains(&address(3).to_string()) && text.contains("value 4"), "{text}");
}

#[test]
fn a_wallet_with_two_rows_is_refused() {
    let error = evaluate(vec![row(1, "5"), row(2, "4"), row(1, "3")], &terms(), &Circumstances::default()).unwrap_err();
    assert!(matches!(error, EvaluationError::RepeatedAddress(repeated) if repeated == address(1)), "{error}");
}

#[test]
fn a_direct_amount_must_be_positive() {
    let direct = RewardTerms { shape: Shape::Direct(Formula::parse("N").unwrap()), ..terms() };
    let error = evaluate(vec![row(1, "5"), row(2, "0")], &direct, &Circumstances::default()).unwrap_err();
    assert!(error.to_string().contains("is 0, and a direct amount must be above 0"), "{error}");
}

#[test]
fn no_rows_make_no_allocations() {
    check(Vec::new(), &with_formula("TOTAL_REWARD_POOL / TOTAL_PARTICIPANTS"), &[], &[]);
}

#[test]
fn the_sum_of_given_rows_is_exact_or_refused() {
    assert_eq!(sum_of_given(&[row(1, "1.5"), row(2, "0.25")], 2), Ok(175));
    for wrong in ["0.001", "0", "-1", "184467440737095516.15"] {
        let rows = [row(1, "0.01"), row(2, wrong)];
        assert_eq!(sum_of_given(&rows, 2), Err(&rows[1]), "{wrong}");
    }
}

#[test]
fn the_number_of_threads_does_not_change_the_outcome() {
    let rows: Vec<Row> = (0..5_000_u32)
        .map(|index| {
            let mut bytes = [0; 32];
            bytes[..4].copy_from_slice(&index.to_le_bytes());
            Row { address: Pubkey::new_from_array(bytes), value: (index % 97 + 1).to_string().parse().unwrap() }
        })
        .collect();
    let terms = with_formula("sqrt(N) / 100 + TOTAL_REWARD_POOL * N / TOTAL_VALUE / 3");
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| evaluate(rows.clone(), &terms, &Circumstances::default()).unwrap())
    };
    let alone = on(1);
    assert_eq!(alone, on(5));
    assert!(alone.rows().iter().any(|decided| matches!(decided.decision, Decision::Allotted { .. })));
}

#[test]
fn a_wallet_that_a_filter_excludes_gets_that_reason_and_no_rank() {
    let rows = vec![row(1, "9"), row(2, "8"), row(3, "7"), row(4, "-6")];
    let terms = RewardTerms { audience: Audience::DenyList([address(1)].into()), ..terms() };
    let excluded = [(address(1), 0), (address(2), 3), (address(4), u16::MAX)].into();
    let circumstances = Circumstances { excluded, ..Circumstances::default() };
    let (allocations, rejected) = outcome(&evaluate(rows, &terms, &circumstances).unwrap());
    assert_eq!(allocations, [(3, 1, 700)]);
    let filtered = [(2, Rejection::Filtered(3)), (4, Rejection::Filtered(u16::MAX))];
    assert_eq!(rejected, [&[(1, Rejection::InDenyList)], &filtered[..]].concat());
    assert_eq!(Rejection::Filtered(3).to_string(), "excluded by filter 3");
}
