//! `distributor_end`: the owner makes the epoch that has begun the last one; work in progress is still paid. Anybody
//! may once nobody has posted for 90 days.

use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_error, expect_success};
use tests::campaign::{BUDGET, Campaign, EPOCH, FUNDING};
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::sponsors::sponsor;
use tests::world::World;
use torque::constants::{ABANDONED_AFTER, POSTING_GRACE};
use torque::error::TorqueError;
use torque::events::DistributorEnded;
use torque::instructions::DistributorCreateArgs;
use torque::state::{Mode, Terms};

/// The fixture's number of epochs.
const EPOCH_COUNT: u32 = 10;

#[test]
fn the_epoch_that_has_begun_is_the_last_one() {
    for (passed, epoch_count) in
        [(-1, 0), (0, 1), (1, 1), (EPOCH - 1, 1), (EPOCH, 2), (8 * EPOCH, 9), (9 * EPOCH - 1, 9)]
    {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        world.pass(passed);
        let event: DistributorEnded = the_event(&expect_success(campaign.end(&mut world)));
        assert_eq!(world.distributor(&campaign.addresses).terms.epoch_count, epoch_count, "after {passed} seconds");
        assert_eq!(event.distributor, campaign.addresses.distributor);
        assert_eq!(event.epoch_count, [EPOCH_COUNT, epoch_count]);
    }
}

#[test]
fn nothing_is_left_to_end_once_the_last_epoch_has_begun() {
    for passed in [9 * EPOCH, 10 * EPOCH, 1_000_000 * EPOCH] {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        world.pass(passed);
        expect_error(campaign.end(&mut world), TorqueError::ScheduleAlreadyEnds);
    }
}

#[test]
fn a_schedule_is_ended_once_and_never_prolonged() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(campaign.end(&mut world));
    expect_error(campaign.end(&mut world), TorqueError::ScheduleAlreadyEnds);
    world.pass(5 * EPOCH);
    expect_error(campaign.end(&mut world), TorqueError::ScheduleAlreadyEnds);
    assert_eq!(world.distributor(&campaign.addresses).terms.epoch_count, 1);
}

#[test]
fn the_epoch_that_had_begun_is_posted_and_paid_and_the_next_is_not() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(campaign.end(&mut world));
    world.pass(2 * EPOCH);
    expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
    expect_error(campaign.post(&mut world, &campaign.allocations(1, 3)), TorqueError::EpochBeyondSchedule);
    expect_error(campaign.skip(&mut world, 1), TorqueError::EpochBeyondSchedule);
}

#[test]
fn a_distributor_that_ends_before_it_begins_is_closed_at_once() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(-1);
    expect_success(campaign.end(&mut world));
    expect_success(campaign.close(&mut world));
}

#[test]
fn a_posted_epoch_stays_on_the_schedule() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    // A cluster's clock may be corrected backwards, here to before the schedule.
    world.pass(-2 * EPOCH);
    expect_success(campaign.end(&mut world));
    assert_eq!(world.distributor(&campaign.addresses).terms.epoch_count, 1);
}

#[test]
fn nobody_but_the_owner_ends_a_distributor() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    for person in [world.guardian.insecure_clone(), world.publisher.insecure_clone(), world.stranger.insecure_clone()] {
        let mut end = instruction::distributor_end(&campaign.addresses);
        end.accounts[0].pubkey = person.pubkey();
        expect_error(world.send(end, &[&person]), TorqueError::NotOwner);
    }
}

#[test]
fn anybody_ends_a_schedule_90_days_after_the_end_of_an_epoch_that_nobody_posted() {
    let mut world = World::new();
    let campaign = endless(&mut world);
    expect_success(campaign.sponsor(&mut world.fork(), &sponsor(0), BUDGET));
    world.pass(EPOCH);
    expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
    world.pass(EPOCH + ABANDONED_AFTER - 1);
    expect_unchanged(&mut world, TorqueError::NotOwner, |world| end_by_stranger(world, &campaign));
    world.pass(1);
    expect_success(end_by_stranger(&mut world, &campaign));
    assert_eq!(world.distributor(&campaign.addresses).terms.epoch_count, 93);
}

#[test]
fn pauses_in_which_nothing_could_be_posted_do_not_count() {
    let mut world = World::new();
    let campaign = endless(&mut world);
    world.set_paused(true);
    world.pass(10 * EPOCH);
    world.set_paused(false);
    let owner = world.owner.insecure_clone();
    expect_success(campaign.pause(&mut world, &owner));
    world.pass(7 * EPOCH);
    world.pass(ABANDONED_AFTER + EPOCH - 1);
    expect_unchanged(&mut world, TorqueError::NotOwner, |world| end_by_stranger(world, &campaign));
}

#[test]
fn a_sponsor_leaves_a_distributor_that_its_owner_has_left() {
    let mut world = World::new();
    let campaign = endless(&mut world);
    let wallet = sponsor(0);
    let before = world.cluster.lamports(&wallet.pubkey());
    expect_success(campaign.sponsor(&mut world, &wallet, BUDGET));
    world.pass(EPOCH + ABANDONED_AFTER);
    expect_success(end_by_stranger(&mut world, &campaign));
    world.pass(EPOCH + POSTING_GRACE);
    expect_success(campaign.refund(&mut world, &wallet.pubkey()));
    assert_eq!(world.cluster.lamports(&wallet.pubkey()), before);
}

/// A funded distributor of SOL without an end, and a sponsor with a budget.
fn endless(world: &mut World) -> Campaign {
    let args = Campaign::create_args(world, Mode::Claim, 1);
    let terms = Terms { epoch_count: u32::MAX, ..args.terms };
    let campaign = Campaign::created_with(world, Asset::SOL, DistributorCreateArgs { terms, ..args });
    expect_success(campaign.fund(world, FUNDING));
    world.new_sponsor(0, &Asset::SOL, 2 * BUDGET);
    campaign
}

fn end_by_stranger(world: &mut World, campaign: &Campaign) -> Sent {
    let stranger = world.stranger.insecure_clone();
    let by_stranger = campaign.addresses.owned_by(stranger.pubkey());
    world.send(instruction::distributor_end(&by_stranger), &[&stranger])
}
