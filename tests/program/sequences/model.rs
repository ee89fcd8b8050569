//! What the program should do, in a few lines of plain Rust: who is owed what, and which step is refused.
//!
//! A refusal is predicted with its reason, in the order in which the program looks; only where another program or the
//! runtime refuses, any reason will do.

use std::collections::BTreeMap;
use std::ops::Range;

use crank::payment::Payment;
use solana_pubkey::Pubkey;
use torque::constants::{MAX_PAUSE_EXTENSION, MAX_REVISIONS, POSTING_GRACE};
use torque::error::TorqueError;
use torque::state::{Epoch, Terms};

use super::bucket::BucketModel;
use super::epoch::{EpochModel, Verdict, require};
use super::list::List;
use super::operation::{Person, Target};

/// Both distributors and what they share.
pub(super) struct Model {
    pub(super) now: i64,
    /// Since when it is paused.
    pub(super) paused_since: Option<i64>,
    /// Seconds of the pauses before.
    pub(super) paused_seconds: i64,
    pub(super) terms: Terms,
    /// Lamports without which no account can be.
    pub(super) rent: u64,
    pub(super) distributors: [DistributorModel; 2],
}

/// A distributor as it should be.
pub(super) struct DistributorModel {
    pub(super) is_native: bool,
    pub(super) is_push: bool,
    pub(super) is_closed: bool,
    pub(super) funded: u64,
    /// What closed epochs paid.
    pub(super) paid: u64,
    pub(super) epoch_count: u32,
    pub(super) next_epoch: u32,
    pub(super) epochs: BTreeMap<u32, EpochModel>,
    /// What each wallet received.
    pub(super) received: BTreeMap<Pubkey, u64>,
    /// How fast money may leave.
    pub(super) bucket: BucketModel,
}

impl DistributorModel {
    pub(super) fn new(is_native: bool, is_push: bool, epoch_count: u32) -> Self {
        Self {
            is_native,
            is_push,
            is_closed: false,
            funded: 0,
            paid: 0,
            epoch_count,
            next_epoch: 0,
            epochs: BTreeMap::new(),
            received: BTreeMap::new(),
            bucket: BucketModel::default(),
        }
    }

    pub(super) fn reserved(&self) -> u64 {
        self.epochs.values().map(|epoch| epoch.total).sum()
    }

    /// The number of the epoch that a step is about; 0 where there is none of its kind.
    pub(super) fn number_of(&self, target: Target) -> u32 {
        let vacant = self.epochs.iter().filter(|(_, epoch)| epoch.list.is_none()).map(|(number, _)| *number);
        let (numbers, place): (Vec<u32>, usize) = match target {
            Target::Number(number) => return number,
            Target::Latest => return self.next_epoch.saturating_sub(1),
            Target::Open(place) => (self.epochs.keys().copied().collect(), place),
            Target::Vacant(place) => (vacant.collect(), place),
        };
        numbers.get(place % numbers.len().max(1)).copied().unwrap_or_default()
    }

    fn credit(&mut self, payments: Vec<Payment>) {
        for payment in payments {
            *self.received.entry(payment.recipient).or_default() += payment.amount;
        }
    }

    fn require_affordable(&self, total: u64, budget: u64) -> Verdict {
        require(total > 0, TorqueError::TotalZero)?;
        require(total <= budget, TorqueError::BudgetExceeded)?;
        require(total <= self.funded - self.paid - self.reserved(), TorqueError::FundsInsufficient)
    }
}

impl Model {
    fn require_running(&self) -> Verdict {
        require(self.paused_since.is_none(), TorqueError::Paused)
    }

    fn downtime(&self) -> i64 {
        self.paused_seconds + self.paused_since.map_or(0, |since| self.now - since)
    }

    pub(super) fn pause(&mut self, is_paused: bool) {
        if is_paused != self.paused_since.is_some() {
            self.paused_seconds = self.downtime();
            self.paused_since = is_paused.then_some(self.now);
        }
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

    /// Whether nothing is open and nothing is left to post.
    fn is_over(&self, which: usize) -> bool {
        let distributor = &self.distributors[which];
        let has_ended = distributor.next_epoch >= distributor.epoch_count || self.grace_end(which) <= self.now;
        distributor.epochs.is_empty() && has_ended
    }

    fn grace_end(&self, which: usize) -> i64 {
        let epoch_count = i64::from(self.distributors[which].epoch_count);
        self.terms.start
            + i64::from(self.terms.epoch_duration) * epoch_count
            + POSTING_GRACE
            + self.downtime().min(MAX_PAUSE_EXTENSION)
    }

    pub(super) fn fund(&mut self, which: usize, amount: u64) -> Verdict {
        self.require_exists(which)?;
        self.require_running()?;
        require(!self.is_over(which), TorqueError::FundingOver)?;
        require(amount > 0, TorqueError::AmountZero)?;
        self.distributors[which].funded += amount;
        Ok(())
    }

    pub(super) fn post(&mut self, which: usize, index: u32, list: &List, total: u64) -> Verdict {
        self.require_exists(which)?;
        if self.distributors[which].epochs.contains_key(&index) {
            return Err(None);
        }
        self.require_running()?;
        self.require_next(which, index)?;
        let downtime = self.downtime();
        let distributor = &mut self.distributors[which];
        distributor.require_affordable(total, self.terms.epoch_budget)?;
        distributor.epochs.insert(index, EpochModel::posted(list, total, &self.terms, self.now, downtime, 0));
        distributor.next_epoch += 1;
        Ok(())
    }

    pub(super) fn repost(&mut self, which: usize, index: u32, list: &List, total: u64) -> Verdict {
        let (downtime, running) = (self.downtime(), self.require_running());
        let distributor = &mut self.distributors[which];
        let epoch = distributor.epochs.get(&index).ok_or(None)?;
        let (is_vacant, ends_at, revision) = (epoch.list.is_none(), epoch.ends_at(downtime), epoch.revision);
        running?;
        distributor.require_affordable(total, self.terms.epoch_budget)?;
        require(is_vacant, TorqueError::EpochNotVacant)?;
        require(self.now < ends_at, TorqueError::GraceOver)?;
        require(revision < MAX_REVISIONS, TorqueError::RevisionsUsedUp)?;
        distributor.epochs.insert(index, EpochModel::posted(list, total, &self.terms, self.now, downtime, revision));
        Ok(())
    }

    pub(super) fn extend(&mut self, which: usize, index: u32) -> Verdict {
        let epoch = self.distributors[which].epochs.get_mut(&index).ok_or(None)?;
        require(!epoch.is_complete(), TorqueError::EpochComplete)?;
        epoch.size = Epoch::full_size(epoch.leaf_count()).min(epoch.size + 10_240);
        Ok(())
    }

    pub(super) fn cancel(&mut self, which: usize, index: u32, by: Person) -> Verdict {
        let downtime = self.downtime();
        let epoch = self.distributors[which].epochs.get_mut(&index).ok_or(None)?;
        require(!matches!(by, Person::Stranger), TorqueError::NotOwnerOrGuardian)?;
        require(epoch.list.is_some(), TorqueError::EpochVacant)?;
        require(self.now < epoch.opens_at, TorqueError::EpochOpened)?;
        *epoch = EpochModel::vacant(self.now, downtime, epoch.revision + 1);
        Ok(())
    }

    pub(super) fn skip(&mut self, which: usize) -> Verdict {
        self.require_exists(which)?;
        self.require_running()?;
        let next = self.distributors[which].next_epoch;
        self.require_next(which, next)?;
        let vacant = EpochModel::vacant(self.now, self.downtime(), 0);
        self.distributors[which].epochs.insert(next, vacant);
        self.distributors[which].next_epoch += 1;
        Ok(())
    }

    pub(super) fn claim(&mut self, which: usize, index: u32, leaf: u32, is_false: bool) -> Verdict {
        let (now, downtime, rent, running) = (self.now, self.downtime(), self.rent, self.require_running());
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
        let within_total = epoch.paid_total() + payment.amount <= epoch.total;
        if is_dust && within_total && distributor.bucket.admits(now, payment.amount) {
            return Err(None);
        }
        require(!within_total || distributor.bucket.take(now, payment.amount), TorqueError::OutflowLimited)?;
        let payments = epoch.pay(leaf)?;
        distributor.credit(payments);
        Ok(())
    }

    pub(super) fn push(&mut self, which: usize, index: u32, block: Range<u32>, is_false: bool) -> Verdict {
        let (now, downtime, running) = (self.now, self.downtime(), self.require_running());
        let distributor = &mut self.distributors[which];
        let epoch = distributor.epochs.get_mut(&index).ok_or(None)?;
        running?;
        require(distributor.is_push, TorqueError::ModeIsClaim)?;
        require(block.start < epoch.leaf_count(), TorqueError::LeafIndexOutOfRange)?;
        epoch.require_open(now, downtime)?;
        require(!is_false, TorqueError::ProofInvalid)?;
        require(epoch.is_complete(), TorqueError::EpochIncomplete)?;
        let mut bucket = distributor.bucket;
        let payments =
            epoch.pay_where(block.start..block.end.min(epoch.leaf_count()), |amount| bucket.take(now, amount))?;
        distributor.bucket = bucket;
        distributor.credit(payments);
        Ok(())
    }

    pub(super) fn close_epoch(&mut self, which: usize, index: u32) -> Verdict {
        let (now, downtime) = (self.now, self.downtime());
        let distributor = &mut self.distributors[which];
        let epoch = distributor.epochs.get(&index).ok_or(None)?;
        let is_all_paid = epoch.list.is_some() && epoch.paid.len() == epoch.leaf_count() as usize;
        require(epoch.ends_at(downtime) <= now || is_all_paid, TorqueError::WindowNotOver)?;
        distributor.paid += epoch.paid_total();
        distributor.epochs.remove(&index);
        Ok(())
    }

    pub(super) fn end(&mut self, which: usize) -> Verdict {
        self.require_exists(which)?;
        let elapsed = self.now - self.terms.start;
        let begun = if elapsed < 0 { 0 } else { elapsed / i64::from(self.terms.epoch_duration) + 1 };
        let distributor = &mut self.distributors[which];
        let epoch_count = u32::try_from(begun).unwrap().max(distributor.next_epoch);
        require(epoch_count < distributor.epoch_count, TorqueError::ScheduleAlreadyEnds)?;
        distributor.epoch_count = epoch_count;
        Ok(())
    }

    pub(super) fn close_distributor(&mut self, which: usize) -> Verdict {
        self.require_exists(which)?;
        let grace = self.grace_end(which);
        let distributor = &mut self.distributors[which];
        require(distributor.epochs.is_empty(), TorqueError::EpochsOpen)?;
        let is_over = distributor.next_epoch >= distributor.epoch_count || grace <= self.now;
        require(is_over, TorqueError::ScheduleNotOver)?;
        distributor.is_closed = true;
        Ok(())
    }
}
