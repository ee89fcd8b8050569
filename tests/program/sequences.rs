//! Random sequences of instructions over two distributors, of which one pays SOL by claim and one tokens by push: every
//! step does what a small model says, and the invariants hold after each.
//!
//! `TORQUE_SEQUENCES` sets how many sequences are played and `TORQUE_SEQUENCE_SEED` which ones; without them they are the
//! same in every run. Not here: attacks that a random choice would never find (`catalogue`).

mod agreement;
mod bucket;
mod epoch;
mod list;
mod model;
mod operation;
mod stage;

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use operation::{Step, sequences};
use stage::Stage;

/// Sequences that are played unless more are asked for.
const SEQUENCES: u32 = 64;
/// Which they are.
const SEED: u64 = 1;

#[test]
fn every_sequence_does_what_the_model_says_and_keeps_the_invariants() {
    let count = setting("TORQUE_SEQUENCES", SEQUENCES);
    let seed = setting("TORQUE_SEQUENCE_SEED", SEED);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases: count, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    // For every kind of step, how many succeeded and how many were refused.
    let outcomes: RefCell<BTreeMap<&str, [u32; 2]>> = RefCell::default();
    let played = runner.run(&sequences(), |steps| {
        let mut stage = Stage::new();
        let play = |stage: &mut Stage, step: &Step| {
            let succeeded = stage.play(step);
            outcomes.borrow_mut().entry(step.operation.name()).or_default()[usize::from(!succeeded)] += 1;
        };
        steps.iter().for_each(|step| play(&mut stage, step));
        stage.ending().iter().for_each(|step| play(&mut stage, step));
        assert!(stage.is_over(), "money stays behind");
        Ok(())
    });
    if let Err(failure) = played {
        panic!("with TORQUE_SEQUENCE_SEED={seed}: {failure}");
    }
    if count >= SEQUENCES {
        expect_both_outcomes(&outcomes.borrow());
    }
}

/// A kind of step that always succeeds or never does would not be tested; time and the pause are never refused.
fn expect_both_outcomes(outcomes: &BTreeMap<&str, [u32; 2]>) {
    assert_eq!(outcomes.len(), 13, "kinds of steps: {outcomes:?}");
    for (name, [succeeded, refused]) in outcomes {
        let is_never_refused = ["pass", "pause"].contains(name);
        assert!(*succeeded > 0 && (*refused > 0 || is_never_refused), "{name}: {outcomes:?}");
    }
}

/// The number in an environment variable, or `default`.
fn setting<Number: std::str::FromStr>(name: &str, default: Number) -> Number {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}: `{text}` is no number of its size")),
        Err(_) => default,
    }
}
