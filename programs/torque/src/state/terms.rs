//! The schedule of a distributor and its limits, and what changes them later. The rest is in `distributor`.

use anchor_lang::prelude::*;

use crate::constants::{
    MAX_ACTIVATION_DELAY, MAX_CLAIM_WINDOW, MAX_EPOCH_DURATION, MIN_ACTIVATION_DELAY, MIN_CLAIM_WINDOW,
    MIN_EPOCH_DURATION, POSTING_GRACE, PUBLISHER_NOTICE,
};
use crate::error::TorqueError;
use crate::instructions::DistributorUpdateArgs;
use crate::state::{Distributor, Limits};

/// The schedule of a distributor and its limits.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, InitSpace, PartialEq)]
#[repr(C)]
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

    /// Unix seconds at which epoch `index` begins.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn start_of(&self, index: u64) -> Result<i64> {
        let offset = u64::from(self.epoch_duration)
            .checked_mul(index)
            .and_then(|seconds| i64::try_from(seconds).ok())
            .ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(self.start.checked_add(offset).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// # Errors
    /// One for each limit.
    pub(super) fn invariant(&self) -> Result<()> {
        ensure!(
            (MIN_EPOCH_DURATION..=MAX_EPOCH_DURATION).contains(&self.epoch_duration),
            TorqueError::EpochDurationOutOfRange
        );
        ensure!(self.start >= 0 && self.schedule_end().is_ok(), TorqueError::ScheduleInvalid);
        ensure!(self.epoch_budget > 0, TorqueError::EpochBudgetZero);
        ensure!(
            (MIN_ACTIVATION_DELAY..=MAX_ACTIVATION_DELAY).contains(&self.activation_delay),
            TorqueError::ActivationDelayOutOfRange
        );
        ensure!((MIN_CLAIM_WINDOW..=MAX_CLAIM_WINDOW).contains(&self.claim_window), TorqueError::ClaimWindowOutOfRange);
        Ok(())
    }
}

/// Terms that an owner has changed, in force from an epoch that had not begun then.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
#[repr(C)]
pub struct NextTerms {
    /// The most base units that one epoch may pay.
    pub epoch_budget: u64,
    /// The first epoch under them; zero if there are none, since epoch 0 is created with its own.
    pub from_epoch: u32,
    /// Seconds from posting to opening.
    pub activation_delay: u32,
    /// Seconds from opening to the end of payments.
    pub claim_window: u32,
    /// Zero, for later versions.
    pub spare: u32,
    /// Cancels their roots and strikes their leaves.
    pub guardian: Pubkey,
    /// How fast money may leave.
    pub limits: Limits,
}

/// The terms that one epoch began under.
#[zero_copy]
#[derive(Debug, Default, Eq, PartialEq)]
pub struct EpochTerms {
    /// The most base units that it may pay.
    pub budget: u64,
    /// Seconds from posting to opening.
    pub activation_delay: u32,
    /// Seconds from opening to the end of payments.
    pub claim_window: u32,
    /// May cancel its root and strike its leaves, as nobody can who became guardian after it began.
    pub guardian: Pubkey,
    /// Seconds in which its bucket fills up.
    pub outflow_window: u32,
    /// What its bucket holds, in basis points of its total; 10,000 for no bucket.
    pub epoch_basis_points: u32,
}

impl Distributor {
    /// Changes the terms from the first epoch on that has not begun at `now`, unix seconds, and the number of epochs at
    /// once; `gross_budget` is what the new budget takes out of the vault. Once the last epoch has begun nothing
    /// changes any more, so that what is over stays over. Returns the new terms and their first epoch.
    ///
    /// # Errors
    /// `ScheduleAlreadyEnds`, `EpochCountReduced`, `NextTermsPending`, `SponsorsAgreedOtherwise`, `ScheduleInvalid`,
    /// one for each limit, and `LimiterInvalid` if they would make the limiter keep back what is owed.
    pub fn update(&mut self, args: &DistributorUpdateArgs, gross_budget: u64, now: i64) -> Result<NextTerms> {
        let DistributorUpdateArgs { epoch_budget, activation_delay, claim_window, epoch_count, limits } = *args;
        let latest = self.changeable_terms(now)?;
        let has_some = !self.is_refunding && latest.from_epoch < self.terms.epoch_count;
        ensure!(has_some, TorqueError::ScheduleAlreadyEnds);
        ensure!(epoch_count >= self.terms.epoch_count, TorqueError::EpochCountReduced);
        if self.sponsorships_open > 0 {
            let is_kept = epoch_count == self.terms.epoch_count && activation_delay == latest.activation_delay;
            let is_looser = epoch_budget > latest.epoch_budget || claim_window > latest.claim_window;
            let is_faster = limits.is_faster_than(&latest.limits);
            ensure!(is_kept && !is_looser && !is_faster, TorqueError::SponsorsAgreedOtherwise);
        }
        self.terms.epoch_count = epoch_count;
        let next = NextTerms { epoch_budget, activation_delay, claim_window, limits, ..latest };
        let changed = next.applied_to(self.terms);
        changed.invariant()?;
        limits.invariant(&changed, gross_budget)?;
        self.change_terms(next, now);
        Ok(next)
    }

    /// Makes `guardian` the guardian of the epochs that have not begun at `now`, unix seconds. Those that have keep
    /// theirs. Returns the guardian before.
    ///
    /// # Errors
    /// `NextTermsPending`.
    pub(super) fn change_guardian(&mut self, guardian: Pubkey, now: i64) -> Result<Pubkey> {
        let latest = self.changeable_terms(now)?;
        self.change_terms(NextTerms { guardian, ..latest }, now);
        Ok(latest.guardian)
    }

    /// The terms of the first epoch that has not begun at `now`, unix seconds, or of the first one after the schedule:
    /// those may be changed.
    fn changeable_terms(&self, now: i64) -> Result<NextTerms> {
        let from_epoch = self.terms.epochs_begun(now)?.max(self.next_epoch).min(self.terms.epoch_count);
        ensure!([0, from_epoch].contains(&self.next_terms.from_epoch), TorqueError::NextTermsPending);
        Ok(NextTerms { from_epoch, ..self.latest_terms() })
    }

    /// Those of the last epochs on the schedule, and the first epoch under them; zero if they are in force.
    #[must_use]
    pub fn latest_terms(&self) -> NextTerms {
        if self.next_terms.from_epoch != 0 {
            return self.next_terms;
        }
        let Terms { epoch_budget, activation_delay, claim_window, .. } = self.terms;
        let limits = self.limiter.limits;
        NextTerms {
            epoch_budget,
            from_epoch: 0,
            activation_delay,
            claim_window,
            spare: 0,
            guardian: self.guardian,
            limits,
        }
    }

    fn change_terms(&mut self, next: NextTerms, now: i64) {
        self.next_terms = next;
        if next.from_epoch == 0 {
            self.enforce_next_terms(now);
        }
    }

    /// Puts the changed terms into force at `now`, unix seconds, if the next epoch is the first one under them.
    pub(super) fn promote_terms(&mut self, now: i64) {
        if self.is_changing() {
            self.enforce_next_terms(now);
        }
    }

    fn enforce_next_terms(&mut self, now: i64) {
        let NextTerms { guardian, limits, claim_window, .. } = self.next_terms;
        self.terms = self.next_terms.applied_to(self.terms);
        self.guardian = guardian;
        self.limiter.change(limits, claim_window, (self.next_epoch, self.open_epochs), now);
        self.next_terms = NextTerms::default();
    }

    /// What the next epoch to post keeps of the terms, once they are in force.
    #[must_use]
    pub fn terms_of_epoch(&self) -> EpochTerms {
        let Terms { epoch_budget: budget, activation_delay, claim_window, .. } = self.terms;
        let Limits { window: outflow_window, epoch_basis_points, .. } = self.limiter.limits;
        let guardian = self.guardian;
        EpochTerms { budget, activation_delay, claim_window, guardian, outflow_window, epoch_basis_points }
    }

    /// Refuses a publisher that came after epoch `index` began and not [`PUBLISHER_NOTICE`] before `now`, unix seconds.
    ///
    /// # Errors
    /// `PublisherTooRecent`.
    pub fn require_publisher_of(&self, index: u32, now: i64) -> Result<()> {
        let has_begun_before = self.terms.start_of(index.into())? < self.publisher_since;
        let is_noticed = self.publisher_since.saturating_add(PUBLISHER_NOTICE) <= now;
        ensure!(!has_begun_before || is_noticed, TorqueError::PublisherTooRecent);
        Ok(())
    }

    /// The terms of the next epoch to post.
    #[must_use]
    pub fn coming_terms(&self) -> Terms {
        if self.is_changing() { self.next_terms.applied_to(self.terms) } else { self.terms }
    }

    fn is_changing(&self) -> bool {
        (1..=self.next_epoch).contains(&self.next_terms.from_epoch)
    }
}

impl NextTerms {
    fn applied_to(self, terms: Terms) -> Terms {
        let Self { epoch_budget, activation_delay, claim_window, .. } = self;
        Terms { epoch_budget, activation_delay, claim_window, ..terms }
    }
}
