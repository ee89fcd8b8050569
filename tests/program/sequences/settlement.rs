//! The model's money: who adds it, and who gets back the unpaid part.

use torque::error::TorqueError;
use torque::state::Role;

use anchor_lang::error::ErrorCode;

use super::epoch::{Refusal, Verdict, require};
use super::model::Model;
use super::operation::{Person, Way};

impl Model {
    /// Refuses unless anybody, or the owner, may add `amount`.
    fn require_fundable(&self, which: usize, is_owner: bool, amount: u64) -> Verdict {
        self.require_running(which)?;
        let distributor = &self.distributors[which];
        let is_owners_use = is_owner && !distributor.epochs.is_empty();
        require(!distributor.has_ended(self.now) || is_owners_use, TorqueError::FundingOver)?;
        require(amount > 0, TorqueError::AmountZero)
    }

    pub(super) fn fund(&mut self, which: usize, by: Person, amount: u64) -> Verdict {
        self.require_exists(which)?;
        let is_owner = self.distributors[which].holder(Role::Owner) == by;
        self.require_fundable(which, is_owner, amount)?;
        require(is_owner, TorqueError::SponsorMissing)?;
        self.distributors[which].funded += amount;
        Ok(())
    }

    pub(super) fn sponsor(&mut self, which: usize, by: Person, sponsor: usize, amount: u64) -> Verdict {
        self.require_exists(which)?;
        if by != Person::Sponsor(sponsor) {
            return Err(Refusal::Framework(ErrorCode::ConstraintSeeds));
        }
        self.require_fundable(which, false, amount)?;
        let distributor = &mut self.distributors[which];
        distributor.funded += amount;
        distributor.sponsored += amount;
        distributor.sponsor_count += u64::from(distributor.sponsors[sponsor].is_none());
        *distributor.sponsors[sponsor].get_or_insert(0) += amount;
        Ok(())
    }

    fn require_over(&self, which: usize) -> Verdict {
        let distributor = &self.distributors[which];
        require(distributor.epochs.is_empty(), TorqueError::EpochsOpen)?;
        require(distributor.has_ended(self.now), TorqueError::ScheduleNotOver)
    }

    pub(super) fn refund(&mut self, which: usize, by: Person, sponsor: usize, way: Way) -> Verdict {
        self.require_exists(which)?;
        let contributed = self.distributors[which].sponsors[sponsor].ok_or(Refusal::Others)?;
        require(by == Person::Sponsor(sponsor), TorqueError::SponsorMismatch)?;
        self.require_over(which)?;
        require(way != Way::Astray, TorqueError::NotSponsor)?;
        let rent = self.rents.sponsor;
        let distributor = &mut self.distributors[which];
        let share = distributor.share(contributed);
        distributor.is_refunding = true;
        distributor.refunded += share;
        distributor.sponsors[sponsor] = None;
        let destination = if way == Way::Own { by } else { Person::Stranger };
        let rent = if distributor.traits.is_native { rent } else { 0 };
        self.gains = vec![(destination, share), (by, rent)];
        Ok(())
    }

    pub(super) fn collect_fee(&mut self, which: usize, by: Person) -> Verdict {
        self.require_exists(which)?;
        require(by == Person::Treasury, TorqueError::TreasuryMismatch)?;
        let distributor = &mut self.distributors[which];
        let fee = distributor.fee_uncollected();
        require(fee > 0, TorqueError::AmountZero)?;
        distributor.fee_collected += fee;
        self.gains = vec![(Person::Treasury, fee)];
        Ok(())
    }

    pub(super) fn close_distributor(&mut self, which: usize, by: Person) -> Verdict {
        self.require_exists(which)?;
        self.require_role(which, Role::Owner, by)?;
        self.require_over(which)?;
        let rents = self.rents;
        let distributor = &mut self.distributors[which];
        let fee = distributor.fee_uncollected();
        let refund = distributor.vault() - distributor.share(distributor.sponsored_open()) - fee;
        distributor.fee_collected += fee;
        distributor.refunded += refund;
        distributor.refunded_to_owner += refund;
        distributor.is_refunding = true;
        distributor.is_closed = distributor.sponsors == [None; super::distributor::SPONSORS];
        let has_rent = distributor.is_closed && distributor.traits.is_native;
        let rent = if has_rent { rents.empty + rents.buried } else { 0 };
        self.gains = vec![(Person::Treasury, fee), (by, refund + rent)];
        Ok(())
    }
}
