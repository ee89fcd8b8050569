//! `config_update`: the admin changes the protocol's settings; existing distributors keep the terms of their creation.

use anchor_lang::error::ErrorCode;
use crank_cluster::address::Asset;
use crank_cluster::{address, instruction};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_anchor_error, expect_error, expect_success};
use tests::campaign::Campaign;
use tests::events::the_event;
use tests::world::{BEGINNING, FEE_BASIS_POINTS, World};
use torque::error::TorqueError;
use torque::events::ConfigUpdated;
use torque::state::{Config, Downtime, Mode};

#[test]
fn the_admin_changes_every_setting() {
    let mut world = World::new();
    let (old, new) = (world.treasury, world.stranger.pubkey());
    let receipt = expect_success(update(&mut world, new, 1_000, true));
    let config = config(&world);
    assert_eq!((config.treasury, config.fee_basis_points, config.downtime.is_paused()), (new, 1_000, true));
    assert_eq!(config.admin, world.admin.pubkey());
    let event: ConfigUpdated = the_event(&receipt);
    assert_eq!((event.admin, event.treasury), (world.admin.pubkey(), [old, new]));
    assert_eq!((event.fee_basis_points, event.paused), ([FEE_BASIS_POINTS, 1_000], [false, true]));
}

#[test]
fn a_pause_that_goes_on_keeps_its_beginning() {
    let mut world = World::new();
    let treasury = world.treasury;
    expect_success(update(&mut world, treasury, 1, true));
    world.pass(10);
    expect_success(update(&mut world, treasury, 2, true));
    assert_eq!(config(&world).downtime, Downtime { since: BEGINNING, seconds: 0 });
    expect_success(update(&mut world, treasury, 2, false));
    world.pass(10);
    expect_success(update(&mut world, treasury, 3, false));
    assert_eq!(config(&world).downtime, Downtime { since: 0, seconds: 10 });
}

#[test]
fn nobody_but_the_admin_changes_a_setting() {
    let mut world = World::new();
    for person in [world.owner.insecure_clone(), world.guardian.insecure_clone(), world.stranger.insecure_clone()] {
        let update = instruction::config_update(person.pubkey(), person.pubkey(), 0, true);
        expect_error(world.send(update, &[&person]), TorqueError::NotAdmin);
    }
    assert_eq!((config(&world).treasury, config(&world).downtime.is_paused()), (world.treasury, false));
}

#[test]
fn the_fee_stays_within_its_limit() {
    let mut world = World::new();
    let treasury = world.treasury;
    expect_success(update(&mut world, treasury, 1_000, false));
    expect_error(update(&mut world, treasury, 1_001, false), TorqueError::FeeTooHigh);
    assert_eq!(config(&world).fee_basis_points, 1_000);
}

#[test]
fn a_treasury_stays_a_wallet() {
    let mut world = World::new();
    let distributor = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1).addresses.distributor;
    for treasury in [Pubkey::default(), torque::ID, address::config(), distributor] {
        expect_anchor_error(update(&mut world, treasury, 0, false), ErrorCode::AccountNotSystemOwned);
    }
    assert_eq!(config(&world).treasury, world.treasury);
}

#[test]
fn a_distributor_keeps_the_fee_that_it_was_created_with() {
    let mut world = World::new();
    let treasury = world.treasury;
    let before = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(update(&mut world, treasury, 1, false));
    let after = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 2);
    let fees = [before, after].map(|campaign| world.distributor(&campaign.addresses).fee_basis_points);
    assert_eq!(fees, [FEE_BASIS_POINTS, 1]);
}

fn update(world: &mut World, treasury: Pubkey, fee_basis_points: u16, paused: bool) -> Sent {
    let admin = world.admin.insecure_clone();
    world.send(instruction::config_update(admin.pubkey(), treasury, fee_basis_points, paused), &[&admin])
}

fn config(world: &World) -> Config {
    world.cluster.decode(&address::config(), "config").unwrap()
}
