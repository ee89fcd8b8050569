//! The outflow limiter of a distributor in the model: which limits are accepted, when they change, and how much may be
//! open.

use torque::error::TorqueError;
use torque::state::Limits;

use super::bucket::{BucketModel, LIMITS};
use super::distributor::DistributorModel;
use super::epoch::{EpochModel, Rules, Verdict, require};
use super::stage::TERMS;

/// Seconds that pass until somebody asks for the first time and after somebody asked for the last.
const UNASKED: u32 = 600;

/// The bucket of a distributor, and what it is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct LimiterModel {
    pub(super) bucket: BucketModel,
    /// Of the terms in force.
    pub(super) limits: Limits,
    /// Seconds in which all that is open must be able to leave.
    pub(super) payable_within: u32,
    /// The first epoch under the terms in force.
    first_epoch: u32,
}

impl LimiterModel {
    pub(super) fn new(epoch_basis_points: u32) -> Self {
        let limits = Limits { epoch_basis_points, ..LIMITS };
        let Limits { absolute, window, .. } = limits;
        let payable_within = payable_within(limits, TERMS.claim_window);
        Self { bucket: BucketModel::full(absolute, window), limits, payable_within, first_epoch: 0 }
    }

    /// The same once `rules` are in force from epoch `first_epoch` on, with `open` epochs before it.
    fn changed(self, now: i64, rules: Rules, first_epoch: u32, open: usize) -> Self {
        let Limits { absolute, window, .. } = rules.limits;
        let own = self.bucket;
        // The larger of both at the speed of the faster.
        let capacity = own.capacity.max(absolute);
        let seconds =
            |capacity_of: u64, window: u32| u128::from(capacity) * u128::from(window) / u128::from(capacity_of);
        let fastest = seconds(own.capacity, own.window).min(seconds(absolute, window));
        let is_same = (capacity, fastest) == (own.capacity, own.window.into());
        let bucket = if is_same { own } else { own.resized(now, capacity, u32::try_from(fastest).unwrap()) };
        let own_time = payable_within(rules.limits, rules.window);
        let payable_within = if open == 0 { own_time } else { self.payable_within.min(own_time) };
        Self { bucket, limits: rules.limits, payable_within, first_epoch }.settled(now, open)
    }

    /// The same once the bucket is the one of the terms in force: if no epoch is `older` than they and nothing is
    /// missing.
    fn settled(self, now: i64, older: usize) -> Self {
        let Limits { absolute, window, .. } = self.limits;
        let is_due = older == 0 && self.bucket.missing_rounded_up(now) == 0;
        let bucket = if is_due { BucketModel::full(absolute, window) } else { self.bucket };
        Self { bucket, ..self }
    }
}

/// Seconds in which an epoch under `limits` must be able to leave.
fn payable_within(limits: Limits, claim_window: u32) -> u32 {
    let parts = if limits.epoch_basis_points < 10_000 { 2 } else { 1 };
    (claim_window - UNASKED) / parts
}

/// Refuses limits that could keep back what is owed under `rules`, of which there are `epoch_count` epochs.
pub(super) fn require_limits(rules: Rules, epoch_count: u32) -> Verdict {
    let Rules { budget, delay, window: claim_window, limits } = rules;
    let Limits { absolute, window, epoch_basis_points } = limits;
    let most_posted = (delay + claim_window).div_ceil(TERMS.epoch_duration) + 1;
    let lets_out =
        |amount: u128, seconds: u32| amount * u128::from(window) <= u128::from(absolute) * u128::from(seconds);
    let within = payable_within(limits, claim_window);
    let shortest = if epoch_count > 1 { claim_window.min(TERMS.epoch_duration) } else { claim_window };
    let is_accepted = window >= UNASKED
        && (1..=10_000).contains(&epoch_basis_points)
        && (epoch_basis_points == 10_000 || 10_000 * u64::from(window) <= u64::from(epoch_basis_points * within))
        && lets_out(2 * u128::from(budget), shortest)
        && lets_out(u128::from(budget) * u128::from(most_posted.min(epoch_count)), within);
    require(is_accepted, TorqueError::LimiterInvalid)
}

impl DistributorModel {
    /// How many open epochs are older than the terms in force.
    pub(super) fn older_epochs(&self) -> usize {
        self.epochs.range(..self.limiter.first_epoch).count()
    }

    /// The limiter at `now`, if something is paid then.
    pub(super) fn limiter_at(&self, now: i64) -> LimiterModel {
        self.limiter.settled(now, self.older_epochs())
    }

    /// The limiter once the next epoch is open.
    pub(super) fn limiter_of_next(&self, now: i64) -> LimiterModel {
        let changed = self.coming.filter(|(from, ..)| *from <= self.next_epoch);
        let open = self.epochs.len();
        changed.map_or(self.limiter, |(_, rules, _)| self.limiter.changed(now, rules, self.next_epoch, open))
    }

    /// What has to be done once an epoch is gone.
    pub(super) fn after_closing(&mut self) {
        if self.older_epochs() == 0 {
            self.limiter.payable_within = payable_within(self.limiter.limits, self.rules.window);
        }
    }

    /// Refuses if under `limiter` not everything could leave in time that is open with epoch `index` and its `total`.
    pub(super) fn require_room(&self, limiter: &LimiterModel, index: u32, total: u64, now: i64) -> Verdict {
        let LimiterModel { bucket, limits, payable_within, first_epoch } = *limiter;
        let is_older = index < first_epoch;
        let (capacity, window) =
            if is_older { (bucket.capacity, bucket.window) } else { (limits.absolute, limits.window) };
        let unspent: u64 = self.epochs.values().map(|epoch| epoch.total - EpochModel::paid_total(epoch)).sum();
        let debt = bucket.missing_rounded_up(now).saturating_sub((capacity / 2).into());
        let open = u128::from(unspent + total) + debt;
        let has_room = open * u128::from(window) <= u128::from(capacity) * u128::from(payable_within);
        require(has_room, TorqueError::LimiterBusy)
    }
}
