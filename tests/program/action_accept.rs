//! `action_accept`: the account that an action's owner named takes the action over, at the address that it has.

use crank_cluster::{
    address,
    instruction::{self, authority},
};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::calls::action_args;
use tests::calls::authority::next_rules;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::{BEGINNING, World};
use torque::error::TorqueError;
use torque::events::{Authority, AuthorityAccepted};
use torque::state::Action;

#[test]
fn c_039_the_old_owner_of_an_action_keeps_it_until_the_new_one_accepts() {
    let mut world = World::new();
    let (old, new) = (world.owner.insecure_clone(), world.stranger.insecure_clone());
    expect_success(world.send(instruction::action_create(old.pubkey(), action_args(1)), &[&old]));
    let action = address::action(&old.pubkey(), 1);
    let update = |by: Pubkey| authority::action_update(by, action, next_rules(BEGINNING + 10));
    let accept = |by: Pubkey| authority::action_accept(action, by);
    expect_unchanged(&mut world, TorqueError::NotPending, |world| world.send(accept(new.pubkey()), &[&new]));
    expect_success(world.send(authority::action_transfer(old.pubkey(), action, new.pubkey()), &[&old]));
    expect_unchanged(&mut world, TorqueError::NotOwner, |world| world.send(update(new.pubkey()), &[&new]));
    expect_success(world.send(update(old.pubkey()), &[&old]));
    let event: AuthorityAccepted = the_event(&expect_success(world.send(accept(new.pubkey()), &[&new])));
    assert_eq!((event.account, event.authority), (action, Authority::ActionOwner));
    assert_eq!(event.holder, [old.pubkey(), new.pubkey()]);
    let found: Action = world.cluster.decode(&action, "action").unwrap();
    assert_eq!((found.creator, found.owner, found.pending_owner), (old.pubkey(), new.pubkey(), Pubkey::default()));
    expect_unchanged(&mut world, TorqueError::NotOwner, |world| world.send(update(old.pubkey()), &[&old]));
    expect_success(world.send(update(new.pubkey()), &[&new]));
}
