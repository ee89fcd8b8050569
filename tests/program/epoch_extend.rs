//! `epoch_extend`: anybody grows a large epoch's account, step by step, and pays nothing for it.

use crank_cluster::address::Asset;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_refused, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH, WINDOW};
use tests::large_epoch::{FULL_SIZE, INITIAL_SIZE, open_large_epoch};
use tests::world::World;
use torque::error::TorqueError;
use torque::instructions::EpochPostArgs;
use torque::state::{Epoch, Mode};

/// A million leaves, whose account needs eleven growth steps after its creation.
const MILLION: u32 = 1_000_000;

#[test]
fn a_stranger_grows_a_large_epoch_to_its_full_size() {
    let mut world = World::new();
    let (campaign, _) = open_large_epoch(&mut world, Asset::SOL, Mode::Claim);
    let epoch = campaign.addresses.epoch(0);
    assert_eq!(world.size(&epoch), INITIAL_SIZE);
    let before = world.epoch(&campaign.addresses, 0);
    expect_success(campaign.extend(&mut world, 0));
    assert_eq!(world.size(&epoch), FULL_SIZE);
    let after = world.epoch(&campaign.addresses, 0);
    assert_eq!((after.root, after.rent_payer, after.paid_count), (before.root, before.rent_payer, 0));
    expect_error(campaign.extend(&mut world, 0), TorqueError::EpochComplete);
}

#[test]
fn the_account_grows_by_no_more_than_the_runtime_allows_and_holds_its_whole_rent_from_the_start() {
    let (mut world, campaign) = posted_million();
    let (epoch, full_size) = (campaign.addresses.epoch(0), Epoch::full_size(MILLION));
    let mut size = INITIAL_SIZE;
    assert_eq!(world.cluster.lamports(&epoch), world.rent(full_size));
    while size < full_size {
        expect_success(campaign.extend(&mut world, 0));
        size = full_size.min(size + 10_240);
        assert_eq!((world.size(&epoch), world.cluster.lamports(&epoch)), (size, world.rent(full_size)));
    }
    expect_error(campaign.extend(&mut world, 0), TorqueError::EpochComplete);
}

#[test]
fn two_steps_fit_one_transaction() {
    let (world, campaign) = posted_million();
    let (stranger, epoch) = (world.stranger.insecure_clone(), campaign.addresses.epoch(0));
    let step = crank_cluster::instruction::epoch_extend(epoch);
    expect_success(world.cluster.send(&[step.clone(), step], &[&stranger]));
    assert_eq!(world.size(&epoch), INITIAL_SIZE + 2 * 10_240);
}

#[test]
fn a_small_epoch_has_its_full_size_from_the_start() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    expect_error(campaign.extend(&mut world, 0), TorqueError::EpochComplete);
}

#[test]
fn a_vacant_epoch_has_its_full_size() {
    let mut world = World::new();
    let (campaign, _) = open_large_epoch(&mut world, Asset::SOL, Mode::Claim);
    world.pass(-DELAY);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    expect_error(campaign.extend(&mut world, 0), TorqueError::EpochComplete);
}

#[test]
fn whoever_grows_an_epoch_pays_fees_alone_and_the_publisher_gets_back_what_it_paid() {
    let (mut world, campaign) = posted_million();
    let [stranger, publisher] = [world.stranger.pubkey(), world.publisher.pubkey()];
    let before = [stranger, publisher].map(|person| world.cluster.lamports(&person));
    let mut fees = 0;
    while world.size(&campaign.addresses.epoch(0)) < Epoch::full_size(MILLION) {
        fees += expect_success(campaign.extend(&mut world, 0)).fee;
    }
    world.pass(DELAY + WINDOW);
    fees += expect_success(campaign.close_epoch(&mut world, 0)).fee;
    let after = [stranger, publisher].map(|person| world.cluster.lamports(&person));
    assert_eq!(before[0] - after[0], fees);
    assert_eq!(after[1] - before[1], world.rent(Epoch::full_size(MILLION)));
}

/// Nobody can take its lamports; a rent that rises would have the same effect. Whoever likes can add them.
#[test]
fn an_account_that_does_not_hold_the_rent_does_not_grow_until_somebody_gives_it() {
    let mut world = World::new();
    let (campaign, _) = open_large_epoch(&mut world, Asset::SOL, Mode::Claim);
    let epoch = campaign.addresses.epoch(0);
    world.set_lamports(&epoch, world.rent(FULL_SIZE) - 1);
    expect_refused(campaign.extend(&mut world, 0));
    assert_eq!(world.size(&epoch), INITIAL_SIZE);
    world.set_lamports(&epoch, world.rent(FULL_SIZE));
    expect_success(campaign.extend(&mut world, 0));
}

#[test]
fn an_epoch_that_did_not_grow_is_ended_like_any_other() {
    let mut world = World::new();
    let (campaign, _) = open_large_epoch(&mut world, Asset::SOL, Mode::Claim);
    world.pass(WINDOW);
    let before = world.cluster.lamports(&world.publisher.pubkey());
    expect_success(campaign.close_epoch(&mut world, 0));
    assert_eq!(world.cluster.lamports(&world.publisher.pubkey()) - before, world.rent(FULL_SIZE));
    assert_eq!(world.distributor(&campaign.addresses).reserved, 0);
}

/// A distributor with an epoch of a million leaves; only their number matters here.
fn posted_million() -> (World, Campaign) {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    let args = EpochPostArgs { leaf_count: MILLION, ..campaign.post_args(&campaign.allocations(0, 3)) };
    expect_success(campaign.post_with(&mut world, args));
    (world, campaign)
}
