//! `config_transfer`: the admin names the next one, and stays the admin until that one accepts.

use crank_cluster::{address, instruction::authority};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_success};
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::{Authority, AuthorityOffered};
use torque::state::Config;

#[test]
fn the_admin_names_the_next_one_and_another_and_nobody() {
    let mut world = World::new();
    let (admin, mut before) = (world.admin.pubkey(), Pubkey::default());
    for to in [world.stranger.pubkey(), world.owner.pubkey(), Pubkey::default()] {
        let event: AuthorityOffered = the_event(&expect_success(transfer(&mut world, to)));
        assert_eq!((event.account, event.authority, event.holder), (address::config(), Authority::Admin, admin));
        assert_eq!(event.pending, [before, to]);
        let config: Config = world.cluster.decode(&address::config(), "config").unwrap();
        assert_eq!((config.admin, config.pending_admin), (admin, to));
        before = to;
    }
}

#[test]
fn c_039_the_protocol_is_not_handed_to_the_default_key() {
    let mut world = World::new();
    expect_unchanged(&mut world, TorqueError::RoleMissing, |world| transfer(world, Pubkey::default()));
}

#[test]
fn c_039_a_name_that_was_withdrawn_cannot_accept() {
    let mut world = World::new();
    let stranger = world.stranger.insecure_clone();
    expect_success(transfer(&mut world, stranger.pubkey()));
    expect_success(transfer(&mut world, Pubkey::default()));
    let accept = authority::config_accept(stranger.pubkey());
    expect_unchanged(&mut world, TorqueError::NotPending, |world| world.send(accept, &[&stranger]));
}

#[test]
fn c_039_a_new_key_alone_cannot_start_a_hand_over() {
    let mut world = World::new();
    let stranger = world.stranger.insecure_clone();
    let transfer = authority::config_transfer(stranger.pubkey(), stranger.pubkey());
    expect_unchanged(&mut world, TorqueError::NotAdmin, |world| world.send(transfer, &[&stranger]));
}

fn transfer(world: &mut World, to: Pubkey) -> Sent {
    let admin = world.admin.insecure_clone();
    world.send(authority::config_transfer(admin.pubkey(), to), &[&admin])
}
