//! A funded escrow and the terms on which it pays. The money itself lies in its vault (`vault.rs`).

use anchor_lang::prelude::*;

use crate::constants::{ABANDONED_AFTER, NATIVE_SOL, SEED_DISTRIBUTOR};
use crate::error::TorqueError;
use crate::powers::Powers;
use crate::state::{Downtime, Limiter, Milestone, NextTerms, Terms, layout};

/// Seeds: `distributor`, creator, id. Once closed, its address stays taken, so that no leaf of it can be paid again.
///
/// Money, in base units: `funded` came in as rewards. Of it, `paid` went out by epochs that are closed, `reserved`
/// belongs to epochs that are open, and the rest is free. The fee on all of `funded` lies in the vault besides. Whose
/// money was paid, and what goes back to whom, is in `settlement`.
///
/// Payments read it in place (`in_place`): no field may lie behind a gap.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, InitSpace)]
#[repr(C)]
pub struct Distributor {
    /// Layout version.
    pub version: u8,
    /// Of the address; the distributor signs for its vault with it.
    pub bump: u8,
    /// How rewards are shaped.
    pub kind: Kind,
    /// How they reach the wallets.
    pub mode: Mode,
    /// Of the mint.
    pub decimals: u8,
    /// Whether refunds have begun; from then on nothing is funded or posted, whatever becomes of the schedule.
    pub is_refunding: bool,
    /// The fee on top, fixed at creation.
    pub fee_basis_points: u16,
    /// The creator's number for it.
    pub id: u64,
    /// Created it; part of the address for good.
    pub creator: Pubkey,
    /// Funds it, and gets back what it does not pay and is not a sponsor's.
    pub owner: Pubkey,
    /// Posts roots.
    pub publisher: Pubkey,
    /// Cancels roots and pauses, as the owner may. Of the next epoch to post; another may come with `next_terms`.
    pub guardian: Pubkey,
    /// Will be the owner once it accepts; zero if nobody is named.
    pub pending_owner: Pubkey,
    /// Will be the publisher once it accepts; zero if nobody is named.
    pub pending_publisher: Pubkey,
    /// Will be the guardian once it accepts; zero if nobody is named.
    pub pending_guardian: Pubkey,
    /// What it pays; `NATIVE_SOL` for lamports.
    pub mint: Pubkey,
    /// The program that moves it; `NATIVE_SOL` for lamports.
    pub token_program: Pubkey,
    /// Where the money lies.
    pub vault: Pubkey,
    /// Of a raffle: the distributor whose draws decide; its own address unless it was given another.
    pub draw: Pubkey,
    /// The schedule and its limits.
    pub terms: Terms,
    /// What its owner has changed of them since.
    pub next_terms: NextTerms,
    /// What must be reached together before anything is paid, if anything must.
    pub milestone: Milestone,
    /// How fast money may leave, and what has left for the open epochs.
    pub limiter: Limiter,
    /// Whether it is paused, and for how long it has been.
    pub downtime: Downtime,
    /// Seconds that the protocol had been paused for when it was created.
    pub downtime_at_creation: u64,
    /// Unix seconds at which the publisher took over; zero for the first one.
    pub publisher_since: i64,
    /// The slot of the last funding.
    pub funded_slot: u64,
    /// Rewards that came in.
    pub funded: u64,
    /// What the open epochs hold: their totals, and what moving them may cost.
    pub reserved: u64,
    /// What left the vault for the closed epochs: what they paid, and what moving it cost.
    pub paid: u64,
    /// Earned fees that went to the treasury.
    pub fee_collected: u64,
    /// Of `funded`, what sponsors brought.
    pub sponsored: u64,
    /// Of `paid`, what was sponsors' money.
    pub sponsored_paid: u64,
    /// What was owed to the sponsorships that are refunded, fee included.
    pub sponsored_refunded: u64,
    /// The least base units of rewards that a sponsor adds at once: afterwards the owner may not loosen the terms.
    pub minimum_sponsorship: u64,
    /// The index of the next epoch to post.
    pub next_epoch: u32,
    /// How many epochs have an account: posted or vacant, and not closed.
    pub open_epochs: u32,
    /// How many sponsorships are not refunded.
    pub sponsorships_open: u32,
    /// The powers over the mint that its creator accepted; funding is refused while the mint gives another.
    pub accepted_powers: Powers,
    /// Zero, for later versions.
    pub spare: [u8; 18],
}

layout::account!(Distributor in place);

/// How rewards are shaped; told to readers, applied by evaluation. Later kinds are appended.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, InitSpace, PartialEq)]
#[repr(u8)]
pub enum Kind {
    /// By rank and value, through a formula.
    Leaderboard,
    /// Given amounts to given wallets.
    Direct,
    /// A share of what was measured goes back.
    Rebate,
    /// Winners are drawn.
    Raffle,
    /// By how many came before.
    Curve,
}

/// How rewards reach the wallets. Never both: a leaf must not be payable by two rules.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, InitSpace, PartialEq)]
#[repr(u8)]
pub enum Mode {
    /// The wallet signs, and may name another destination.
    Claim,
    /// Anybody submits the payment, which can only go to the wallet's own account.
    Push,
}

impl Distributor {
    /// The distributor at `account`, which once was one; none if it is closed and only its discriminator is left.
    ///
    /// # Errors
    /// Those of Anchor, if it never was.
    pub fn unless_closed(account: &AccountInfo<'_>) -> Result<Option<Self>> {
        if account.data_len() == Self::DISCRIMINATOR.len() {
            return Ok(None);
        }
        Self::try_deserialize(&mut &account.try_borrow_data()?[..]).map(Some)
    }

    /// Refuses unless these are the accounts that it pays from and in.
    ///
    /// # Errors
    /// `VaultMismatch`, `MintMismatch`, `TokenProgramMismatch`.
    pub fn require_accounts(&self, vault: &Pubkey, mint: &Pubkey, token_program: &Pubkey) -> Result<()> {
        ensure_same!(self.vault, *vault, TorqueError::VaultMismatch);
        ensure_same!(self.mint, *mint, TorqueError::MintMismatch);
        ensure_same!(self.token_program, *token_program, TorqueError::TokenProgramMismatch);
        Ok(())
    }

    /// Whether it pays lamports rather than tokens.
    #[must_use]
    pub fn is_native(&self) -> bool {
        self.mint == NATIVE_SOL
    }

    /// Whether somebody other than this program can take money out of the vault.
    #[must_use]
    pub fn can_be_emptied(&self) -> bool {
        self.accepted_powers.contains(Powers::PERMANENT_DELEGATE)
    }

    /// The first four seeds of the address; the fourth is the bump.
    #[must_use]
    pub fn signer_seeds<'a>(&'a self, id: &'a [u8; 8]) -> [&'a [u8]; 4] {
        [SEED_DISTRIBUTOR, self.creator.as_ref(), id, std::slice::from_ref(&self.bump)]
    }

    /// Base units of rewards that no open epoch holds and none has paid.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn free(&self) -> Result<u64> {
        let bound = self.paid.checked_add(self.reserved).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(self.funded.checked_sub(bound).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// Refuses unless epoch `index` is the next one, is on the schedule, and has ended, and the schedule not long ago.
    /// `now` is in unix seconds, of which `downtime` were paused.
    ///
    /// # Errors
    /// `EpochNotNext`, `EpochBeyondSchedule`, `PeriodNotEnded`, `GraceOver`, `MilestoneMissed`.
    pub fn require_next(&self, index: u32, now: i64, downtime: u64) -> Result<()> {
        ensure!(index == self.next_epoch, TorqueError::EpochNotNext);
        ensure!(!self.is_refunding && index < self.terms.epoch_count, TorqueError::EpochBeyondSchedule);
        ensure!(self.terms.period_end(index)? <= now, TorqueError::PeriodNotEnded);
        ensure!(now < self.grace_end(downtime)?, TorqueError::GraceOver);
        // A publisher who went on skipping would keep the distributor open, and with it everybody's refund.
        ensure!(!self.milestone.is_missed(now), TorqueError::MilestoneMissed);
        Ok(())
    }

    /// Unix seconds from which no epoch is posted any more, after `downtime` seconds of pauses.
    fn grace_end(&self, downtime: u64) -> Result<i64> {
        let extension = Downtime::extension(self.downtime_at_creation, downtime);
        Ok(self.terms.grace_end()?.saturating_add(extension))
    }

    /// Passes on to the next epoch, which is open from `now` on, unix seconds, under its own terms.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn open_next(&mut self, now: i64) -> Result<()> {
        self.promote_terms(now);
        self.next_epoch = self.next_epoch.checked_add(1).ok_or(TorqueError::ArithmeticOverflow)?;
        self.open_epochs = self.open_epochs.checked_add(1).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Reserves `reserved` for an open epoch that may pay `budget`: its `total`, and what moving it may cost.
    ///
    /// # Errors
    /// `TotalZero`, `BudgetExceeded`, `FundsInsufficient`, `MilestoneNotReached`.
    pub fn reserve(&mut self, total: u64, reserved: u64, budget: u64) -> Result<()> {
        ensure!(total > 0, TorqueError::TotalZero);
        ensure!(total <= budget, TorqueError::BudgetExceeded);
        ensure!(reserved <= self.free()?, TorqueError::FundsInsufficient);
        self.reserved = self.reserved.checked_add(reserved).ok_or(TorqueError::ArithmeticOverflow)?;
        let bound = self.paid.checked_add(self.reserved).ok_or(TorqueError::ArithmeticOverflow)?;
        self.milestone.require_unlocked(bound, self.funded)
    }

    /// Refuses epoch `index`, which has reserved what it may cost, if not all that is open then could leave in time.
    ///
    /// # Errors
    /// `LimiterBusy`.
    pub fn require_room(&self, index: u32, now: i64) -> Result<()> {
        self.limiter.require_room(index, self.reserved, now)
    }

    /// Frees `reserved`, which an open epoch held.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn release(&mut self, reserved: u64) -> Result<()> {
        self.reserved = self.reserved.checked_sub(reserved).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Whether owner and publisher are gone at `now`, unix seconds, of which `downtime` were paused: the next epoch
    /// ended [`ABANDONED_AFTER`] ago and neither was it posted nor the schedule ended.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn is_abandoned(&self, now: i64, downtime: u64) -> Result<bool> {
        let pauses = Downtime::extension(self.downtime_at_creation, downtime);
        let due = self.terms.period_end(self.next_epoch)?;
        Ok(due.saturating_add(ABANDONED_AFTER).saturating_add(pauses) <= now)
    }

    /// Ends the schedule with the epoch that has begun at `now`, so that nobody's work in progress goes unpaid.
    ///
    /// # Errors
    /// `ScheduleAlreadyEnds`.
    pub fn end(&mut self, now: i64) -> Result<()> {
        let epoch_count = self.terms.epochs_begun(now)?.max(self.next_epoch);
        ensure!(epoch_count < self.terms.epoch_count, TorqueError::ScheduleAlreadyEnds);
        self.terms.epoch_count = epoch_count;
        Ok(())
    }

    /// Refuses while an epoch is open or may still be posted at `now`, unix seconds, of which `downtime` were paused.
    ///
    /// # Errors
    /// `EpochsOpen`, `ScheduleNotOver`.
    pub fn require_over(&self, now: i64, downtime: u64) -> Result<()> {
        ensure!(self.open_epochs == 0, TorqueError::EpochsOpen);
        ensure!(self.has_ended(now, downtime)?, TorqueError::ScheduleNotOver);
        Ok(())
    }

    /// Whether no epoch is left to post for the first time at `now`, unix seconds, of which `downtime` were paused. One
    /// that is vacant may still get its root, unless a milestone was missed.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn has_ended(&self, now: i64, downtime: u64) -> Result<bool> {
        let is_past = self.next_epoch >= self.terms.epoch_count || self.grace_end(downtime)? <= now;
        Ok(self.is_refunding || is_past || self.milestone.is_missed(now))
    }

    /// What must hold at creation, `now` in unix seconds, if a budget takes `gross_budget` out of the vault.
    ///
    /// # Errors
    /// `RoleMissing`, `ScheduleInvalid`, `MilestoneInvalid`, `MilestoneDeadlineLate`, and one for each limit of the
    /// terms.
    pub fn invariant(&self, gross_budget: u64, now: i64) -> Result<()> {
        ensure!(self.publisher != Pubkey::default() && self.guardian != Pubkey::default(), TorqueError::RoleMissing);
        ensure!(self.terms.epoch_count > 0, TorqueError::ScheduleInvalid);
        self.terms.invariant()?;
        self.limiter.limits.invariant(&self.terms, gross_budget)?;
        // Nothing could ever be posted from a schedule that ended too long ago.
        let grace_end = self.terms.grace_end()?;
        ensure!(now < grace_end, TorqueError::ScheduleInvalid);
        self.milestone.invariant(self.terms.start, grace_end, now)
    }
}
