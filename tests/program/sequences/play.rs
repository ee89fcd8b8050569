//! Plays sequences on all processors, and shortens a failing one as far as it still fails.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::choice::SEQUENCES;
use super::operation::{Sequence, Step};
use super::stage::Stage;

/// Of sequences with so many steps, which is one of seven lengths, what is posted is paid.
const RESCUED: usize = 25;

/// For every kind of step, the number of each result.
pub(super) type Outcomes = BTreeMap<&'static str, Outcome>;

/// The results of one kind of step.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    pub(super) succeeded: u64,
    /// How many were refused, by the reason.
    pub(super) refused: BTreeMap<String, u64>,
}

/// Which sequences are played.
pub(super) struct Play {
    /// The seed of the first; the others follow.
    pub(super) first: u64,
    /// At most so many.
    pub(super) count: u64,
    /// And for at most so long.
    pub(super) seconds: Option<u64>,
}

impl Play {
    /// Plays them all, and returns their number and the results of their steps.
    ///
    /// # Panics
    /// With the seed of a sequence that fails, and the shortest sequence that fails like it.
    #[expect(clippy::print_stdout, reason = "a run of hours says what it has done")]
    #[expect(clippy::disallowed_methods, reason = "how many are played may depend on the time, what they do may not")]
    pub(super) fn run(&self) -> (u64, Outcomes) {
        let started = Instant::now();
        let (next, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
        let outcomes: Mutex<Outcomes> = Mutex::default();
        let failure: Mutex<Option<u64>> = Mutex::default();
        let limit = self.seconds.map(Duration::from_secs);
        let worker = || {
            let mut own = Outcomes::new();
            while !is_over.load(Ordering::Relaxed) && limit.is_none_or(|limit| started.elapsed() < limit) {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= self.count {
                    break;
                }
                let seed = self.first.wrapping_add(number);
                if catch_unwind(AssertUnwindSafe(|| play(&sequence(seed), &mut own))).is_err() {
                    is_over.store(true, Ordering::Relaxed);
                    failure.lock().unwrap().get_or_insert(seed);
                }
            }
            merge(&mut outcomes.lock().unwrap(), &own);
        };
        std::thread::scope(|scope| {
            for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
                scope.spawn(worker);
            }
        });
        if let Some(seed) = *failure.lock().unwrap() {
            report(seed);
        }
        let outcomes = outcomes.into_inner().unwrap();
        let played = next.into_inner().min(self.count);
        let steps: u64 = outcomes.values().map(|it| it.succeeded + it.refused.values().sum::<u64>()).sum();
        println!("{played} sequences of {steps} steps in {:?}", started.elapsed());
        outcomes.iter().for_each(|(name, outcome)| println!("{name}: {outcome:?}"));
        (played, outcomes)
    }
}

/// The sequence of a seed.
fn sequence(seed: u64) -> Sequence {
    // Neighbouring seeds would begin alike, so the seed is mixed; a cryptographic generator would take longer than a
    // sequence.
    let mixed = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let bytes = [mixed.to_le_bytes(), (mixed ^ seed.rotate_left(32)).to_le_bytes()].concat();
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::XorShift, &bytes));
    SEQUENCES.new_tree(&mut runner).unwrap().current()
}

/// Plays a sequence and its ending.
fn play(sequence: &Sequence, outcomes: &mut Outcomes) {
    let mut stage = Stage::of(sequence.cast);
    let mut step = |stage: &mut Stage, step: &Step| {
        let outcome = outcomes.entry(step.operation.name()).or_default();
        match stage.play(step) {
            Ok(()) => outcome.succeeded += 1,
            Err(refusal) => *outcome.refused.entry(refusal.name()).or_default() += 1,
        }
    };
    sequence.steps.iter().for_each(|it| step(&mut stage, it));
    if sequence.steps.len() == RESCUED {
        stage.expect_payable();
    }
    stage.ending().iter().for_each(|it| step(&mut stage, it));
    assert!(stage.is_over(), "money stays behind");
}

fn merge(all: &mut Outcomes, some: &Outcomes) {
    for (name, outcome) in some {
        let sum = all.entry(name).or_default();
        sum.succeeded += outcome.succeeded;
        for (reason, count) in &outcome.refused {
            *sum.refused.entry(reason.clone()).or_default() += count;
        }
    }
}

/// Fails with the shortest sequence that still fails: cut behind the failure, then without every step that it fails
/// without.
fn report(seed: u64) -> ! {
    let mut shortest = sequence(seed);
    let whole = shortest.steps.len();
    std::panic::set_hook(Box::new(|_| {}));
    let shortest_prefix = (0..whole).find(|length| fails(&prefix(&shortest, *length)).is_some());
    shortest = prefix(&shortest, shortest_prefix.unwrap_or(whole));
    let length = shortest.steps.len();
    for place in (0..length).rev() {
        let mut shorter = shortest.clone();
        shorter.steps.remove(place);
        if fails(&shorter).is_some() {
            shortest = shorter;
        }
    }
    let reason = fails(&shortest).unwrap_or_default();
    drop(std::panic::take_hook());
    let steps: Vec<String> = shortest.steps.iter().map(|step| format!("  {step:?}")).collect();
    panic!(
        "{reason}\nreplay with TORQUE_SEQUENCE_SEED={seed}; it fails after {length} of {whole} steps, and in cast {} with \
         these alone:\n{}",
        shortest.cast,
        steps.join("\n")
    );
}

fn prefix(sequence: &Sequence, length: usize) -> Sequence {
    Sequence { cast: sequence.cast, steps: sequence.steps.iter().take(length).copied().collect() }
}

/// Why a sequence fails, if it does.
fn fails(sequence: &Sequence) -> Option<String> {
    let failed = catch_unwind(AssertUnwindSafe(|| play(sequence, &mut Outcomes::new()))).err()?;
    Some(text_of(failed.as_ref()))
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
