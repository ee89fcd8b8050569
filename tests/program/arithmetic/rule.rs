//! A rule of the program's arithmetic, and the comparison of the bytecode with it. A new rule is a type that implements
//! [`Rule`], and a test of one line.

use std::collections::BTreeMap;
use std::fmt::Debug;

use dashu::integer::IBig;
use rayon::prelude::*;

use super::numbers::Random;

/// Cases of each rule, unless the environment says otherwise.
const CASES: u64 = 2_000;
/// Cases that follow each other on one machine.
const BATCH: u64 = 500;
/// How a case ends that is not refused.
const DONE: &str = "done";

/// Of [`CASES`] cases at least this many must end in each way that a rule names, or its numbers are chosen badly.
const EACH_WAY: u64 = 20;

/// The amounts that come out, or the name of the refusal.
pub(super) type Outcome = Result<Vec<u64>, &'static str>;

/// A rule, with the machine on which its cases are run.
pub(super) trait Rule: Sized {
    /// What a case computes with.
    type Numbers: Debug;

    /// The refusals that its cases must meet, besides those that succeed.
    const REFUSALS: &[&str];

    /// Sets the stage up, once for many cases.
    fn stage() -> Self;

    /// Chooses the numbers of a case.
    fn choose(random: &mut Random) -> Self::Numbers;

    /// What the documents say, by integers of any size.
    fn expected(numbers: &Self::Numbers) -> Outcome;

    /// What the bytecode does. Whatever an earlier case has changed, it writes anew.
    fn observed(&mut self, numbers: &Self::Numbers) -> Result<Vec<u64>, String>;
}

/// Compares the bytecode with the rule in every case, and whether each way to end was met.
pub(super) fn expect_same<R: Rule>() {
    let setting = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    if let Some(case) = setting("TORQUE_ARITHMETIC_CASE") {
        compare(&mut R::stage(), case);
        return;
    }
    let cases = setting("TORQUE_ARITHMETIC_CASES").unwrap_or(CASES);
    let batches: Vec<u64> = (0..cases.div_ceil(BATCH)).collect();
    // The stage of a machine stays with its thread.
    let ends = batches.into_par_iter().map_init(R::stage, |stage, batch| {
        let mut ends = BTreeMap::new();
        for case in (batch * BATCH)..cases.min((batch + 1) * BATCH) {
            *ends.entry(compare(stage, case)).or_insert(0) += 1;
        }
        ends
    });
    let ends = ends.reduce(BTreeMap::new, |mut sum, ends| {
        ends.into_iter().for_each(|(end, count)| *sum.entry(end).or_insert(0) += count);
        sum
    });
    for end in R::REFUSALS.iter().chain(&[DONE]) {
        let count = ends.get(end).copied().unwrap_or_default();
        assert!(count * CASES >= EACH_WAY * cases, "{end}: only {count} of {cases} cases: {ends:?}");
    }
}

/// Compares one case. Returns how it ends: the refusal's name, or [`DONE`].
fn compare<R: Rule>(stage: &mut R, case: u64) -> &'static str {
    let numbers = R::choose(&mut Random::of(case));
    let expected = R::expected(&numbers);
    let observed = stage.observed(&numbers);
    let expected_text = expected.clone().map_err(str::to_owned);
    assert_eq!(
        observed, expected_text,
        "observed (left) is not what the rule says (right); replay with TORQUE_ARITHMETIC_CASE={case}: {numbers:?}"
    );
    expected.err().unwrap_or(DONE)
}

/// `amount` as an integer of any size.
pub(super) fn big(amount: impl Into<IBig>) -> IBig {
    amount.into()
}

/// The quotient, rounded down. Neither may be negative.
pub(super) fn floor(dividend: IBig, divisor: impl Into<IBig>) -> IBig {
    dividend / divisor.into()
}

/// The quotient, rounded up. Neither may be negative.
pub(super) fn ceil(dividend: IBig, divisor: impl Into<IBig>) -> IBig {
    let divisor = divisor.into();
    (dividend + &divisor - IBig::ONE) / divisor
}

/// The amount as the program stores it: no amount is below zero or above the last u64.
pub(super) fn stored(amount: &IBig) -> Result<u64, &'static str> {
    u64::try_from(amount).map_err(|_| "ArithmeticOverflow")
}
