//! What keeps a distributor to its limits, whoever asks and whatever proves it, and what keeps a promise besides.
//!
//! Two buckets stand before every payment: one of the distributor and one of the epoch. This file has what is kept of
//! them, the two together, and what may be posted so that it can be paid; `bucket` has the rule of one, and `limits`
//! their sizes.
//!
//! The promise: whatever is posted can be paid in its window, if somebody asks every five minutes from its opening on
//! and asks for the epochs that end first at first. It holds because [`Limiter::require_room`] refuses an epoch unless
//! everything that is open then could leave within the shortest window of an open epoch. Take any span of time. What
//! must be paid within it belongs to epochs whose windows lie in it. When the last of them, or the last that delayed
//! them, was posted, all of that was open and could leave within a window, which is not longer than the span. So no
//! span demands more than its time lets out, and then serving the earliest end first keeps every end.
//!
//! Limits change with the first epoch under them, but the bucket is never slower than what any open epoch was posted
//! under: it grows at once, and shrinks once all older epochs are closed and it is full. What is missing stays missing.

use anchor_lang::prelude::*;

use crate::constants::BASIS_POINTS;
use crate::error::TorqueError;
use crate::state::{Bucket, Epoch, EpochTerms, Limits};

/// The distributor's bucket, and how much of what is open it has let out.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
#[repr(C)]
pub struct Limiter {
    /// What the bucket holds, in base units.
    pub absolute: u64,
    /// What was taken out of it since `drained_at`, in base units.
    pub drained: u64,
    /// Unix seconds at which it was last full.
    pub drained_at: i64,
    /// Base units that left the vault for the open epochs.
    pub spent_open: u64,
    /// The limits under which the next epoch is posted, unless others come with it.
    pub limits: Limits,
    /// Seconds in which the empty bucket is full again.
    pub window: u32,
    /// Seconds in which all that is open must be able to leave: the least that any open epoch has for it.
    pub payable_within: u32,
    /// The first epoch under the terms in force.
    pub first_epoch: u32,
    /// How many open epochs are older.
    pub older_epochs: u32,
}

impl Limiter {
    /// A full bucket of the sizes `limits` at `now`, unix seconds, for claim windows of `claim_window` seconds.
    #[must_use]
    pub fn full(limits: Limits, claim_window: u32, now: i64) -> Self {
        let Limits { absolute, window, .. } = limits;
        let payable_within = limits.payable_within(claim_window);
        Self { absolute, window, drained_at: now, limits, payable_within, ..Self::default() }
    }

    /// The distributor's bucket at `now`, unix seconds.
    #[must_use]
    pub fn bucket(&self, now: i64) -> Bucket {
        Bucket::at(now, self.absolute, self.window, self.drained, self.drained_at)
    }

    /// Takes over the terms of epoch `first_epoch`, the next one, with `limits` and a claim window of `claim_window`
    /// seconds, at `now`, unix seconds, while `open_epochs` older ones are open.
    pub(super) fn change(
        &mut self,
        limits: Limits,
        claim_window: u32,
        (first_epoch, open_epochs): (u32, u32),
        now: i64,
    ) {
        let (absolute, window) = self.fastest_with(limits);
        if (absolute, window) != (self.absolute, self.window) {
            let bucket = self.bucket(now);
            // Rounded up by less than a unit, for which nobody waits twice.
            (self.drained, self.drained_at) = (bucket.missing(), self.drained_at.max(now));
            (self.absolute, self.window) = (absolute, window);
        }
        let payable_within = limits.payable_within(claim_window);
        self.payable_within = if open_epochs == 0 { payable_within } else { self.payable_within.min(payable_within) };
        (self.limits, self.first_epoch, self.older_epochs) = (limits, first_epoch, open_epochs);
        *self = self.settled(now);
    }

    /// Capacity and window of a bucket that is at least as large and as fast as this one and as `limits`.
    fn fastest_with(&self, limits: Limits) -> (u64, u32) {
        let Limits { absolute, window, .. } = limits;
        let [own, new] =
            [(self.absolute, self.window), (absolute, window)].map(|(a, w)| (u128::from(a), u128::from(w)));
        let (capacity, seconds) = if own.0.saturating_mul(new.1) < new.0.saturating_mul(own.1) { new } else { own };
        let largest = own.0.max(new.0);
        // Rounded down, so not slower. It is not longer than the window of the larger, which is the slower one.
        let window = largest.saturating_mul(seconds).checked_div(capacity).unwrap_or_default();
        (self.absolute.max(absolute), u32::try_from(window).unwrap_or(u32::MAX))
    }

    /// The same, once a bucket that was kept for older epochs has no more use at `now`, unix seconds.
    ///
    /// While something is missing it does not shrink: in a smaller one that would take longer to be made up for, and
    /// later epochs would wait for what was promised to others.
    fn settled(self, now: i64) -> Self {
        let Limits { absolute, window, .. } = self.limits;
        let is_settled = (absolute, window) == (self.absolute, self.window);
        if is_settled || self.older_epochs > 0 || self.bucket(now).missing() > 0 {
            return self;
        }
        Self { absolute, window, drained: 0, drained_at: self.drained_at.max(now), ..self }
    }

    /// Takes epoch `index`, which spent `spent`, off the open ones, under whose terms a claim window has `claim_window`
    /// seconds.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub(super) fn close_epoch(&mut self, index: u32, spent: u64, claim_window: u32) -> Result<()> {
        self.spent_open = self.spent_open.checked_sub(spent).ok_or(TorqueError::ArithmeticOverflow)?;
        if index < self.first_epoch {
            self.older_epochs = self.older_epochs.checked_sub(1).ok_or(TorqueError::ArithmeticOverflow)?;
        }
        if self.older_epochs == 0 {
            self.payable_within = self.limits.payable_within(claim_window);
        }
        Ok(())
    }

    /// Refuses if not everything could leave that is open once epoch `index` is posted at `now`, unix seconds, which
    /// all together have `reserved`.
    ///
    /// An older epoch that gets a root again counts on the bucket that is kept for it. Half a bucket may be missing at
    /// any time: whoever asks every five minutes finds it more than half full, or has just emptied it by half.
    ///
    /// # Errors
    /// `LimiterBusy`, `ArithmeticOverflow`.
    pub(super) fn require_room(&self, index: u32, reserved: u64, now: i64) -> Result<()> {
        let is_older = index < self.first_epoch;
        let Limits { absolute, window, .. } = self.limits;
        let (absolute, window) = if is_older { (self.absolute, self.window) } else { (absolute, window) };
        let unspent = reserved.checked_sub(self.spent_open).ok_or(TorqueError::ArithmeticOverflow)?;
        let debt = self.bucket(now).missing().saturating_sub(absolute >> 1);
        let [open, debt, window, absolute, seconds] =
            [unspent, debt, window.into(), absolute, self.payable_within.into()].map(u128::from);
        // No product exceeds 2^97.
        let has_room = open.saturating_add(debt).saturating_mul(window) <= absolute.saturating_mul(seconds);
        ensure!(has_room, TorqueError::LimiterBusy);
        Ok(())
    }
}

/// Both buckets at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Outflow {
    limiter: Limiter,
    distributor: Bucket,
    epoch: Option<Bucket>,
}

impl Outflow {
    /// The buckets of `limiter` and `epoch` at `now`, unix seconds.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn at(now: i64, limiter: &Limiter, epoch: &Epoch) -> Result<Self> {
        let limiter = limiter.settled(now);
        let distributor = limiter.bucket(now);
        let EpochTerms { outflow_window, epoch_basis_points, .. } = epoch.terms;
        if u64::from(epoch_basis_points) == BASIS_POINTS {
            return Ok(Self { limiter, distributor, epoch: None });
        }
        let capacity = part_rounded_up(epoch.total.max(epoch.reserved), epoch_basis_points)?;
        let bucket = Bucket::at(now, capacity, outflow_window, epoch.drained, epoch.drained_at);
        Ok(Self { limiter, distributor, epoch: Some(bucket) })
    }

    /// Whether a payment that takes `amount` out of the vault may be made now.
    #[inline(always)]
    #[must_use]
    pub fn admits(&self, amount: u64) -> bool {
        self.distributor.admits(amount) && self.epoch.is_none_or(|bucket| bucket.admits(amount))
    }

    /// Takes `amount` out of both buckets. After an error they are of no use.
    ///
    /// # Errors
    /// `OutflowLimited` if it must wait, and those of [`Self::take_admitted`].
    pub fn take(&mut self, amount: u64) -> Result<()> {
        ensure!(self.admits(amount), TorqueError::OutflowLimited);
        self.take_admitted(amount)
    }

    /// Takes `amount`, which both buckets [admit](Self::admits). After an error they are of no use.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    #[inline(always)]
    pub fn take_admitted(&mut self, amount: u64) -> Result<()> {
        self.distributor.take_admitted(amount)?;
        let spent = self.limiter.spent_open.checked_add(amount);
        self.limiter.spent_open = spent.ok_or(TorqueError::ArithmeticOverflow)?;
        self.epoch.as_mut().map_or(Ok(()), |bucket| bucket.take_admitted(amount))
    }

    /// Writes back what was taken.
    pub fn keep(&self, limiter: &mut Limiter, epoch: &mut Epoch) {
        let (drained, drained_at) = (self.distributor.drained(), self.distributor.drained_at());
        *limiter = Limiter { drained, drained_at, ..self.limiter };
        if let Some(bucket) = self.epoch {
            (epoch.drained, epoch.drained_at) = (bucket.drained(), bucket.drained_at());
        }
    }
}

/// So that a bucket of a small epoch never holds nothing, which would never refill.
fn part_rounded_up(total: u64, basis_points: u32) -> Result<u64> {
    let product = u128::from(total).checked_mul(u128::from(basis_points)).ok_or(TorqueError::ArithmeticOverflow)?;
    let part = product.div_ceil(u128::from(BASIS_POINTS));
    Ok(u64::try_from(part).map_err(|_| TorqueError::ArithmeticOverflow)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of the claim windows before and after.
    const WINDOWS: [u32; 2] = [200_000, 100_000];

    fn limits(absolute: u64, window: u32) -> Limits {
        Limits { absolute, window, epoch_basis_points: 10_000 }
    }

    /// A full bucket of 100 that fills up in 1,000 seconds, at second 5.
    fn full() -> Limiter {
        Limiter::full(limits(100, 1_000), WINDOWS[0], 5)
    }

    #[test]
    fn what_is_open_keeps_the_least_time_that_any_of_it_has() {
        let times = WINDOWS.map(|window| limits(100, 1_000).payable_within(window));
        for (from, to, open_epochs, expected) in [(0, 1, 0, 1), (0, 1, 2, 1), (1, 0, 0, 0), (1, 0, 2, 1)] {
            let mut limiter = Limiter::full(limits(100, 1_000), WINDOWS[from], 5);
            limiter.change(limits(100, 1_000), WINDOWS[to], (7, open_epochs), 5);
            assert_eq!(limiter.payable_within, times[expected], "{from} to {to} while {open_epochs} are open");
        }
    }

    #[test]
    fn the_time_is_that_of_the_new_terms_once_the_last_older_epoch_is_closed() {
        let mut limiter = Limiter::full(limits(100, 1_000), WINDOWS[1], 5);
        limiter.change(limits(100, 1_000), WINDOWS[0], (7, 2), 5);
        let times = WINDOWS.map(|window| limits(100, 1_000).payable_within(window));
        for (index, older_epochs, expected) in [(3, 1, 1), (7, 1, 1), (4, 0, 0)] {
            limiter.close_epoch(index, 0, WINDOWS[0]).unwrap();
            assert_eq!(
                (limiter.older_epochs, limiter.payable_within),
                (older_epochs, times[expected]),
                "epoch {index}"
            );
        }
    }

    #[test]
    fn a_bucket_that_is_full_and_kept_for_nobody_has_the_new_size_and_the_new_window() {
        let mut limiter = full();
        limiter.change(limits(10, 600), WINDOWS[0], (7, 0), 9);
        assert_eq!((limiter.absolute, limiter.window, limiter.drained), (10, 600, 0));
        let mut kept = full();
        kept.change(limits(10, 600), WINDOWS[0], (7, 1), 9);
        assert_eq!((kept.absolute, kept.window), (100, 1_000));
        kept.close_epoch(6, 0, WINDOWS[0]).unwrap();
        let settled = kept.settled(9);
        assert_eq!((settled.absolute, settled.window), (10, 600));
    }
}
