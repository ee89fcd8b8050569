//! One distributor in the model: its money, its epochs, its roles, and what its wallets received.
//!
//! What happens to it is in `schedule`, `payments`, `settlement` and `authority`.

use std::collections::BTreeMap;

use crank_cluster::payment::Payment;
use solana_pubkey::Pubkey;
use tests::world::FEE_BASIS_POINTS;
use torque::constants::{MAX_PAUSE, POSTING_GRACE, PUBLISHER_NOTICE};
use torque::error::TorqueError;
use torque::state::Role;

use super::bucket::{BucketModel, CAPACITY};
use super::draws::RaffleModel;
use super::epoch::{EpochModel, Moment, Rules, Verdict, require};
use super::operation::{Person, Target};
use super::stage::TERMS;

/// The totals of a milestone, and the share that each unlocks, in basis points.
pub(super) const MILESTONE_STEPS: [(u64, u16); 2] = [(100, 6_000), (200, 10_000)];
/// The deadline for reaching them, in Unix seconds.
pub(super) const MILESTONE_DEADLINE: i64 = TERMS.start + 6 * TERMS.epoch_duration as i64;

/// How many sponsors there are.
pub(super) const SPONSORS: usize = 3;

/// The part of a distributor that does not change.
#[derive(Clone, Copy)]
pub(super) struct Traits {
    pub(super) is_native: bool,
    pub(super) is_push: bool,
    pub(super) has_milestone: bool,
    pub(super) is_raffle: bool,
    /// Of its limiter.
    pub(super) epoch_basis_points: u16,
}

/// The expected state of a distributor.
#[derive(Clone)]
pub(super) struct DistributorModel {
    pub(super) traits: Traits,
    pub(super) is_closed: bool,
    /// Whether an action is linked to it.
    pub(super) is_linked: bool,
    pub(super) is_refunding: bool,
    pub(super) is_paused: bool,
    /// Seconds in which it or the protocol was paused.
    pub(super) downtime: i64,
    /// Of these, the seconds in which the protocol was not.
    pub(super) own_downtime: i64,
    pub(super) funded: u64,
    /// Base units that closed epochs paid.
    pub(super) paid: u64,
    pub(super) fee_collected: u64,
    /// Base units that went back to owner and sponsors.
    pub(super) refunded: u64,
    /// Of that, to the owner.
    pub(super) refunded_to_owner: u64,
    /// The contribution of each sponsor that was not refunded yet.
    pub(super) sponsors: [Option<u64>; SPONSORS],
    /// The contributions of all sponsors, including refunded ones.
    pub(super) sponsored: u64,
    pub(super) sponsor_count: u64,
    pub(super) epoch_count: u32,
    pub(super) next_epoch: u32,
    pub(super) rules: Rules,
    /// Those that are in force from an epoch on, and who will be the guardian.
    pub(super) coming: Option<(u32, Rules, Person)>,
    pub(super) reported: u64,
    /// Owner, publisher and guardian, and the named next holders. The guardian is that of the next epoch to post.
    pub(super) holders: [Person; 3],
    /// When the publisher took over; 0 for the first one.
    pub(super) publisher_since: i64,
    pub(super) pending: [Option<Person>; 3],
    pub(super) epochs: BTreeMap<u32, EpochModel>,
    pub(super) raffles: BTreeMap<u32, RaffleModel>,
    /// Base units that each wallet received.
    pub(super) received: BTreeMap<Pubkey, u64>,
    /// How fast money may leave.
    pub(super) bucket: BucketModel,
}

impl DistributorModel {
    pub(super) fn new(traits: Traits) -> Self {
        let (budget, delay, window) = (TERMS.epoch_budget, TERMS.activation_delay, TERMS.claim_window);
        Self {
            traits,
            is_closed: false,
            is_linked: true,
            is_refunding: false,
            is_paused: false,
            downtime: 0,
            own_downtime: 0,
            funded: 0,
            paid: 0,
            fee_collected: 0,
            refunded: 0,
            refunded_to_owner: 0,
            sponsors: [None; SPONSORS],
            sponsored: 0,
            sponsor_count: 0,
            epoch_count: TERMS.epoch_count,
            next_epoch: 0,
            rules: Rules { budget, delay, window },
            coming: None,
            reported: 0,
            holders: [Person::Owner, Person::Publisher, Person::Guardian],
            publisher_since: 0,
            pending: [None; 3],
            epochs: BTreeMap::new(),
            raffles: BTreeMap::new(),
            received: BTreeMap::new(),
            bucket: BucketModel::full(CAPACITY),
        }
    }

    pub(super) fn holder(&self, role: Role) -> Person {
        self.holders[role as usize]
    }

    /// Whoever becomes the guardian last, as far as it is known.
    pub(super) fn latest_guardian(&self) -> Person {
        self.coming.map_or(self.holder(Role::Guardian), |(_, _, guardian)| guardian)
    }

    pub(super) fn is_pause_used_up(&self) -> bool {
        self.own_downtime >= MAX_PAUSE.cast_signed()
    }

    pub(super) fn require_publisher_of(&self, index: u32, now: i64) -> Verdict {
        let has_begun_before = Self::period_end(index) - i64::from(TERMS.epoch_duration) < self.publisher_since;
        let is_noticed = self.publisher_since + PUBLISHER_NOTICE <= now;
        require(!has_begun_before || is_noticed, TorqueError::PublisherTooRecent)
    }

    pub(super) fn reserved(&self) -> u64 {
        self.epochs.values().map(|epoch| epoch.total).sum()
    }

    /// The number of the epoch of a step at `moment`; 0 if no epoch of its kind exists.
    pub(super) fn number_of(&self, target: Target, moment: Moment) -> u32 {
        let is_meant = |epoch: &EpochModel| match target {
            Target::Vacant(_) => epoch.list.is_none(),
            Target::Waiting(_) => epoch.list.is_some() && !epoch.has_opened(moment),
            _ => true,
        };
        let place = match target {
            Target::Number(number) => return number,
            Target::Latest => return self.next_epoch.saturating_sub(1),
            Target::Open(place) | Target::Vacant(place) | Target::Waiting(place) => place,
        };
        let numbers: Vec<u32> =
            self.epochs.iter().filter(|(_, epoch)| is_meant(epoch)).map(|(number, _)| *number).collect();
        numbers.get(place % numbers.len().max(1)).copied().unwrap_or_default()
    }

    pub(super) fn credit(&mut self, payments: Vec<Payment>) {
        for payment in payments {
            *self.received.entry(payment.recipient).or_default() += payment.amount;
        }
    }

    pub(super) fn period_end(index: u32) -> i64 {
        TERMS.start + i64::from(TERMS.epoch_duration) * (i64::from(index) + 1)
    }

    /// Unix seconds from which nothing is posted any more.
    pub(super) fn grace_end(&self) -> i64 {
        let schedule_end = TERMS.start + i64::from(TERMS.epoch_duration) * i64::from(self.epoch_count);
        schedule_end + POSTING_GRACE + self.downtime
    }

    /// Base units that the reports unlock.
    fn unlocked(&self) -> u64 {
        if !self.traits.has_milestone {
            return self.funded;
        }
        let reached = MILESTONE_STEPS.iter().rev().find(|(target, _)| *target <= self.reported);
        let part = u128::from(self.funded) * u128::from(reached.map_or(0, |(_, basis_points)| *basis_points));
        u64::try_from(part / 10_000).unwrap()
    }

    /// Whether the deadline passed before anything was reached.
    pub(super) fn is_missed(&self, now: i64) -> bool {
        let is_late = self.traits.has_milestone && MILESTONE_DEADLINE <= now;
        is_late && self.reported < MILESTONE_STEPS[0].0
    }

    /// Whether no epoch can be posted for the first time any more.
    pub(super) fn has_ended(&self, now: i64) -> bool {
        let is_past = self.next_epoch >= self.epoch_count || self.grace_end() <= now;
        self.is_refunding || is_past || self.is_missed(now)
    }

    pub(super) fn require_affordable(&self, total: u64, budget: u64) -> Verdict {
        require(total > 0, TorqueError::TotalZero)?;
        require(total <= budget, TorqueError::BudgetExceeded)?;
        let bound = self.paid + self.reserved() + total;
        require(bound <= self.funded, TorqueError::FundsInsufficient)?;
        require(bound <= self.unlocked(), TorqueError::MilestoneNotReached)
    }

    /// The fee that was put in on top of the rewards.
    fn fee_deposited(&self) -> u64 {
        (self.funded * u64::from(FEE_BASIS_POINTS)).div_ceil(10_000)
    }

    /// The fee that closed epochs have earned and the treasury has not received yet.
    pub(super) fn fee_uncollected(&self) -> u64 {
        self.paid * u64::from(FEE_BASIS_POINTS) / 10_000 - self.fee_collected
    }

    /// The balance of the vault.
    pub(super) fn vault(&self) -> u64 {
        let paid = self.paid + self.epochs.values().map(EpochModel::paid_total).sum::<u64>();
        self.funded + self.fee_deposited() - paid - self.fee_collected - self.refunded
    }

    /// The whole amount that goes back after the end.
    pub(super) fn left_over(&self) -> u64 {
        self.funded + self.fee_deposited() - self.paid - self.fee_collected - self.fee_uncollected()
    }

    /// The share of `contributed` in that amount, rounded down.
    pub(super) fn share(&self, contributed: u64) -> u64 {
        let product = u128::from(contributed) * u128::from(self.left_over());
        u64::try_from(product / u128::from(self.funded.max(1))).unwrap()
    }

    /// Sponsor `number`, or the first if that one does not exist.
    pub(super) fn sponsor_or_first(&self, number: usize) -> usize {
        let first = self.sponsors.iter().position(Option::is_some).unwrap_or(number);
        if self.sponsors[number].is_some() { number } else { first }
    }

    pub(super) fn sponsored_open(&self) -> u64 {
        self.sponsors.iter().flatten().sum()
    }
}
