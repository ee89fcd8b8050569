//! Whose a distributor's money is: who brought it, whose was paid, and who gets what when it is over.
//!
//! The owner's money is used first, and then the sponsors', which came first first. So a sponsor pays for nothing that
//! was paid before it came, nor as long as the owner has money in. Every amount follows from totals that no refund
//! changes, so the order of refunds changes nobody's amount. What the vault holds beyond what is owed to sponsors and
//! treasury is the owner's, gifts included.
//!
//! The totals do not know what a mint's permanent delegate takes out of a vault. Of what is left then, sponsors are
//! paid first, each the same part of what it is owed; then the treasury; and the owner, who chose the mint, last.

use anchor_lang::prelude::*;
use anchor_spl::associated_token::get_associated_token_address_with_program_id;

use crate::error::TorqueError;
use crate::fee;
use crate::state::{Distributor, Sponsorship};

/// `part` of `whole` of `amount`, rounded down.
fn part_rounded_down(amount: u64, part: u64, whole: u64) -> Result<u64> {
    let product = u128::from(amount).checked_mul(u128::from(part)).ok_or(TorqueError::ArithmeticOverflow)?;
    let part = product.checked_div(u128::from(whole)).ok_or(TorqueError::ArithmeticOverflow)?;
    Ok(u64::try_from(part).map_err(|_| TorqueError::ArithmeticOverflow)?)
}

impl Distributor {
    /// Refuses funding that could pay nobody: a sponsor's once no epoch is left to post, the owner's once it is over.
    ///
    /// The owner may still add to a vacant epoch that would get its root again.
    ///
    /// # Errors
    /// `FundingOver`.
    pub fn require_fundable(&self, is_owner: bool, now: i64, downtime: u64) -> Result<()> {
        let has_use = !self.has_ended(now, downtime)? || (is_owner && self.open_epochs > 0);
        ensure!(has_use, TorqueError::FundingOver);
        Ok(())
    }

    /// Takes `amount` in as the owner's rewards and returns the fee that must come with it.
    ///
    /// # Errors
    /// `AmountZero`, `ArithmeticOverflow`.
    pub fn fund(&mut self, amount: u64) -> Result<u64> {
        let fee = self.fee_from(self.funded_by_owner()?, amount)?;
        self.take_in(amount)?;
        Ok(fee)
    }

    /// Takes `amount` in as a sponsor's rewards. Returns where it begins on the line of all sponsors' rewards, and the
    /// fee that must come with it.
    ///
    /// # Errors
    /// `AmountZero`, `SponsorshipTooSmall`, `ArithmeticOverflow`.
    pub fn sponsor(&mut self, amount: u64) -> Result<(u64, u64)> {
        let start = self.sponsored;
        let fee = self.fee_from(start, amount)?;
        ensure!(amount >= self.minimum_sponsorship, TorqueError::SponsorshipTooSmall);
        self.sponsored = start.checked_add(amount).ok_or(TorqueError::ArithmeticOverflow)?;
        self.sponsorships_open = self.sponsorships_open.checked_add(1).ok_or(TorqueError::ArithmeticOverflow)?;
        self.take_in(amount)?;
        Ok((start, fee))
    }

    /// The fee that must come with `amount` where `before` base units are already.
    fn fee_from(&self, before: u64, amount: u64) -> Result<u64> {
        ensure!(amount > 0, TorqueError::AmountZero);
        let after = before.checked_add(amount).ok_or(TorqueError::ArithmeticOverflow)?;
        let [before, after] = [before, after].map(|rewards| fee::rounded_up(rewards, self.fee_basis_points));
        Ok(after?.checked_sub(before?).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    fn take_in(&mut self, amount: u64) -> Result<()> {
        self.funded = self.funded.checked_add(amount).ok_or(TorqueError::ArithmeticOverflow)?;
        // Rewards and fee together must fit the vault.
        self.deposited()?;
        Ok(())
    }

    /// Base units of rewards that the owner brought.
    fn funded_by_owner(&self) -> Result<u64> {
        Ok(self.funded.checked_sub(self.sponsored).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// Base units of the owner's rewards that closed epochs paid.
    fn paid_by_owner(&self) -> Result<u64> {
        Ok(self.paid.checked_sub(self.sponsored_paid).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// Base units of `owners` and `sponsors` rewards, each with the fee on them.
    fn with_fees(&self, owners: u64, sponsors: u64) -> Result<u64> {
        let [owners, sponsors] =
            [owners, sponsors].map(|rewards| fee::with_fee_rounded_up(rewards, self.fee_basis_points));
        Ok(owners?.checked_add(sponsors?).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// Base units that came in, fees included.
    fn deposited(&self) -> Result<u64> {
        self.with_fees(self.funded_by_owner()?, self.sponsored)
    }

    /// Base units that closed epochs used, the fees that they earned included.
    fn used(&self) -> Result<u64> {
        self.with_fees(self.paid_by_owner()?, self.sponsored_paid)
    }

    /// Ends open epoch `index`, which held `reserved` and spent `spent` of it: of the owner's money as long as there is
    /// some.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn settle(&mut self, index: u32, reserved: u64, spent: u64) -> Result<()> {
        let owners = self.funded_by_owner()?.checked_sub(self.paid_by_owner()?);
        let sponsors = spent.saturating_sub(owners.ok_or(TorqueError::ArithmeticOverflow)?);
        self.release(reserved)?;
        self.limiter.close_epoch(index, spent, self.terms.claim_window)?;
        self.paid = self.paid.checked_add(spent).ok_or(TorqueError::ArithmeticOverflow)?;
        self.sponsored_paid = self.sponsored_paid.checked_add(sponsors).ok_or(TorqueError::ArithmeticOverflow)?;
        self.open_epochs = self.open_epochs.checked_sub(1).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Base units of fee that closed epochs have earned and the treasury does not have.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn fee_uncollected(&self) -> Result<u64> {
        let earned = self.used()?.checked_sub(self.paid).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(earned.checked_sub(self.fee_collected).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// Counts `amount` of the fee as collected.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn collect_fee(&mut self, amount: u64) -> Result<()> {
        self.fee_collected = self.fee_collected.checked_add(amount).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Base units that belong to all sponsorships that are not refunded, once it is over.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn owed_to_sponsors(&self) -> Result<u64> {
        let [deposited, used] = [self.sponsored, self.sponsored_paid]
            .map(|rewards| fee::with_fee_rounded_up(rewards, self.fee_basis_points));
        let left = deposited?.checked_sub(used?).and_then(|left| left.checked_sub(self.sponsored_refunded));
        Ok(left.ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// Base units of a vault with `balance` that are the owner's once it is over: neither the treasury's nor held back
    /// for sponsors that are not refunded.
    ///
    /// # Errors
    /// `VaultShort` when the vault holds less than it owes and nobody else could have taken it, `ArithmeticOverflow`.
    pub fn owners_part(&self, balance: u64) -> Result<u64> {
        let held = self.owed_to_sponsors()?;
        let owed = held.checked_add(self.fee_uncollected()?).ok_or(TorqueError::ArithmeticOverflow)?;
        if self.can_be_emptied() {
            return Ok(balance.saturating_sub(owed));
        }
        Ok(balance.checked_sub(owed).ok_or(TorqueError::VaultShort)?)
    }

    /// Base units of a vault with `balance` that are the treasury's now: the fee that it does not have yet, or less of
    /// it where the vault was emptied. What open epochs still pay is not known here, so while there are any, the fee of
    /// those that are closed is paid like a leaf: in full or not at all.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn treasurys_part(&self, balance: u64) -> Result<u64> {
        let fee = self.fee_uncollected()?;
        if !self.can_be_emptied() || self.open_epochs > 0 {
            return Ok(fee);
        }
        Ok(fee.min(balance.saturating_sub(self.owed_to_sponsors()?)))
    }

    /// Refuses if a vault with `balance` has certainly lost some of what it should hold.
    ///
    /// # Errors
    /// `VaultShort`, `ArithmeticOverflow`.
    pub fn require_whole(&self, balance: u64) -> Result<()> {
        // What the open epochs have paid already is not known here; they hold no more than `reserved`.
        let gone = self.paid.checked_add(self.fee_collected).and_then(|gone| gone.checked_add(self.reserved));
        let least = self.deposited()?.saturating_sub(gone.ok_or(TorqueError::ArithmeticOverflow)?);
        ensure!(balance >= least, TorqueError::VaultShort);
        Ok(())
    }

    /// Takes `sponsorship` off the books. Returns the base units that it is owed, and those for which a vault with
    /// `balance` has the money, rounded down: all of them, or as large a part as of what any other sponsorship is owed.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn refund_sponsor(&mut self, sponsorship: &Sponsorship, balance: u64) -> Result<(u64, u64)> {
        let owed_to_all = self.owed_to_sponsors()?;
        let owed = sponsorship.refund(self.sponsored_paid, self.fee_basis_points)?;
        self.is_refunding = true;
        let refunded = self.sponsored_refunded.checked_add(owed);
        self.sponsored_refunded = refunded.ok_or(TorqueError::ArithmeticOverflow)?;
        self.sponsorships_open = self.sponsorships_open.checked_sub(1).ok_or(TorqueError::ArithmeticOverflow)?;
        let is_covered = balance >= owed_to_all;
        Ok((owed, if is_covered { owed } else { part_rounded_down(owed, balance, owed_to_all)? }))
    }

    /// Whether nothing is owed to a sponsor or to the treasury any more.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn is_settled(&self) -> Result<bool> {
        Ok(self.sponsorships_open == 0 && self.fee_uncollected()? == 0)
    }

    /// Whether the rest of what is owed to the treasury is lost: only that is owed, and an emptied vault, in which
    /// `balance` base units stay, has nothing for it.
    #[must_use]
    pub fn is_lost(&self, balance: u64) -> bool {
        self.can_be_emptied() && self.sponsorships_open == 0 && balance == 0
    }

    /// The account through which `wallet` holds what it pays: its associated token account, or itself for SOL.
    #[must_use]
    pub fn account_of(&self, wallet: &Pubkey) -> Pubkey {
        if self.is_native() {
            return *wallet;
        }
        get_associated_token_address_with_program_id(wallet, &self.mint, &self.token_program)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_rounded_down_and_never_overflows() {
        for (amount, part, whole, expected) in [(10, 1, 3, 3), (10, 2, 3, 6), (1, 1, 2, 0), (7, 0, 7, 0), (7, 7, 7, 7)]
        {
            assert_eq!(part_rounded_down(amount, part, whole).unwrap(), expected, "{part} of {whole} of {amount}");
        }
        assert_eq!(part_rounded_down(u64::MAX, u64::MAX - 1, u64::MAX).unwrap(), u64::MAX - 1);
        assert!(part_rounded_down(1, 1, 0).is_err());
    }

    #[test]
    fn where_money_is_missing_a_sponsorship_gets_its_part_of_what_is_there() {
        let mut distributor = Distributor::deserialize(&mut &[0; 2_000][..]).unwrap();
        let blank = Sponsorship::deserialize(&mut &[0; 200][..]).unwrap();
        let sponsorships = [300, 100].map(|contributed| {
            let (start, _) = distributor.sponsor(contributed).unwrap();
            Sponsorship { start, contributed, ..blank.clone() }
        });
        assert_eq!(distributor.owed_to_sponsors().unwrap(), 400);
        let refund = |balance| {
            let mut distributor = distributor;
            let [first, second] = sponsorships.each_ref().map(|it| distributor.refund_sponsor(it, balance).unwrap());
            (first, second)
        };
        assert_eq!(refund(400), ((300, 300), (100, 100)));
        assert_eq!(refund(399).0, (300, 299));
        assert_eq!(refund(1).0, (300, 0));
    }
}
