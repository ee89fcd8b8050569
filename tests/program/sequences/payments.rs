//! The model's leaves: how they are claimed, pushed and struck.

use std::ops::Range;

use crank_cluster::payment::Payment;
use torque::error::TorqueError;

use super::epoch::{Refusal, Verdict, require};
use super::model::Model;
use super::operation::Person;

impl Model {
    pub(super) fn claim(&mut self, which: usize, index: u32, leaf: u32, is_false: bool) -> Verdict {
        let (moment, empty) = (self.moment(which), self.rents.empty);
        self.epoch(which, index)?;
        self.require_running(which)?;
        let distributor = &mut self.distributors[which];
        require(!distributor.traits.is_push, TorqueError::ModeIsPush)?;
        let mut limiter = distributor.limiter_at(moment.now);
        let epoch = distributor.epochs.get_mut(&index).ok_or(Refusal::Others)?;
        epoch.require_open(moment)?;
        let payment = epoch.require_unmarked(leaf, is_false)?;
        let is_within_total = epoch.paid_total() + payment.amount <= epoch.total;
        require(is_within_total, TorqueError::EpochTotalExceeded)?;
        let payments = epoch.clone().pay([leaf], moment.now, &mut limiter.bucket.clone())?;
        require(!payments.is_empty(), TorqueError::OutflowLimited)?;
        let held = distributor.received.get(&payment.recipient).copied().unwrap_or_default();
        if distributor.traits.is_native && held + payment.amount < empty {
            // The program pays, and then the runtime finds the account below its rent.
            return Err(Refusal::Others);
        }
        let payments = epoch.pay([leaf], moment.now, &mut limiter.bucket)?;
        distributor.limiter = limiter;
        distributor.credit(payments);
        Ok(())
    }

    pub(super) fn push(&mut self, which: usize, index: u32, block: Range<u32>, is_false: bool) -> Verdict {
        let (moment, empty) = (self.moment(which), self.rents.empty);
        self.epoch(which, index)?;
        self.require_running(which)?;
        let distributor = &mut self.distributors[which];
        require(distributor.traits.is_push, TorqueError::ModeIsClaim)?;
        let mut limiter = distributor.limiter_at(moment.now);
        let epoch = distributor.epochs.get_mut(&index).ok_or(Refusal::Others)?;
        require(block.start < epoch.leaf_count(), TorqueError::LeafIndexOutOfRange)?;
        epoch.require_open(moment)?;
        require(!is_false, TorqueError::ProofInvalid)?;
        require(epoch.is_complete(), TorqueError::EpochIncomplete)?;
        // A payment that would leave its account below the rent is skipped, as the accounts were before the push.
        let held = |wallet| distributor.received.get(&wallet).copied().unwrap_or_default();
        let is_native = distributor.traits.is_native;
        let is_dust = |payment: Payment| is_native && held(payment.recipient) + payment.amount < empty;
        let leaves = block.start..block.end.min(epoch.leaf_count());
        let payable: Vec<u32> = leaves.filter(|leaf| !epoch.payment(*leaf).is_some_and(is_dust)).collect();
        let payments = epoch.pay(payable, moment.now, &mut limiter.bucket)?;
        distributor.limiter = limiter;
        distributor.credit(payments);
        Ok(())
    }

    pub(super) fn strike(&mut self, (which, by): (usize, Person), index: u32, leaf: u32, is_false: bool) -> Verdict {
        let moment = self.moment(which);
        let epoch = self.epoch(which, index)?;
        require(epoch.guardian == by, TorqueError::NotGuardian)?;
        epoch.require_cancellable(moment)?;
        let payment = epoch.require_unmarked(leaf, is_false)?;
        require(payment.amount <= epoch.total, TorqueError::EpochTotalExceeded)?;
        epoch.total -= payment.amount;
        epoch.struck.insert(leaf);
        self.fill_bucket(which, index);
        Ok(())
    }
}
