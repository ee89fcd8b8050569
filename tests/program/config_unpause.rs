//! `config_unpause`: the admin ends the pause whose beginning it names, and no other.

use crank_cluster::instruction::settings;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::{BEGINNING, World};
use torque::constants::MAX_PAUSE;
use torque::error::TorqueError;
use torque::events::ProtocolUnpaused;
use torque::state::{Config, Downtime};

#[test]
fn the_admin_ends_a_pause_whose_seconds_are_counted() {
    let mut world = World::new();
    let before = world.config();
    expect_success(world.pause_protocol());
    world.pass(10);
    let event: ProtocolUnpaused = the_event(&expect_success(world.unpause_protocol(BEGINNING)));
    assert_eq!((event.authority, event.since, event.until), (world.admin.pubkey(), BEGINNING, BEGINNING + 10));
    let downtime = Downtime { since: 0, seconds: 10 };
    assert_eq!(format!("{:?}", world.config()), format!("{:?}", Config { downtime, ..before }));
}

/// As a proposal that is executed long after it was signed.
#[test]
fn an_unpause_that_was_signed_before_a_later_pause_leaves_that_pause() {
    let mut world = World::new();
    expect_success(world.pause_protocol());
    let admin = world.admin.insecure_clone();
    let older = settings::unpause(admin.pubkey(), world.config().downtime.since);
    world.pass(10);
    expect_success(world.send(older.clone(), &[&admin]));
    expect_unchanged(&mut world, TorqueError::NotPaused, |world| world.send(older.clone(), &[&admin]));
    world.pass(1);
    expect_success(world.pause_protocol());
    expect_unchanged(&mut world, TorqueError::PauseMismatch, |world| world.send(older, &[&admin]));
    world.pass(5);
    expect_success(world.unpause_protocol(BEGINNING + 11));
    assert_eq!(world.config().downtime, Downtime { since: 0, seconds: 15 });
}

#[test]
fn a_pause_is_named_by_the_second_in_which_it_began() {
    let mut world = World::new();
    expect_success(world.pause_protocol());
    for since in [0, BEGINNING - 1, BEGINNING + 1, i64::MIN, i64::MAX] {
        expect_unchanged(&mut world, TorqueError::PauseMismatch, |world| world.unpause_protocol(since));
    }
    expect_success(world.unpause_protocol(BEGINNING));
    expect_unchanged(&mut world, TorqueError::NotPaused, |world| world.unpause_protocol(0));
}

#[test]
fn nobody_but_the_admin_ends_a_pause() {
    let mut world = World::new();
    expect_success(world.pause_protocol());
    for person in [world.pauser.insecure_clone(), world.owner.insecure_clone(), world.stranger.insecure_clone()] {
        let unpause = settings::unpause(person.pubkey(), BEGINNING);
        expect_unchanged(&mut world, TorqueError::NotAdmin, |world| world.send(unpause, &[&person]));
    }
}

/// Or a lost key would keep everybody's money for ever.
#[test]
fn anybody_ends_a_pause_that_has_lasted_thirty_days() {
    let mut world = World::new();
    expect_success(world.pause_protocol());
    let stranger = world.stranger.insecure_clone();
    let unpause = settings::unpause(stranger.pubkey(), BEGINNING);
    world.pass(MAX_PAUSE.cast_signed() - 1);
    expect_unchanged(&mut world, TorqueError::NotAdmin, |world| world.send(unpause.clone(), &[&stranger]));
    world.pass(1);
    let event: ProtocolUnpaused = the_event(&expect_success(world.send(unpause, &[&stranger])));
    assert_eq!(event.authority, stranger.pubkey());
    assert_eq!(world.config().downtime, Downtime { since: 0, seconds: MAX_PAUSE });
}
