//! Random sequences of instructions over three distributors, which pay SOL, SPL Token and Token-2022, by claim and by
//! push, some after a milestone or a draw: every step has the result that a small model predicts, and the invariants I1
//! to I14 hold after each. At the end everybody has exactly their amount, to the base unit; and in some sequences,
//! before that, whatever is posted is paid in its window.
//!
//! Environment variables: `TORQUE_SEQUENCES` sets how many sequences are played, `TORQUE_SEQUENCES_SECONDS` plays for
//! so long instead, `TORQUE_SEQUENCES_FROM` sets the first seed, and `TORQUE_SEQUENCE_SEED` plays that one alone.
//! Without them they are the same in every run. `scripts/play-sequences` sets them. Not here: attacks that a random
//! choice would never find (`catalogue`).

mod agreement;
mod authority;
mod bucket;
mod call;
mod cast;
mod choice;
mod distributor;
mod draws;
mod ending;
mod epoch;
mod limiter;
mod list;
mod model;
mod operation;
mod payments;
mod play;
mod rescue;
mod schedule;
mod settlement;
mod stage;

use std::collections::BTreeSet;

use play::{Outcome, Outcomes, Play};

/// Sequences that are played unless more are asked for.
const SEQUENCES: u64 = 5_000;
/// The first seed unless another is set.
const FIRST_SEED: u64 = 1;
/// With so many sequences each kind of step must have been seen to succeed and to be refused, for each reason.
const ENOUGH: u64 = 5_000;

/// C-081, C-083, C-084 and C-087 among others: whatever is called in whatever order, the money adds up.
#[test]
fn every_sequence_does_what_the_model_says_and_keeps_the_invariants() {
    let play = match (setting("TORQUE_SEQUENCE_SEED"), setting("TORQUE_SEQUENCES_SECONDS")) {
        (Some(seed), _) => Play { first: seed, count: 1, seconds: None },
        (None, Some(seconds)) => Play { first: first_seed(), count: u64::MAX, seconds: Some(seconds) },
        (None, None) => {
            Play { first: first_seed(), count: setting("TORQUE_SEQUENCES").unwrap_or(SEQUENCES), seconds: None }
        }
    };
    let (played, outcomes) = play.run();
    if played >= ENOUGH {
        expect_both_outcomes(&outcomes);
    }
}

fn first_seed() -> u64 {
    setting("TORQUE_SEQUENCES_FROM").unwrap_or(FIRST_SEED)
}

/// Why steps were refused among so many, besides by other programs.
const REASONS: &str = "\
    ActivationDelayOutOfRange AmountZero BudgetExceeded ClaimWindowOutOfRange ConstraintSeeds \
    DistributorNotPaused DistributorPaused EpochBeyondSchedule EpochBudgetZero EpochComplete \
    EpochCountReduced EpochIncomplete EpochNotNext EpochNotOpen EpochNotVacant EpochOpened \
    EpochTotalExceeded EpochVacant EpochsOpen FundingOver FundsInsufficient GraceOver LeafAlreadyPaid \
    LeafIndexOutOfRange LimiterBusy LimiterInvalid MilestoneDeadlinePassed MilestoneMissed MilestoneMissing \
    MilestoneNotReached MilestoneTotalNotRaised ModeIsClaim ModeIsPush NextTermsPending NotAdmin \
    NotAdminOrPauser NotGuardian NotOwner NotOwnerOrGuardian NotPaused NotPending NotPublisher NotSponsor \
    OutflowLimited PauseMismatch PauseUsedUp Paused PeriodNotEnded ProofInvalid PublisherTooRecent \
    RaffleAlreadyDrawn RaffleFailed RaffleFundsLate RaffleFundsMissing RaffleKindMismatch RaffleMismatch \
    RaffleNotCaptured RaffleNotDrawn RaffleNotOver RaffleSecretAwaited RaffleSecretLate \
    RaffleSecretWrong RaffleSlotAhead RentPayerMismatch RevisionsUsedUp RoleMissing ScheduleAlreadyEnds \
    ScheduleNotOver SponsorMismatch SponsorMissing SponsorsAgreedOtherwise SponsorshipExists SponsorshipTooSmall \
    GuardianChanging GuardianKept TermsNotAgreed TreasuryMismatch WindowNotOver WindowOver";

/// Time.
const NEVER_REFUSED: [&str; 2] = ["pass", "slots"];

/// Checks that each kind of step was seen to succeed and to be refused, and each reason at least once, because it would
/// not be tested otherwise. Only time is never refused.
fn expect_both_outcomes(outcomes: &Outcomes) {
    assert_eq!(outcomes.len(), 29, "kinds of steps: {outcomes:?}");
    for (name, Outcome { succeeded, refused }) in outcomes {
        assert!(*succeeded > 0 && (!refused.is_empty() || NEVER_REFUSED.contains(name)), "{name}: {outcomes:?}");
    }
    let seen: BTreeSet<&str> = outcomes.values().flat_map(|it| it.refused.keys()).map(String::as_str).collect();
    let unseen: Vec<&str> = REASONS.split_whitespace().filter(|reason| !seen.contains(reason)).collect();
    assert!(unseen.is_empty(), "nothing was refused with {unseen:?}: {outcomes:?}");
}

/// The number in an environment variable.
fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}: `{text}` is no number")))
}
