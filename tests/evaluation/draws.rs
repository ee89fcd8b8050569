//! The draw of a raffle: known answers, no wallet twice, and frequencies that fit the probabilities.
//!
//! The seeds are the numbers from 0, so that a run is like every other.

use std::collections::BTreeSet;

use crank_rules::evaluation::{
    Audience, Bucket, Circumstances, Evaluation, Raffle, RewardTerms, Row, Shape, Weighting, evaluate,
};
use rayon::prelude::*;
use serde_json::Value;
use solana_pubkey::Pubkey;

const VECTORS: &str = include_str!("../fixtures/raffle/vectors.json");

/// Seeds for each statistic.
const SEEDS: u64 = 100_000;

/// Five wallets; two of them win, so there are twenty outcomes.
const WALLETS: u8 = 5;

/// The critical value of chi-square for 19 degrees of freedom and p = 0.001.
///
/// NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.4.
const CRITICAL_VALUE: f64 = 43.820;

fn terms(weighting: Weighting, buckets: Vec<Bucket>) -> RewardTerms {
    RewardTerms {
        shape: Shape::Raffle(Raffle::new(buckets, weighting).unwrap()),
        decimals: 0,
        pool: u64::MAX,
        max_per_participant: None,
        audience: Audience::Everyone,
    }
}

fn drawn(rows: &[Row], terms: &RewardTerms, seed: [u8; 32]) -> Evaluation {
    evaluate(rows.to_vec(), terms, &Circumstances { raffle_seed: Some(seed), ..Circumstances::default() }).unwrap()
}

#[test]
fn another_implementation_draws_the_same_winners() {
    let vectors: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
    assert_eq!(vectors.len(), 24);
    for vector in vectors {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let pairs = |name: &str| vector[name].as_array().unwrap().iter().map(|pair| (pair[0].clone(), pair[1].clone()));
        let rows: Vec<Row> = pairs("rows")
            .map(|(address, value)| Row { address: address_of(&text(&address)), value: text(&value).parse().unwrap() })
            .collect();
        let bucket = |(amount, count): (Value, Value)| Bucket {
            amount: amount.as_u64().unwrap(),
            count: count.as_u64().unwrap().try_into().unwrap(),
        };
        let weighting = serde_json::from_value(vector["weighting"].clone()).unwrap();
        let terms = terms(weighting, pairs("buckets").map(bucket).collect());
        let evaluation = drawn(&rows, &terms, address_of(&text(&vector["seed"])).to_bytes());
        let winners: Vec<_> = evaluation.allocations().map(|leaf| (leaf.address, leaf.amount)).collect();
        let expected: Vec<_> =
            pairs("winners").map(|(address, prize)| (address_of(&text(&address)), prize.as_u64().unwrap())).collect();
        assert_eq!(winners, expected, "{}", vector["name"]);
    }
}

/// The 32 bytes that 64 hexadecimal digits stand for.
fn address_of(digits: &str) -> Pubkey {
    let bytes = (0..64).step_by(2).map(|start| u8::from_str_radix(&digits[start..start + 2], 16).unwrap());
    Pubkey::new_from_array(bytes.collect::<Vec<_>>().try_into().unwrap())
}

#[test]
fn with_equal_chances_every_pair_of_winners_is_as_likely() {
    check_frequencies(Weighting::EqualChances, |first, second| {
        assert_ne!(first, second);
        1.0 / 20.0
    });
}

#[test]
fn by_metric_a_wallet_is_as_likely_to_win_as_its_share_of_the_tickets_left() {
    // Wallet n has n of 15 tickets; the first winner's tickets are not in the second draw.
    check_frequencies(Weighting::WeightedByMetric, |first, second| {
        let [first, second] = [first, second].map(f64::from);
        first / 15.0 * second / (15.0 - first)
    });
}

/// Draws two winners with each seed, and compares how often each pair won with its probability.
fn check_frequencies(weighting: Weighting, probability: impl Fn(u8, u8) -> f64) {
    let terms = terms(weighting, vec![Bucket { amount: 1, count: 2 }]);
    let rows: Vec<Row> = (1..=WALLETS)
        .map(|number| Row { address: Pubkey::new_from_array([number; 32]), value: u64::from(number).into() })
        .collect();
    let pair = |seed: u64| {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let winners: Vec<u8> =
            drawn(&rows, &terms, bytes).allocations().map(|leaf| leaf.address.to_bytes()[0]).collect();
        (winners[0], winners[1])
    };
    let mut pairs: Vec<(u8, u8)> = (0..SEEDS).into_par_iter().map(pair).collect();
    pairs.sort_unstable();
    let (mut statistic, mut sum) = (0.0, 0.0);
    for first in 1..=WALLETS {
        for second in (1..=WALLETS).filter(|second| *second != first) {
            let found = pairs.iter().filter(|pair| **pair == (first, second)).count();
            let expected = probability(first, second) * SEEDS as f64;
            statistic += (found as f64 - expected).powi(2) / expected;
            sum += expected;
        }
    }
    assert!((sum - SEEDS as f64).abs() < 1e-6, "the probabilities must add up");
    assert_eq!(pairs.iter().filter(|pair| pair.0 == pair.1).count(), 0, "a wallet has won twice");
    assert!(statistic < CRITICAL_VALUE, "chi-square is {statistic}");
}

#[test]
fn no_wallet_wins_twice_however_many_prizes_there_are() {
    for weighting in [Weighting::EqualChances, Weighting::WeightedByMetric] {
        let rows: Vec<Row> = (1..=200_u8)
            .map(|number| Row {
                address: Pubkey::new_from_array([number; 32]),
                value: u64::from(number % 7 + 1).into(),
            })
            .collect();
        for prizes in [1, 199, 200, 201] {
            let terms = terms(weighting, vec![Bucket { amount: 1, count: prizes }]);
            for seed in 0..20 {
                let winners: Vec<Pubkey> =
                    drawn(&rows, &terms, [seed; 32]).allocations().map(|leaf| leaf.address).collect();
                let distinct: BTreeSet<&Pubkey> = winners.iter().collect();
                assert_eq!((winners.len(), distinct.len()), (prizes.min(200) as usize, prizes.min(200) as usize));
            }
        }
    }
}
