//! The answer to the question how a distributor is, with amounts both in whole tokens and in base units.

use crank_rules::{values::decimal::Decimal, wording::second};
use serde::Serialize;
use torque::state::{Distributor, Epoch, Moment};

/// What a distributor is and has.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Its address.
    pub distributor: String,
    /// The hash of the cluster's genesis.
    pub genesis_hash: String,
    /// The finalized slot that all of it is as of, or later.
    pub slot: u64,
    /// The cluster's time.
    pub time: String,
    /// `RUNNING`, `PAUSED`, `ENDED` (nothing is left to post or to pay) or `REFUNDING`.
    pub state: &'static str,
    /// How rewards are shaped, such as `leaderboard`.
    pub kind: String,
    /// `claim` or `push`.
    pub mode: String,
    /// The mint; none for SOL.
    pub token_address: Option<String>,
    /// Of the mint, or of SOL.
    pub token_decimals: u8,
    /// Who has which role.
    pub roles: Roles,
    /// Its money.
    pub money: Money,
    /// Its schedule.
    pub schedule: Schedule,
    /// What others can do to the mint, by the names of a campaign file.
    pub accepted_powers: Vec<&'static str>,
    /// The epochs that have an account, the newest first.
    pub open_epochs: Vec<OpenEpoch>,
}

/// Who has which role.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Roles {
    /// Funds it and gets back what is left.
    pub owner: String,
    /// Posts roots.
    pub publisher: String,
    /// Cancels roots.
    pub guardian: String,
}

/// An amount of the reward.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    /// In whole tokens, or SOL.
    pub amount: String,
    /// In base units.
    pub amount_base_units: String,
}

impl Amount {
    /// `base_units` of a reward with so many `decimals`.
    pub(crate) fn new(base_units: u64, decimals: u8) -> Self {
        let amount = Decimal::from_base_units(base_units, decimals).to_string();
        Self { amount, amount_base_units: base_units.to_string() }
    }
}

/// The money of a distributor.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// Rewards that came in.
    pub funded: Amount,
    /// Of them, what sponsors brought.
    pub sponsored: Amount,
    /// What closed epochs paid, and what moving it cost.
    pub paid: Amount,
    /// What open epochs hold.
    pub reserved: Amount,
    /// What is neither paid nor reserved.
    pub free: Amount,
    /// What may leave at once now, before the limiter holds the rest up.
    pub can_leave_now: Amount,
    /// The fee on top of the rewards.
    pub fee_basis_points: u16,
}

/// The schedule of a distributor.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// When epoch 0 began.
    pub start: String,
    /// How long an epoch lasts.
    pub epoch_seconds: u32,
    /// How many epochs there are; none if it goes on until somebody ends it.
    pub epoch_count: Option<u32>,
    /// The next epoch to post; none if there is none left.
    pub next_epoch: Option<u32>,
    /// When that one ends.
    pub next_epoch_ends: Option<String>,
    /// The most that an epoch may pay.
    pub epoch_budget: Amount,
    /// Between posting and the first payment.
    pub activation_delay_seconds: u32,
    /// Between the first payment and the last.
    pub claim_window_seconds: u32,
}

/// An epoch that has an account.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenEpoch {
    /// Its index.
    pub index: u32,
    /// `VACANT`: it waits for a root; `POSTED`: its root can be cancelled; `CLAIMING`: its leaves are paid; `OVER`: it
    /// can be closed.
    pub state: &'static str,
    /// When that state ends; none if it is over.
    pub until: Option<String>,
    /// How many leaves it has, and how many of them are paid.
    pub leaves: u32,
    /// See `leaves`.
    pub paid_leaves: u32,
    /// What its leaves come to.
    pub total: Amount,
    /// What of it is paid.
    pub paid: Amount,
    /// Its root, in hexadecimal digits; none if it is vacant.
    pub root: Option<String>,
}

/// Amounts of a reward with so many decimals.
pub(super) struct Amounts(pub(super) u8);

impl Amounts {
    fn of(&self, base_units: u64) -> Amount {
        Amount::new(base_units, self.0)
    }

    /// The money of `distributor` at `now`, unix seconds; none if its sums do not fit.
    pub(super) fn money(&self, distributor: &Distributor, now: i64) -> Option<Money> {
        let limiter = &distributor.limiter;
        Some(Money {
            funded: self.of(distributor.funded),
            sponsored: self.of(distributor.sponsored),
            paid: self.of(distributor.paid),
            reserved: self.of(distributor.reserved),
            free: self.of(distributor.free().ok()?),
            can_leave_now: self.of(limiter.absolute.saturating_sub(limiter.bucket(now).missing())),
            fee_basis_points: distributor.fee_basis_points,
        })
    }

    /// The schedule of `distributor`, of which nothing is left to post if it `has_ended`.
    pub(super) fn schedule(&self, distributor: &Distributor, has_ended: bool) -> Schedule {
        let terms = &distributor.terms;
        let next_epoch = (!has_ended).then_some(distributor.next_epoch);
        Schedule {
            start: second(terms.start),
            epoch_seconds: terms.epoch_duration,
            epoch_count: (terms.epoch_count != u32::MAX).then_some(terms.epoch_count),
            next_epoch,
            next_epoch_ends: next_epoch.and_then(|index| terms.period_end(index).ok()).map(second),
            epoch_budget: self.of(terms.epoch_budget),
            activation_delay_seconds: terms.activation_delay,
            claim_window_seconds: terms.claim_window,
        }
    }

    /// Epoch `index` at `moment`.
    pub(super) fn epoch(&self, index: u32, epoch: &Epoch, moment: Moment) -> OpenEpoch {
        let ends_at = epoch.ends_at(moment.downtime);
        let is_over = epoch.require_closable(moment).is_ok();
        let (state, until) = match () {
            () if is_over => ("OVER", None),
            () if epoch.is_vacant() => ("VACANT", Some(ends_at)),
            () if epoch.require_open(moment).is_ok() => ("CLAIMING", Some(ends_at)),
            () => ("POSTED", Some(epoch.opens_at)),
        };
        OpenEpoch {
            index,
            state,
            until: until.map(second),
            leaves: epoch.leaf_count,
            paid_leaves: epoch.paid_count,
            total: self.of(epoch.total),
            paid: self.of(epoch.paid_total),
            root: (!epoch.is_vacant()).then(|| hex::encode(epoch.root)),
        }
    }
}
