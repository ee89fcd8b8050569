//! A bucket of the outflow limiter in the model, of a distributor or of an epoch, in units so small that nothing is
//! rounded. Not here: when a distributor's changes (`limiter`).

use torque::state::Limits;

use super::stage::TERMS;

/// Seconds in which a bucket fills up at first.
const WINDOW: u32 = 3_600;
/// The limits of the distributors before the first step: a budget within half an epoch.
pub(super) const LIMITS: Limits =
    Limits { absolute: 2 * TERMS.epoch_budget, window: WINDOW, epoch_basis_points: 10_000 };

/// A bucket as it should be, full at first.
#[derive(Clone, Copy, Debug)]
pub(super) struct BucketModel {
    /// What it holds, in base units.
    pub(super) capacity: u64,
    /// Seconds in which it fills up.
    pub(super) window: u32,
    /// What is missing, in base units times the window.
    missing: u128,
    /// Unix seconds at which that was so.
    at: i64,
}

impl BucketModel {
    pub(super) fn full(capacity: u64, window: u32) -> Self {
        Self { capacity, window, missing: 0, at: TERMS.start }
    }

    /// That of an epoch which is to pay `total`, if it has one.
    pub(super) fn of_epoch(total: u64, limits: Limits) -> Option<Self> {
        let capacity = (u128::from(total) * u128::from(limits.epoch_basis_points)).div_ceil(10_000);
        (limits.epoch_basis_points < 10_000).then(|| Self::full(u64::try_from(capacity).unwrap(), limits.window))
    }

    /// Another bucket of which as much is missing at `now`, in whole units.
    pub(super) fn resized(&self, now: i64, capacity: u64, window: u32) -> Self {
        Self { capacity, window, missing: self.missing_rounded_up(now) * u128::from(window), at: now }
    }

    fn missing_at(&self, now: i64) -> u128 {
        let elapsed = u128::try_from(now - self.at).unwrap();
        self.missing.saturating_sub(u128::from(self.capacity) * elapsed)
    }

    /// Base units that are missing at `now`.
    pub(super) fn missing_rounded_up(&self, now: i64) -> u128 {
        self.missing_at(now).div_ceil(self.window.into())
    }

    /// Whether `amount` may leave at `now`: it is there, or half of the bucket is.
    pub(super) fn admits(&self, now: i64, amount: u64) -> bool {
        let needed = amount.min(self.capacity.div_ceil(2));
        amount == 0 || self.missing_rounded_up(now) + u128::from(needed) <= u128::from(self.capacity)
    }

    /// Takes `amount`, which is admitted, at `now`.
    pub(super) fn take(&mut self, now: i64, amount: u64) {
        self.missing = self.missing_at(now) + u128::from(amount) * u128::from(self.window);
        self.at = now;
    }
}
