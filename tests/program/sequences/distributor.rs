//! One distributor in the model: its money, its epochs, its roles, and what its wallets received.
//!
//! What happens to it is in `schedule`, `payments`, `settlement` and `authority`.

use std::collections::BTreeMap;

use crank_cluster::payment::Payment;
use solana_pubkey::Pubkey;
use tests::world::FEE_BASIS_POINTS;
use torque::constants::{ABANDONED_AFTER, MAX_PAUSE, POSTING_GRACE, PUBLISHER_NOTICE};
use torque::error::TorqueError;
use torque::state::Role;

use super::draws::RaffleModel;
use super::epoch::{EpochModel, Moment, Rules, Verdict, require};
use super::limiter::LimiterModel;
use super::operation::{Person, Target};
use super::stage::TERMS;

/// The totals of a milestone, and the share that each unlocks, in basis points.
pub(super) const MILESTONE_STEPS: [(u64, u64); 2] = [(100, 6_000), (200, 10_000)];
/// The deadline for reaching them, in Unix seconds.
pub(super) const MILESTONE_DEADLINE: i64 = TERMS.start + 6 * TERMS.epoch_duration as i64;

/// How many sponsors there are.
pub(super) const SPONSORS: usize = 3;
/// How many sponsorships each of them may have at once.
pub(super) const NUMBERS: u32 = 4;
/// The least that a sponsor adds.
pub(super) const MINIMUM_SPONSORSHIP: u64 = 2;

/// `rewards` and the fee on them, rounded up.
pub(super) fn with_fee(rewards: u64) -> u64 {
    rewards + (rewards * u64::from(FEE_BASIS_POINTS)).div_ceil(10_000)
}

/// One funding by a sponsor.
#[derive(Clone, Copy)]
pub(super) struct SponsorshipModel {
    pub(super) number: u32,
    /// What sponsors had added before.
    pub(super) start: u64,
    pub(super) contributed: u64,
}

/// The part of a distributor that does not change.
#[derive(Clone, Copy)]
pub(super) struct Traits {
    pub(super) is_native: bool,
    pub(super) is_push: bool,
    pub(super) has_milestone: bool,
    pub(super) is_raffle: bool,
    /// Of its limiter, at first.
    pub(super) epoch_basis_points: u32,
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
    /// The sponsorships of each sponsor that were not refunded yet.
    pub(super) sponsorships: [Vec<SponsorshipModel>; SPONSORS],
    /// The contributions of all sponsors, including refunded ones.
    pub(super) sponsored: u64,
    /// Of `paid`, what was theirs.
    pub(super) sponsored_paid: u64,
    /// Of `refunded`, what went to them.
    pub(super) sponsored_refunded: u64,
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
    pub(super) limiter: LimiterModel,
}

impl DistributorModel {
    pub(super) fn new(traits: Traits) -> Self {
        let (budget, delay, window) = (TERMS.epoch_budget, TERMS.activation_delay, TERMS.claim_window);
        let limiter = LimiterModel::new(traits.epoch_basis_points);
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
            sponsorships: Default::default(),
            sponsored: 0,
            sponsored_paid: 0,
            sponsored_refunded: 0,
            epoch_count: TERMS.epoch_count,
            next_epoch: 0,
            rules: Rules { budget, delay, window, limits: limiter.limits },
            coming: None,
            reported: 0,
            holders: [Person::Owner, Person::Publisher, Person::Guardian],
            publisher_since: 0,
            pending: [None; 3],
            epochs: BTreeMap::new(),
            raffles: BTreeMap::new(),
            received: BTreeMap::new(),
            limiter,
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

    /// Whether anybody may end the schedule: the next epoch's end is long past.
    pub(super) fn is_abandoned(&self, now: i64) -> bool {
        Self::period_end(self.next_epoch) + ABANDONED_AFTER + self.downtime <= now
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

    /// What the owner brought, and what of it closed epochs paid.
    pub(super) fn owners_money(&self) -> [u64; 2] {
        [self.funded - self.sponsored, self.paid - self.sponsored_paid]
    }

    /// Counts what a closed epoch paid: the owner's money first.
    pub(super) fn settle(&mut self, paid: u64) {
        let [brought, used] = self.owners_money();
        self.paid += paid;
        self.sponsored_paid += paid.saturating_sub(brought - used);
    }

    /// The fee that closed epochs have earned and the treasury has not received yet.
    pub(super) fn fee_uncollected(&self) -> u64 {
        with_fee(self.owners_money()[1]) + with_fee(self.sponsored_paid) - self.paid - self.fee_collected
    }

    /// The balance of the vault.
    pub(super) fn vault(&self) -> u64 {
        let paid = self.paid + self.epochs.values().map(EpochModel::paid_total).sum::<u64>();
        with_fee(self.owners_money()[0]) + with_fee(self.sponsored) - paid - self.fee_collected - self.refunded
    }

    /// What goes back of a sponsorship: the part of the sponsors' line that is not paid.
    pub(super) fn unpaid(&self, sponsorship: SponsorshipModel) -> u64 {
        let SponsorshipModel { start, contributed, .. } = sponsorship;
        with_fee(start + contributed) - with_fee(self.sponsored_paid.clamp(start, start + contributed))
    }

    /// What goes back to all of them.
    pub(super) fn owed_to_sponsors(&self) -> u64 {
        self.sponsorships.iter().flatten().map(|it| self.unpaid(*it)).sum()
    }

    pub(super) fn has_sponsors(&self) -> bool {
        self.sponsorships.iter().any(|of_one| !of_one.is_empty())
    }

    /// Sponsor `number`, or the first that has a sponsorship if that one has none.
    pub(super) fn sponsor_or_first(&self, number: usize) -> usize {
        let has_some = |of_one: &Vec<SponsorshipModel>| !of_one.is_empty();
        let first = self.sponsorships.iter().position(has_some).unwrap_or(number);
        if has_some(&self.sponsorships[number]) { number } else { first }
    }
}
