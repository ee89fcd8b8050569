//! The model's money: who adds it, and who gets back the unpaid part.

use torque::error::TorqueError;
use torque::state::Role;

use anchor_lang::error::ErrorCode;

use super::distributor::{MINIMUM_SPONSORSHIP, SponsorshipModel};
use super::epoch::{Refusal, Verdict, require};
use super::model::Model;
use super::operation::{Person, Way};

impl Model {
    /// Refuses unless anybody, or the owner, may add something.
    fn require_fundable(&self, which: usize, is_owner: bool) -> Verdict {
        self.require_running(which)?;
        let distributor = &self.distributors[which];
        let is_owners_use = is_owner && !distributor.epochs.is_empty();
        require(!distributor.has_ended(self.now) || is_owners_use, TorqueError::FundingOver)
    }

    pub(super) fn fund(&mut self, which: usize, by: Person, amount: u64) -> Verdict {
        self.require_exists(which)?;
        let is_owner = self.distributors[which].holder(Role::Owner) == by;
        self.require_fundable(which, is_owner)?;
        require(is_owner, TorqueError::SponsorMissing)?;
        require(amount > 0, TorqueError::AmountZero)?;
        self.distributors[which].funded += amount;
        Ok(())
    }

    /// Adds `amount` as sponsorship `number` of `sponsor`, who agrees to other terms than there are if it `is_stale`.
    pub(super) fn sponsor(
        &mut self,
        which: usize,
        by: Person,
        (sponsor, number): (usize, u32),
        (amount, is_stale): (u64, bool),
    ) -> Verdict {
        self.require_exists(which)?;
        if by != Person::Sponsor(sponsor) {
            return Err(Refusal::Framework(ErrorCode::ConstraintSeeds));
        }
        self.require_fundable(which, false)?;
        let distributor = &mut self.distributors[which];
        let is_offered = distributor.pending[Role::Guardian as usize].is_some();
        let is_changing = is_offered || distributor.holder(Role::Guardian) != distributor.latest_guardian();
        require(!is_changing, TorqueError::GuardianChanging)?;
        require(!is_stale, TorqueError::TermsNotAgreed)?;
        require(amount > 0, TorqueError::AmountZero)?;
        require(amount >= MINIMUM_SPONSORSHIP, TorqueError::SponsorshipTooSmall)?;
        let is_new = distributor.sponsorships[sponsor].iter().all(|it| it.number != number);
        require(is_new, TorqueError::SponsorshipExists)?;
        let start = distributor.sponsored;
        distributor.sponsorships[sponsor].push(SponsorshipModel { number, start, contributed: amount });
        distributor.funded += amount;
        distributor.sponsored += amount;
        Ok(())
    }

    fn require_over(&self, which: usize) -> Verdict {
        let distributor = &self.distributors[which];
        require(distributor.epochs.is_empty(), TorqueError::EpochsOpen)?;
        require(distributor.has_ended(self.now), TorqueError::ScheduleNotOver)
    }

    pub(super) fn refund(&mut self, which: usize, by: Person, sponsor: usize, way: Way) -> Verdict {
        self.require_exists(which)?;
        let first = *self.distributors[which].sponsorships[sponsor].first().ok_or(Refusal::Others)?;
        require(by == Person::Sponsor(sponsor), TorqueError::SponsorMismatch)?;
        self.require_over(which)?;
        require(way != Way::Astray, TorqueError::NotSponsor)?;
        let rent = self.rents.sponsor;
        let distributor = &mut self.distributors[which];
        let share = distributor.unpaid(first);
        distributor.is_refunding = true;
        distributor.refunded += share;
        distributor.sponsored_refunded += share;
        distributor.sponsorships[sponsor].remove(0);
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
        let refund = distributor.vault() - distributor.owed_to_sponsors() - fee;
        distributor.fee_collected += fee;
        distributor.refunded += refund;
        distributor.refunded_to_owner += refund;
        distributor.is_refunding = true;
        distributor.is_closed = !distributor.has_sponsors();
        let has_rent = distributor.is_closed && distributor.traits.is_native;
        let rent = if has_rent { rents.empty + rents.buried } else { 0 };
        self.gains = vec![(Person::Treasury, fee), (by, refund + rent)];
        Ok(())
    }
}
