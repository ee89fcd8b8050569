//! Open and closed epochs together never reserve more than the reported total unlocks.

use crank_cluster::address::Asset;
use tests::assertions::expect_success;
use tests::campaign::{Campaign, DELAY, EPOCH, WINDOW};
use tests::ledger::expect_unchanged;
use tests::milestones::{DEADLINE, MILESTONE, MILESTONE_FUNDING, TARGETS, UNLOCKED};
use tests::world::World;
use torque::error::TorqueError;

#[test]
fn nothing_is_posted_before_the_first_target() {
    let (mut world, campaign) = ended_epoch();
    refuses_post(&mut world, &campaign, 0, 1);
    expect_success(campaign.report(&mut world, TARGETS[0] - 1));
    refuses_post(&mut world, &campaign, 0, 1);
    expect_success(campaign.report(&mut world, TARGETS[0]));
    expect_success(campaign.post_total(&mut world, 0, 1));
}

#[test]
fn each_target_unlocks_its_part_to_the_base_unit() {
    let (mut world, campaign) = ended_epoch();
    let mut before = 0;
    for (target, unlocked) in TARGETS.into_iter().zip(UNLOCKED) {
        expect_success(campaign.report(&mut world, target - 1));
        refuses_post(&mut world, &campaign, 0, before + 1);
        for total in [target, target + 1] {
            expect_success(campaign.report(&mut world, total));
            expect_success(campaign.post_total(&mut world.fork(), 0, before + 1));
            expect_success(campaign.post_total(&mut world.fork(), 0, unlocked));
            if unlocked < MILESTONE_FUNDING {
                refuses_post(&mut world, &campaign, 0, unlocked + 1);
            }
        }
        before = unlocked;
    }
}

#[test]
fn all_targets_may_be_reached_at_once() {
    let (mut world, campaign) = ended_epoch();
    expect_success(campaign.report(&mut world, u64::MAX));
    expect_success(campaign.post_total(&mut world, 0, MILESTONE_FUNDING));
}

#[test]
fn open_epochs_share_what_is_unlocked() {
    let (mut world, campaign) = ended_epoch();
    world.pass(EPOCH);
    expect_success(campaign.report(&mut world, TARGETS[0]));
    expect_success(campaign.post_total(&mut world, 0, UNLOCKED[0] - 5));
    refuses_post(&mut world, &campaign, 1, 6);
    expect_success(campaign.post_total(&mut world, 1, 5));
}

#[test]
fn what_was_paid_is_not_unlocked_again_and_what_was_not_is() {
    let (mut world, campaign) = ended_epoch();
    expect_success(campaign.report(&mut world, TARGETS[0]));
    let allocations = campaign.allocations_of(0, &[3_000_000, 2_000_000]);
    expect_success(campaign.post(&mut world, &allocations));
    world.pass(DELAY);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    world.pass(WINDOW);
    expect_success(campaign.close_epoch(&mut world, 0));
    refuses_post(&mut world, &campaign, 1, UNLOCKED[0] - 3_000_000 + 1);
    expect_success(campaign.post_total(&mut world, 1, UNLOCKED[0] - 3_000_000));
}

#[test]
fn funding_after_a_step_raises_what_it_unlocks() {
    let (mut world, campaign) = ended_epoch();
    expect_success(campaign.report(&mut world, TARGETS[0]));
    refuses_post(&mut world, &campaign, 0, UNLOCKED[0] + 1);
    // A quarter of 999,999,999 lacks a quarter of a base unit.
    expect_success(campaign.fund(&mut world, 1));
    expect_success(campaign.post_total(&mut world, 0, UNLOCKED[0] + 1));
    world.pass(EPOCH);
    refuses_post(&mut world, &campaign, 1, 1);
    expect_success(campaign.fund(&mut world, 3));
    refuses_post(&mut world, &campaign, 1, 1);
    expect_success(campaign.fund(&mut world, 1));
    expect_success(campaign.post_total(&mut world, 1, 1));
}

#[test]
fn a_cancelled_epoch_is_reposted_within_what_is_unlocked_then() {
    let (mut world, campaign) = ended_epoch();
    expect_success(campaign.report(&mut world, TARGETS[0]));
    expect_success(campaign.post_total(&mut world, 0, UNLOCKED[0]));
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    refuses_repost(&mut world, &campaign, 0, UNLOCKED[0] + 1);
    expect_success(campaign.repost_total(&mut world.fork(), 0, UNLOCKED[0]));
    expect_success(campaign.report(&mut world, TARGETS[1]));
    refuses_repost(&mut world, &campaign, 0, UNLOCKED[1] + 1);
    expect_success(campaign.repost_total(&mut world, 0, UNLOCKED[1]));
    assert_eq!(world.distributor(&campaign.addresses).reserved, UNLOCKED[1]);
}

#[test]
fn a_skipped_epoch_is_posted_once_a_target_is_reached() {
    let (mut world, campaign) = ended_epoch();
    expect_success(campaign.skip(&mut world, 0));
    refuses_repost(&mut world, &campaign, 0, 1);
    expect_success(campaign.report(&mut world, TARGETS[0]));
    expect_success(campaign.repost_total(&mut world, 0, UNLOCKED[0]));
}

#[test]
fn what_was_reached_by_the_deadline_is_paid_after_it_and_no_more() {
    let (mut world, campaign) = ended_epoch();
    expect_success(campaign.report(&mut world, TARGETS[1]));
    for now in [DEADLINE - 1, DEADLINE, DEADLINE + 1] {
        world.cluster.set_time(now);
        refuses_post(&mut world, &campaign, 0, UNLOCKED[1] + 1);
        expect_success(campaign.post_total(&mut world.fork(), 0, UNLOCKED[1]));
        expect_success(campaign.skip(&mut world.fork(), 0));
    }
}

/// A funded distributor with the fixture's milestone whose epoch 0 has just ended.
fn ended_epoch() -> (World, Campaign) {
    let mut world = World::new();
    let campaign = Campaign::with_milestone(&mut world, Asset::SOL, 1, MILESTONE);
    world.pass(EPOCH);
    (world, campaign)
}

#[track_caller]
fn refuses_post(world: &mut World, campaign: &Campaign, index: u32, total: u64) {
    expect_unchanged(world, TorqueError::MilestoneNotReached, |world| campaign.post_total(world, index, total));
}

#[track_caller]
fn refuses_repost(world: &mut World, campaign: &Campaign, index: u32, total: u64) {
    expect_unchanged(world, TorqueError::MilestoneNotReached, |world| campaign.repost_total(world, index, total));
}
