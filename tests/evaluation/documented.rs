//! The statements of Torque's documentation about each type, word for word, from rows to leaves.

use crank_rules::evaluation::{
    Allocation, Audience, Bucket, Circumstances, Raffle, RewardTerms, Row, Shape, Weighting, evaluate,
};
use crank_rules::formula::Formula;
use solana_pubkey::Pubkey;

/// Whole tokens of six decimals.
const TOKEN: u64 = 1_000_000;

fn row(number: u8, value: &str) -> Row {
    Row { address: Pubkey::new_from_array([number; 32]), value: value.parse().unwrap() }
}

fn terms(shape: Shape, tokens: u64) -> RewardTerms {
    RewardTerms { shape, decimals: 6, pool: tokens * TOKEN, max_per_participant: None, audience: Audience::Everyone }
}

/// Wallet and base units of each leaf.
fn leaves(rows: Vec<Row>, terms: &RewardTerms) -> Vec<(u8, u64)> {
    let evaluation = evaluate(rows, terms, &Circumstances::default()).unwrap();
    evaluation.allocations().map(|Allocation { address, amount, .. }| (address.to_bytes()[0], amount)).collect()
}

fn leaderboard(formula: &str, tokens: u64) -> RewardTerms {
    terms(Shape::Leaderboard(Formula::parse(formula).unwrap()), tokens)
}

#[test]
fn default_formula_pays_each_user_their_metric_value_as_a_direct_payout() {
    let rows = vec![row(1, "120.5"), row(2, "80"), row(3, "0.25")];
    assert_eq!(leaves(rows, &leaderboard("N", 1_000)), [(1, 120_500_000), (2, 80 * TOKEN), (3, 250_000)]);
}

#[test]
fn if_the_top_user_s_value_exceeds_the_pool_they_consume_it_all() {
    let rows = vec![row(1, "1000.000001"), row(2, "80")];
    assert_eq!(leaves(rows, &leaderboard("N", 1_000)), [(1, 1_000 * TOKEN)]);
}

#[test]
fn fixed_rank_prizes_go_to_the_first_three() {
    let rows = vec![row(4, "1"), row(3, "2"), row(2, "3"), row(1, "4")];
    let terms = leaderboard("RANK == 1 ? 10000 : RANK == 2 ? 5000 : RANK == 3 ? 2000 : 0", 20_000);
    assert_eq!(leaves(rows, &terms), [(1, 10_000 * TOKEN), (2, 5_000 * TOKEN), (3, 2_000 * TOKEN)]);
}

#[test]
fn equal_splits_leave_only_the_part_that_cannot_be_split() {
    let rows = vec![row(1, "9"), row(2, "3"), row(3, "1")];
    let terms = leaderboard("TOTAL_REWARD_POOL / TOTAL_PARTICIPANTS", 100);
    assert_eq!(leaves(rows, &terms), [(1, 33_333_333), (2, 33_333_333), (3, 33_333_333)]);
}

#[test]
fn a_5_percent_rebate_is_value_times_0_05() {
    for formula in ["VALUE * (5 / 100)", "VALUE * 0.05"] {
        let terms = terms(Shape::Rebate(Formula::parse(formula).unwrap()), 60);
        let rows = vec![row(1, "1000"), row(2, "199.99999"), row(3, "0.00001")];
        assert_eq!(leaves(rows, &terms), [(1, 50 * TOKEN), (2, 9_999_999)], "{formula}");
    }
}

#[test]
fn raffle_buckets_create_1_grand_prize_of_100_5_prizes_of_50_and_20_prizes_of_10() {
    let buckets = [(100, 1), (50, 5), (10, 20)].map(|(tokens, count)| Bucket { amount: tokens * TOKEN, count });
    let rows: Vec<Row> = (1..=40).map(|number| row(number, &number.to_string())).collect();
    for weighting in [Weighting::WeightedByMetric, Weighting::EqualChances] {
        let terms = terms(Shape::Raffle(Raffle::new(buckets.to_vec(), weighting).unwrap()), 550);
        let circumstances = Circumstances { raffle_seed: Some([5; 32]), ..Circumstances::default() };
        let evaluation = evaluate(rows.clone(), &terms, &circumstances).unwrap();
        let amounts: Vec<u64> = evaluation.allocations().map(|leaf| leaf.amount / TOKEN).collect();
        assert_eq!(amounts, [vec![100], vec![50; 5], vec![10; 20]].concat());
        assert_eq!(evaluation.total(), terms.pool);
    }
}

#[test]
fn direct_allocations_pay_each_wallet_the_amount_you_gave_it() {
    let rows = vec![row(2, "300"), row(1, "500")];
    let direct = |formula| terms(Shape::Direct(Formula::parse(formula).unwrap()), 800);
    assert_eq!(leaves(rows, &direct("N")), [(1, 500 * TOKEN), (2, 300 * TOKEN)]);
    let rows = vec![row(1, "500.5"), row(2, "299.5")];
    assert_eq!(leaves(rows, &direct("min(N, 500)")), [(1, 500 * TOKEN), (2, 299_500_000)]);
}
