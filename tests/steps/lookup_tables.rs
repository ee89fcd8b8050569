//! Lookup tables end: they are deactivated, closed, and their rent returns.

use crank_cluster::error::ChainError;
use crank_cluster::steps::lookup_table::{self, create, recent_slot, retire};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::world::World;

use crate::interrupted::{Death, Interrupted};
use crate::scene::{Scene, wait};

/// Lamports for a transaction with one signature.
const FEE: u64 = 5_000;
/// Slots that the cluster remembers.
const REMEMBERED: u64 = 512;

#[test]
fn a_table_is_closed_once_nothing_can_name_it_and_its_rent_returns() {
    let (world, key) = with_table();
    let publisher = world.publisher.insecure_clone();
    let balance = || world.cluster.lamports(&publisher.pubkey());
    let (before, rent) = (balance(), world.cluster.lamports(&key));

    assert!(!wait(retire(&world.cluster, &publisher, key)).unwrap(), "now it is deactivated");
    let deactivated = world.cluster.slot() - 1;
    for slot in [deactivated + 1, deactivated + REMEMBERED] {
        pass(&world, slot);
        let idle = Interrupted::after(&world.cluster, 0, Death::BeforeSending);
        assert!(!wait(retire(&idle, &publisher, key)).unwrap(), "{} slots after", slot - deactivated);
    }
    pass(&world, deactivated + REMEMBERED + 1);
    assert!(wait(retire(&world.cluster, &publisher, key)).unwrap(), "now it is closed");
    assert_eq!(balance(), before + rent - 2 * FEE);
    let idle = Interrupted::after(&world.cluster, 0, Death::BeforeSending);
    assert!(wait(retire(&idle, &publisher, key)).unwrap(), "and stays so");
}

#[test]
fn a_table_of_somebody_else_is_left_alone() {
    let (world, key) = with_table();
    let refusal = wait(retire(&world.cluster, &world.owner, key)).unwrap_err();
    assert!(matches!(refusal, ChainError::Different(_)), "{refusal}");
    let refusal = wait(retire(&world.cluster, &world.owner, crank_cluster::address::config())).unwrap_err();
    assert!(refusal.to_string().contains("it belongs to the program"), "{refusal}");
}

/// A world in which the publisher has made a table.
fn with_table() -> (World, Pubkey) {
    let scene = Scene::new();
    let world = scene.world.fork();
    pass(&world, 1_000);
    let slot = wait(recent_slot(&world.cluster)).unwrap();
    let accounts = lookup_table::constant_accounts(&scene.addresses(), 0);
    let table = wait(create(&world.cluster, &world.publisher, slot, accounts)).unwrap();
    (world, table.key)
}

/// Lets slots pass until `slot`; the cluster remembers the last ones, of which each had a block.
fn pass(world: &World, slot: u64) {
    let hashes: Vec<_> = (slot.saturating_sub(REMEMBERED)..slot).map(|slot| (slot, [1; 32])).collect();
    world.cluster.set_slot(slot, &hashes);
}
