//! When the cluster stands still its clock goes on: a delay and a window end only when slots have passed too, so that
//! everybody can act in them.

use crank_cluster::address::Asset;
use crank_cluster::instruction::authority;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_success};
use tests::calls::authority::strike_args;
use tests::campaign::{Campaign, DELAY, WINDOW};
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::constants::{LEAST_SLOTS, SLOT_SECONDS};
use torque::error::TorqueError;
use torque::state::Mode;

/// Slots that must pass in `seconds`.
fn least_slots(seconds: i64) -> u64 {
    seconds.unsigned_abs() * LEAST_SLOTS / SLOT_SECONDS
}

#[test]
fn c_112_a_root_that_was_posted_before_a_halt_does_not_open_before_it_could_be_taken_back() {
    for mode in [Mode::Claim, Mode::Push] {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, mode, 3);
        let (slot, guardian) = (world.slot(), world.guardian.insecure_clone());
        world.pass(100 * DELAY);
        world.go_to_slot(slot + least_slots(DELAY) - 1, &[]);
        expect_unchanged(&mut world, TorqueError::EpochNotOpen, |world| campaign.pay(world, &allocations, 0));
        let strike = authority::leaf_strike(&campaign.addresses, guardian.pubkey(), 0, strike_args(&allocations, 1));
        expect_success(world.fork().send(strike, &[&guardian]));
        expect_success(campaign.cancel(&mut world.fork(), &guardian, 0));
        world.go_to_slot(slot + least_slots(DELAY), &[]);
        expect_error(campaign.cancel(&mut world, &guardian, 0), TorqueError::EpochOpened);
        expect_success(campaign.pay(&mut world, &allocations, 0));
    }
}

#[test]
fn c_112_a_window_that_was_open_before_a_halt_does_not_end_before_wallets_could_claim() {
    for mode in [Mode::Claim, Mode::Push] {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, mode, 3);
        let posted = world.slot();
        world.pass(DELAY);
        world.pass(100 * WINDOW);
        world.go_to_slot(posted + least_slots(DELAY) + least_slots(WINDOW) - 1, &[]);
        expect_unchanged(&mut world, TorqueError::WindowNotOver, |world| campaign.close_epoch(world, 0));
        expect_success(campaign.pay(&mut world.fork(), &allocations, 0));
        world.go_to_slot(posted + least_slots(DELAY) + least_slots(WINDOW), &[]);
        expect_unchanged(&mut world, TorqueError::WindowOver, |world| campaign.pay(world, &allocations, 0));
        expect_success(campaign.close_epoch(&mut world, 0));
    }
}
