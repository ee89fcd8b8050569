//! How fast money may leave a distributor, as its terms say it. What keeps to it is in `limiter`.
//!
//! All amounts are gross: what leaves the vault, a mint's transfer fee included.

use anchor_lang::prelude::*;

use crate::constants::{ASKING_INTERVAL, BASIS_POINTS, MIN_OUTFLOW_WINDOW, USUAL_OUTFLOW_WINDOW};
use crate::error::TorqueError;
use crate::state::Terms;

/// The sizes of two buckets that payments drain and time refills: one of the distributor, one of each epoch.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
#[repr(C)]
pub struct Limits {
    /// What the distributor's bucket holds, in base units.
    pub absolute: u64,
    /// Seconds in which an empty bucket is full again.
    pub window: u32,
    /// What an epoch's bucket holds, in basis points of the epoch's total; 10,000 for no bucket, since an epoch pays no
    /// more than its total anyway.
    pub epoch_basis_points: u32,
}

impl Limits {
    /// The usual limits under `terms` whose budget takes `gross_budget` out of the vault: a budget at once, and within
    /// the usual window as much as the terms demand; no bucket for each epoch.
    #[must_use]
    pub fn usual(terms: &Terms, gross_budget: u64) -> Self {
        let limits = Self { absolute: gross_budget, window: USUAL_OUTFLOW_WINDOW, epoch_basis_points: 10_000 };
        let needed = limits.demands(terms, gross_budget).map(|demand| demand.capacity_rounded_up(limits.window));
        Self { absolute: needed.into_iter().fold(gross_budget, u64::max), ..limits }
    }

    /// Refuses limits that could keep back what is owed under `terms`, or hold up a schedule that runs steadily.
    ///
    /// An epoch's own bucket must let all of it out in the time that there is for it. What the distributor's must do
    /// is in [`Self::demands`].
    ///
    /// # Errors
    /// `LimiterInvalid`.
    pub fn invariant(&self, terms: &Terms, gross_budget: u64) -> Result<()> {
        let basis_points = u64::from(self.epoch_basis_points);
        let is_within_limits = self.window >= MIN_OUTFLOW_WINDOW && (1..=BASIS_POINTS).contains(&basis_points);
        let seconds = u64::from(self.payable_within(terms.claim_window));
        // Neither product exceeds 2^46.
        let lets_epoch_out = !self.has_epoch_buckets()
            || BASIS_POINTS.saturating_mul(self.window.into()) <= basis_points.saturating_mul(seconds);
        let is_fast_enough = self.demands(terms, gross_budget).iter().all(|demand| demand.is_met(self));
        ensure!(is_within_limits && lets_epoch_out && is_fast_enough, TorqueError::LimiterInvalid);
        Ok(())
    }

    /// Whether more may leave than under `other`, at once or in the long run.
    #[must_use]
    pub fn is_faster_than(&self, other: &Self) -> bool {
        let flow = |one: &Self, other: &Self| u128::from(one.absolute).saturating_mul(other.window.into());
        let is_larger = self.absolute > other.absolute || self.epoch_basis_points > other.epoch_basis_points;
        is_larger || flow(self, other) > flow(other, self)
    }

    /// What the distributor's bucket must let out under `terms`.
    ///
    /// First, a budget within half of a claim window and, where there are several epochs, within half an epoch, or what
    /// waits would grow from epoch to epoch. Second, within the time that there is for an epoch, as much as a schedule
    /// that runs steadily has open at once if nobody claims anything, and an epoch more that was just paid: so that
    /// such a schedule is never refused as `LimiterBusy`.
    fn demands(&self, terms: &Terms, gross_budget: u64) -> [Demand; 2] {
        let Terms { epoch_duration, epoch_count, activation_delay, claim_window, .. } = *terms;
        let shortest = if epoch_count > 1 { claim_window.min(epoch_duration) } else { claim_window };
        let budget = u128::from(gross_budget);
        // From its posting to its end, an epoch sees so many posted, itself included. They hold no more than exists.
        let lasts = u64::from(activation_delay).saturating_add(claim_window.into());
        let posted = lasts.div_ceil(u64::from(epoch_duration).max(1)).saturating_add(1).min(epoch_count.into());
        let most = budget.saturating_mul(posted.into()).min(u64::MAX.into());
        [
            Demand { amount: budget.saturating_mul(2), seconds: shortest },
            Demand { amount: most, seconds: self.payable_within(claim_window) },
        ]
    }

    /// Seconds of a claim window of `claim_window` in which the distributor's bucket must let out everything that must
    /// be paid in it: all, but for those that pass before who asks every five minutes asks for the first time and after
    /// it asked for the last; half of them if payments may have to wait for their epoch's bucket besides.
    #[must_use]
    pub fn payable_within(&self, claim_window: u32) -> u32 {
        let seconds = claim_window.saturating_sub(ASKING_INTERVAL << 1);
        if self.has_epoch_buckets() { seconds >> 1 } else { seconds }
    }

    fn has_epoch_buckets(&self) -> bool {
        u64::from(self.epoch_basis_points) < BASIS_POINTS
    }
}

/// So much must leave in so many seconds.
struct Demand {
    amount: u128,
    seconds: u32,
}

impl Demand {
    /// Whether a bucket of these sizes, which takes window × amount / capacity seconds for an amount, lets it out. No
    /// product exceeds 2^97.
    fn is_met(&self, limits: &Limits) -> bool {
        let seconds = u128::from(self.seconds);
        self.amount.saturating_mul(limits.window.into()) <= u128::from(limits.absolute).saturating_mul(seconds)
    }

    /// The smallest bucket that does, if it fills up in `window` seconds; at most `u64::MAX`.
    fn capacity_rounded_up(&self, window: u32) -> u64 {
        let capacity = self.amount.saturating_mul(window.into()).div_ceil(u128::from(self.seconds).max(1));
        u64::try_from(capacity).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_faster_if_more_may_leave_at_once_or_in_the_long_run_or_of_an_epoch() {
        let limits = |absolute, window, epoch_basis_points| Limits { absolute, window, epoch_basis_points };
        let before = limits(100, 1_000, 5_000);
        for slower in [before, limits(99, 1_000, 5_000), limits(100, 1_001, 5_000), limits(50, 500, 5_000)] {
            assert!(!slower.is_faster_than(&before), "{slower:?}");
        }
        assert!(!limits(100, 1_000, 4_999).is_faster_than(&before));
        let at_once = [limits(101, 1_000, 5_000), limits(101, 2_000, 4_999)];
        let in_the_long_run = [limits(100, 999, 5_000), limits(50, 499, 4_999)];
        let of_an_epoch = [limits(100, 1_000, 5_001), limits(1, 2_000, 5_001)];
        for faster in [at_once, in_the_long_run, of_an_epoch].concat() {
            assert!(faster.is_faster_than(&before), "{faster:?}");
        }
    }
}
