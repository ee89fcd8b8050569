//! The usual outflow limiter in the model: one bucket of a distributor, in units so small that nothing is rounded.

use super::stage::TERMS;

/// Seconds in which the bucket fills up: half of the stage's epochs, which is less than an hour.
const WINDOW: u128 = TERMS.epoch_duration as u128 / 2;
/// What it holds, in base units.
const CAPACITY: u128 = TERMS.epoch_budget as u128;

/// A bucket as it should be, full at first.
#[derive(Clone, Copy, Default)]
pub(super) struct BucketModel {
    /// What is missing, in base units times the window.
    missing: u128,
    /// Unix seconds at which that was so.
    at: i64,
}

impl BucketModel {
    /// Whether `amount` may leave at `now`.
    pub(super) fn admits(mut self, now: i64, amount: u64) -> bool {
        self.take(now, amount)
    }

    /// Takes `amount` at `now` if it may leave, and says whether it may.
    pub(super) fn take(&mut self, now: i64, amount: u64) -> bool {
        let elapsed = u128::try_from(now - self.at).unwrap();
        let missing = self.missing.saturating_sub(CAPACITY * elapsed);
        let after = missing + u128::from(amount) * WINDOW;
        let is_admitted = amount == 0 || missing == 0 || after.div_ceil(WINDOW) <= CAPACITY;
        if is_admitted {
            (self.missing, self.at) = (after, now);
        }
        is_admitted
    }
}
