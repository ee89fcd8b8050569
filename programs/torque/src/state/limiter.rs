//! How fast money may leave a distributor, whoever asks and whatever proves it.
//!
//! Two buckets stand before every payment: one of the distributor and one of the epoch. This file has the limits, what
//! they must allow, and the two buckets together; `bucket` has the rule of one.

use anchor_lang::prelude::*;

use crate::constants::{BASIS_POINTS, MIN_OUTFLOW_WINDOW, USUAL_OUTFLOW_WINDOW};
use crate::error::TorqueError;
use crate::state::{Bucket, Epoch, Terms};

/// Two buckets that payments drain and time refills: one of the distributor, one of each epoch.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
pub struct Limiter {
    /// Seconds in which an empty bucket is full again.
    pub window: u32,
    /// What the distributor's bucket holds, in base units.
    pub absolute: u64,
    /// What an epoch's bucket holds, in basis points of the epoch's total; 10,000 for no bucket, since an epoch pays no
    /// more than its total anyway.
    pub epoch_basis_points: u16,
    /// What was taken out of the distributor's bucket since `drained_at`.
    pub drained: u64,
    /// Unix seconds at which it was last full.
    pub drained_at: i64,
}

impl Limiter {
    /// The usual limits under `terms`: an epoch's budget within the usual window, or within half an epoch where that is
    /// shorter, and no bucket for each epoch.
    #[must_use]
    pub fn usual(terms: &Terms) -> Self {
        let window = USUAL_OUTFLOW_WINDOW.min(terms.epoch_duration >> 1);
        Self { window, absolute: terms.epoch_budget, epoch_basis_points: 10_000, ..Self::default() }
    }

    /// The limits `given`, or the usual ones, at creation: the bucket is full, whatever is given.
    #[must_use]
    pub fn full(given: Option<Self>, terms: &Terms, now: i64) -> Self {
        Self { drained: 0, drained_at: now, ..given.unwrap_or_else(|| Self::usual(terms)) }
    }

    /// Refuses limits that could keep back what is owed: whenever they or `terms` change.
    ///
    /// Each bucket must let an epoch's budget out within half of the claim window, so that both together, one waiting
    /// for the other, still do within all of it. And where there are several epochs, the bucket that they share must
    /// let a budget out within half an epoch, or what waits would grow from epoch to epoch.
    ///
    /// # Errors
    /// `LimiterInvalid`.
    pub fn invariant(&self, terms: &Terms) -> Result<()> {
        let [window, absolute, budget] = [u64::from(self.window), self.absolute, terms.epoch_budget].map(u128::from);
        let (claim_window, basis_points) = (u128::from(terms.claim_window), u128::from(self.epoch_basis_points));
        let time =
            if terms.epoch_count > 1 { terms.claim_window.min(terms.epoch_duration) } else { terms.claim_window };
        let is_within_limits =
            self.window >= MIN_OUTFLOW_WINDOW && (1..=BASIS_POINTS).contains(&u64::from(self.epoch_basis_points));
        // A bucket takes window × amount / capacity seconds for an amount. No product here exceeds 2^97.
        let double = window.saturating_mul(2);
        let is_fast_enough = double.saturating_mul(budget) <= absolute.saturating_mul(u128::from(time))
            && double.saturating_mul(u128::from(BASIS_POINTS)) <= basis_points.saturating_mul(claim_window);
        require!(is_within_limits && is_fast_enough, TorqueError::LimiterInvalid);
        Ok(())
    }
}

/// Both buckets at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Outflow {
    distributor: Bucket,
    epoch: Option<Bucket>,
}

impl Outflow {
    /// The buckets of `limiter` and `epoch` at `now`, unix seconds.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn at(now: i64, limiter: &Limiter, epoch: &Epoch) -> Result<Self> {
        let Limiter { window, absolute, epoch_basis_points, drained, drained_at } = *limiter;
        let distributor = Bucket::at(now, absolute, window, drained, drained_at);
        if u64::from(epoch_basis_points) == BASIS_POINTS {
            return Ok(Self { distributor, epoch: None });
        }
        let capacity = part_rounded_up(epoch.total.max(epoch.reserved), epoch_basis_points)?;
        Ok(Self { distributor, epoch: Some(Bucket::at(now, capacity, window, epoch.drained, epoch.drained_at)) })
    }

    /// Whether a payment that takes `amount` out of the vault may be made now.
    #[must_use]
    pub fn admits(&self, amount: u64) -> bool {
        self.distributor.admits(amount) && self.epoch.is_none_or(|bucket| bucket.admits(amount))
    }

    /// Takes `amount` out of both buckets. After an error they are of no use.
    ///
    /// # Errors
    /// `OutflowLimited` if it must wait, `ArithmeticOverflow`.
    pub fn take(&mut self, amount: u64) -> Result<()> {
        self.distributor.take(amount)?;
        self.epoch.as_mut().map_or(Ok(()), |bucket| bucket.take(amount))
    }

    /// Writes back what was taken.
    pub fn keep(&self, limiter: &mut Limiter, epoch: &mut Epoch) {
        (limiter.drained, limiter.drained_at) = (self.distributor.drained(), self.distributor.drained_at());
        if let Some(bucket) = self.epoch {
            (epoch.drained, epoch.drained_at) = (bucket.drained(), bucket.drained_at());
        }
    }
}

/// So that a bucket of a small epoch never holds nothing, which would never refill.
fn part_rounded_up(total: u64, basis_points: u16) -> Result<u64> {
    let product = u128::from(total).checked_mul(u128::from(basis_points)).ok_or(TorqueError::ArithmeticOverflow)?;
    let part = product.div_ceil(u128::from(BASIS_POINTS));
    Ok(u64::try_from(part).map_err(|_| TorqueError::ArithmeticOverflow)?)
}
