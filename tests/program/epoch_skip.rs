//! `epoch_skip`: the publisher skips an epoch in which no wallet qualified, and leaves it vacant.

use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_signer::Signer as _;
use tests::assertions::{expect_address_taken, expect_error, expect_success};
use tests::campaign::{Campaign, EPOCH, FUNDING};
use tests::events::the_event;
use tests::world::{BEGINNING, World};
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::EpochSkipped;
use torque::state::Mode;

#[test]
fn an_epoch_is_passed_over_and_nothing_is_reserved() {
    let (mut world, campaign) = ended_epochs(1);
    let event: EpochSkipped = the_event(&expect_success(campaign.skip(&mut world, 0)));
    assert_eq!((event.distributor, event.epoch), (campaign.addresses.distributor, campaign.addresses.epoch(0)));
    assert_eq!(event.index, 0);
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.next_epoch, distributor.open_epochs), (1, 1));
    assert_eq!((distributor.funded, distributor.reserved, distributor.paid), (FUNDING, 0, 0));
}

#[test]
fn the_epoch_is_left_without_a_root() {
    let (mut world, campaign) = ended_epochs(1);
    expect_success(campaign.skip(&mut world, 0));
    let epoch = world.epoch(&campaign.addresses, 0);
    assert_eq!((epoch.distributor, epoch.rent_payer), (campaign.addresses.distributor, world.publisher.pubkey()));
    assert_eq!((epoch.root, epoch.manifest_hash, epoch.total, epoch.leaf_count), ([0; 32], [0; 32], 0, 0));
    assert_eq!((epoch.index, epoch.revision, epoch.version, epoch.spare), (0, 0, 1, [0; 3]));
    assert_eq!((epoch.posted_at, epoch.opens_at), (BEGINNING + EPOCH, i64::MAX));
    assert_eq!(epoch.closes_at, BEGINNING + EPOCH + POSTING_GRACE);
    assert_eq!(world.size(&campaign.addresses.epoch(0)), 336);
}

#[test]
fn another_account_may_pay_the_rent_and_is_recorded() {
    let (mut world, campaign) = ended_epochs(1);
    let (publisher, stranger) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let skip = instruction::epoch_skip(&campaign.addresses, publisher.pubkey(), stranger.pubkey(), 0);
    let before = world.cluster.lamports(&stranger.pubkey());
    expect_success(world.send(skip, &[&publisher, &stranger]));
    assert_eq!(before - world.cluster.lamports(&stranger.pubkey()), world.rent(336));
    assert_eq!(world.epoch(&campaign.addresses, 0).rent_payer, stranger.pubkey());
}

#[test]
fn the_epoch_after_a_skipped_one_is_posted() {
    let (mut world, campaign) = ended_epochs(2);
    expect_success(campaign.skip(&mut world, 0));
    expect_address_taken(campaign.post(&mut world, &campaign.allocations(0, 3)));
    expect_success(campaign.post(&mut world, &campaign.allocations(1, 3)));
}

#[test]
fn a_skip_does_not_stand_between_a_bad_root_and_its_cancellation() {
    let (mut world, campaign) = ended_epochs(2);
    expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
    expect_success(campaign.skip(&mut world, 1));
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    assert_eq!(world.distributor(&campaign.addresses).reserved, 0);
}

#[test]
fn an_epoch_is_passed_over_once_and_in_its_order() {
    let (mut world, campaign) = ended_epochs(3);
    expect_error(campaign.skip(&mut world, 1), TorqueError::EpochNotNext);
    expect_success(campaign.skip(&mut world, 0));
    expect_address_taken(campaign.skip(&mut world, 0));
    expect_error(campaign.skip(&mut world, u32::MAX), TorqueError::EpochNotNext);
}

#[test]
fn an_epoch_is_passed_over_from_the_second_in_which_it_ends() {
    let (mut world, campaign) = ended_epochs(0);
    world.pass(EPOCH - 1);
    expect_error(campaign.skip(&mut world, 0), TorqueError::PeriodNotEnded);
    world.pass(1);
    expect_success(campaign.skip(&mut world, 0));
}

#[test]
fn no_epoch_is_passed_over_beyond_the_schedule() {
    let (mut world, campaign) = ended_epochs(11);
    for index in 0..10 {
        expect_success(campaign.skip(&mut world, index));
    }
    expect_error(campaign.skip(&mut world, 10), TorqueError::EpochBeyondSchedule);
}

#[test]
fn a_closed_epoch_is_not_passed_over() {
    let (mut world, campaign) = ended_epochs(1);
    expect_success(campaign.skip(&mut world, 0));
    world.pass(POSTING_GRACE);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_error(campaign.skip(&mut world, 0), TorqueError::EpochNotNext);
}

#[test]
fn nobody_but_the_publisher_passes_over_an_epoch() {
    let (mut world, campaign) = ended_epochs(1);
    for person in [world.owner.insecure_clone(), world.guardian.insecure_clone(), world.stranger.insecure_clone()] {
        let skip = instruction::epoch_skip(&campaign.addresses, person.pubkey(), person.pubkey(), 0);
        expect_error(world.send(skip, &[&person]), TorqueError::NotPublisher);
    }
}

#[test]
fn no_epoch_is_passed_over_while_the_protocol_is_paused() {
    let (mut world, campaign) = ended_epochs(1);
    world.set_paused(true);
    expect_error(campaign.skip(&mut world, 0), TorqueError::Paused);
    world.set_paused(false);
    expect_success(campaign.skip(&mut world, 0));
}

/// A funded distributor of which `count` epochs have ended.
fn ended_epochs(count: i64) -> (World, Campaign) {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(count * EPOCH);
    (world, campaign)
}
