//! An open epoch in the model, and what a verdict is.

use std::collections::BTreeSet;
use std::sync::Arc;

use crank::payment::Payment;
use torque::constants::{MAX_PAUSE_EXTENSION, POSTING_GRACE};
use torque::error::TorqueError;
use torque::state::{Epoch, Terms};

use super::list::List;

/// Why a step is refused: by the program with this error, or by somebody.
pub(super) type Refusal = Option<TorqueError>;
/// What should become of a step.
pub(super) type Verdict = Result<(), Refusal>;

/// Refuses with `refusal` unless `condition` holds.
pub(super) fn require(condition: bool, refusal: TorqueError) -> Verdict {
    if condition { Ok(()) } else { Err(Some(refusal)) }
}

/// An open epoch as it should be.
#[derive(Clone)]
pub(super) struct EpochModel {
    /// None if it is vacant.
    pub(super) list: Option<Arc<List>>,
    pub(super) total: u64,
    pub(super) opens_at: i64,
    pub(super) closes_at: i64,
    /// Seconds that were paused when it was posted or became vacant.
    pub(super) downtime: i64,
    pub(super) revision: u16,
    pub(super) size: usize,
    pub(super) paid: BTreeSet<u32>,
}

impl EpochModel {
    pub(super) fn vacant((now, downtime): (i64, i64), revision: u16) -> Self {
        let closes_at = now + POSTING_GRACE;
        let size = Epoch::VACANT_SIZE;
        Self { list: None, total: 0, opens_at: i64::MAX, closes_at, downtime, revision, size, paid: BTreeSet::new() }
    }

    pub(super) fn posted(
        list: &Arc<List>,
        total: u64,
        terms: &Terms,
        (now, downtime): (i64, i64),
        revision: u16,
    ) -> Self {
        let opens_at = now + i64::from(terms.activation_delay);
        let closes_at = opens_at + i64::from(terms.claim_window);
        let size = Epoch::initial_size(list.leaf_count);
        Self {
            list: Some(Arc::clone(list)),
            total,
            opens_at,
            closes_at,
            downtime,
            revision,
            size,
            paid: BTreeSet::new(),
        }
    }

    pub(super) fn leaf_count(&self) -> u32 {
        self.list.as_ref().map_or(0, |list| list.leaf_count)
    }

    pub(super) fn is_complete(&self) -> bool {
        self.size == Epoch::full_size(self.leaf_count())
    }

    pub(super) fn payment(&self, index: u32) -> Option<Payment> {
        self.list.as_ref()?.payment(index)
    }

    pub(super) fn paid_total(&self) -> u64 {
        self.paid.iter().filter_map(|index| self.payment(*index)).map(|payment| payment.amount).sum()
    }

    /// When it ends if `downtime` seconds were paused in all.
    pub(super) fn ends_at(&self, downtime: i64) -> i64 {
        self.closes_at + (downtime - self.downtime).min(MAX_PAUSE_EXTENSION)
    }

    pub(super) fn require_open(&self, now: i64, downtime: i64) -> Verdict {
        require(self.opens_at <= now, TorqueError::EpochNotOpen)?;
        require(now < self.ends_at(downtime), TorqueError::WindowOver)
    }

    /// Pays those of `leaves` that are unpaid and admitted, all or none, and returns what that was.
    pub(super) fn pay(
        &mut self,
        leaves: impl IntoIterator<Item = u32>,
        mut is_admitted: impl FnMut(u64) -> bool,
    ) -> Result<Vec<Payment>, Refusal> {
        let unpaid = leaves.into_iter().filter(|index| !self.paid.contains(index));
        let unpaid = unpaid.filter_map(|index| Some((index, self.payment(index)?)));
        let admitted: Vec<(u32, Payment)> = unpaid.filter(|(_, payment)| is_admitted(payment.amount)).collect();
        let amount: u64 = admitted.iter().map(|(_, payment)| payment.amount).sum();
        require(self.paid_total() + amount <= self.total, TorqueError::EpochTotalExceeded)?;
        self.paid.extend(admitted.iter().map(|(index, _)| index));
        Ok(admitted.into_iter().map(|(_, payment)| payment).collect())
    }
}
