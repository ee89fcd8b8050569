//! Tests of the curve: the reward of each conversion, its wallet's leaf, and what happens at the pool's end and at the
//! cap.

use solana_pubkey::Pubkey;

use super::{address, terms};
use crate::evaluation::{
    Audience, Circumstances, Curve, CurveFunction, Decision, EvaluationError, Rejection, RewardTerms, Row, SeedError,
    Shape, Tier, Trend, evaluate,
};

fn linear(y_intercept: &str, slope: &str, trend: Trend) -> CurveFunction {
    CurveFunction::Linear { y_intercept: y_intercept.parse().unwrap(), slope: slope.parse().unwrap(), trend }
}

fn exponential(y_intercept: &str, depth: &str, width: &str) -> CurveFunction {
    CurveFunction::Exponential {
        y_intercept: y_intercept.parse().unwrap(),
        curve_depth: depth.parse().unwrap(),
        curve_width: width.parse().unwrap(),
    }
}

fn step(tiers: &[(u64, &str)]) -> CurveFunction {
    let tier = |(input, output): &(u64, &str)| Tier { input: *input, output: output.parse().unwrap() };
    CurveFunction::Step { tiers: tiers.iter().map(tier).collect() }
}

fn with_curve(function: CurveFunction) -> RewardTerms {
    RewardTerms { shape: Shape::Curve(Curve::new(function).unwrap()), ..terms() }
}

/// One conversion each millisecond, by the wallets with these numbers.
fn conversions(wallets: &[u8]) -> Vec<Row> {
    (1_u64..).zip(wallets).map(|(time, number)| Row { address: address(*number), value: time.into() }).collect()
}

/// Wallet, conversions, rank and amount of every leaf, and the reason of every conversion that has no leaf.
type Outcome = (Vec<(u8, String, u64, u64)>, Vec<(u8, Rejection)>);

fn outcome(rows: Vec<Row>, terms: &RewardTerms, circumstances: &Circumstances) -> Outcome {
    let evaluation = evaluate(rows.clone(), terms, circumstances).unwrap();
    let reversed = evaluate(rows.into_iter().rev().collect(), terms, circumstances).unwrap();
    assert_eq!(reversed, evaluation, "the order of the rows must not matter");
    let number = |address: &Pubkey| address.to_bytes()[0];
    let leaves =
        evaluation.allocations().map(|leaf| (number(&leaf.address), leaf.value.to_string(), leaf.rank, leaf.amount));
    (leaves.collect(), evaluation.rejected().map(|(row, reason)| (number(&row.address), reason)).collect())
}

/// The amounts of ten conversions of different wallets, the first with the given index; 0 for none.
fn amounts(curve: CurveFunction, first_conversion: u64) -> Vec<u64> {
    let wallets: Vec<u8> = (1..=10).collect();
    let circumstances = Circumstances { first_conversion, ..Circumstances::default() };
    let evaluation = evaluate(conversions(&wallets), &with_curve(curve), &circumstances).unwrap();
    let amount_of =
        |number| evaluation.allocations().find(|leaf| leaf.address == address(number)).map_or(0, |leaf| leaf.amount);
    wallets.iter().map(|number| amount_of(*number)).collect()
}

#[test]
fn a_constant_gives_every_conversion_the_same() {
    assert_eq!(amounts(CurveFunction::Constant { y_intercept: "1.239".parse().unwrap() }, 7), [123; 10]);
    assert_eq!(amounts(CurveFunction::Constant { y_intercept: "-1".parse().unwrap() }, 0), [0; 10]);
}

#[test]
fn a_line_rises_or_falls_by_its_slope_and_never_below_nothing() {
    let rising = [10, 13, 16, 20, 23, 26, 30, 33, 36, 40];
    assert_eq!(amounts(linear("0.1", "0.0334", Trend::Positive), 0), rising);
    assert_eq!(amounts(linear("0.07", "0.02", Trend::Negative), 0), [7, 5, 3, 1, 0, 0, 0, 0, 0, 0]);
    assert_eq!(amounts(linear("-0.03", "0.02", Trend::Positive), 0), [0, 0, 1, 3, 5, 7, 9, 11, 13, 15]);
    assert_eq!(amounts(linear("0.07", "0.02", Trend::Negative), 2), [3, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(amounts(linear("0.07", "0", Trend::Negative), 3), [7; 10]);
}

#[test]
fn a_step_holds_from_its_first_index_to_the_next_step() {
    let curve = step(&[(2, "0.05"), (4, "0"), (7, "0.019")]);
    assert_eq!(amounts(curve.clone(), 0), [0, 0, 5, 5, 0, 0, 0, 1, 1, 1]);
    assert_eq!(amounts(curve, 3), [5, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
}

#[test]
fn an_exponential_falls_by_a_power_of_the_index() {
    // 100 / (1 + x / 3) and its square root, which is whole at x = 9.
    let whole = [10_000, 7_500, 6_000, 5_000, 4_285, 3_750, 3_333, 3_000, 2_727, 2_500];
    let with_room = |curve, first_conversion| {
        let terms = RewardTerms { pool: u64::MAX, ..with_curve(curve) };
        let circumstances = Circumstances { first_conversion, ..Circumstances::default() };
        let rows = conversions(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        let evaluation = evaluate(rows, &terms, &circumstances).unwrap();
        evaluation.allocations().map(|leaf| leaf.amount).collect::<Vec<_>>()
    };
    assert_eq!(with_room(exponential("100", "1", "3"), 0), whole);
    assert_eq!(with_room(exponential("100", "1", "3"), 8)[..2], whole[8..]);
    assert_eq!(with_room(exponential("100", "0.5", "3"), 9)[0], 5_000);
    assert_eq!(with_room(exponential("100", "2", "3"), 9)[0], 625);
}

#[test]
fn the_most_extreme_exponentials_have_rewards() {
    let longest = "9".repeat(38);
    let finest = format!("0.{}1", "0".repeat(37));
    let parameters = ["1", "0.5", "1000", "12345.6789", &longest, &finest];
    for depth in parameters {
        for width in parameters {
            for first_conversion in [0, 1, 1_000_000, u64::MAX] {
                let [first, ..] = amounts(exponential(&longest, depth, width), first_conversion)[..] else { panic!() };
                assert!(first > 0 || first_conversion > 0, "depth {depth}, width {width}, from {first_conversion}");
            }
        }
    }
    // As exact powers these have just under and just over 4,096 bits; the intercept adds more.
    for depth in 100..140_u64 {
        let curve = exponential("98765432109876543210.123456789", &depth.to_string(), "12345.6789");
        assert!(evaluate(conversions(&[1]), &with_curve(curve), &from(1_000_000)).is_ok(), "depth {depth}");
    }
}

fn from(first_conversion: u64) -> Circumstances {
    Circumstances { first_conversion, ..Circumstances::default() }
}

#[test]
fn a_wallet_gets_the_sum_in_one_leaf_in_the_order_of_its_first_conversion() {
    let curve = with_curve(linear("0.1", "0.01", Trend::Negative));
    let (leaves, rejected) = outcome(conversions(&[2, 1, 2, 3, 1, 2]), &curve, &Circumstances::default());
    let expected = [(2, "3".to_owned(), 1, 10 + 8 + 5), (1, "2".to_owned(), 2, 9 + 6), (3, "1".to_owned(), 3, 7)];
    assert_eq!((leaves, rejected), (expected.to_vec(), Vec::new()));
}

#[test]
fn conversions_at_one_time_are_in_the_order_of_their_addresses() {
    let curve = with_curve(step(&[(0, "3"), (1, "2"), (2, "1")]));
    let rows = [3, 1, 2].map(|number| Row { address: address(number), value: 5_u64.into() });
    let (leaves, _) = outcome(rows.to_vec(), &curve, &Circumstances::default());
    assert_eq!(leaves.iter().map(|leaf| (leaf.0, leaf.3)).collect::<Vec<_>>(), [(1, 300), (2, 200), (3, 100)]);
}

#[test]
fn a_conversion_that_is_not_admitted_is_not_counted() {
    let terms = RewardTerms {
        audience: Audience::DenyList([address(1)].into()),
        ..with_curve(linear("0.1", "0.01", Trend::Negative))
    };
    let circumstances =
        Circumstances { excluded: [(address(2), 4), (address(1), 5)].into(), ..Circumstances::default() };
    let rows = conversions(&[1, 3, 2, 3, 1, 4]);
    let (leaves, rejected) = outcome(rows.clone(), &terms, &circumstances);
    assert_eq!(leaves, [(3, "2".to_owned(), 1, 10 + 9), (4, "1".to_owned(), 2, 8)]);
    assert_eq!(rejected, [(1, Rejection::InDenyList), (2, Rejection::Filtered(4)), (1, Rejection::InDenyList)]);
    assert_eq!(evaluate(rows, &terms, &circumstances).unwrap().conversions(), 3);
}

#[test]
fn a_wallet_stops_at_its_cap_and_leaves_the_pool_to_others() {
    let curve = CurveFunction::Constant { y_intercept: "4".parse().unwrap() };
    let terms = RewardTerms { pool: 1_500, max_per_participant: Some(1_000), ..with_curve(curve) };
    let (leaves, rejected) = outcome(conversions(&[1, 1, 1, 1, 2, 2, 2, 1]), &terms, &Circumstances::default());
    assert_eq!(leaves, [(1, "5".to_owned(), 1, 1_000), (2, "3".to_owned(), 2, 500)]);
    let cap = (1, Rejection::CapIsReached);
    assert_eq!(rejected, [cap, (2, Rejection::PoolIsExhausted), cap]);
}

#[test]
fn without_a_cap_one_wallet_may_exhaust_the_largest_pool() {
    let curve = CurveFunction::Constant { y_intercept: "1e30".parse().unwrap() };
    let terms = RewardTerms { pool: u64::MAX, ..with_curve(curve) };
    let (leaves, rejected) = outcome(conversions(&[1, 1]), &terms, &Circumstances::default());
    assert_eq!(leaves, [(1, "2".to_owned(), 1, u64::MAX)]);
    assert_eq!(rejected, [(1, Rejection::PoolIsExhausted)]);
}

#[test]
fn the_first_conversion_that_does_not_fit_gets_the_rest_and_counting_goes_on() {
    let terms = RewardTerms { pool: 20, ..with_curve(linear("0.1", "0.01", Trend::Negative)) };
    let rows = conversions(&[1, 2, 3, 4, 1]);
    let (leaves, rejected) = outcome(rows.clone(), &terms, &Circumstances::default());
    assert_eq!(leaves.iter().map(|leaf| leaf.3).collect::<Vec<_>>(), [10, 9, 1]);
    assert_eq!(rejected, [(4, Rejection::PoolIsExhausted), (1, Rejection::PoolIsExhausted)]);
    let evaluation = evaluate(rows.clone(), &terms, &Circumstances::default()).unwrap();
    assert_eq!((evaluation.conversions(), evaluation.total()), (5, 20));
    let exact = RewardTerms { pool: 19, ..terms };
    let (leaves, rejected) = outcome(rows, &exact, &Circumstances::default());
    assert_eq!((leaves.len(), rejected.len()), (2, 3));
}

#[test]
fn a_conversion_without_a_reward_says_so_even_when_nothing_is_left() {
    let terms = RewardTerms { pool: 500, max_per_participant: Some(500), ..with_curve(step(&[(0, "5"), (1, "0")])) };
    let evaluation = evaluate(conversions(&[1, 2, 1]), &terms, &Circumstances::default()).unwrap();
    let decisions: Vec<Decision> = evaluation.rows().iter().map(|decided| decided.decision).collect();
    let zero = Decision::Rejected(Rejection::AmountIsZero);
    assert_eq!(decisions, [Decision::Allotted { index: 0 }, zero, zero]);
}

#[test]
fn parameters_that_are_not_valid_for_a_curve_are_refused() {
    let wrong = [
        (linear("1", "-0.1", Trend::Positive), "`slope`"),
        (step(&[]), "`tiers`"),
        (step(&[(3, "1"), (3, "2")]), "`tiers[1].input`: found the number 3, expected more than 3"),
        (step(&[(3, "1"), (2, "2")]), "expected more than 3"),
        (step(&[(3, "1"), (4, "-2")]), "`tiers[1].output`: found the number -2"),
        (exponential("1", "0", "1"), "`curveDepth`"),
        (exponential("1", "-1", "1"), "`curveDepth`"),
        (exponential("1", "1", "0"), "`curveWidth`"),
        (exponential("1", "1", "-1"), "`curveWidth`"),
    ];
    for (function, part) in wrong {
        let problem = Curve::new(function.clone()).unwrap_err().to_string();
        assert!(problem.contains(part), "{problem}");
        let read = serde_json::from_value::<Curve>(serde_json::to_value(function).unwrap()).unwrap_err();
        assert!(read.to_string().contains(&problem), "{read}");
    }
    let seeded = Circumstances { raffle_seed: Some([1; 32]), ..Circumstances::default() };
    let error = evaluate(Vec::new(), &with_curve(step(&[(0, "0")])), &seeded).unwrap_err();
    assert!(matches!(error, EvaluationError::Seed(SeedError::WithoutRaffle(_))), "{error}");
}
