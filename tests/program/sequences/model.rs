//! A model of the program in a few lines of plain Rust: how much everybody is owed, and which steps are refused.
//!
//! A refusal is predicted with its reason, in the order of the program's checks. Only if another program or the runtime
//! refuses, or an account does not exist, any reason will do. This file has the state that distributors share: time,
//! the protocol's pause, and the last credited account. `schedule`, `payments`, `settlement` and `authority` change a
//! single distributor.

use std::collections::BTreeSet;

use torque::error::TorqueError;

use super::distributor::{DistributorModel, MILESTONE_DEADLINE};
use super::epoch::{EpochModel, Moment, Refusal, Verdict, require};
use super::operation::{Person, Target, Time};

/// The distributors and the state that they share.
#[derive(Clone)]
pub(super) struct Model {
    pub(super) now: i64,
    pub(super) slot: u64,
    pub(super) is_paused: bool,
    /// When the last pause of the protocol began, and the one before; zero without one.
    pub(super) pauses: [i64; 2],
    pub(super) rents: Rents,
    pub(super) distributors: [DistributorModel; 3],
    /// The account that the last refund or collection credited, and the amount in the distributor's asset.
    pub(super) gains: Vec<(Person, u64)>,
}

/// Lamports that accounts must have.
#[derive(Clone, Copy)]
pub(super) struct Rents {
    /// A wallet or a vault of SOL.
    pub(super) empty: u64,
    /// A sponsor account.
    pub(super) sponsor: u64,
    /// A raffle.
    pub(super) raffle: u64,
    /// The rent that a closed distributor gives back.
    pub(super) buried: u64,
}

impl Model {
    /// Refuses while the protocol or the distributor is paused.
    pub(super) fn require_running(&self, which: usize) -> Verdict {
        require(!self.is_paused, TorqueError::Paused)?;
        require(!self.distributors[which].is_paused, TorqueError::DistributorPaused)
    }

    pub(super) fn require_exists(&self, which: usize) -> Verdict {
        if self.distributors[which].is_closed { Err(Refusal::Others) } else { Ok(()) }
    }

    pub(super) fn require_role(&self, which: usize, role: torque::state::Role, by: Person) -> Verdict {
        use torque::state::Role::{Guardian, Owner, Publisher};
        let refusal = match role {
            Owner => TorqueError::NotOwner,
            Publisher => TorqueError::NotPublisher,
            Guardian => TorqueError::NotGuardian,
        };
        require(self.distributors[which].holder(role) == by, refusal)
    }

    /// The epoch, if it is open.
    pub(super) fn epoch(&mut self, which: usize, index: u32) -> Result<&mut EpochModel, Refusal> {
        self.distributors[which].epochs.get_mut(&index).ok_or(Refusal::Others)
    }

    /// The number of the epoch that a step is about.
    pub(super) fn number_of(&self, which: usize, target: Target) -> u32 {
        self.distributors[which].number_of(target, self.moment(which))
    }

    /// Now, as a distributor sees it.
    pub(super) fn moment(&self, which: usize) -> Moment {
        Moment { now: self.now, slot: self.slot, downtime: self.distributors[which].downtime }
    }

    /// Lets `seconds` pass, and the usual slots unless the cluster `is_halted`. A distributor that is paused, for one
    /// reason or two, counts them once as paused.
    pub(super) fn pass(&mut self, seconds: i64, is_halted: bool) {
        self.now += seconds;
        self.slot += if is_halted { 0 } else { seconds.unsigned_abs() * 5 / 2 };
        for distributor in &mut self.distributors {
            if distributor.is_paused && !self.is_paused {
                distributor.own_downtime += seconds;
            }
            if self.is_paused || distributor.is_paused {
                distributor.downtime += seconds;
            }
        }
    }

    /// The seconds that pass.
    pub(super) fn seconds_of(&self, time: Time) -> i64 {
        match time {
            Time::Seconds(seconds) | Time::Halt(seconds) => seconds,
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
        for distributor in self.distributors.iter().filter(|it| !it.is_closed) {
            moments.extend([DistributorModel::period_end(distributor.next_epoch), distributor.grace_end()]);
            moments.extend(distributor.traits.has_milestone.then_some(MILESTONE_DEADLINE));
            for epoch in distributor.epochs.values() {
                let ends_at = epoch.ends_at(distributor.downtime);
                moments.extend([ends_at].into_iter().chain(epoch.list.as_ref().map(|_| epoch.opens_at)));
            }
        }
        moments
    }
}
