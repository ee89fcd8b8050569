//! `config_initialize`: only the upgrade authority sets the protocol up, once.

use anchor_lang::error::ErrorCode;
use anchor_spl::token::spl_token;
use crank_cluster::{address, instruction};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_address_taken, expect_anchor_error, expect_error, expect_success};
use tests::events::the_event;
use tests::world::{FEE_BASIS_POINTS, World, keypair};
use torque::error::TorqueError;
use torque::events::ConfigInitialized;
use torque::state::{Config, Downtime};

/// A sysvar.
const CLOCK: Pubkey = Pubkey::from_str_const("SysvarC1ock11111111111111111111111111111111");

#[test]
fn the_upgrade_authority_sets_the_protocol_up() {
    let mut world = World::without_config();
    let treasury = world.treasury;
    let receipt = expect_success(initialize(&mut world, treasury, FEE_BASIS_POINTS));
    let config: Config = world.cluster.decode(&address::config(), "config").unwrap();
    assert_eq!((config.version, config.admin, config.treasury), (1, world.admin.pubkey(), world.treasury));
    assert_eq!(
        (config.fee_basis_points, config.downtime, config.spare),
        (FEE_BASIS_POINTS, Downtime::default(), [0; 68])
    );
    assert_eq!((config.pending_admin, config.pauser), (Pubkey::default(), Pubkey::default()));
    let event: ConfigInitialized = the_event(&receipt);
    assert_eq!((event.admin, event.treasury), (world.admin.pubkey(), world.treasury));
    assert_eq!(event.fee_basis_points, FEE_BASIS_POINTS);
}

#[test]
fn nobody_runs_ahead_of_the_upgrade_authority() {
    let mut world = World::without_config();
    let stranger = world.stranger.insecure_clone();
    let initialize = instruction::config_initialize(stranger.pubkey(), stranger.pubkey(), 0);
    expect_error(world.send(initialize, &[&stranger]), TorqueError::NotUpgradeAuthority);
    assert!(world.is_absent(&address::config()));
}

#[test]
fn nobody_sets_up_a_program_that_cannot_be_upgraded() {
    let mut world = World::without_config();
    // Byte 12 tells whether there is an upgrade authority; its address still stands behind it.
    world.edit_data(&program_data(&torque::ID), |data| data[12] = 0);
    let treasury = world.treasury;
    expect_error(initialize(&mut world, treasury, 0), TorqueError::NotUpgradeAuthority);
}

#[test]
fn the_upgrade_authority_of_another_program_is_refused() {
    let mut world = World::without_config();
    let stranger = world.stranger.insecure_clone();
    let [own, others] = [torque::ID, spl_token::ID].map(|program| program_data(&program));
    let data = world.cluster.account(&own).unwrap();
    world.put_account(others, data.owner, data.data);
    world.edit_data(&others, |data| data[13..45].copy_from_slice(stranger.pubkey().as_ref()));
    let mut initialize = instruction::config_initialize(stranger.pubkey(), stranger.pubkey(), 0);
    initialize.accounts[4].pubkey = others;
    expect_error(world.send(initialize, &[&stranger]), TorqueError::NotUpgradeAuthority);
}

#[test]
fn the_protocol_is_set_up_once() {
    let mut world = World::new();
    expect_address_taken(initialize(&mut world, keypair(99).pubkey(), 0));
    let config: Config = world.cluster.decode(&address::config(), "config").unwrap();
    assert_eq!(config.treasury, world.treasury);
}

#[test]
fn the_fee_is_at_most_ten_percent() {
    for (fee, is_accepted) in [(0, true), (1_000, true), (1_001, false), (u16::MAX, false)] {
        let mut world = World::without_config();
        let treasury = world.treasury;
        let sent = initialize(&mut world, treasury, fee);
        if is_accepted { drop(expect_success(sent)) } else { expect_error(sent, TorqueError::FeeTooHigh) }
    }
}

#[test]
fn a_treasury_is_a_wallet_with_or_without_lamports() {
    expect_success(initialize(&mut World::without_config(), keypair(99).pubkey(), 0));
    for treasury in [Pubkey::default(), spl_token::ID, torque::ID, CLOCK] {
        let mut world = World::without_config();
        expect_anchor_error(initialize(&mut world, treasury, 0), ErrorCode::AccountNotSystemOwned);
        assert!(world.is_absent(&address::config()));
    }
}

fn initialize(world: &mut World, treasury: Pubkey, fee_basis_points: u16) -> Sent {
    let admin = world.admin.insecure_clone();
    world.send(instruction::config_initialize(admin.pubkey(), treasury, fee_basis_points), &[&admin])
}

fn program_data(program: &Pubkey) -> Pubkey {
    let loader = Pubkey::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");
    Pubkey::find_program_address(&[program.as_ref()], &loader).0
}
