//! An open epoch in the model, and the model's verdicts.

use std::collections::BTreeSet;
use std::sync::Arc;

use anchor_lang::error::ErrorCode;
use crank_cluster::payment::Payment;
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::state::{Epoch, Limits};

use super::bucket::BucketModel;
use super::list::List;
use super::operation::Person;

/// Who refuses a step, and why.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refusal {
    /// The program, with this error.
    Ours(TorqueError),
    /// Anchor, with this error.
    Framework(ErrorCode),
    /// Another program or the runtime, or Anchor because an account does not exist.
    Others,
}

impl Refusal {
    /// The error's number, where it is known.
    pub(super) fn code(self) -> Option<u32> {
        match self {
            Self::Ours(error) => Some(error.into()),
            Self::Framework(error) => Some(error.into()),
            Self::Others => None,
        }
    }

    /// The name under which it is counted.
    pub(super) fn name(self) -> String {
        match self {
            Self::Ours(error) => format!("{error:?}"),
            Self::Framework(error) => format!("{error:?}"),
            Self::Others => "others".to_owned(),
        }
    }
}

/// The expected result of a step.
pub(super) type Verdict = Result<(), Refusal>;

/// Refuses with `refusal` unless `condition` holds.
pub(super) fn require(condition: bool, refusal: TorqueError) -> Verdict {
    if condition { Ok(()) } else { Err(Refusal::Ours(refusal)) }
}

/// A moment, and for how long a distributor could not pay until then.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    /// Unix seconds.
    pub(super) now: i64,
    pub(super) slot: u64,
    /// Seconds in which the protocol or the distributor was paused.
    pub(super) downtime: i64,
}

/// The budget, the times and the limits of an epoch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Rules {
    pub(super) budget: u64,
    pub(super) delay: u32,
    pub(super) window: u32,
    pub(super) limits: Limits,
}

/// The expected state of an open epoch.
#[derive(Clone)]
pub(super) struct EpochModel {
    /// `None` if it is vacant.
    pub(super) list: Option<Arc<List>>,
    pub(super) rules: Rules,
    /// Who was the guardian when it began.
    pub(super) guardian: Person,
    pub(super) total: u64,
    pub(super) posted_slot: u64,
    pub(super) opens_at: i64,
    pub(super) closes_at: i64,
    /// Seconds that were paused when it was posted or became vacant.
    pub(super) downtime: i64,
    pub(super) revision: u16,
    pub(super) size: usize,
    pub(super) paid: BTreeSet<u32>,
    pub(super) struck: BTreeSet<u32>,
    /// Its own limiter, if it has one.
    pub(super) bucket: Option<BucketModel>,
}

impl EpochModel {
    pub(super) fn vacant(Moment { now, downtime, .. }: Moment, rules: Rules, guardian: Person, revision: u16) -> Self {
        Self {
            list: None,
            rules,
            guardian,
            total: 0,
            posted_slot: 0,
            opens_at: i64::MAX,
            closes_at: now + POSTING_GRACE,
            downtime,
            revision,
            size: Epoch::VACANT_SIZE,
            paid: BTreeSet::new(),
            struck: BTreeSet::new(),
            bucket: None,
        }
    }

    /// Gives it a root.
    pub(super) fn posted(self, list: &Arc<List>, total: u64, moment: Moment) -> Self {
        let Moment { now, slot: posted_slot, downtime } = moment;
        let opens_at = now + i64::from(self.rules.delay);
        let closes_at = opens_at + i64::from(self.rules.window);
        let size = Epoch::initial_size(list.leaf_count);
        Self { list: Some(Arc::clone(list)), total, posted_slot, opens_at, closes_at, downtime, size, ..self }
    }

    pub(super) fn leaf_count(&self) -> u32 {
        self.list.as_ref().map_or(0, |list| list.leaf_count)
    }

    pub(super) fn is_complete(&self) -> bool {
        self.size == Epoch::full_size(self.leaf_count())
    }

    /// Whether every leaf is paid or struck.
    pub(super) fn is_done(&self) -> bool {
        self.list.is_some() && self.paid.len() + self.struck.len() == self.leaf_count() as usize
    }

    pub(super) fn is_marked(&self, leaf: u32) -> bool {
        self.paid.contains(&leaf) || self.struck.contains(&leaf)
    }

    pub(super) fn payment(&self, index: u32) -> Option<Payment> {
        self.list.as_ref()?.payment(index)
    }

    pub(super) fn paid_total(&self) -> u64 {
        self.paid.iter().filter_map(|index| self.payment(*index)).map(|payment| payment.amount).sum()
    }

    /// When it ends if `downtime` seconds were paused in all.
    pub(super) fn ends_at(&self, downtime: i64) -> i64 {
        self.closes_at + (downtime - self.downtime)
    }

    /// Whether of `seconds` since it was posted at least half of the usual slots have passed.
    fn have_slots_passed(&self, slot: u64, seconds: u32) -> bool {
        self.list.is_none() || self.posted_slot + u64::from(seconds) * 5 / 4 <= slot
    }

    pub(super) fn has_opened(&self, Moment { now, slot, .. }: Moment) -> bool {
        self.opens_at <= now && self.have_slots_passed(slot, self.rules.delay)
    }

    pub(super) fn has_ended(&self, Moment { now, slot, downtime }: Moment) -> bool {
        self.ends_at(downtime) <= now && self.have_slots_passed(slot, self.rules.delay + self.rules.window)
    }

    pub(super) fn require_open(&self, moment: Moment) -> Verdict {
        require(self.has_opened(moment), TorqueError::EpochNotOpen)?;
        require(!self.has_ended(moment), TorqueError::WindowOver)
    }

    pub(super) fn require_cancellable(&self, moment: Moment) -> Verdict {
        require(self.list.is_some(), TorqueError::EpochVacant)?;
        require(!self.has_opened(moment), TorqueError::EpochOpened)
    }

    /// Refuses unless `leaf` exists, everything that the call states about it is true, and it is neither paid nor
    /// struck. Returns it.
    pub(super) fn require_unmarked(&self, leaf: u32, is_false: bool) -> Result<Payment, Refusal> {
        let payment = self.payment(leaf).ok_or(Refusal::Ours(TorqueError::LeafIndexOutOfRange))?;
        require(!is_false, TorqueError::ProofInvalid)?;
        require(self.is_complete(), TorqueError::EpochIncomplete)?;
        require(!self.is_marked(leaf), TorqueError::LeafAlreadyPaid)?;
        Ok(payment)
    }

    /// Pays the unmarked ones of `leaves`, all or none of them, if its own limiter and `bucket` admit them. Returns the
    /// sum.
    pub(super) fn pay(
        &mut self,
        leaves: impl IntoIterator<Item = u32>,
        now: i64,
        bucket: &mut BucketModel,
    ) -> Result<Vec<Payment>, Refusal> {
        let (mut shared, mut own) = (*bucket, self.bucket);
        let (mut paid, mut payments) = (Vec::new(), Vec::new());
        for leaf in leaves.into_iter().filter(|leaf| !self.is_marked(*leaf)) {
            let Some(payment) = self.payment(leaf) else { continue };
            let amount = payment.amount;
            if shared.admits(now, amount) && own.is_none_or(|own| own.admits(now, amount)) {
                shared.take(now, amount);
                own.iter_mut().for_each(|own| own.take(now, amount));
                paid.push(leaf);
                payments.push(payment);
            }
        }
        let amount: u64 = payments.iter().map(|payment| payment.amount).sum();
        require(self.paid_total() + amount <= self.total, TorqueError::EpochTotalExceeded)?;
        (*bucket, self.bucket) = (shared, own);
        self.paid.extend(paid);
        Ok(payments)
    }
}
