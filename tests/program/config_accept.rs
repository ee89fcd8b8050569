//! `config_accept`: the account that the admin named takes the protocol over.

use crank_cluster::{
    address,
    instruction::{authority, settings},
};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::{Authority, AuthorityAccepted};
use torque::state::Config;

#[test]
fn c_039_the_old_key_keeps_its_power_until_the_new_one_accepts() {
    let mut world = World::new();
    let (old, new) = (world.admin.insecure_clone(), world.stranger.insecure_clone());
    let update = |by: Pubkey| settings::set_fee(by, 7);
    expect_success(world.send(authority::config_transfer(old.pubkey(), new.pubkey()), &[&old]));
    expect_unchanged(&mut world, TorqueError::NotAdmin, |world| world.send(update(new.pubkey()), &[&new]));
    expect_success(world.send(update(old.pubkey()), &[&old]));
    let receipt = expect_success(world.send(authority::config_accept(new.pubkey()), &[&new]));
    let event: AuthorityAccepted = the_event(&receipt);
    assert_eq!((event.account, event.authority), (address::config(), Authority::Admin));
    assert_eq!(event.holder, [old.pubkey(), new.pubkey()]);
    let config: Config = world.cluster.decode(&address::config(), "config").unwrap();
    assert_eq!((config.admin, config.pending_admin), (new.pubkey(), Pubkey::default()));
    expect_unchanged(&mut world, TorqueError::NotAdmin, |world| world.send(update(old.pubkey()), &[&old]));
    expect_success(world.send(update(new.pubkey()), &[&new]));
}

#[test]
fn c_039_nobody_accepts_what_was_not_offered_or_was_accepted() {
    let mut world = World::new();
    let (admin, new) = (world.admin.insecure_clone(), world.stranger.insecure_clone());
    let accept = |by: Pubkey| authority::config_accept(by);
    expect_unchanged(&mut world, TorqueError::NotPending, |world| world.send(accept(new.pubkey()), &[&new]));
    expect_success(world.send(authority::config_transfer(admin.pubkey(), new.pubkey()), &[&admin]));
    expect_unchanged(&mut world, TorqueError::NotPending, |world| world.send(accept(admin.pubkey()), &[&admin]));
    expect_success(world.send(accept(new.pubkey()), &[&new]));
    expect_unchanged(&mut world, TorqueError::NotPending, |world| world.send(accept(new.pubkey()), &[&new]));
}
