//! `config_pause`: admin or pauser stop the protocol. `roles` tests what that stops, and `pause` what goes on.

use crank_cluster::instruction::settings;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::{BEGINNING, World};
use torque::error::TorqueError;
use torque::events::ProtocolPaused;
use torque::state::{Config, Downtime};

#[test]
fn the_pauser_and_the_admin_pause_the_protocol_and_change_nothing_else() {
    let world = World::new();
    for authority in [world.pauser.insecure_clone(), world.admin.insecure_clone()] {
        let mut world = world.fork();
        let before = world.config();
        world.pass(7);
        let sent = world.send(settings::pause(authority.pubkey()), &[&authority]);
        let event: ProtocolPaused = the_event(&expect_success(sent));
        assert_eq!((event.authority, event.since), (authority.pubkey(), BEGINNING + 7));
        let downtime = Downtime { since: BEGINNING + 7, seconds: 0 };
        assert_eq!(format!("{:?}", world.config()), format!("{:?}", Config { downtime, ..before }));
    }
}

#[test]
fn nobody_else_pauses_the_protocol() {
    let mut world = World::new();
    for person in [world.owner.insecure_clone(), world.guardian.insecure_clone(), world.stranger.insecure_clone()] {
        let pause = settings::pause(person.pubkey());
        expect_unchanged(&mut world, TorqueError::NotAdminOrPauser, |world| world.send(pause, &[&person]));
    }
}

#[test]
fn a_pause_that_goes_on_keeps_its_beginning() {
    let mut world = World::new();
    expect_success(world.pause_protocol());
    world.pass(10);
    expect_unchanged(&mut world, TorqueError::Paused, World::pause_protocol);
    assert_eq!(world.config().downtime, Downtime { since: BEGINNING, seconds: 0 });
}
