//! One distributor in the model: its money, its epochs, and what its wallets received. What happens to it is in `model`.

use std::collections::BTreeMap;

use crank::payment::Payment;
use solana_pubkey::Pubkey;
use torque::error::TorqueError;

use super::bucket::BucketModel;
use super::epoch::{EpochModel, Verdict, require};
use super::operation::Target;

/// A distributor as it should be.
#[derive(Clone)]
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

    pub(super) fn credit(&mut self, payments: Vec<Payment>) {
        for payment in payments {
            *self.received.entry(payment.recipient).or_default() += payment.amount;
        }
    }

    pub(super) fn require_affordable(&self, total: u64, budget: u64) -> Verdict {
        require(total > 0, TorqueError::TotalZero)?;
        require(total <= budget, TorqueError::BudgetExceeded)?;
        require(total <= self.funded - self.paid - self.reserved(), TorqueError::FundsInsufficient)
    }
}
