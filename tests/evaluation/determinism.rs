//! The order of the rows and the number of threads change nothing.

use crank_rules::evaluation::{
    Audience, Bucket, Circumstances, Curve, CurveFunction, Evaluation, Raffle, RewardTerms, Row, Shape, Weighting,
    evaluate,
};
use crank_rules::formula::Formula;
use rayon::ThreadPool;
use solana_pubkey::Pubkey;

/// Enough rows that the parallel parts are split.
const ROWS: u32 = 520;

/// Evaluates `shuffles` orders of the rows, each with one, two and eight threads.
fn check(shape: Shape, circumstances: &Circumstances, shuffles: u64) {
    let terms = RewardTerms {
        shape,
        decimals: 6,
        pool: 80_000_000_000,
        max_per_participant: Some(900_000_000),
        audience: Audience::DenyList([address(3), address(77)].into()),
    };
    let pools: Vec<ThreadPool> =
        [1, 2, 8].map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()).into();
    let mut rows: Vec<Row> =
        (0..ROWS).map(|number| Row { address: address(number), value: u64::from(number % 97 + 1).into() }).collect();
    let expected = evaluate(rows.clone(), &terms, circumstances).unwrap();
    assert!(expected.allocations().len() > 100 && expected.rejected().count() > 2);
    for shuffle in 0..shuffles {
        shuffle_rows(&mut rows, shuffle);
        for pool in &pools {
            let found: Evaluation = pool.install(|| evaluate(rows.clone(), &terms, circumstances).unwrap());
            assert_eq!(found, expected, "shuffle {shuffle}, {} threads", pool.current_num_threads());
        }
    }
}

/// Fisher and Yates' shuffle with the numbers of a linear congruential generator (Knuth's MMIX).
fn shuffle_rows(rows: &mut [Row], seed: u64) {
    let mut state = seed;
    for last in (1..rows.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        rows.swap(last, usize::try_from(state >> 33).unwrap() % (last + 1));
    }
}

fn address(number: u32) -> Pubkey {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&number.wrapping_mul(2_654_435_769).to_le_bytes());
    Pubkey::new_from_array(bytes)
}

#[test]
fn a_thousand_orders_and_any_number_of_threads_give_one_leaderboard() {
    let formula = Formula::parse("TOTAL_REWARD_POOL * VALUE / TOTAL_VALUE + 100 / RANK").unwrap();
    check(Shape::Leaderboard(formula), &Circumstances::default(), 1_000);
}

#[test]
fn no_order_and_no_number_of_threads_changes_a_raffle() {
    let raffle = Raffle::new(vec![Bucket { amount: 1_000_000, count: 300 }], Weighting::WeightedByMetric).unwrap();
    check(Shape::Raffle(raffle), &Circumstances { raffle_seed: Some([9; 32]), ..Circumstances::default() }, 100);
}

#[test]
fn no_order_and_no_number_of_threads_changes_a_curve() {
    let curve = CurveFunction::Exponential {
        y_intercept: "500".parse().unwrap(),
        curve_depth: "2".parse().unwrap(),
        curve_width: "400".parse().unwrap(),
    };
    check(
        Shape::Curve(Curve::new(curve).unwrap()),
        &Circumstances { first_conversion: 17, ..Circumstances::default() },
        100,
    );
}
