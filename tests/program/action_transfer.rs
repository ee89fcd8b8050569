//! `action_transfer`: an action's owner names the next one, and stays the owner until that one accepts.

use crank_cluster::{
    address,
    instruction::{self, authority},
};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_success};
use tests::calls::action_args;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::{Authority, AuthorityOffered};
use torque::state::Action;

#[test]
fn the_owner_names_the_next_one_and_nobody() {
    let (mut world, action) = with_action();
    let (owner, mut before) = (world.owner.pubkey(), Pubkey::default());
    for to in [world.stranger.pubkey(), Pubkey::default()] {
        let event: AuthorityOffered = the_event(&expect_success(transfer(&mut world, action, to)));
        assert_eq!((event.account, event.authority, event.holder), (action, Authority::ActionOwner, owner));
        assert_eq!(event.pending, [before, to]);
        let found: Action = world.cluster.decode(&action, "action").unwrap();
        assert_eq!((found.creator, found.owner, found.pending_owner), (owner, owner, to));
        before = to;
    }
}

#[test]
fn c_039_an_action_is_not_handed_to_the_default_key() {
    let (mut world, action) = with_action();
    expect_unchanged(&mut world, TorqueError::RoleMissing, |world| transfer(world, action, Pubkey::default()));
}

#[test]
fn c_039_nobody_else_starts_the_hand_over_of_an_action() {
    let (mut world, action) = with_action();
    let stranger = world.stranger.insecure_clone();
    let transfer = authority::action_transfer(stranger.pubkey(), action, stranger.pubkey());
    expect_unchanged(&mut world, TorqueError::NotOwner, |world| world.send(transfer, &[&stranger]));
}

fn with_action() -> (World, Pubkey) {
    let mut world = World::new();
    let owner = world.owner.insecure_clone();
    expect_success(world.send(instruction::action_create(owner.pubkey(), action_args(1)), &[&owner]));
    (world, address::action(&owner.pubkey(), 1))
}

fn transfer(world: &mut World, action: Pubkey, to: Pubkey) -> Sent {
    let owner = world.owner.insecure_clone();
    world.send(authority::action_transfer(owner.pubkey(), action, to), &[&owner])
}
