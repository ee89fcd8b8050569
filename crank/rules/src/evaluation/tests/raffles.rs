//! Tests of the raffle: who may win, what a winner gets, and what is refused.

use solana_pubkey::Pubkey;

use super::{address, row, terms};
use crate::evaluation::{
    Audience, Bucket, Circumstances, EvaluationError, MAX_PRIZES, Raffle, Rejection, RewardTerms, Row, SeedError,
    Shape, Weighting, evaluate,
};

fn raffle(weighting: Weighting, buckets: &[(u64, u32)]) -> RewardTerms {
    let buckets = buckets.iter().map(|(amount, count)| Bucket { amount: *amount, count: *count }).collect();
    RewardTerms { shape: Shape::Raffle(Raffle::new(buckets, weighting).unwrap()), ..terms() }
}

fn seed(byte: u8) -> Circumstances {
    Circumstances { raffle_seed: Some([byte; 32]), ..Circumstances::default() }
}

fn wallets(count: u8) -> Vec<Row> {
    (1..=count).map(|number| row(number, &number.to_string())).collect()
}

fn number(address: &Pubkey) -> u8 {
    address.to_bytes()[0]
}

#[test]
fn prizes_are_drawn_bucket_by_bucket_and_leaves_are_in_draw_order() {
    let terms = raffle(Weighting::WeightedByMetric, &[(100, 1), (50, 2), (10, 4)]);
    let evaluation = evaluate(wallets(20), &terms, &seed(1)).unwrap();
    let leaves: Vec<_> = evaluation.allocations().collect();
    assert_eq!(leaves.iter().map(|leaf| leaf.amount).collect::<Vec<_>>(), [100, 50, 50, 10, 10, 10, 10]);
    assert_eq!(leaves.iter().map(|leaf| leaf.index).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6]);
    for leaf in &leaves {
        assert_eq!(leaf.rank, u64::from(21 - number(&leaf.address)), "the rank is the one by value");
    }
    assert!(!leaves.is_sorted_by_key(|leaf| leaf.rank), "this seed must tell draws from ranks");
    let mut winners: Vec<u8> = leaves.iter().map(|leaf| number(&leaf.address)).collect();
    winners.extend(evaluation.rejected().map(|(row, reason)| {
        assert_eq!(reason, Rejection::NotDrawn);
        number(&row.address)
    }));
    winners.sort_unstable();
    assert_eq!(winners, (1..=20).collect::<Vec<_>>());
    assert_eq!(evaluation.total(), 240);
}

#[test]
fn the_rows_order_does_not_matter_and_the_seed_does() {
    let terms = raffle(Weighting::EqualChances, &[(1, 5)]);
    let evaluation = evaluate(wallets(20), &terms, &seed(1)).unwrap();
    assert_eq!(evaluate(wallets(20).into_iter().rev().collect(), &terms, &seed(1)).unwrap(), evaluation);
    assert_ne!(evaluate(wallets(20), &terms, &seed(2)).unwrap(), evaluation);
}

#[test]
fn with_fewer_wallets_than_prizes_everybody_wins_once() {
    for weighting in [Weighting::EqualChances, Weighting::WeightedByMetric] {
        let evaluation = evaluate(wallets(3), &raffle(weighting, &[(30, 2), (10, MAX_PRIZES - 2)]), &seed(3)).unwrap();
        assert_eq!(evaluation.allocations().map(|leaf| leaf.amount).collect::<Vec<_>>(), [30, 30, 10]);
        assert_eq!((evaluation.rejected().count(), evaluation.total()), (0, 70));
    }
}

#[test]
fn a_wallet_without_a_whole_ticket_cannot_win() {
    let rows = vec![row(1, "0.000001"), row(2, "0.000000999"), row(3, "-1")];
    let evaluation = evaluate(rows.clone(), &raffle(Weighting::WeightedByMetric, &[(5, 9)]), &seed(0)).unwrap();
    assert_eq!(evaluation.allocations().map(|leaf| number(&leaf.address)).collect::<Vec<_>>(), [1]);
    let reasons: Vec<_> = evaluation.rejected().map(|(row, reason)| (number(&row.address), reason)).collect();
    assert_eq!(reasons, [(2, Rejection::NoTicket), (3, Rejection::ValueNotPositive)]);
    let equal = evaluate(rows, &raffle(Weighting::EqualChances, &[(5, 9)]), &seed(0)).unwrap();
    assert_eq!(equal.allocations().count(), 2);
}

#[test]
fn a_wallet_that_the_audience_or_a_filter_refuses_has_no_ticket() {
    let terms =
        RewardTerms { audience: Audience::DenyList([address(1)].into()), ..raffle(Weighting::EqualChances, &[(5, 9)]) };
    let circumstances = Circumstances { excluded: [(address(2), 0)].into(), ..seed(0) };
    let evaluation = evaluate(wallets(3), &terms, &circumstances).unwrap();
    assert_eq!(evaluation.allocations().map(|leaf| (number(&leaf.address), leaf.rank)).collect::<Vec<_>>(), [(3, 1)]);
    let reasons: Vec<_> = evaluation.rejected().map(|(_, reason)| reason).collect();
    assert_eq!(reasons, [Rejection::Filtered(0), Rejection::InDenyList]);
}

#[test]
fn a_prize_is_capped_and_never_more_than_what_is_left_of_the_pool() {
    let terms =
        RewardTerms { pool: 45, max_per_participant: Some(20), ..raffle(Weighting::EqualChances, &[(30, 2), (7, 3)]) };
    let evaluation = evaluate(wallets(9), &terms, &seed(4)).unwrap();
    assert_eq!(evaluation.allocations().map(|leaf| leaf.amount).collect::<Vec<_>>(), [20, 20, 5]);
    let exhausted = evaluation.rejected().filter(|(_, reason)| *reason == Rejection::PoolIsExhausted).count();
    assert_eq!((exhausted, evaluation.rejected().count()), (2, 6));
}

#[test]
fn a_raffle_of_nobody_has_no_winner() {
    for weighting in [Weighting::EqualChances, Weighting::WeightedByMetric] {
        let evaluation = evaluate(Vec::new(), &raffle(weighting, &[(5, 9)]), &seed(0)).unwrap();
        assert_eq!((evaluation.rows().len(), evaluation.allocations().count()), (0, 0));
    }
}

#[test]
fn a_raffle_needs_a_seed_and_nothing_else_may_have_one() {
    let terms_of_raffle = raffle(Weighting::EqualChances, &[(5, 9)]);
    let missing = evaluate(wallets(3), &terms_of_raffle, &Circumstances::default()).unwrap_err();
    assert!(missing.to_string().contains("give the 32 bytes"), "{missing}");
    let surplus = evaluate(wallets(3), &terms(), &seed(0)).unwrap_err();
    assert!(matches!(surplus, EvaluationError::Seed(SeedError::WithoutRaffle(_))), "{surplus}");
    let corrected = Circumstances { allotted_before: Some([].into()), ..seed(0) };
    let corrected = evaluate(wallets(3), &terms_of_raffle, &corrected).unwrap_err();
    assert!(matches!(corrected, EvaluationError::RaffleIsFinal), "{corrected}");
}

#[test]
fn tickets_past_128_bits_name_the_wallet_with_which_they_are_too_many() {
    let terms = raffle(Weighting::WeightedByMetric, &[(5, 1)]);
    // Twice this is 11,456 tickets short of 2^128.
    let half = "170141183460469231731687303715884.1";
    let fits = vec![row(1, half), row(2, half), row(3, "0.011455")];
    assert_eq!(evaluate(fits, &terms, &seed(0)).unwrap().allocations().count(), 1);
    for rows in [vec![row(1, half), row(2, "0.011456"), row(4, half)], vec![row(2, "1e37"), row(1, "1e36")]] {
        let error = evaluate(rows, &terms, &seed(0)).unwrap_err();
        assert!(matches!(error, EvaluationError::TooManyTickets { .. }), "{error}");
        assert_eq!(error.address(), Some(&address(2)));
    }
}
