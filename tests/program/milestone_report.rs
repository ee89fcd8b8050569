//! `milestone_report`: the publisher reports the total that a community has reached, which can only rise, before the
//! deadline.

use crank_cluster::address::Asset;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::Campaign;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::milestones::{DEADLINE, MILESTONE, TARGETS};
use tests::world::World;
use torque::constants::PUBLISHER_NOTICE;
use torque::error::TorqueError;
use torque::events::MilestoneReported;
use torque::state::{Milestone, Mode, Role};

#[test]
fn a_report_raises_the_total_and_nothing_else() {
    let (mut world, campaign) = with_milestone();
    let before = world.distributor(&campaign.addresses);
    expect_success(campaign.report(&mut world, 1_500));
    let after = world.distributor(&campaign.addresses);
    assert_eq!(after.milestone, Milestone { reported: 1_500, ..MILESTONE });
    assert_eq!((after.funded, after.reserved, after.paid), (before.funded, before.reserved, before.paid));
    assert_eq!((after.terms, after.open_epochs, after.next_epoch), (before.terms, 0, 0));
}

#[test]
fn a_report_is_an_event_with_what_it_unlocks() {
    let (mut world, campaign) = with_milestone();
    for (total, before, unlocked) in [
        (999, 0, [0, 0]),
        (1_000, 999, [0, 2_500]),
        (4_999, 1_000, [2_500, 5_000]),
        (10_000, 4_999, [5_000, 10_000]),
        (u64::MAX, 10_000, [10_000, 10_000]),
    ] {
        let event: MilestoneReported = the_event(&expect_success(campaign.report(&mut world, total)));
        assert_eq!((event.distributor, event.publisher), (campaign.addresses.distributor, world.publisher.pubkey()));
        assert_eq!((event.total, event.unlocked_basis_points), ([before, total], unlocked));
    }
}

#[test]
fn nobody_but_the_publisher_reports() {
    let (mut world, campaign) = with_milestone();
    let World { admin, owner, guardian, stranger, .. } = world.fork();
    for person in [admin, owner, guardian, stranger] {
        expect_unchanged(&mut world, TorqueError::NotPublisher, |world| campaign.report_by(world, &person, 1_500));
    }
}

#[test]
fn a_new_publisher_reports_once_its_notice_is_over() {
    let (mut world, campaign) = with_milestone();
    let new = world.stranger.insecure_clone();
    world.pass(1);
    expect_success(campaign.hand_over(&mut world, Role::Publisher, &new));
    world.pass(PUBLISHER_NOTICE - 1);
    expect_unchanged(&mut world, TorqueError::PublisherTooRecent, |world| campaign.report_by(world, &new, 1_500));
    world.pass(1);
    expect_success(campaign.report_by(&mut world, &new, 1_500));
}

#[test]
fn a_total_neither_falls_nor_is_repeated() {
    let (mut world, campaign) = with_milestone();
    refuses(&mut world, &campaign, 0, TorqueError::MilestoneTotalNotRaised);
    expect_success(campaign.report(&mut world, 1_500));
    for total in [0, 1, TARGETS[0], 1_499, 1_500] {
        refuses(&mut world, &campaign, total, TorqueError::MilestoneTotalNotRaised);
    }
    expect_success(campaign.report(&mut world, 1_501));
}

#[test]
fn a_total_is_reported_until_the_second_before_the_deadline() {
    let (mut world, campaign) = with_milestone();
    world.cluster.set_time(DEADLINE - 1);
    expect_success(campaign.report(&mut world, 1_000));
    for now in [DEADLINE, DEADLINE + 1, i64::MAX] {
        world.cluster.set_time(now);
        refuses(&mut world, &campaign, 2_000, TorqueError::MilestoneDeadlinePassed);
    }
}

#[test]
fn a_distributor_without_a_milestone_takes_no_report() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    refuses(&mut world, &campaign, 1, TorqueError::MilestoneMissing);
}

#[test]
fn a_total_is_reported_during_a_pause_too() {
    let (mut world, campaign) = with_milestone();
    world.set_paused(true);
    expect_success(campaign.report(&mut world, 1_000));
}

/// A funded distributor with the fixture's milestone, at the world's beginning.
fn with_milestone() -> (World, Campaign) {
    let mut world = World::new();
    let campaign = Campaign::with_milestone(&mut world, Asset::SOL, 1, MILESTONE);
    (world, campaign)
}

#[track_caller]
fn refuses(world: &mut World, campaign: &Campaign, total: u64, expected: TorqueError) {
    expect_unchanged(world, expected, |world| campaign.report(world, total));
}
