//! What a community must reach together before a distributor pays, in steps.
//!
//! The publisher reports a total; how it is measured is evaluation's affair. Not here: what an epoch reserves
//! (`distributor`).

use anchor_lang::prelude::*;

use crate::constants::BASIS_POINTS;
use crate::error::TorqueError;

/// Steps of a milestone at most.
pub const MAX_MILESTONE_STEPS: usize = 4;

/// Targets of one total, each of which unlocks more of the rewards.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
#[repr(C)]
pub struct Milestone {
    /// Unix seconds before which totals are reported; zero if there is no milestone.
    pub deadline: i64,
    /// The highest total reported.
    pub reported: u64,
    /// In rising order; those that are not used are zero.
    pub steps: [MilestoneStep; MAX_MILESTONE_STEPS],
}

/// One target and what it unlocks.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
#[repr(C)]
pub struct MilestoneStep {
    /// The total to reach, in the unit in which it is reported.
    pub target: u64,
    /// The part of the rewards that may be paid once it is reached, in basis points of what was funded.
    pub unlocked_basis_points: u64,
}

impl Milestone {
    /// Whether there is one.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.deadline != 0
    }

    /// The part of the rewards that the reported total unlocks, in basis points; all of them without a milestone.
    #[must_use]
    pub fn unlocked_basis_points(&self) -> u64 {
        if !self.exists() {
            return BASIS_POINTS;
        }
        let reached = self.steps.iter().filter(|step| step.target <= self.reported);
        reached.map(|step| step.unlocked_basis_points).max().unwrap_or(0)
    }

    /// Base units of `funded` that may be paid in all.
    ///
    /// # Errors
    /// `ArithmeticOverflow`.
    pub fn unlocked_rounded_down(&self, funded: u64) -> Result<u64> {
        let part = u128::from(funded).checked_mul(u128::from(self.unlocked_basis_points()));
        let whole = part.and_then(|part| part.checked_div(u128::from(BASIS_POINTS)));
        Ok(whole.and_then(|whole| u64::try_from(whole).ok()).ok_or(TorqueError::ArithmeticOverflow)?)
    }

    /// Refuses unless `bound`, what is paid and reserved of `funded`, is unlocked.
    ///
    /// # Errors
    /// `MilestoneNotReached`.
    pub fn require_unlocked(&self, bound: u64, funded: u64) -> Result<()> {
        ensure!(bound <= self.unlocked_rounded_down(funded)?, TorqueError::MilestoneNotReached);
        Ok(())
    }

    /// Whether the deadline passed before any step was reached. Then nothing is ever unlocked, nor was anything before.
    #[must_use]
    pub fn is_missed(&self, now: i64) -> bool {
        self.exists() && self.deadline <= now && self.unlocked_basis_points() == 0
    }

    /// Takes in that `total` is reached. A total never goes down, so that what is unlocked stays so.
    ///
    /// # Errors
    /// `MilestoneMissing`, `MilestoneDeadlinePassed`, `MilestoneTotalNotRaised`.
    pub fn report(&mut self, total: u64, now: i64) -> Result<()> {
        ensure!(self.exists(), TorqueError::MilestoneMissing);
        ensure!(now < self.deadline, TorqueError::MilestoneDeadlinePassed);
        ensure!(total > self.reported, TorqueError::MilestoneTotalNotRaised);
        self.reported = total;
        Ok(())
    }

    /// What must hold of a new one, `now` in unix seconds, in a schedule that starts at `start` and from which nothing
    /// is posted any more from `grace_end` on. A community that reaches a step in time must not find that too late.
    ///
    /// # Errors
    /// `MilestoneInvalid`, `MilestoneDeadlineLate`.
    pub fn invariant(&self, start: i64, grace_end: i64, now: i64) -> Result<()> {
        if *self == Self::default() {
            return Ok(());
        }
        ensure!(start.max(now) < self.deadline && self.reported == 0, TorqueError::MilestoneInvalid);
        ensure!(self.deadline <= grace_end, TorqueError::MilestoneDeadlineLate);
        let unused = MilestoneStep::default();
        let (mut last, mut is_complete) = (unused, false);
        for step in &self.steps {
            if *step == unused {
                is_complete = true;
                continue;
            }
            let is_higher = last.target < step.target && last.unlocked_basis_points < step.unlocked_basis_points;
            ensure!(is_higher && !is_complete, TorqueError::MilestoneInvalid);
            last = *step;
        }
        let most = last.unlocked_basis_points;
        ensure!(0 < most && most <= BASIS_POINTS, TorqueError::MilestoneInvalid);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    /// The time at which the milestones of the tests are new.
    const NOW: i64 = 1_000;

    /// A milestone that is accepted: rising targets and parts, some reports already taken in.
    fn accepted() -> impl Strategy<Value = Milestone> {
        let targets = prop::collection::btree_set(1..=u64::MAX, 1..=MAX_MILESTONE_STEPS);
        let parts = prop::collection::btree_set(1..=10_000_u64, MAX_MILESTONE_STEPS);
        (targets, parts, NOW.saturating_add(1)..).prop_map(|(targets, parts, deadline)| {
            let mut milestone = Milestone { deadline, ..Milestone::default() };
            let steps = targets.into_iter().zip(parts);
            for (step, (target, unlocked_basis_points)) in milestone.steps.iter_mut().zip(steps) {
                *step = MilestoneStep { target, unlocked_basis_points };
            }
            milestone
        })
    }

    /// The definition, pair by pair: used steps rise strictly from nothing, up to the whole, and the others are zero.
    fn has_valid_steps(steps: &[MilestoneStep; MAX_MILESTONE_STEPS]) -> bool {
        let used = steps.iter().take_while(|step| **step != MilestoneStep::default()).count();
        let (used, unused) = steps.split_at(used);
        let lower = std::iter::once(&MilestoneStep { target: 0, unlocked_basis_points: 0 }).chain(used);
        let mut pairs = lower.zip(used);
        !used.is_empty()
            && unused.iter().all(|step| *step == MilestoneStep::default())
            && used.iter().all(|step| step.unlocked_basis_points <= 10_000)
            && pairs.all(|(lower, upper)| {
                lower.target < upper.target && lower.unlocked_basis_points < upper.unlocked_basis_points
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(4),
            ..ProptestConfig::default()
        })]

        #[test]
        fn rising_steps_are_accepted(milestone in accepted()) {
            prop_assert!(milestone.invariant(0, i64::MAX, NOW).is_ok());
            prop_assert!(milestone.exists());
        }

        #[test]
        fn a_milestone_with_one_number_changed_is_judged_by_its_definition(
            milestone in accepted(), which in 0..MAX_MILESTONE_STEPS, target: u64, part: u64, is_target: bool,
            is_copied: bool,
        ) {
            let mut steps = milestone.steps;
            let previous = which.checked_sub(1).and_then(|before| steps.get(before).copied()).unwrap_or_default();
            let step = steps.get_mut(which).unwrap();
            if is_target {
                step.target = if is_copied { previous.target } else { target };
            } else {
                step.unlocked_basis_points = if is_copied { previous.unlocked_basis_points } else { part % 12_000 };
            }
            let changed = Milestone { steps, ..milestone };
            prop_assert_eq!(changed.invariant(0, i64::MAX, NOW).is_ok(), has_valid_steps(&steps), "{:?}", changed);
        }

        #[test]
        fn a_new_milestone_has_a_deadline_to_come_and_no_report(
            milestone in accepted(), start in 0..4_i64, now in 0..4_i64, deadline in -1..5_i64, reported in 0..2_u64,
            grace_end in 0..5_i64,
        ) {
            let expected = start < deadline && now < deadline && deadline <= grace_end && reported == 0;
            let milestone = Milestone { deadline, reported, ..milestone };
            prop_assert_eq!(milestone.invariant(start, grace_end, now).is_ok(), expected);
        }

        #[test]
        fn what_is_unlocked_is_the_part_of_the_last_step_reached(milestone in accepted(), reported: u64) {
            let milestone = Milestone { reported, ..milestone };
            let mut expected = 0;
            for step in milestone.steps.iter().filter(|step| step.target > 0) {
                if step.target <= reported {
                    expected = step.unlocked_basis_points;
                }
            }
            prop_assert_eq!(milestone.unlocked_basis_points(), expected);
        }

        #[test]
        fn the_unlocked_amount_is_the_largest_that_is_no_more_than_its_part(
            milestone in accepted(), reported: u64, funded: u64,
        ) {
            let milestone = Milestone { reported, ..milestone };
            let unlocked = milestone.unlocked_rounded_down(funded).unwrap();
            let part = u128::from(funded).saturating_mul(u128::from(milestone.unlocked_basis_points()));
            prop_assert!(u128::from(unlocked).saturating_mul(10_000) <= part);
            prop_assert!(u128::from(unlocked).saturating_add(1).saturating_mul(10_000) > part);
            prop_assert!(unlocked <= funded);
            prop_assert!(milestone.require_unlocked(unlocked, funded).is_ok());
            if let Some(more) = unlocked.checked_add(1) {
                prop_assert!(milestone.require_unlocked(more, funded).is_err());
            }
        }

        #[test]
        fn neither_reports_nor_funding_ever_lock_anything_again(
            milestone in accepted(), totals in prop::collection::vec(any::<u64>(), 1..10), funded: u64, more: u64,
        ) {
            let mut milestone = milestone;
            for total in totals {
                let before = milestone;
                let is_taken = milestone.report(total, NOW).is_ok();
                prop_assert_eq!(is_taken, total > before.reported);
                prop_assert_eq!(milestone.reported, total.max(before.reported));
                let [lower, upper] = [before, milestone].map(|it| it.unlocked_rounded_down(funded).unwrap());
                prop_assert!(lower <= upper);
                prop_assert!(upper <= milestone.unlocked_rounded_down(funded.saturating_add(more)).unwrap());
            }
        }

        #[test]
        fn a_milestone_takes_reports_or_can_be_missed_and_never_both(
            milestone in accepted(), reported: u64, now: i64,
        ) {
            let milestone = Milestone { reported, ..milestone };
            let takes_reports = { milestone }.report(u64::MAX, now).is_ok();
            prop_assert!(!(takes_reports && milestone.is_missed(now)));
            let reaches_none = reported < milestone.steps.first().unwrap().target;
            prop_assert_eq!(milestone.is_missed(now), now >= milestone.deadline && reaches_none);
        }
    }

    #[test]
    fn without_a_milestone_everything_is_unlocked_for_ever() {
        let mut none = Milestone::default();
        assert!(none.invariant(0, 0, NOW).is_ok() && !none.exists() && !none.is_missed(i64::MAX));
        assert_eq!(none.unlocked_rounded_down(u64::MAX).unwrap(), u64::MAX);
        assert!(none.report(1, NOW).is_err());
    }
}
