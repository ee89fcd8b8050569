//! Several bundles of one epoch, each with more known rows: together they never pay more than the pool, and only the
//! last ranks get too little.

use std::cell::Cell;
use std::collections::BTreeMap;

use crank_rules::evaluation::{Allocation, Circumstances, EvaluationError, Kind, evaluate};
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use solana_pubkey::Pubkey;

use crate::epoch::{BYTES, Epoch};

/// Epochs that are tried.
const EPOCHS: u32 = 3_000;

#[test]
fn all_bundles_of_an_epoch_together_keep_its_limits() {
    let config = Config { cases: EPOCHS, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[3; 32]));
    let strategy = (proptest::collection::vec(any::<u8>(), 0..=BYTES), proptest::array::uniform3(0..30_usize));
    let (corrected, short) = (Cell::new(0), Cell::new(0));
    let played = runner.run(&strategy, |(bytes, mut known)| {
        let epoch = Epoch::random(&bytes);
        known.sort_unstable();
        if epoch.terms.shape.kind() != Kind::Raffle
            && let Ok(is_short) = play(&epoch, &known)
        {
            corrected.set(corrected.get() + 1);
            short.set(short.get() + u32::from(is_short));
        }
        Ok(())
    });
    played.unwrap();
    let (corrected, short) = (corrected.get(), short.get());
    assert!(corrected > EPOCHS / 4 && short > EPOCHS / 50, "{corrected} epochs were corrected, {short} went short");
}

/// Evaluates an epoch several times, each time with so many of its rows. Returns whether a wallet got too little.
fn play(epoch: &Epoch, known: &[usize]) -> Result<bool, EvaluationError> {
    let mut paid: BTreeMap<Pubkey, u64> = BTreeMap::new();
    let mut is_short = false;
    for count in known.iter().copied().chain([usize::MAX]) {
        let rows: Vec<_> = epoch.rows.iter().take(count).copied().collect();
        let fresh = Circumstances { allotted_before: None, ..epoch.circumstances.clone() };
        let again = Circumstances { allotted_before: Some(paid.clone()), ..epoch.circumstances.clone() };
        let due: Vec<Allocation> = evaluate(rows.clone(), &epoch.terms, &fresh)?.allocations().collect();
        for leaf in evaluate(rows, &epoch.terms, &again)?.allocations() {
            *paid.entry(leaf.address).or_default() += leaf.amount;
        }
        is_short = check(epoch, &due, &paid);
    }
    Ok(is_short)
}

/// Compares the wallets' amounts with those that are due, in rank order. Returns whether a wallet got too little.
fn check(epoch: &Epoch, due: &[Allocation], paid: &BTreeMap<Pubkey, u64>) -> bool {
    let total: u128 = paid.values().map(|amount| u128::from(*amount)).sum();
    assert!(total <= u128::from(epoch.terms.pool), "the bundles pay {total} in all");
    let cap = epoch.terms.max_per_participant.unwrap_or(u64::MAX);
    assert!(paid.values().all(|amount| *amount <= cap), "a wallet has more than {cap} in all");
    let has = |leaf: &Allocation| paid.get(&leaf.address).copied().unwrap_or(0);
    let is_short = due.iter().any(|leaf| has(leaf) < leaf.amount);
    let has_too_much = total > due.iter().map(|leaf| u128::from(leaf.amount)).sum();
    assert!(!is_short || total == u128::from(epoch.terms.pool), "a wallet is short and the pool is not spent");
    if !is_short && !has_too_much {
        assert!(due.iter().all(|leaf| has(leaf) == leaf.amount), "everybody has what is due and some have more");
    }
    is_short
}
