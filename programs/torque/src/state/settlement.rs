//! Whose a distributor's money is: what sponsors add, what the protocol has earned, and who gets what when it is over.
//!
//! Every amount follows from totals that no refund changes, so the order of refunds changes nobody's amount. What the
//! vault holds beyond what is owed to sponsors and treasury is the owner's, rounding and gifts included.

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

    /// Base units of a vault with `balance` that are the owner's once it is over: neither the treasury's nor held back
    /// for sponsors that are not refunded.
    ///
    /// # Errors
    /// `VaultShort` when the vault holds less than it owes, `ArithmeticOverflow`.
    pub fn owners_part(&self, balance: u64) -> Result<u64> {
        let held = self.share_rounded_down(self.sponsored_open)?;
        let owed = held.checked_add(self.fee_uncollected()?).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(balance.checked_sub(owed).ok_or(TorqueError::VaultShort)?)
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

    /// The account through which `wallet` holds what it pays: its associated token account, or itself for SOL.
    #[must_use]
    pub fn account_of(&self, wallet: &Pubkey) -> Pubkey {
        if self.is_native() {
            return *wallet;
        }
        get_associated_token_address_with_program_id(wallet, &self.mint, &self.token_program)
    }
}
