//! Whose a distributor's money is: what sponsors add, what the protocol has earned, and who gets what when it is over.
//!
//! Every amount follows from totals that no refund changes, so the order of refunds changes nobody's amount. What the
//! vault holds beyond what is owed to sponsors and treasury is the owner's, rounding and gifts included.
//!
//! The totals do not know what a mint's permanent delegate takes out of a vault. Of what is left then, sponsors are
//! paid first, each the same part of its share; then the treasury; and the owner, who chose the mint, last.

use anchor_lang::prelude::*;
use anchor_spl::associated_token::get_associated_token_address_with_program_id;

use crate::error::TorqueError;
use crate::fee;
use crate::state::{Distributor, share_rounded_down};

impl Distributor {
    /// Refuses funding that could pay nobody: a sponsor's once no epoch is left to post, the owner's once it is over.
    ///
    /// The owner may still add to a vacant epoch that would get its root again.
    ///
    /// # Errors
    /// `FundingOver`.
    pub fn require_fundable(&self, is_owner: bool, now: i64, downtime: u64) -> Result<()> {
        let has_use = !self.has_ended(now, downtime)? || (is_owner && self.open_epochs > 0);
        require!(has_use, TorqueError::FundingOver);
        Ok(())
    }

    /// Counts `amount`, which is funded already, as a sponsor's.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn add_sponsored(&mut self, amount: u64, is_new: bool) -> Result<()> {
        self.sponsored = self.sponsored.checked_add(amount).ok_or(TorqueError::ArithmeticOverflow)?;
        self.sponsored_open = self.sponsored_open.checked_add(amount).ok_or(TorqueError::ArithmeticOverflow)?;
        let sponsors = self.sponsors_open.checked_add(u32::from(is_new));
        self.sponsors_open = sponsors.ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Base units of fee that closed epochs have earned and the treasury does not have.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn fee_uncollected(&self) -> Result<u64> {
        let earned = fee::earned_rounded_down(self.paid, self.fee_basis_points)?;
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

    /// Base units that go back once it is over: rewards that were not paid, and the fee on top that was not earned.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn left_over(&self) -> Result<u64> {
        let deposited = fee::deposited_rounded_up(self.funded, self.fee_basis_points)?;
        let earned = fee::earned_rounded_down(self.paid, self.fee_basis_points)?;
        let rewards = self.funded.checked_sub(self.paid).ok_or(TorqueError::ArithmeticOverflow)?;
        let fees = deposited.checked_sub(earned).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(rewards.checked_add(fees).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// Base units of what is left over that belong to `contributed`, rounded down.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn share_rounded_down(&self, contributed: u64) -> Result<u64> {
        share_rounded_down(contributed, self.funded, self.left_over()?)
    }

    /// Base units of what is left over that belong to all sponsors that are not refunded, rounded down.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn held_rounded_down(&self) -> Result<u64> {
        self.share_rounded_down(self.sponsored_open)
    }

    /// Base units of a vault with `balance` that are the owner's once it is over: neither the treasury's nor held back
    /// for sponsors that are not refunded.
    ///
    /// # Errors
    /// `VaultShort` when the vault holds less than it owes and nobody else could have taken it, `ArithmeticOverflow`.
    pub fn owners_part(&self, balance: u64) -> Result<u64> {
        let held = self.held_rounded_down()?;
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
        Ok(fee.min(balance.saturating_sub(self.held_rounded_down()?)))
    }

    /// Base units of `share`, of a sponsor that contributed `contributed` and is off the books already, for which a
    /// vault with `balance` has the money, rounded down: all of them, or as large a part as of the share of any other
    /// sponsor.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn covered_rounded_down(&self, share: u64, contributed: u64, balance: u64) -> Result<u64> {
        let open = self.sponsored_open.checked_add(contributed).ok_or(TorqueError::ArithmeticOverflow)?;
        let held = self.share_rounded_down(open)?;
        if balance >= held { Ok(share) } else { share_rounded_down(share, held, balance) }
    }

    /// Refuses if a vault with `balance` has certainly lost some of what it should hold.
    ///
    /// # Errors
    /// `VaultShort`, `ArithmeticOverflow`.
    pub fn require_whole(&self, balance: u64) -> Result<()> {
        // What the open epochs have paid already is not known here; they hold no more than `reserved`.
        let least = self.left_over()?.saturating_sub(self.reserved);
        let least = least.checked_add(self.fee_uncollected()?).ok_or(TorqueError::ArithmeticOverflow)?;
        require!(balance >= least, TorqueError::VaultShort);
        Ok(())
    }

    /// Takes a sponsor that contributed `contributed` off the books, and returns its share.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn refund_sponsor(&mut self, contributed: u64) -> Result<u64> {
        let share = self.share_rounded_down(contributed)?;
        self.is_refunding = true;
        self.sponsored_open = self.sponsored_open.checked_sub(contributed).ok_or(TorqueError::ArithmeticOverflow)?;
        self.sponsors_open = self.sponsors_open.checked_sub(1).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(share)
    }

    /// Whether nothing is owed to a sponsor or to the treasury any more.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn is_settled(&self) -> Result<bool> {
        Ok(self.sponsors_open == 0 && self.fee_uncollected()? == 0)
    }

    /// Whether the rest of what is owed to the treasury is lost: only that is owed, and an emptied vault, in which
    /// `balance` base units stay, has nothing for it.
    #[must_use]
    pub fn is_lost(&self, balance: u64) -> bool {
        self.can_be_emptied() && self.sponsors_open == 0 && balance == 0
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
