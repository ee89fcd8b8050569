//! `action_close`: an action's owner ends it for ever and gets its rent; its address stays taken.

use anchor_lang::Discriminator as _;
use anchor_lang::error::ErrorCode;
use crank_cluster::address::Asset;
use crank_cluster::{
    address,
    instruction::{self, authority},
};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{expect_address_taken, expect_anchor_error, expect_success};
use tests::calls::action_args;
use tests::campaign::Campaign;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::ActionClosed;
use torque::state::{Action, Mode};

#[test]
fn the_owner_gets_the_rent_and_the_address_stays_taken() {
    let (mut world, action) = with_action();
    let owner = world.owner.insecure_clone();
    let (before, rent) = (world.cluster.lamports(&owner.pubkey()), world.cluster.lamports(&action));
    let receipt = expect_success(world.send(authority::action_close(owner.pubkey(), action), &[&owner]));
    let event: ActionClosed = the_event(&receipt);
    assert_eq!((event.action, event.owner), (action, owner.pubkey()));
    let gained = world.cluster.lamports(&owner.pubkey()) + receipt.fee - before;
    assert_eq!(gained, rent - world.rent(8));
    assert_eq!(world.cluster.account(&action).unwrap().data, Action::DISCRIMINATOR);
    expect_address_taken(world.send(instruction::action_create(owner.pubkey(), action_args(1)), &[&owner]));
}

#[test]
fn an_action_that_is_closed_is_closed_for_every_instruction() {
    let (mut world, action) = with_action();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let owner = world.owner.insecure_clone();
    expect_success(world.send(authority::action_close(owner.pubkey(), action), &[&owner]));
    for instruction in [
        authority::action_close(owner.pubkey(), action),
        authority::action_transfer(owner.pubkey(), action, owner.pubkey()),
        authority::action_accept(action, owner.pubkey()),
        instruction::link_create(&campaign.addresses, action, 1),
    ] {
        expect_anchor_error(world.send(instruction, &[&owner]), ErrorCode::AccountDidNotDeserialize);
    }
}

#[test]
fn nobody_but_its_owner_closes_an_action() {
    let (mut world, action) = with_action();
    for person in [world.admin.insecure_clone(), world.stranger.insecure_clone()] {
        let close = authority::action_close(person.pubkey(), action);
        expect_unchanged(&mut world, TorqueError::NotOwner, |world| world.send(close, &[&person]));
    }
}

#[test]
fn nothing_but_an_action_is_closed_as_one() {
    let (mut world, _) = with_action();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let owner = world.owner.insecure_clone();
    for account in [campaign.addresses.distributor, address::config()] {
        let close = authority::action_close(owner.pubkey(), account);
        expect_anchor_error(world.send(close, &[&owner]), ErrorCode::AccountDiscriminatorMismatch);
    }
}

fn with_action() -> (World, Pubkey) {
    let mut world = World::new();
    let owner = world.owner.insecure_clone();
    expect_success(world.send(instruction::action_create(owner.pubkey(), action_args(1)), &[&owner]));
    (world, address::action(&owner.pubkey(), 1))
}
