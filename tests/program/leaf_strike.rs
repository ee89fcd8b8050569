//! `leaf_strike`: until an epoch opens, only its guardian takes single leaves out; their money is free again.

use crank_cluster::address::Asset;
use crank_cluster::instruction::authority;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_error, expect_success};
use tests::calls::authority::strike_args;
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH, FUNDING};
use tests::events::the_event;
use tests::invariants::check;
use tests::large_epoch::{FIRST_MISSING_LEAF, open_large_epoch};
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::{EpochClosed, LeafStruck, SkipReason};
use torque::instructions::LeafStrikeArgs;
use torque::state::Mode;

#[test]
fn a_struck_leaf_is_free_money_again_and_the_others_are_paid() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let (total, amount) = (allocations.total(), allocations.payments[1].amount);
    let event: LeafStruck = the_event(&expect_success(strike(&mut world, &campaign, &allocations, 1)));
    assert_eq!((event.distributor, event.epoch), (campaign.addresses.distributor, campaign.addresses.epoch(0)));
    assert_eq!((event.index, event.recipient), (1, allocations.payments[1].recipient));
    assert_eq!((event.amount, event.total), (amount, total - amount));
    assert_eq!((event.reason, event.evidence_hash), (7, [6; 32]));
    let epoch = world.epoch(&campaign.addresses, 0);
    assert_eq!((epoch.total, epoch.struck_count, epoch.paid_count), (total - amount, 1, 0));
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.reserved, distributor.free().unwrap()), (total - amount, FUNDING - total + amount));
    check(&world, &[&campaign]);
    world.pass(DELAY);
    expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::LeafAlreadyPaid);
    for index in [0, 2] {
        expect_success(campaign.claim(&mut world, &allocations, index));
    }
    check(&world, &[&campaign]);
}

#[test]
fn what_moving_a_struck_leaf_might_have_cost_stays_reserved_until_the_epoch_ends() {
    let mut world = World::new();
    let asset = world.create_fee_token(1_000, u64::MAX);
    let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
    expect_success(campaign.fund(&mut world, 100_000));
    world.pass(EPOCH);
    let allocations = campaign.allocations_of(0, &[9_000, 18_000]);
    expect_success(campaign.post(&mut world, &allocations));
    let reserved = world.epoch(&campaign.addresses, 0).reserved;
    expect_success(strike(&mut world, &campaign, &allocations, 1));
    let epoch = world.epoch(&campaign.addresses, 0);
    assert_eq!((epoch.total, epoch.reserved), (9_000, reserved - 18_000));
    check(&world, &[&campaign]);
    world.open_account(&asset, &allocations.payments[0].recipient);
    world.pass(DELAY);
    expect_success(campaign.pay(&mut world, &allocations, 0));
    expect_success(campaign.close_epoch(&mut world, 0));
    assert_eq!(world.distributor(&campaign.addresses).free().unwrap(), 90_000);
    check(&world, &[&campaign]);
}

#[test]
fn an_epoch_ends_early_once_every_leaf_is_paid_or_struck() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    expect_success(strike(&mut world, &campaign, &allocations, 0));
    expect_success(strike(&mut world, &campaign, &allocations, 2));
    world.pass(DELAY);
    expect_error(campaign.close_epoch(&mut world, 0), TorqueError::WindowNotOver);
    expect_success(campaign.claim(&mut world, &allocations, 1));
    let event: EpochClosed = the_event(&expect_success(campaign.close_epoch(&mut world, 0)));
    assert_eq!((event.paid_count, event.struck_count), (1, 2));
    assert_eq!((event.paid_total, event.unpaid), (allocations.payments[1].amount, 0));
}

#[test]
fn an_epoch_of_which_every_leaf_is_struck_owes_nothing() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    for index in 0..3 {
        expect_success(strike(&mut world, &campaign, &allocations, index));
    }
    check(&world, &[&campaign]);
    let event: EpochClosed = the_event(&expect_success(campaign.close_epoch(&mut world, 0)));
    assert_eq!((event.paid_count, event.struck_count, event.paid_total, event.unpaid), (0, 3, 0, 0));
    assert_eq!(world.distributor(&campaign.addresses).free().unwrap(), FUNDING);
}

#[test]
fn a_leaf_is_struck_until_the_second_before_its_epoch_opens() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    world.pass(DELAY - 1);
    expect_success(strike(&mut world.fork(), &campaign, &allocations, 0));
    expect_error(campaign.claim(&mut world, &allocations, 0), TorqueError::EpochNotOpen);
    for _ in 0..2 {
        world.pass(1);
        let late = |world: &mut World| strike(world, &campaign, &allocations, 0);
        expect_unchanged(&mut world, TorqueError::EpochOpened, late);
    }
    expect_success(campaign.claim(&mut world, &allocations, 0));
}

#[test]
fn a_leaf_is_struck_once() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    expect_success(strike(&mut world, &campaign, &allocations, 0));
    let again = |world: &mut World| strike(world, &campaign, &allocations, 0);
    expect_unchanged(&mut world, TorqueError::LeafAlreadyPaid, again);
}

#[test]
fn nothing_but_a_leaf_of_the_epoch_is_struck() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let right = strike_args(&allocations, 1);
    for (args, error) in [
        (LeafStrikeArgs { amount: right.amount + 1, ..right.clone() }, TorqueError::ProofInvalid),
        (LeafStrikeArgs { recipient: world.stranger.pubkey(), ..right.clone() }, TorqueError::ProofInvalid),
        (LeafStrikeArgs { index: 0, ..right.clone() }, TorqueError::ProofInvalid),
        (LeafStrikeArgs { index: 3, ..right.clone() }, TorqueError::LeafIndexOutOfRange),
        (LeafStrikeArgs { path: Vec::new(), ..right }, TorqueError::ProofLength),
    ] {
        expect_unchanged(&mut world, error, |world| strike_with(world, &campaign, args));
    }
}

#[test]
fn a_leaf_worth_more_than_what_was_reserved_is_not_struck() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open_with(&mut world, Asset::SOL, Mode::Claim, &[3_000_000, 2], 2_999_999);
    world.pass(-1);
    let strike = |world: &mut World| strike(world, &campaign, &allocations, 0);
    expect_unchanged(&mut world, TorqueError::EpochTotalExceeded, strike);
}

#[test]
fn nobody_but_the_guardian_strikes_a_leaf() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    for person in [&world.owner, &world.publisher, &world.stranger].map(|key| key.insecure_clone()) {
        let args = strike_args(&allocations, 1);
        let strike = authority::leaf_strike(&campaign.addresses, person.pubkey(), 0, args);
        expect_unchanged(&mut world, TorqueError::NotGuardian, |world| world.send(strike, &[&person]));
    }
}

#[test]
fn a_leaf_is_struck_for_its_own_distributor_only() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let twin = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 2);
    let allocations = twin.allocations(0, 3);
    expect_success(twin.post(&mut world, &allocations));
    let guardian = world.guardian.insecure_clone();
    let args = strike_args(&allocations, 1);
    let mut strike = authority::leaf_strike(&campaign.addresses, guardian.pubkey(), 0, args);
    strike.accounts[2].pubkey = twin.addresses.epoch(0);
    expect_unchanged(&mut world, TorqueError::EpochMismatch, |world| world.send(strike, &[&guardian]));
}

#[test]
fn an_epoch_without_a_root_has_no_leaf_to_strike_and_a_new_root_is_whole() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let guardian = world.guardian.insecure_clone();
    expect_success(strike(&mut world, &campaign, &allocations, 0));
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    check(&world, &[&campaign]);
    assert_eq!(world.distributor(&campaign.addresses).reserved, 0);
    let again = |world: &mut World| strike(world, &campaign, &allocations, 0);
    expect_unchanged(&mut world, TorqueError::EpochVacant, again);
    expect_success(campaign.repost(&mut world, &allocations));
    assert_eq!(world.epoch(&campaign.addresses, 0).struck_count, 0);
    world.pass(DELAY);
    expect_success(campaign.claim(&mut world, &allocations, 0));
}

#[test]
fn a_push_passes_over_a_struck_leaf() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Push, 4);
    expect_success(strike(&mut world, &campaign, &allocations, 2));
    world.pass(DELAY);
    let push = campaign.plan_push(&allocations, 0, 2);
    let event: torque::events::Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, push)));
    assert_eq!((event.paid, event.skipped.len()), (0b1011, 1));
    assert_eq!((event.skipped[0].index, event.skipped[0].reason), (2, SkipReason::AlreadyPaid));
    expect_success(campaign.close_epoch(&mut world, 0));
}

#[test]
fn a_leaf_whose_mark_the_account_has_no_room_for_is_struck_once_it_has() {
    let mut world = World::new();
    let (campaign, allocations) = open_large_epoch(&mut world, Asset::SOL, Mode::Claim);
    world.pass(-1);
    let strike = |world: &mut World| strike(world, &campaign, allocations, FIRST_MISSING_LEAF);
    expect_unchanged(&mut world, TorqueError::EpochIncomplete, strike);
    expect_success(campaign.extend(&mut world, 0));
    expect_success(strike(&mut world));
    check(&world, &[&campaign]);
}

#[test]
fn a_leaf_is_struck_while_everything_is_paused() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let guardian = world.guardian.insecure_clone();
    world.set_paused(true);
    expect_success(campaign.pause(&mut world, &guardian));
    expect_success(strike(&mut world, &campaign, &allocations, 1));
}

fn strike(world: &mut World, campaign: &Campaign, allocations: &Allocations, index: u32) -> Sent {
    strike_with(world, campaign, strike_args(allocations, index))
}

fn strike_with(world: &mut World, campaign: &Campaign, args: LeafStrikeArgs) -> Sent {
    let guardian = world.guardian.insecure_clone();
    world.send(authority::leaf_strike(&campaign.addresses, guardian.pubkey(), 0, args), &[&guardian])
}
