//! `config_set_fee`: the admin sets the fee of later distributors, and nothing else.

use crank_cluster::address::Asset;
use crank_cluster::instruction::settings;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::Campaign;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::{FEE_BASIS_POINTS, World};
use torque::error::TorqueError;
use torque::events::ProtocolFeeChanged;
use torque::state::{Config, Mode};

#[test]
fn the_admin_changes_the_fee_and_nothing_else() {
    let mut world = World::new();
    let before = world.config();
    let event: ProtocolFeeChanged = the_event(&expect_success(world.set_fee(1_000)));
    assert_eq!((event.admin, event.fee_basis_points), (world.admin.pubkey(), [FEE_BASIS_POINTS, 1_000]));
    let after = world.config();
    assert_eq!(format!("{after:?}"), format!("{:?}", Config { fee_basis_points: 1_000, ..before }));
}

/// As a proposal that is executed long after it was signed.
#[test]
fn a_change_of_the_fee_that_was_signed_before_a_pause_leaves_the_pause() {
    let mut world = World::new();
    let admin = world.admin.insecure_clone();
    let older = settings::set_fee(admin.pubkey(), 400);
    expect_success(world.pause_protocol());
    let since = world.config().downtime.since;
    world.pass(10);
    expect_success(world.send(older, &[&admin]));
    assert_eq!((world.config().fee_basis_points, world.config().downtime.since), (400, since));
    expect_error(world.pause_protocol(), TorqueError::Paused);
}

#[test]
fn nobody_but_the_admin_changes_the_fee() {
    let mut world = World::new();
    for person in [world.pauser.insecure_clone(), world.owner.insecure_clone(), world.stranger.insecure_clone()] {
        let change = settings::set_fee(person.pubkey(), 0);
        expect_unchanged(&mut world, TorqueError::NotAdmin, |world| world.send(change, &[&person]));
    }
}

#[test]
fn the_fee_stays_within_its_limit() {
    let mut world = World::new();
    for fee in [0, 1_000] {
        expect_success(world.set_fee(fee));
    }
    for fee in [1_001, u16::MAX] {
        expect_unchanged(&mut world, TorqueError::FeeTooHigh, |world| world.set_fee(fee));
    }
}

#[test]
fn a_distributor_keeps_the_fee_that_it_was_created_with() {
    let mut world = World::new();
    let before = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(world.set_fee(1));
    let after = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 2);
    let fees = [before, after].map(|campaign| world.distributor(&campaign.addresses).fee_basis_points);
    assert_eq!(fees, [FEE_BASIS_POINTS, 1]);
}
