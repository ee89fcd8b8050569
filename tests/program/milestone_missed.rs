//! A milestone without a step reached before the deadline: nothing is paid any more, and everything is refunded.

use anchor_spl::token::spl_token;
use crank_cluster::address::Asset;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Campaign, EPOCH};
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::milestones::{DEADLINE, MILESTONE, MILESTONE_FUNDING, TARGETS, UNLOCKED};
use tests::world::{OWNER_TOKENS, World};
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::DistributorClosed;

/// The fee on the funding, rounded up.
const FEE: u64 = 50_000_000;

#[test]
fn everything_goes_back_from_the_deadline_on() {
    let (mut world, campaign) = missing_one(0);
    world.cluster.set_time(DEADLINE - 1);
    expect_unchanged(&mut world, TorqueError::ScheduleNotOver, |world| campaign.close(world));
    for now in [DEADLINE, DEADLINE + 1] {
        let mut world = world.fork();
        world.cluster.set_time(now);
        let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert_eq!((event.funded, event.paid), (MILESTONE_FUNDING, 0));
        assert_eq!((event.fee, event.refunded), (0, MILESTONE_FUNDING + FEE));
    }
}

#[test]
fn tokens_go_back_to_the_last_base_unit() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaign = Campaign::with_milestone(&mut world, asset, 1, MILESTONE);
    world.cluster.set_time(DEADLINE);
    expect_success(campaign.close(&mut world));
    assert_eq!(world.balance(&asset, &world.owner.pubkey()), OWNER_TOKENS);
    assert_eq!(world.balance(&asset, &world.treasury), 0);
}

#[test]
fn a_total_just_below_the_first_target_is_a_miss_and_the_target_is_none() {
    for (total, is_missed) in [(TARGETS[0] - 1, true), (TARGETS[0], false), (TARGETS[0] + 1, false)] {
        let (mut world, campaign) = missing_one(0);
        world.cluster.set_time(DEADLINE - 1);
        expect_success(campaign.report(&mut world, total));
        world.cluster.set_time(DEADLINE);
        if is_missed {
            expect_success(campaign.close(&mut world));
        } else {
            expect_unchanged(&mut world, TorqueError::ScheduleNotOver, |world| campaign.close(world));
            expect_success(campaign.post_total(&mut world, 0, UNLOCKED[0]));
        }
    }
}

#[test]
fn nothing_is_posted_skipped_or_reposted_after_a_miss() {
    let (mut world, campaign) = missing_one(1);
    world.cluster.set_time(DEADLINE - 1);
    expect_unchanged(&mut world, TorqueError::MilestoneNotReached, |world| campaign.post_total(world, 1, 1));
    expect_success(campaign.skip(&mut world.fork(), 1));
    for now in [DEADLINE, DEADLINE + 1, DEADLINE + POSTING_GRACE] {
        world.cluster.set_time(now);
        expect_unchanged(&mut world, TorqueError::MilestoneMissed, |world| campaign.post_total(world, 1, 1));
        expect_unchanged(&mut world, TorqueError::MilestoneMissed, |world| campaign.skip(world, 1));
    }
    world.cluster.set_time(DEADLINE);
    expect_unchanged(&mut world, TorqueError::MilestoneNotReached, |world| campaign.repost_total(world, 0, 1));
}

#[test]
fn a_skipped_epoch_holds_up_no_refund_after_a_miss() {
    let (mut world, campaign) = missing_one(2);
    world.cluster.set_time(DEADLINE - 1);
    expect_unchanged(&mut world, TorqueError::WindowNotOver, |world| campaign.close_epoch(world, 0));
    world.cluster.set_time(DEADLINE);
    expect_unchanged(&mut world, TorqueError::EpochsOpen, |world| campaign.close(world));
    for index in 0..2 {
        expect_success(campaign.close_epoch(&mut world, index));
    }
    expect_success(campaign.close(&mut world));
}

#[test]
fn a_skipped_epoch_keeps_its_grace_where_a_step_was_reached() {
    let (mut world, campaign) = missing_one(1);
    expect_success(campaign.report(&mut world, TARGETS[0]));
    world.cluster.set_time(DEADLINE);
    expect_unchanged(&mut world, TorqueError::WindowNotOver, |world| campaign.close_epoch(world, 0));
    expect_success(campaign.repost_total(&mut world, 0, UNLOCKED[0]));
}

#[test]
fn a_refund_after_a_miss_goes_out_during_a_pause() {
    let (mut world, campaign) = missing_one(1);
    world.cluster.set_time(DEADLINE);
    world.set_paused(true);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_success(campaign.close(&mut world));
}

#[test]
fn locked_rewards_go_back_after_the_schedule() {
    let (mut world, campaign) = missing_one(0);
    expect_success(campaign.report(&mut world, TARGETS[2]));
    let allocations = campaign.allocations(0, 3);
    expect_success(campaign.post(&mut world, &allocations));
    world.cluster.set_time(world.epoch(&campaign.addresses, 0).opens_at);
    campaign.finish(&mut world, &allocations);
    let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    let paid = allocations.total();
    assert_eq!((event.funded, event.paid, event.fee), (MILESTONE_FUNDING, paid, paid.div_ceil(20)));
    assert_eq!(event.refunded, MILESTONE_FUNDING + FEE - paid - paid.div_ceil(20));
}

/// A distributor with the fixture's milestone, of which nothing is reported, and `skipped` epochs were skipped in the
/// last days before the deadline.
fn missing_one(skipped: u32) -> (World, Campaign) {
    let mut world = World::new();
    let campaign = Campaign::with_milestone(&mut world, Asset::SOL, 1, MILESTONE);
    world.pass(3 * EPOCH);
    for index in 0..skipped {
        expect_success(campaign.skip(&mut world, index));
    }
    (world, campaign)
}
