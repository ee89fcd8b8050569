//! The outflow limiter in the model: a bucket of a distributor or of an epoch, in units so small that nothing is
//! rounded.

use super::stage::TERMS;

/// Seconds in which a bucket fills up: half of the stage's epochs, which is less than an hour.
pub(super) const WINDOW: u32 = TERMS.epoch_duration / 2;
/// What a distributor's holds, in base units.
pub(super) const CAPACITY: u64 = TERMS.epoch_budget;

/// A bucket as it should be, full at first.
#[derive(Clone, Copy)]
pub(super) struct BucketModel {
    /// What it holds, in base units.
    capacity: u64,
    /// What is missing, in base units times the window.
    missing: u128,
    /// Unix seconds at which that was so.
    at: i64,
}

impl BucketModel {
    pub(super) fn full(capacity: u64) -> Self {
        Self { capacity, missing: 0, at: TERMS.start }
    }

    /// That of an epoch which is to pay `total`, if it has one.
    pub(super) fn of_epoch(total: u64, basis_points: u16) -> Option<Self> {
        let capacity = (u128::from(total) * u128::from(basis_points)).div_ceil(10_000);
        (basis_points < 10_000).then(|| Self::full(u64::try_from(capacity).unwrap()))
    }

    /// What is missing at `now`.
    fn missing_at(&self, now: i64) -> u128 {
        let elapsed = u128::try_from(now - self.at).unwrap();
        self.missing.saturating_sub(u128::from(self.capacity) * elapsed)
    }

    /// Whether `amount` may leave at `now`.
    pub(super) fn admits(&self, now: i64, amount: u64) -> bool {
        let missing = self.missing_at(now);
        let after = missing + u128::from(amount) * u128::from(WINDOW);
        amount == 0 || missing == 0 || after.div_ceil(u128::from(WINDOW)) <= u128::from(self.capacity)
    }

    /// Takes `amount`, which is admitted, at `now`.
    pub(super) fn take(&mut self, now: i64, amount: u64) {
        self.missing = self.missing_at(now) + u128::from(amount) * u128::from(WINDOW);
        self.at = now;
    }
}
