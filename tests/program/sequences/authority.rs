//! The model's authorities: pauses, roles that are handed over, links, and the publisher's reports.

use torque::constants::MAX_PAUSE;
use torque::error::TorqueError;
use torque::state::Role;

use super::distributor::MILESTONE_DEADLINE;
use super::epoch::{Refusal, Verdict, require};
use super::model::Model;
use super::operation::Person;

impl Model {
    pub(super) fn pause(&mut self, by: Person) -> Verdict {
        require([Person::Admin, Person::Pauser].contains(&by), TorqueError::NotAdminOrPauser)?;
        require(!self.is_paused, TorqueError::Paused)?;
        self.is_paused = true;
        self.pauses = [self.now, self.pauses[0]];
        Ok(())
    }

    /// Ends the pause that began at `since`.
    pub(super) fn unpause(&mut self, by: Person, since: i64) -> Verdict {
        let is_long = self.is_paused && self.now - self.pauses[0] >= MAX_PAUSE.cast_signed();
        require(by == Person::Admin || is_long, TorqueError::NotAdmin)?;
        require(self.is_paused, TorqueError::NotPaused)?;
        require(since == self.pauses[0], TorqueError::PauseMismatch)?;
        self.is_paused = false;
        Ok(())
    }

    pub(super) fn pause_distributor(&mut self, which: usize, by: Person) -> Verdict {
        self.require_exists(which)?;
        let distributor = &mut self.distributors[which];
        let may = [distributor.holder(Role::Owner), distributor.latest_guardian()];
        require(may.contains(&by), TorqueError::NotOwnerOrGuardian)?;
        require(!distributor.is_paused, TorqueError::DistributorPaused)?;
        require(!distributor.is_pause_used_up(), TorqueError::PauseUsedUp)?;
        distributor.is_paused = true;
        Ok(())
    }

    pub(super) fn unpause_distributor(&mut self, which: usize, by: Person) -> Verdict {
        self.require_exists(which)?;
        if !self.distributors[which].is_pause_used_up() {
            self.require_role(which, Role::Owner, by)?;
        }
        let distributor = &mut self.distributors[which];
        require(distributor.is_paused, TorqueError::DistributorNotPaused)?;
        distributor.is_paused = false;
        Ok(())
    }

    /// Anybody closes the link of a closed distributor.
    pub(super) fn close_link(&mut self, which: usize, by: Person) -> Verdict {
        if !self.distributors[which].is_linked {
            return Err(Refusal::Others);
        }
        if !self.distributors[which].is_closed {
            self.require_role(which, Role::Owner, by)?;
        }
        self.distributors[which].is_linked = false;
        Ok(())
    }

    pub(super) fn report(&mut self, which: usize, by: Person, total: u64) -> Verdict {
        self.require_exists(which)?;
        self.require_role(which, Role::Publisher, by)?;
        let (now, distributor) = (self.now, &mut self.distributors[which]);
        distributor.require_publisher_of(0, now)?;
        require(distributor.traits.has_milestone, TorqueError::MilestoneMissing)?;
        require(now < MILESTONE_DEADLINE, TorqueError::MilestoneDeadlinePassed)?;
        require(total > distributor.reported, TorqueError::MilestoneTotalNotRaised)?;
        distributor.reported = total;
        Ok(())
    }

    pub(super) fn transfer(&mut self, which: usize, by: Person, role: Role, to: Option<Person>) -> Verdict {
        self.require_exists(which)?;
        let distributor = &self.distributors[which];
        if role == Role::Guardian && distributor.has_sponsors() {
            require(distributor.latest_guardian() == by, TorqueError::GuardianKept)?;
        } else {
            self.require_role(which, Role::Owner, by)?;
        }
        let pending = &mut self.distributors[which].pending[role as usize];
        require(to.is_some() || pending.is_some(), TorqueError::RoleMissing)?;
        *pending = to;
        Ok(())
    }

    pub(super) fn accept(&mut self, which: usize, by: Person, role: Role) -> Verdict {
        self.require_exists(which)?;
        require(self.distributors[which].pending[role as usize] == Some(by), TorqueError::NotPending)?;
        match role {
            // A new owner finds nothing that the old one has offered.
            Role::Owner => self.distributors[which].pending = [None; 3],
            Role::Publisher => self.distributors[which].publisher_since = self.now,
            Role::Guardian => {
                let (from, rules) = self.changeable_rules(which)?;
                self.distributors[which].coming = Some((from, rules, by));
                self.distributors[which].pending[role as usize] = None;
                return Ok(());
            }
        }
        let distributor = &mut self.distributors[which];
        distributor.holders[role as usize] = by;
        distributor.pending[role as usize] = None;
        Ok(())
    }
}
