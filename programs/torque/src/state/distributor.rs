//! A funded escrow and the terms on which it pays. The money itself lies in its vault (`vault.rs`).

use anchor_lang::prelude::*;

use crate::constants::{
    MAX_ACTIVATION_DELAY, MAX_CLAIM_WINDOW, MAX_EPOCH_DURATION, MIN_ACTIVATION_DELAY, MIN_CLAIM_WINDOW,
    MIN_EPOCH_DURATION, NATIVE_SOL, POSTING_GRACE, SEED_DISTRIBUTOR,
};
use crate::error::TorqueError;
use crate::fee;

/// Seeds: `distributor`, owner, id. Once closed, its address stays taken, so that a leaf of it can never be paid again.
///
/// Money, in base units: `funded` came in as rewards. Of it, `paid` went out by epochs that are closed, `reserved`
/// belongs to epochs that are open, and the rest is free. The fee on all of `funded` lies in the vault besides.
#[account]
#[derive(Debug, InitSpace)]
pub struct Distributor {
    /// Layout version.
    pub version: u8,
    /// Of the address; the distributor signs for its vault with it.
    pub bump: u8,
    /// Created it, funds it, and gets back what it does not pay.
    pub owner: Pubkey,
    /// The owner's number for it.
    pub id: u64,
    /// Posts roots.
    pub publisher: Pubkey,
    /// Cancels roots, as the owner may.
    pub guardian: Pubkey,
    /// What it pays; `NATIVE_SOL` for lamports.
    pub mint: Pubkey,
    /// The program that moves it; `NATIVE_SOL` for lamports.
    pub token_program: Pubkey,
    /// Of the mint.
    pub decimals: u8,
    /// Where the money lies.
    pub vault: Pubkey,
    /// How rewards are shaped.
    pub kind: Kind,
    /// How they reach the wallets.
    pub mode: Mode,
    /// The fee on top, fixed at creation.
    pub fee_basis_points: u16,
    /// The schedule and its limits.
    pub terms: Terms,
    /// The index of the next epoch to post.
    pub next_epoch: u32,
    /// How many epochs have an account: posted or vacant, and not closed.
    pub open_epochs: u32,
    /// Rewards that came in.
    pub funded: u64,
    /// Totals of the open epochs.
    pub reserved: u64,
    /// What the closed epochs paid.
    pub paid: u64,
    /// Zero, for later versions.
    pub spare: [u8; 128],
}

/// How rewards are shaped; told to readers, applied by evaluation. Later kinds are appended.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, InitSpace, PartialEq)]
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
pub enum Mode {
    /// The wallet signs, and may name another destination.
    Claim,
    /// Anybody submits the payment, which can only go to the wallet's own account.
    Push,
}

/// The schedule of a distributor and its limits.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, InitSpace, PartialEq)]
pub struct Terms {
    /// Unix seconds at which epoch 0 begins.
    pub start: i64,
    /// Seconds that each epoch lasts.
    pub epoch_duration: u32,
    /// How many epochs there are; `u32::MAX` until the owner ends it.
    pub epoch_count: u32,
    /// The most base units that one epoch may pay.
    pub epoch_budget: u64,
    /// Seconds from posting to opening, in which a root can be cancelled.
    pub activation_delay: u32,
    /// Seconds from opening to the end of payments.
    pub claim_window: u32,
}

impl Terms {
    /// Unix seconds at which epoch `index` ends, which is when the next one begins.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn period_end(&self, index: u32) -> Result<i64> {
        self.start_of(u64::from(index).checked_add(1).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// Unix seconds at which the last epoch ends.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn schedule_end(&self) -> Result<i64> {
        self.start_of(u64::from(self.epoch_count))
    }

    /// Unix seconds from which no epoch is posted any more.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn grace_end(&self) -> Result<i64> {
        Ok(self.schedule_end()?.saturating_add(POSTING_GRACE))
    }

    /// How many epochs have begun at `now`, unix seconds.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn epochs_begun(&self, now: i64) -> Result<u32> {
        let Ok(elapsed) = u64::try_from(now.saturating_sub(self.start)) else { return Ok(0) };
        let duration = u64::from(self.epoch_duration);
        let ended = elapsed.checked_div(duration).ok_or(TorqueError::ArithmeticOverflow)?;
        let begun = ended.checked_add(1).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(u32::try_from(begun).unwrap_or(u32::MAX))
    }

    fn start_of(&self, index: u64) -> Result<i64> {
        let offset = u64::from(self.epoch_duration)
            .checked_mul(index)
            .and_then(|seconds| i64::try_from(seconds).ok())
            .ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(self.start.checked_add(offset).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// # Errors
    /// One for each limit.
    fn invariant(&self) -> Result<()> {
        require!(
            (MIN_EPOCH_DURATION..=MAX_EPOCH_DURATION).contains(&self.epoch_duration),
            TorqueError::EpochDurationOutOfRange
        );
        require!(self.start >= 0 && self.schedule_end().is_ok(), TorqueError::ScheduleInvalid);
        require!(self.epoch_budget > 0, TorqueError::EpochBudgetZero);
        require!(
            (MIN_ACTIVATION_DELAY..=MAX_ACTIVATION_DELAY).contains(&self.activation_delay),
            TorqueError::ActivationDelayOutOfRange
        );
        require!(
            (MIN_CLAIM_WINDOW..=MAX_CLAIM_WINDOW).contains(&self.claim_window),
            TorqueError::ClaimWindowOutOfRange
        );
        Ok(())
    }
}

impl Distributor {
    /// Whether it pays lamports rather than tokens.
    #[must_use]
    pub fn is_native(&self) -> bool {
        self.mint == NATIVE_SOL
    }

    /// The first four seeds of the address; the fourth is the bump.
    #[must_use]
    pub fn signer_seeds<'a>(&'a self, id: &'a [u8; 8]) -> [&'a [u8]; 4] {
        [SEED_DISTRIBUTOR, self.owner.as_ref(), id, std::slice::from_ref(&self.bump)]
    }

    /// Base units of rewards that no open epoch holds and none has paid.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn free(&self) -> Result<u64> {
        let bound = self.paid.checked_add(self.reserved).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(self.funded.checked_sub(bound).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// Takes `amount` in as rewards and returns the fee that must come with it.
    ///
    /// # Errors
    /// `AmountZero`, `ArithmeticOverflow`.
    pub fn fund(&mut self, amount: u64) -> Result<u64> {
        require!(amount > 0, TorqueError::AmountZero);
        let before = fee::deposited_rounded_up(self.funded, self.fee_basis_points)?;
        self.funded = self.funded.checked_add(amount).ok_or(TorqueError::ArithmeticOverflow)?;
        let after = fee::deposited_rounded_up(self.funded, self.fee_basis_points)?;
        // Together they must fit the vault.
        self.funded.checked_add(after).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(after.checked_sub(before).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// Refuses unless epoch `index` is the next one, is on the schedule, and has ended, and the schedule not long ago.
    ///
    /// # Errors
    /// `EpochNotNext`, `EpochBeyondSchedule`, `PeriodNotEnded`, `GraceOver`.
    pub fn require_next(&self, index: u32, now: i64) -> Result<()> {
        require!(index == self.next_epoch, TorqueError::EpochNotNext);
        require!(index < self.terms.epoch_count, TorqueError::EpochBeyondSchedule);
        require!(self.terms.period_end(index)? <= now, TorqueError::PeriodNotEnded);
        require!(now < self.terms.grace_end()?, TorqueError::GraceOver);
        Ok(())
    }

    /// Passes on to the next epoch, which is open from now on.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn open_next(&mut self) -> Result<()> {
        self.next_epoch = self.next_epoch.checked_add(1).ok_or(TorqueError::ArithmeticOverflow)?;
        self.open_epochs = self.open_epochs.checked_add(1).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Reserves `total` for an open epoch.
    ///
    /// # Errors
    /// `TotalZero`, `BudgetExceeded`, `FundsInsufficient`.
    pub fn reserve(&mut self, total: u64) -> Result<()> {
        require!(total > 0, TorqueError::TotalZero);
        require!(total <= self.terms.epoch_budget, TorqueError::BudgetExceeded);
        require!(total <= self.free()?, TorqueError::FundsInsufficient);
        self.reserved = self.reserved.checked_add(total).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Frees `total`, which an open epoch held.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn release(&mut self, total: u64) -> Result<()> {
        self.reserved = self.reserved.checked_sub(total).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Ends an open epoch that held `total` and paid `paid` of it.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn settle(&mut self, total: u64, paid: u64) -> Result<()> {
        self.release(total)?;
        self.paid = self.paid.checked_add(paid).ok_or(TorqueError::ArithmeticOverflow)?;
        self.open_epochs = self.open_epochs.checked_sub(1).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(())
    }

    /// Ends the schedule with the epoch that has begun at `now`, so that nobody's work in progress goes unpaid.
    ///
    /// # Errors
    /// `ScheduleAlreadyEnds`.
    pub fn end(&mut self, now: i64) -> Result<()> {
        let epoch_count = self.terms.epochs_begun(now)?.max(self.next_epoch);
        require!(epoch_count < self.terms.epoch_count, TorqueError::ScheduleAlreadyEnds);
        self.terms.epoch_count = epoch_count;
        Ok(())
    }

    /// Refuses while an epoch is open or may still be posted.
    ///
    /// # Errors
    /// `EpochsOpen`, `ScheduleNotOver`.
    pub fn require_over(&self, now: i64) -> Result<()> {
        require!(self.open_epochs == 0, TorqueError::EpochsOpen);
        let is_over = self.next_epoch >= self.terms.epoch_count || self.terms.grace_end()? <= now;
        require!(is_over, TorqueError::ScheduleNotOver);
        Ok(())
    }

    /// What must hold at creation, `now` in unix seconds.
    ///
    /// # Errors
    /// `RoleMissing`, `ScheduleInvalid`, and one for each limit of the terms.
    pub fn invariant(&self, now: i64) -> Result<()> {
        require!(self.publisher != Pubkey::default() && self.guardian != Pubkey::default(), TorqueError::RoleMissing);
        require!(self.terms.epoch_count > 0, TorqueError::ScheduleInvalid);
        self.terms.invariant()?;
        // Nothing could ever be posted from a schedule that ended too long ago.
        require!(now < self.terms.grace_end()?, TorqueError::ScheduleInvalid);
        Ok(())
    }
}
