//! `link_close`: the distributor's owner stops an action from feeding it, or anybody once it is closed; the rent
//! returns to its payer.

use crank_cluster::address::Asset;
use crank_cluster::{
    address,
    instruction::{self, authority},
};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::calls::action_args;
use tests::campaign::{Campaign, EPOCH};
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::LinkClosed;
use torque::state::{Mode, Role};

#[test]
fn the_owner_gets_the_rent_and_may_link_the_action_again() {
    let (mut world, campaigns, action) = two_links();
    let (owner, distributor) = (world.owner.insecure_clone(), campaigns[0].addresses.distributor);
    let link = address::link(&action, &distributor);
    let (before, rent) = (world.cluster.lamports(&owner.pubkey()), world.cluster.lamports(&link));
    let receipt = expect_success(world.send(close(&world, &campaigns[0], action, &owner), &[&owner]));
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
    expect_success(world.send(close(&world, &campaigns[0], action, &owner), &[&owner]));
}

#[test]
fn the_link_of_a_closed_distributor_is_closed_by_anybody_and_its_rent_returns_to_its_payer() {
    let (mut world, campaigns, action) = two_links();
    let (owner, stranger) = (world.owner.insecure_clone(), world.stranger.insecure_clone());
    let close_first = close(&world, &campaigns[0], action, &stranger);
    expect_unchanged(&mut world, TorqueError::NotOwner, |world| world.send(close_first.clone(), &[&stranger]));
    world.pass(20 * EPOCH);
    expect_success(campaigns[0].close(&mut world));
    let mut theft = close_first.clone();
    theft.accounts[3].pubkey = stranger.pubkey();
    expect_unchanged(&mut world, TorqueError::RentPayerMismatch, |world| world.send(theft, &[&stranger]));
    let link = address::link(&action, &campaigns[0].addresses.distributor);
    let (before, rent) = (world.cluster.lamports(&owner.pubkey()), world.cluster.lamports(&link));
    expect_success(world.send(close_first, &[&stranger]));
    assert_eq!(world.cluster.lamports(&owner.pubkey()) - before, rent);
    assert!(world.is_absent(&link));
    let other = close(&world, &campaigns[1], action, &stranger);
    expect_unchanged(&mut world, TorqueError::NotOwner, |world| world.send(other, &[&stranger]));
}

#[test]
fn the_rent_returns_to_its_payer_after_the_distributor_has_another_owner() {
    let (mut world, campaigns, action) = two_links();
    let (former, owner) = (world.owner.insecure_clone(), world.stranger.insecure_clone());
    let distributor = campaigns[0].addresses.distributor;
    expect_success(campaigns[0].hand_over(&mut world, Role::Owner, &owner));
    let by_former = close(&world, &campaigns[0], action, &former);
    expect_unchanged(&mut world, TorqueError::NotOwner, |world| world.send(by_former, &[&former]));
    let rent = world.cluster.lamports(&address::link(&action, &distributor));
    let before = world.cluster.lamports(&former.pubkey());
    expect_success(world.send(close(&world, &campaigns[0], action, &owner), &[&owner]));
    assert_eq!(world.cluster.lamports(&former.pubkey()) - before, rent);
}

/// A former owner could make its key a program, and must not keep its action linked by that.
#[test]
fn a_payer_that_has_become_a_program_leaves_its_rent_to_the_distributor() {
    let (mut world, campaigns, action) = two_links();
    let (former, owner) = (world.owner.insecure_clone(), world.stranger.insecure_clone());
    let distributor = campaigns[0].addresses.distributor;
    expect_success(campaigns[0].hand_over(&mut world, Role::Owner, &owner));
    world.make_executable(&former.pubkey());
    let rent = world.cluster.lamports(&address::link(&action, &distributor));
    let before = world.cluster.lamports(&distributor);
    expect_success(world.send(close(&world, &campaigns[0], action, &owner), &[&owner]));
    assert_eq!(world.cluster.lamports(&distributor) - before, rent);
}

#[test]
fn nobody_but_the_distributor_s_owner_closes_a_link() {
    let (mut world, campaigns, action) = two_links();
    for person in [world.guardian.insecure_clone(), world.stranger.insecure_clone()] {
        let close = close(&world, &campaigns[0], action, &person);
        expect_unchanged(&mut world, TorqueError::NotOwner, |world| world.send(close, &[&person]));
    }
}

#[test]
fn a_link_is_closed_for_its_own_distributor_only() {
    let (mut world, campaigns, action) = two_links();
    let owner = world.owner.insecure_clone();
    let mut close = close(&world, &campaigns[0], action, &owner);
    close.accounts[2].pubkey = address::link(&action, &campaigns[1].addresses.distributor);
    expect_unchanged(&mut world, TorqueError::LinkMismatch, |world| world.send(close, &[&owner]));
}

/// Closes the link, whose rent the owner of this world has paid; `authority` signs.
fn close(world: &World, campaign: &Campaign, action: Pubkey, authority: &Keypair) -> Instruction {
    authority::link_close(campaign.addresses.distributor, action, authority.pubkey(), world.owner.pubkey())
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
