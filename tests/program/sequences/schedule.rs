//! The model's epochs: how they are posted, cancelled, skipped and closed, and how the schedule ends or changes.

use std::sync::Arc;

use torque::constants::{MAX_CLAIM_WINDOW, MAX_REVISIONS, MIN_ACTIVATION_DELAY, MIN_CLAIM_WINDOW};
use torque::error::TorqueError;
use torque::state::{Epoch, Role};

use super::bucket::BucketModel;
use super::distributor::DistributorModel;
use super::epoch::{EpochModel, Refusal, Rules, Verdict, require};
use super::limiter::require_limits;
use super::list::List;
use super::model::Model;
use super::operation::{Change, Person};
use super::stage::TERMS;

impl Model {
    pub(super) fn require_next(&self, which: usize, index: u32) -> Verdict {
        let distributor = &self.distributors[which];
        require(index == distributor.next_epoch, TorqueError::EpochNotNext)?;
        let is_scheduled = !distributor.is_refunding && index < distributor.epoch_count;
        require(is_scheduled, TorqueError::EpochBeyondSchedule)?;
        require(DistributorModel::period_end(index) <= self.now, TorqueError::PeriodNotEnded)?;
        require(self.now < distributor.grace_end(), TorqueError::GraceOver)?;
        require(!distributor.is_missed(self.now), TorqueError::MilestoneMissed)
    }

    /// Refuses unless `by` may open epoch `index` now.
    fn require_postable(&self, which: usize, by: Person, index: u32) -> Verdict {
        self.require_exists(which)?;
        if self.distributors[which].epochs.contains_key(&index) {
            return Err(Refusal::Others);
        }
        self.require_role(which, Role::Publisher, by)?;
        self.require_running(which)?;
        self.require_next(which, index)?;
        self.distributors[which].require_publisher_of(index, self.now)
    }

    /// The rules of the next epoch, and its guardian.
    pub(super) fn next_rules(&self, which: usize) -> (Rules, Person) {
        let distributor = &self.distributors[which];
        let changed = distributor.coming.filter(|(from, ..)| *from <= distributor.next_epoch);
        let unchanged = (distributor.rules, distributor.holder(Role::Guardian));
        changed.map_or(unchanged, |(_, rules, guardian)| (rules, guardian))
    }

    /// Opens the next epoch, which is `epoch`.
    fn open_next(&mut self, which: usize, epoch: EpochModel) {
        let now = self.now;
        let distributor = &mut self.distributors[which];
        distributor.limiter = distributor.limiter_of_next(now);
        distributor.coming = distributor.coming.filter(|(from, ..)| *from > distributor.next_epoch);
        distributor.rules = epoch.rules;
        distributor.holders[Role::Guardian as usize] = epoch.guardian;
        distributor.epochs.insert(distributor.next_epoch, epoch);
        distributor.next_epoch += 1;
    }

    pub(super) fn post(&mut self, (which, by): (usize, Person), index: u32, list: &Arc<List>, total: u64) -> Verdict {
        self.require_postable(which, by, index)?;
        let (moment, (rules, guardian)) = (self.moment(which), self.next_rules(which));
        let distributor = &self.distributors[which];
        distributor.require_affordable(total, rules.budget)?;
        distributor.require_room(&distributor.limiter_of_next(self.now), index, total, self.now)?;
        self.require_drawn(which, index, total)?;
        self.open_next(which, EpochModel::vacant(moment, rules, guardian, 0).posted(list, total, moment));
        self.fill_bucket(which, index);
        Ok(())
    }

    pub(super) fn skip(&mut self, which: usize, by: Person) -> Verdict {
        self.require_postable(which, by, self.distributors[which].next_epoch)?;
        let (rules, guardian) = self.next_rules(which);
        self.open_next(which, EpochModel::vacant(self.moment(which), rules, guardian, 0));
        Ok(())
    }

    pub(super) fn repost(&mut self, (which, by): (usize, Person), index: u32, list: &Arc<List>, total: u64) -> Verdict {
        let epoch = self.epoch(which, index)?.clone();
        self.require_role(which, Role::Publisher, by)?;
        self.require_running(which)?;
        let moment = self.moment(which);
        self.distributors[which].require_publisher_of(index, moment.now)?;
        let distributor = &self.distributors[which];
        distributor.require_affordable(total, epoch.rules.budget)?;
        distributor.require_room(&distributor.limiter, index, total, self.now)?;
        require(epoch.list.is_none(), TorqueError::EpochNotVacant)?;
        require(self.now < epoch.ends_at(moment.downtime), TorqueError::GraceOver)?;
        require(epoch.revision < MAX_REVISIONS, TorqueError::RevisionsUsedUp)?;
        self.require_drawn(which, index, total)?;
        *self.epoch(which, index)? = epoch.posted(list, total, moment);
        self.fill_bucket(which, index);
        Ok(())
    }

    /// Gives an epoch that is not open yet the limiter for its total.
    pub(super) fn fill_bucket(&mut self, which: usize, index: u32) {
        let distributor = &mut self.distributors[which];
        let epoch = distributor.epochs.entry(index);
        epoch.and_modify(|it| it.bucket = BucketModel::of_epoch(it.total, it.rules.limits));
    }

    pub(super) fn extend(&mut self, which: usize, index: u32) -> Verdict {
        let epoch = self.epoch(which, index)?;
        require(!epoch.is_complete(), TorqueError::EpochComplete)?;
        epoch.size = Epoch::full_size(epoch.leaf_count()).min(epoch.size + 10_240);
        Ok(())
    }

    pub(super) fn cancel(&mut self, which: usize, by: Person, index: u32) -> Verdict {
        let (owner, moment) = (self.distributors[which].holder(Role::Owner), self.moment(which));
        let epoch = self.epoch(which, index)?;
        require([owner, epoch.guardian].contains(&by), TorqueError::NotOwnerOrGuardian)?;
        epoch.require_cancellable(moment)?;
        *epoch = EpochModel::vacant(moment, epoch.rules, epoch.guardian, epoch.revision + 1);
        Ok(())
    }

    pub(super) fn close_epoch(&mut self, which: usize, index: u32) -> Verdict {
        let moment = self.moment(which);
        let is_missed = self.distributors[which].is_missed(self.now);
        let epoch = self.epoch(which, index)?;
        let is_forsaken = is_missed && epoch.list.is_none();
        let is_over = epoch.has_ended(moment) || epoch.is_done();
        require(is_forsaken || is_over, TorqueError::WindowNotOver)?;
        let paid = epoch.paid_total();
        let distributor = &mut self.distributors[which];
        distributor.settle(paid);
        distributor.epochs.remove(&index);
        distributor.after_closing();
        Ok(())
    }

    /// The first epoch that has neither begun nor been posted.
    fn first_to_come(&self, which: usize) -> u32 {
        let begun = (self.now - TERMS.start) / i64::from(TERMS.epoch_duration) + 1;
        u32::try_from(begun).unwrap().max(self.distributors[which].next_epoch)
    }

    pub(super) fn end(&mut self, which: usize, by: Person) -> Verdict {
        self.require_exists(which)?;
        if !self.distributors[which].is_abandoned(self.now) {
            self.require_role(which, Role::Owner, by)?;
        }
        let epoch_count = self.first_to_come(which);
        let distributor = &mut self.distributors[which];
        require(epoch_count < distributor.epoch_count, TorqueError::ScheduleAlreadyEnds)?;
        distributor.epoch_count = epoch_count;
        Ok(())
    }

    /// The first epoch whose rules may be changed, and its rules.
    pub(super) fn changeable_rules(&self, which: usize) -> Result<(u32, Rules), Refusal> {
        let distributor = &self.distributors[which];
        let from = self.first_to_come(which).min(distributor.epoch_count);
        let is_free = distributor.coming.is_none_or(|(pending, ..)| pending == from);
        require(is_free, TorqueError::NextTermsPending)?;
        Ok((from, distributor.coming.map_or(distributor.rules, |(_, rules, _)| rules)))
    }

    pub(super) fn update(&mut self, which: usize, by: Person, change: Change) -> Verdict {
        self.require_exists(which)?;
        self.require_role(which, Role::Owner, by)?;
        let (from, latest) = self.changeable_rules(which)?;
        let distributor = &mut self.distributors[which];
        let is_ending = distributor.is_refunding || from >= distributor.epoch_count;
        require(!is_ending, TorqueError::ScheduleAlreadyEnds)?;
        require(change.epochs_added >= 0, TorqueError::EpochCountReduced)?;
        let Rules { budget, delay, window, .. } = change.rules;
        let is_looser = budget > latest.budget
            || delay != latest.delay
            || window > latest.window
            || change.rules.limits.is_faster_than(&latest.limits);
        let is_agreed = !distributor.has_sponsors() || change.epochs_added == 0 && !is_looser;
        require(is_agreed, TorqueError::SponsorsAgreedOtherwise)?;
        require(budget > 0, TorqueError::EpochBudgetZero)?;
        require(delay >= MIN_ACTIVATION_DELAY, TorqueError::ActivationDelayOutOfRange)?;
        require((MIN_CLAIM_WINDOW..=MAX_CLAIM_WINDOW).contains(&window), TorqueError::ClaimWindowOutOfRange)?;
        let epoch_count = distributor.epoch_count.checked_add_signed(change.epochs_added).unwrap();
        require_limits(change.rules, epoch_count)?;
        distributor.coming = Some((from, change.rules, distributor.latest_guardian()));
        distributor.epoch_count = epoch_count;
        Ok(())
    }
}
