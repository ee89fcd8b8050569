//! `config_set_treasury`: the admin sets the wallet that receives fees, and nothing else.

use anchor_lang::error::ErrorCode;
use crank_cluster::address::{self, Asset};
use crank_cluster::instruction::settings;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{expect_anchor_error, expect_success};
use tests::campaign::Campaign;
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::TreasuryChanged;
use torque::state::{Config, Mode};

#[test]
fn the_admin_changes_the_treasury_and_nothing_else_and_leaves_a_pause() {
    let mut world = World::new();
    expect_success(world.pause_protocol());
    let (before, new) = (world.config(), world.stranger.pubkey());
    let event: TreasuryChanged = the_event(&expect_success(world.set_treasury(new)));
    assert_eq!((event.admin, event.treasury), (world.admin.pubkey(), [before.treasury, new]));
    let after = world.config();
    assert_eq!(format!("{after:?}"), format!("{:?}", Config { treasury: new, ..before }));
    assert!(after.downtime.is_paused());
}

#[test]
fn nobody_but_the_admin_changes_the_treasury() {
    let mut world = World::new();
    for person in [world.pauser.insecure_clone(), world.owner.insecure_clone(), world.stranger.insecure_clone()] {
        let change = settings::set_treasury(person.pubkey(), person.pubkey());
        expect_unchanged(&mut world, TorqueError::NotAdmin, |world| world.send(change, &[&person]));
    }
}

#[test]
fn a_treasury_stays_a_wallet() {
    let mut world = World::new();
    let distributor = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1).addresses.distributor;
    let treasury = world.treasury;
    for other in [Pubkey::default(), torque::ID, address::config(), distributor] {
        expect_anchor_error(world.set_treasury(other), ErrorCode::AccountNotSystemOwned);
    }
    assert_eq!(world.config().treasury, treasury);
}
