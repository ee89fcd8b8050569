//! Which milestones a distributor can be created with.

use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::instruction;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_success};
use tests::campaign::{Campaign, EPOCH};
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::milestones::{MILESTONE, TARGETS, UNLOCKED};
use tests::world::{BEGINNING, World};
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::DistributorCreated;
use torque::instructions::DistributorCreateArgs;
use torque::state::{Milestone, MilestoneStep, Mode};

/// When nothing is posted any more from the fixture's schedule of ten epochs, in Unix seconds.
const GRACE_END: i64 = BEGINNING + 10 * EPOCH + POSTING_GRACE;

#[test]
fn a_milestone_is_kept_and_reported() {
    let mut world = World::new();
    let event: DistributorCreated = the_event(&expect_success(create(&mut world, Some(MILESTONE))));
    let addresses = DistributorAddresses::new(world.owner.pubkey(), 1, Asset::SOL);
    assert_eq!(event.milestone, MILESTONE);
    assert_eq!(world.distributor(&addresses).milestone, MILESTONE);
}

#[test]
fn no_milestone_is_one_of_zeros() {
    for milestone in [None, Some(Milestone::default())] {
        let mut world = World::new();
        expect_success(create(&mut world, milestone));
        let addresses = DistributorAddresses::new(world.owner.pubkey(), 1, Asset::SOL);
        assert_eq!(world.distributor(&addresses).milestone, Milestone::default());
    }
}

#[test]
fn the_deadline_is_after_the_schedule_s_start() {
    // The world stands at the start, so that now is no later than it.
    for deadline in [i64::MIN, -1, 0, 1, BEGINNING - 1, BEGINNING] {
        refuses(|milestone| milestone.deadline = deadline);
    }
    for deadline in [BEGINNING + 1, GRACE_END] {
        accepts(|milestone| milestone.deadline = deadline);
    }
}

#[test]
fn the_deadline_is_not_later_than_the_last_moment_at_which_an_epoch_is_posted() {
    for deadline in [GRACE_END + 1, i64::MAX] {
        let milestone = Milestone { deadline, ..MILESTONE };
        let late = TorqueError::MilestoneDeadlineLate;
        expect_unchanged(&mut World::new(), late, |world| create(world, Some(milestone)));
    }
}

#[test]
fn what_is_reached_in_the_second_before_the_latest_deadline_can_still_be_paid() {
    let mut world = World::new();
    let milestone = Milestone { deadline: GRACE_END, ..MILESTONE };
    let campaign = Campaign::with_milestone(&mut world, Asset::SOL, 1, milestone);
    world.pass(GRACE_END - 1 - BEGINNING);
    expect_success(campaign.report(&mut world, TARGETS[3]));
    expect_success(campaign.post_total(&mut world, 0, UNLOCKED[3]));
}

#[test]
fn the_deadline_is_still_to_come() {
    let mut world = World::new();
    world.pass(2 * EPOCH);
    let now = world.cluster.time();
    for deadline in [now - 1, now] {
        let milestone = Milestone { deadline, ..MILESTONE };
        expect_unchanged(&mut world, TorqueError::MilestoneInvalid, |world| create(world, Some(milestone)));
    }
    expect_success(create(&mut world, Some(Milestone { deadline: now + 1, ..MILESTONE })));
}

#[test]
fn nothing_is_reported_at_creation() {
    refuses(|milestone| milestone.reported = 1);
}

#[test]
fn a_milestone_has_one_to_four_steps_without_a_gap() {
    refuses(|milestone| milestone.steps = [MilestoneStep::default(); 4]);
    for count in 1..=4 {
        accepts(|milestone| milestone.steps[count..].fill(MilestoneStep::default()));
    }
    for gap in 0..3 {
        refuses(|milestone| milestone.steps[gap] = MilestoneStep::default());
    }
}

#[test]
fn targets_rise_from_one_step_to_the_next() {
    for (step, target) in [(0, 0), (1, 999), (1, 1_000), (3, 0), (3, 5_000)] {
        refuses(|milestone| milestone.steps[step].target = target);
    }
    for (step, target) in [(0, 1), (1, 1_001), (3, 5_001), (3, u64::MAX)] {
        accepts(|milestone| milestone.steps[step].target = target);
    }
}

#[test]
fn steps_unlock_more_and_more_up_to_everything() {
    for (step, unlocked) in [(0, 0), (1, 2_499), (1, 2_500), (2, 10_000), (3, 7_500), (3, 10_001), (3, u64::MAX)] {
        refuses(|milestone| milestone.steps[step].unlocked_basis_points = unlocked);
    }
    for (step, unlocked) in [(0, 1), (1, 2_501), (2, 9_999), (3, 7_501), (3, 10_000)] {
        accepts(|milestone| milestone.steps[step].unlocked_basis_points = unlocked);
    }
}

#[track_caller]
fn accepts(edit: impl FnOnce(&mut Milestone)) {
    let mut milestone = MILESTONE;
    edit(&mut milestone);
    expect_success(create(&mut World::new(), Some(milestone)));
}

#[track_caller]
fn refuses(edit: impl FnOnce(&mut Milestone)) {
    let mut milestone = MILESTONE;
    edit(&mut milestone);
    expect_unchanged(&mut World::new(), TorqueError::MilestoneInvalid, |world| create(world, Some(milestone)));
}

/// The owner creates distributor 1 for SOL.
fn create(world: &mut World, milestone: Option<Milestone>) -> Sent {
    let args = DistributorCreateArgs { milestone, ..Campaign::create_args(world, Mode::Claim, 1) };
    let owner = world.owner.insecure_clone();
    let addresses = DistributorAddresses::new(owner.pubkey(), 1, Asset::SOL);
    world.send(instruction::distributor_create(&addresses, args), &[&owner])
}
