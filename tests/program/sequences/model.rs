//! What the program should do, in a few lines of plain Rust: who is owed what, and which step is refused.
//!
//! A refusal is predicted with its reason, in the order in which the program looks; only where another program or the
//! runtime refuses, any reason will do.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crank::payment::Payment;
use torque::constants::{MAX_PAUSE_EXTENSION, MAX_REVISIONS, POSTING_GRACE};
use torque::error::TorqueError;
use torque::state::{Epoch, Terms};

use super::distributor::DistributorModel;
use super::epoch::{EpochModel, Verdict, require};
use super::list::List;
use super::operation::{Person, Time};

/// The distributors and what they share.
#[derive(Clone)]
pub(super) struct Model {
    pub(super) now: i64,
    /// Since when it is paused.
    pub(super) paused_since: Option<i64>,
    /// Seconds of the pauses before.
    pub(super) paused_seconds: i64,
    pub(super) terms: Terms,
    /// Lamports without which no account can be.
    pub(super) rent: u64,
    pub(super) distributors: [DistributorModel; 3],
}

impl Model {
    fn require_running(&self) -> Verdict {
        require(self.paused_since.is_none(), TorqueError::Paused)
    }

    /// Seconds that were paused until now.
    fn downtime(&self) -> i64 {
        self.paused_seconds + self.paused_since.map_or(0, |since| self.now - since)
    }

    /// Now, and the seconds that were paused.
    fn moment(&self) -> (i64, i64) {
        (self.now, self.downtime())
    }

    fn require_exists(&self, which: usize) -> Verdict {
        if self.distributors[which].is_closed { Err(None) } else { Ok(()) }
    }

    fn period_end(&self, index: u32) -> i64 {
        self.terms.start + i64::from(self.terms.epoch_duration) * (i64::from(index) + 1)
    }

    fn require_next(&self, which: usize, index: u32) -> Verdict {
        let distributor = &self.distributors[which];
        require(index == distributor.next_epoch, TorqueError::EpochNotNext)?;
        require(index < distributor.epoch_count, TorqueError::EpochBeyondSchedule)?;
        require(self.period_end(index) <= self.now, TorqueError::PeriodNotEnded)?;
        require(self.now < self.grace_end(which), TorqueError::GraceOver)
    }

    fn grace_end(&self, which: usize) -> i64 {
        let epoch_count = i64::from(self.distributors[which].epoch_count);
        let schedule_end = self.terms.start + i64::from(self.terms.epoch_duration) * epoch_count;
        schedule_end + POSTING_GRACE + self.downtime().min(MAX_PAUSE_EXTENSION)
    }

    /// Whether nothing is left to post for the first time.
    fn has_ended(&self, which: usize) -> bool {
        let distributor = &self.distributors[which];
        distributor.next_epoch >= distributor.epoch_count || self.grace_end(which) <= self.now
    }

    /// The seconds that pass.
    pub(super) fn seconds_of(&self, time: Time) -> i64 {
        match time {
            Time::Seconds(seconds) => seconds,
            Time::Moment { place, offset } => {
                let moments: Vec<i64> =
                    self.moments().into_iter().filter(|moment| *moment + offset > self.now).collect();
                moments.get(place % moments.len().max(1)).map_or(0, |moment| moment + offset - self.now)
            }
        }
    }

    /// When something begins or ends, in order.
    fn moments(&self) -> BTreeSet<i64> {
        let mut moments = BTreeSet::new();
        for (which, distributor) in self.distributors.iter().enumerate().filter(|(_, it)| !it.is_closed) {
            moments.extend([self.period_end(distributor.next_epoch), self.grace_end(which)]);
            for epoch in distributor.epochs.values() {
                moments.extend(
                    [epoch.ends_at(self.downtime())].into_iter().chain(epoch.list.as_ref().map(|_| epoch.opens_at)),
                );
            }
        }
        moments
    }

    pub(super) fn fund(&mut self, which: usize, by: Person, amount: u64) -> Verdict {
        self.require_exists(which)?;
        self.require_running()?;
        let is_owners_use = by == Person::Owner && !self.distributors[which].epochs.is_empty();
        require(!self.has_ended(which) || is_owners_use, TorqueError::FundingOver)?;
        require(amount > 0, TorqueError::AmountZero)?;
        require(by == Person::Owner, TorqueError::SponsorMissing)?;
        self.distributors[which].funded += amount;
        Ok(())
    }

    pub(super) fn post(&mut self, (which, by): (usize, Person), index: u32, list: &Arc<List>, total: u64) -> Verdict {
        self.require_exists(which)?;
        if self.distributors[which].epochs.contains_key(&index) {
            return Err(None);
        }
        require(by == Person::Publisher, TorqueError::NotPublisher)?;
        self.require_running()?;
        self.require_next(which, index)?;
        let moment = self.moment();
        let distributor = &mut self.distributors[which];
        distributor.require_affordable(total, self.terms.epoch_budget)?;
        distributor.epochs.insert(index, EpochModel::posted(list, total, &self.terms, moment, 0));
        distributor.next_epoch += 1;
        Ok(())
    }

    pub(super) fn repost(&mut self, (which, by): (usize, Person), index: u32, list: &Arc<List>, total: u64) -> Verdict {
        let (moment, running) = (self.moment(), self.require_running());
        let distributor = &mut self.distributors[which];
        let epoch = distributor.epochs.get(&index).ok_or(None)?;
        let (is_vacant, ends_at, revision) = (epoch.list.is_none(), epoch.ends_at(moment.1), epoch.revision);
        require(by == Person::Publisher, TorqueError::NotPublisher)?;
        running?;
        distributor.require_affordable(total, self.terms.epoch_budget)?;
        require(is_vacant, TorqueError::EpochNotVacant)?;
        require(self.now < ends_at, TorqueError::GraceOver)?;
        require(revision < MAX_REVISIONS, TorqueError::RevisionsUsedUp)?;
        distributor.epochs.insert(index, EpochModel::posted(list, total, &self.terms, moment, revision));
        Ok(())
    }

    pub(super) fn extend(&mut self, which: usize, index: u32) -> Verdict {
        let epoch = self.distributors[which].epochs.get_mut(&index).ok_or(None)?;
        require(!epoch.is_complete(), TorqueError::EpochComplete)?;
        epoch.size = Epoch::full_size(epoch.leaf_count()).min(epoch.size + 10_240);
        Ok(())
    }

    pub(super) fn cancel(&mut self, which: usize, by: Person, index: u32) -> Verdict {
        let moment = self.moment();
        let epoch = self.distributors[which].epochs.get_mut(&index).ok_or(None)?;
        require(matches!(by, Person::Owner | Person::Guardian), TorqueError::NotOwnerOrGuardian)?;
        require(epoch.list.is_some(), TorqueError::EpochVacant)?;
        require(self.now < epoch.opens_at, TorqueError::EpochOpened)?;
        *epoch = EpochModel::vacant(moment, epoch.revision + 1);
        Ok(())
    }

    pub(super) fn skip(&mut self, which: usize, by: Person) -> Verdict {
        self.require_exists(which)?;
        require(by == Person::Publisher, TorqueError::NotPublisher)?;
        self.require_running()?;
        let next = self.distributors[which].next_epoch;
        self.require_next(which, next)?;
        let vacant = EpochModel::vacant(self.moment(), 0);
        self.distributors[which].epochs.insert(next, vacant);
        self.distributors[which].next_epoch += 1;
        Ok(())
    }

    pub(super) fn claim(&mut self, which: usize, index: u32, leaf: u32, is_false: bool) -> Verdict {
        let ((now, downtime), rent, running) = (self.moment(), self.rent, self.require_running());
        let distributor = &mut self.distributors[which];
        let epoch = distributor.epochs.get_mut(&index).ok_or(None)?;
        running?;
        require(!distributor.is_push, TorqueError::ModeIsPush)?;
        epoch.require_open(now, downtime)?;
        let payment = epoch.payment(leaf).ok_or(Some(TorqueError::LeafIndexOutOfRange))?;
        require(!is_false, TorqueError::ProofInvalid)?;
        require(epoch.is_complete(), TorqueError::EpochIncomplete)?;
        require(!epoch.paid.contains(&leaf), TorqueError::LeafAlreadyPaid)?;
        let held = distributor.received.get(&payment.recipient).copied().unwrap_or_default();
        let is_dust = distributor.is_native && held + payment.amount < rent;
        // The program pays, and then the runtime finds the account below its rent.
        let is_within_total = epoch.paid_total() + payment.amount <= epoch.total;
        if is_dust && is_within_total && distributor.bucket.admits(now, payment.amount) {
            return Err(None);
        }
        require(!is_within_total || distributor.bucket.take(now, payment.amount), TorqueError::OutflowLimited)?;
        let payments = epoch.pay([leaf], |_| true)?;
        distributor.credit(payments);
        Ok(())
    }

    pub(super) fn push(&mut self, which: usize, index: u32, block: Range<u32>, is_false: bool) -> Verdict {
        let ((now, downtime), rent, running) = (self.moment(), self.rent, self.require_running());
        let distributor = &mut self.distributors[which];
        let epoch = distributor.epochs.get_mut(&index).ok_or(None)?;
        running?;
        require(distributor.is_push, TorqueError::ModeIsClaim)?;
        require(block.start < epoch.leaf_count(), TorqueError::LeafIndexOutOfRange)?;
        epoch.require_open(now, downtime)?;
        require(!is_false, TorqueError::ProofInvalid)?;
        require(epoch.is_complete(), TorqueError::EpochIncomplete)?;
        // A payment that would leave its account below the rent is skipped, as the accounts were before the push.
        let held = |wallet| distributor.received.get(&wallet).copied().unwrap_or_default();
        let is_dust = |payment: Payment| distributor.is_native && held(payment.recipient) + payment.amount < rent;
        let leaves = block.start..block.end.min(epoch.leaf_count());
        let payable: Vec<u32> = leaves.filter(|leaf| !epoch.payment(*leaf).is_some_and(is_dust)).collect();
        let mut bucket = distributor.bucket;
        let payments = epoch.pay(payable, |amount| bucket.take(now, amount))?;
        distributor.bucket = bucket;
        distributor.credit(payments);
        Ok(())
    }

    pub(super) fn close_epoch(&mut self, which: usize, index: u32) -> Verdict {
        let (now, downtime) = self.moment();
        let distributor = &mut self.distributors[which];
        let epoch = distributor.epochs.get(&index).ok_or(None)?;
        let is_all_paid = epoch.list.is_some() && epoch.paid.len() == epoch.leaf_count() as usize;
        require(epoch.ends_at(downtime) <= now || is_all_paid, TorqueError::WindowNotOver)?;
        distributor.paid += epoch.paid_total();
        distributor.epochs.remove(&index);
        Ok(())
    }

    pub(super) fn end(&mut self, which: usize, by: Person) -> Verdict {
        self.require_exists(which)?;
        require(by == Person::Owner, TorqueError::NotOwner)?;
        let elapsed = self.now - self.terms.start;
        let begun = if elapsed < 0 { 0 } else { elapsed / i64::from(self.terms.epoch_duration) + 1 };
        let distributor = &mut self.distributors[which];
        let epoch_count = u32::try_from(begun).unwrap().max(distributor.next_epoch);
        require(epoch_count < distributor.epoch_count, TorqueError::ScheduleAlreadyEnds)?;
        distributor.epoch_count = epoch_count;
        Ok(())
    }

    pub(super) fn pause(&mut self, by: Person, is_paused: bool) -> Verdict {
        require(by == Person::Admin, TorqueError::NotAdmin)?;
        if is_paused != self.paused_since.is_some() {
            self.paused_seconds = self.downtime();
            self.paused_since = is_paused.then_some(self.now);
        }
        Ok(())
    }

    pub(super) fn close_distributor(&mut self, which: usize, by: Person) -> Verdict {
        self.require_exists(which)?;
        require(by == Person::Owner, TorqueError::NotOwner)?;
        let has_ended = self.has_ended(which);
        let distributor = &mut self.distributors[which];
        require(distributor.epochs.is_empty(), TorqueError::EpochsOpen)?;
        require(has_ended, TorqueError::ScheduleNotOver)?;
        distributor.is_closed = true;
        Ok(())
    }
}
