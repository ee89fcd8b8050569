//! `distributor_unpause`: the owner lets a paused distributor run again, and anybody once its pauses are used up.

use crank_cluster::address::Asset;
use solana_keypair::Keypair;
use tests::assertions::expect_success;
use tests::campaign::{Campaign, EPOCH};
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::{BEGINNING, World};
use torque::constants::MAX_PAUSE;
use torque::error::TorqueError;
use torque::events::DistributorUnpaused;
use torque::state::{Downtime, Mode};

#[test]
fn the_owner_ends_a_pause_whoever_began_it() {
    for by_owner in [true, false] {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        let authority = if by_owner { world.owner.insecure_clone() } else { world.guardian.insecure_clone() };
        expect_success(campaign.pause(&mut world, &authority));
        world.pass(100);
        let event: DistributorUnpaused = the_event(&expect_success(campaign.unpause(&mut world)));
        assert_eq!(event.distributor, campaign.addresses.distributor);
        assert_eq!((event.since, event.until), (BEGINNING, BEGINNING + 100));
        assert_eq!(world.distributor(&campaign.addresses).downtime, Downtime { since: 0, seconds: 100 });
        expect_success(campaign.fund(&mut world, 1));
    }
}

#[test]
fn nobody_else_ends_a_pause() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.pause(&mut world, &guardian));
    for person in [guardian, world.publisher.insecure_clone(), world.admin.insecure_clone()] {
        expect_unchanged(&mut world, TorqueError::NotOwner, |world| campaign.unpause_by(world, &person));
    }
}

#[test]
fn anybody_ends_a_pause_when_the_pauses_are_used_up_and_none_follows() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    let [stranger, guardian] = [&world.stranger, &world.guardian].map(Keypair::insecure_clone);
    // Two pauses, with time between them that does not count, and a pause of the protocol that does not count either.
    expect_success(campaign.pause(&mut world, &guardian));
    world.pass(10 * EPOCH);
    expect_success(campaign.unpause(&mut world));
    world.pass(5);
    expect_success(campaign.pause(&mut world, &guardian));
    world.set_paused(true);
    world.pass(1_000);
    world.set_paused(false);
    world.pass(MAX_PAUSE.cast_signed() - 10 * EPOCH - 1);
    expect_unchanged(&mut world, TorqueError::NotOwner, |world| campaign.unpause_by(world, &stranger));
    world.pass(1);
    expect_success(campaign.unpause_by(&mut world, &stranger));
    let owner = world.owner.insecure_clone();
    for authority in [&guardian, &owner] {
        expect_unchanged(&mut world, TorqueError::PauseUsedUp, |world| campaign.pause(world, authority));
    }
    expect_success(campaign.claim(&mut world, &allocations, 0));
}

#[test]
fn a_distributor_that_runs_has_no_pause_to_end() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_unchanged(&mut world, TorqueError::DistributorNotPaused, |world| campaign.unpause(world));
}

#[test]
fn the_protocol_s_own_pause_goes_on() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.pause(&mut world, &guardian));
    world.set_paused(true);
    world.pass(60);
    expect_success(campaign.unpause(&mut world));
    // Those seconds are the protocol's, and it counts them itself.
    assert_eq!(world.distributor(&campaign.addresses).downtime, Downtime::default());
    expect_unchanged(&mut world, TorqueError::Paused, |world| campaign.fund(world, 1));
}
