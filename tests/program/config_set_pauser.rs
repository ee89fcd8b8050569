//! `config_set_pauser`: the admin names the key that may pause, at once.

use crank_cluster::instruction::settings;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_success};
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::PauserChanged;
use torque::state::Config;

#[test]
fn the_new_pauser_may_pause_at_once_and_the_old_one_may_not() {
    let mut world = World::new();
    let (before, old, new) = (world.config(), world.pauser.insecure_clone(), world.stranger.insecure_clone());
    let event: PauserChanged = the_event(&expect_success(world.set_pauser(new.pubkey())));
    assert_eq!((event.admin, event.pauser), (world.admin.pubkey(), [old.pubkey(), new.pubkey()]));
    let after = world.config();
    assert_eq!(format!("{after:?}"), format!("{:?}", Config { pauser: new.pubkey(), ..before }));
    expect_error(world.send(settings::pause(old.pubkey()), &[&old]), TorqueError::NotAdminOrPauser);
    expect_success(world.send(settings::pause(new.pubkey()), &[&new]));
}

#[test]
fn without_a_pauser_only_the_admin_pauses() {
    let mut world = World::new();
    expect_success(world.set_pauser(Pubkey::default()));
    expect_error(world.pause_protocol(), TorqueError::NotAdminOrPauser);
    let admin = world.admin.insecure_clone();
    expect_success(world.send(settings::pause(admin.pubkey()), &[&admin]));
}

#[test]
fn another_pauser_may_be_named_during_a_pause_which_goes_on() {
    let mut world = World::new();
    expect_success(world.pause_protocol());
    expect_success(world.set_pauser(world.stranger.pubkey()));
    assert!(world.config().downtime.is_paused());
}

#[test]
fn nobody_but_the_admin_names_a_pauser() {
    let mut world = World::new();
    for person in [world.pauser.insecure_clone(), world.owner.insecure_clone(), world.stranger.insecure_clone()] {
        let change = settings::set_pauser(person.pubkey(), person.pubkey());
        expect_unchanged(&mut world, TorqueError::NotAdmin, |world| world.send(change, &[&person]));
    }
}
