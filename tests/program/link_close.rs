//! `link_close`: the distributor's owner stops an action from feeding it, and gets the link's rent.

use crank_cluster::address::Asset;
use crank_cluster::{
    address,
    instruction::{self, authority},
};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::calls::action_args;
use tests::campaign::Campaign;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::LinkClosed;
use torque::state::Mode;

#[test]
fn the_owner_gets_the_rent_and_may_link_the_action_again() {
    let (mut world, campaigns, action) = two_links();
    let (owner, distributor) = (world.owner.insecure_clone(), campaigns[0].addresses.distributor);
    let link = address::link(&action, &distributor);
    let (before, rent) = (world.cluster.lamports(&owner.pubkey()), world.cluster.lamports(&link));
    let receipt = expect_success(world.send(authority::link_close(&campaigns[0].addresses, action), &[&owner]));
    let event: LinkClosed = the_event(&receipt);
    assert_eq!((event.action, event.distributor, event.weight_basis_points), (action, distributor, 10_000));
    assert_eq!(world.cluster.lamports(&owner.pubkey()) + receipt.fee - before, rent);
    assert!(world.is_absent(&link));
    expect_success(world.send(instruction::link_create(&campaigns[0].addresses, action, 1), &[&owner]));
}

#[test]
fn a_link_to_an_action_that_is_closed_is_closed_too() {
    let (mut world, campaigns, action) = two_links();
    let owner = world.owner.insecure_clone();
    expect_success(world.send(authority::action_close(owner.pubkey(), action), &[&owner]));
    expect_success(world.send(authority::link_close(&campaigns[0].addresses, action), &[&owner]));
}

#[test]
fn nobody_but_the_distributor_s_owner_closes_a_link() {
    let (mut world, campaigns, action) = two_links();
    for person in [world.guardian.insecure_clone(), world.stranger.insecure_clone()] {
        let close = authority::link_close(&campaigns[0].addresses.owned_by(person.pubkey()), action);
        expect_unchanged(&mut world, TorqueError::NotOwner, |world| world.send(close, &[&person]));
    }
}

#[test]
fn a_link_is_closed_for_its_own_distributor_only() {
    let (mut world, campaigns, action) = two_links();
    let owner = world.owner.insecure_clone();
    let mut close = authority::link_close(&campaigns[0].addresses, action);
    close.accounts[2].pubkey = address::link(&action, &campaigns[1].addresses.distributor);
    expect_unchanged(&mut world, TorqueError::LinkMismatch, |world| world.send(close, &[&owner]));
}

/// Two distributors that one action feeds.
fn two_links() -> (World, [Campaign; 2], Pubkey) {
    let mut world = World::new();
    let owner = world.owner.insecure_clone();
    expect_success(world.send(instruction::action_create(owner.pubkey(), action_args(1)), &[&owner]));
    let action = address::action(&owner.pubkey(), 1);
    let campaigns = [1, 2].map(|id| Campaign::created(&mut world, Asset::SOL, Mode::Claim, id));
    for campaign in &campaigns {
        expect_success(world.send(instruction::link_create(&campaign.addresses, action, 10_000), &[&owner]));
    }
    (world, campaigns, action)
}
