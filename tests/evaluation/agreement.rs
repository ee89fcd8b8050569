//! Random epochs: the crank and the reference decide the same about every row, and no limit is ever passed.
//!
//! `TORQUE_EPOCHS` sets how many epochs are tried. They are the same ones in every run.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crank_rules::evaluation::{Decision, Evaluation, EvaluationError, Kind, evaluate};
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use rayon::prelude::*;

use crate::epoch::{BYTES, Epoch};
use crate::reference::{self, Outcome, Refusal};

/// Epochs that are tried unless another number is asked for.
const EPOCHS: u32 = 100_000;

/// Epochs that one thread tries in a row.
const EPOCHS_PER_TASK: u32 = 500;

#[test]
fn every_epoch_comes_to_what_the_reference_says() {
    let epochs = std::env::var("TORQUE_EPOCHS").map_or(EPOCHS, |text| text.parse().unwrap());
    let tasks = epochs.div_ceil(EPOCHS_PER_TASK);
    let seen = (0..tasks).into_par_iter().map(try_epochs).reduce(BTreeMap::new, |mut all, some| {
        some.into_iter().for_each(|(what, times)| *all.entry(what).or_default() += times);
        all
    });
    if epochs >= EPOCHS / 10 {
        expect_everything(&seen);
    }
}

/// Tries the epochs of one task, and counts their results.
fn try_epochs(task: u32) -> BTreeMap<String, u32> {
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&task.to_le_bytes());
    let config = Config { cases: EPOCHS_PER_TASK, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let seen = RefCell::new(BTreeMap::new());
    let bytes = proptest::collection::vec(any::<u8>(), 0..=BYTES);
    let outcome = runner.run(&bytes, |bytes| {
        let epoch = Epoch::random(&bytes);
        compare(&epoch, &mut |what| *seen.borrow_mut().entry(what).or_default() += 1)
            .map_err(|difference| TestCaseError::fail(format!("{difference}\nof {epoch:?}")))
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    seen.into_inner()
}

/// Evaluates an epoch twice; an error where the results differ.
fn compare(epoch: &Epoch, see: &mut dyn FnMut(String)) -> Result<(), String> {
    let expected = reference::evaluate(epoch);
    let found = evaluate(epoch.rows.clone(), &epoch.terms, &epoch.circumstances);
    let kind = epoch.terms.shape.kind();
    match (expected, found) {
        (Err(Refusal::Unknown), _) => see("unknown".to_owned()),
        (Err(expected), Err(found)) if Some(&expected) == refusal(&found).as_ref() => {
            see(format!("{kind:?} {expected:?}").split([' ', '(', '{']).take(2).collect::<Vec<_>>().join(" "));
        }
        (Ok(expected), Ok(found)) if expected == outcome(&found) => {
            check_limits(epoch, &found)?;
            let correction = if epoch.circumstances.allotted_before.is_some() { "correction" } else { "evaluation" };
            if found.allocations().len() > 0 {
                see(format!("{kind:?} {correction} with leaves"));
            }
            found.rejected().for_each(|(_, reason)| see(reason.to_string()));
        }
        (expected, found) => return Err(format!("expected {expected:?}\nfound {found:?}")),
    }
    Ok(())
}

fn refusal(error: &EvaluationError) -> Option<Refusal> {
    match error {
        EvaluationError::RepeatedAddress(address) => Some(Refusal::Repeated(*address)),
        EvaluationError::GivenAmountNotPositive { address, .. } => Some(Refusal::NotPositive(*address)),
        EvaluationError::Formula { rank, address, .. } => {
            Some(Refusal::Formula { rank: usize::try_from(*rank).unwrap(), address: *address })
        }
        EvaluationError::TooManyTickets { address, .. } => Some(Refusal::Tickets(*address)),
        _ => None,
    }
}

/// The crank's result in the reference's types.
fn outcome(evaluation: &Evaluation) -> Outcome {
    let rows = evaluation.rows().iter().map(|decided| {
        let fate = match decided.decision {
            Decision::Allotted { index } => Ok(usize::try_from(index).unwrap()),
            Decision::Rejected(reason) => Err(reason.to_string()),
        };
        (decided.row, fate)
    });
    let leaves = evaluation.allocations().enumerate().map(|(index, leaf)| {
        assert_eq!(usize::try_from(leaf.index).unwrap(), index);
        (leaf.address, leaf.value, usize::try_from(leaf.rank).unwrap(), leaf.amount)
    });
    Outcome {
        rows: rows.collect(),
        leaves: leaves.collect(),
        conversions: usize::try_from(evaluation.conversions()).unwrap(),
    }
}

/// Checks that the pool is enough for all bundles of the epoch, and that no wallet is paid beyond the cap or has two
/// leaves.
fn check_limits(epoch: &Epoch, evaluation: &Evaluation) -> Result<(), String> {
    let before = epoch.circumstances.allotted_before.clone().unwrap_or_default();
    let spent: u128 = before.values().map(|amount| u128::from(*amount)).sum();
    let total: u128 = evaluation.allocations().map(|leaf| u128::from(leaf.amount)).sum();
    let cap = epoch.terms.max_per_participant.unwrap_or(u64::MAX);
    let mut wallets = BTreeSet::new();
    let is_within = total == u128::from(evaluation.total())
        && spent + total <= u128::from(epoch.terms.pool).max(spent)
        && evaluation.allocations().all(|leaf| {
            let had = before.get(&leaf.address).copied().unwrap_or(0);
            leaf.amount > 0
                && had.checked_add(leaf.amount).is_some_and(|sum| sum <= cap)
                && wallets.insert(leaf.address)
        })
        && (epoch.terms.shape.kind() == Kind::Raffle || evaluation.allocations().is_sorted_by_key(|leaf| leaf.rank));
    if is_within { Ok(()) } else { Err(format!("a limit is passed: {evaluation:?}")) }
}

/// Checks that random epochs meet every rule, because otherwise a rule would not be tested.
fn expect_everything(seen: &BTreeMap<String, u32>) {
    let reasons = [
        "not in the allow list",
        "in the deny list",
        "excluded by filter 0",
        "value is not positive",
        "amount is zero",
        "value is below one ticket",
        "not drawn",
        "maximum per participant is reached",
        "pool is exhausted",
        "allotted before",
        "allotted more before",
    ];
    let results = ["Curve", "Direct", "Leaderboard", "Rebate"]
        .iter()
        .flat_map(|kind| ["evaluation", "correction"].map(|what| format!("{kind} {what} with leaves")));
    let others = [
        "Raffle evaluation with leaves",
        "Leaderboard Formula",
        "Direct NotPositive",
        "Direct Repeated",
        "Raffle Repeated",
        "Raffle Tickets",
    ];
    for what in reasons.into_iter().chain(others).map(str::to_owned).chain(results) {
        assert!(seen.get(&what).is_some_and(|times| *times >= 10), "{what}: {seen:#?}");
    }
    let unknown = seen.get("unknown").copied().unwrap_or(0);
    let leaders = seen["Leaderboard evaluation with leaves"];
    assert!(unknown < leaders / 20, "{unknown} epochs were not compared: {seen:#?}");
}
