//! `epoch_cancel`: before an epoch opens, the owner or the guardian takes its root back and leaves it vacant.

use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_keypair::Keypair;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_error, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH, FUNDING};
use tests::events::the_event;
use tests::large_epoch::{FULL_SIZE, open_large_epoch};
use tests::world::{BEGINNING, World, keypair};
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::EpochCancelled;
use torque::state::{Epoch, Mode};

#[test]
fn the_owner_and_the_guardian_take_a_root_back() {
    for by_owner in [true, false] {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
        let authority = if by_owner { world.owner.insecure_clone() } else { world.guardian.insecure_clone() };
        let event: EpochCancelled = the_event(&expect_success(campaign.cancel(&mut world, &authority, 0)));
        assert_eq!((event.distributor, event.epoch), (campaign.addresses.distributor, campaign.addresses.epoch(0)));
        assert_eq!((event.index, event.root, event.total), (0, allocations.tree.root(), allocations.total()));
        assert_eq!(event.authority, authority.pubkey());
        let distributor = world.distributor(&campaign.addresses);
        assert_eq!((distributor.next_epoch, distributor.open_epochs), (1, 1));
        assert_eq!((distributor.funded, distributor.reserved, distributor.paid), (FUNDING, 0, 0));
    }
}

#[test]
fn the_epoch_is_left_without_a_root() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    world.pass(5);
    expect_success(cancel(&mut world, &campaign, 0));
    let epoch = world.epoch(&campaign.addresses, 0);
    assert_eq!((epoch.distributor, epoch.rent_payer), (campaign.addresses.distributor, world.publisher.pubkey()));
    assert_eq!((epoch.root, epoch.manifest_hash, epoch.total, epoch.leaf_count), ([0; 32], [0; 32], 0, 0));
    assert_eq!((epoch.index, epoch.revision, epoch.version, epoch.spare), (0, 1, 1, [0; 3]));
    assert_eq!(epoch.opens_at, i64::MAX);
    assert_eq!(epoch.closes_at, BEGINNING + EPOCH + 5 + POSTING_GRACE);
    assert_eq!(world.size(&campaign.addresses.epoch(0)), 336);
}

#[test]
fn nobody_else_takes_a_root_back() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    for person in [world.publisher.insecure_clone(), world.admin.insecure_clone(), world.stranger.insecure_clone()] {
        expect_error(campaign.cancel(&mut world, &person, 0), TorqueError::NotOwnerOrGuardian);
    }
}

#[test]
fn a_root_is_taken_back_until_the_second_before_it_opens() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    world.pass(DELAY - 1);
    let mut early = world.fork();
    expect_error(campaign.claim(&mut early, &allocations, 0), TorqueError::EpochNotOpen);
    expect_success(cancel(&mut early, &campaign, 0));
    world.pass(1);
    expect_error(cancel(&mut world, &campaign, 0), TorqueError::EpochOpened);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    expect_error(cancel(&mut world, &campaign, 0), TorqueError::EpochOpened);
}

#[test]
fn nothing_is_paid_by_an_epoch_whose_root_was_taken_back() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    expect_success(cancel(&mut world, &campaign, 0));
    for passed in [0, DELAY, POSTING_GRACE] {
        world.pass(passed);
        expect_error(campaign.claim(&mut world, &allocations, 0), TorqueError::EpochNotOpen);
    }
}

#[test]
fn the_roots_of_several_epochs_are_taken_back_in_any_order() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        world.pass(3 * EPOCH);
        for index in 0..3 {
            expect_success(campaign.post(&mut world, &campaign.allocations(index, 3)));
        }
        for index in order {
            expect_success(cancel(&mut world, &campaign, index));
        }
        let distributor = world.distributor(&campaign.addresses);
        assert_eq!((distributor.next_epoch, distributor.open_epochs, distributor.reserved), (3, 3, 0));
    }
}

#[test]
fn a_root_is_taken_back_once() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    expect_success(cancel(&mut world, &campaign, 0));
    expect_error(cancel(&mut world, &campaign, 0), TorqueError::EpochVacant);
}

#[test]
fn a_skipped_epoch_has_no_root_to_take_back() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    expect_success(campaign.skip(&mut world, 0));
    expect_error(cancel(&mut world, &campaign, 0), TorqueError::EpochVacant);
}

#[test]
fn the_rent_of_the_marks_returns_to_whoever_paid_it_and_to_nobody_else() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    let (payer, guardian) = (world.stranger.insecure_clone(), world.guardian.insecure_clone());
    expect_success(post_paid_by(&mut world, &campaign, &payer));
    let before = world.cluster.lamports(&payer.pubkey());
    for greedy in [guardian.pubkey(), world.publisher.pubkey()] {
        let theft = instruction::epoch_cancel(&campaign.addresses, guardian.pubkey(), greedy, 0);
        expect_error(world.send(theft, &[&guardian]), TorqueError::RentPayerMismatch);
    }
    let cancel = instruction::epoch_cancel(&campaign.addresses, guardian.pubkey(), payer.pubkey(), 0);
    expect_success(world.send(cancel, &[&guardian]));
    assert_eq!(world.cluster.lamports(&payer.pubkey()) - before, world.rent(337) - world.rent(336));
}

#[test]
fn the_rent_of_a_large_epoch_returns_but_for_the_vacant_account_s() {
    for has_grown in [true, false] {
        let mut world = World::new();
        let (campaign, _) = open_large_epoch(&mut world, Asset::SOL, Mode::Claim);
        if has_grown {
            expect_success(campaign.extend(&mut world, 0));
        }
        world.pass(-DELAY);
        let before = world.cluster.lamports(&world.publisher.pubkey());
        expect_success(cancel(&mut world, &campaign, 0));
        let freed = world.cluster.lamports(&world.publisher.pubkey()) - before;
        assert_eq!(freed, world.rent(FULL_SIZE) - world.rent(336));
        assert_eq!(world.cluster.lamports(&campaign.addresses.epoch(0)), world.rent(336));
    }
}

#[test]
fn a_rent_payer_that_has_become_a_program_leaves_its_rent_to_the_distributor() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    world.make_executable(&campaign.publisher.pubkey());
    let before = world.cluster.lamports(&campaign.addresses.distributor);
    expect_success(cancel(&mut world, &campaign, 0));
    let gained = world.cluster.lamports(&campaign.addresses.distributor) - before;
    assert_eq!(gained, world.rent(337) - world.rent(336));
}

#[test]
fn an_epoch_is_taken_back_from_its_own_distributor_only() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let twin = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 2);
    expect_success(twin.post(&mut world, &twin.allocations(0, 3)));
    let guardian = world.guardian.insecure_clone();
    let mut cancel = instruction::epoch_cancel(&campaign.addresses, guardian.pubkey(), world.publisher.pubkey(), 0);
    cancel.accounts[3].pubkey = twin.addresses.epoch(0);
    expect_error(world.send(cancel, &[&guardian]), TorqueError::EpochMismatch);
}

fn cancel(world: &mut World, campaign: &Campaign, index: u32) -> Sent {
    let guardian = world.guardian.insecure_clone();
    campaign.cancel(world, &guardian, index)
}

#[test]
fn a_rent_payer_that_is_drained_does_not_shield_a_bad_root() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    let (payer, guardian) = (keypair(500), world.guardian.insecure_clone());
    world.set_lamports(&payer.pubkey(), world.rent(Epoch::initial_size(3)));
    expect_success(post_paid_by(&mut world, &campaign, &payer));
    let before = world.cluster.lamports(&campaign.addresses.distributor);
    let cancel = instruction::epoch_cancel(&campaign.addresses, guardian.pubkey(), payer.pubkey(), 0);
    expect_success(world.send(cancel, &[&guardian]));
    let freed = world.rent(Epoch::initial_size(3)) - world.rent(Epoch::VACANT_SIZE);
    assert_eq!(world.cluster.lamports(&campaign.addresses.distributor) - before, freed);
}

/// Posts epoch 0 with the rent from `payer`.
fn post_paid_by(world: &mut World, campaign: &Campaign, payer: &Keypair) -> Sent {
    let args = campaign.post_args(&campaign.allocations(0, 3));
    let publisher = world.publisher.insecure_clone();
    let post = instruction::epoch_post(&campaign.addresses, publisher.pubkey(), payer.pubkey(), args);
    world.send(post, &[&publisher, payer])
}
