//! The outflow limiter: money leaves a distributor and an epoch no faster than their buckets refill.
//!
//! The rule of one bucket is tested where it is written, over all integers; here it stands before `claim` and `push`.

use anchor_spl::token::spl_token;
use crank_cluster::address::DistributorAddresses;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH, creation};
use tests::events::the_event;
use tests::invariants::Watch;
use tests::ledger::expect_unchanged;
use tests::outflow::OutflowRecord;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::{Pushed, SkipReason, Skipped};
use torque::instructions::ClaimObstacle;
use torque::state::{Limits, Mode};

/// The size of the distributor's bucket here: a thousand base units for each second in which it refills.
const CAPACITY: u64 = 3_600_000;
/// Seconds in which the buckets fill up here.
const REFILL: u32 = 3_600;
/// The budget of an epoch here.
const SMALL_BUDGET: u64 = 36_000_000;

#[test]
fn the_view_says_that_a_claim_must_wait_until_the_second_in_which_it_need_not() {
    let (mut world, campaign, allocations) = open(Mode::Claim, absolute(), &[CAPACITY, 1]);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    let view = |world: &World| {
        let view = campaign.view_claimable(world, &allocations, 1, false).unwrap();
        (view.amount, view.obstacle)
    };
    assert_eq!(view(&world), (0, Some(ClaimObstacle::OutflowLimited)));
    world.pass(1);
    assert_eq!(view(&world), (1, None));
}

#[test]
fn a_claim_beyond_the_bucket_is_refused_until_the_second_in_which_it_is_refilled() {
    let (mut world, campaign, allocations) = open(Mode::Claim, absolute(), &[CAPACITY, 1, 1_000, 1]);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    for index in [1, 2] {
        let claim = |world: &mut World| campaign.claim(world, &allocations, index);
        expect_unchanged(&mut world, TorqueError::OutflowLimited, claim);
    }
    world.pass(1);
    expect_success(campaign.claim(&mut world, &allocations, 2));
    expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::OutflowLimited);
    world.pass(1);
    expect_success(campaign.claim(&mut world, &allocations, 1));
}

#[test]
fn a_push_skips_what_must_wait_and_pays_what_fits() {
    let (mut world, campaign, allocations) = open(Mode::Push, absolute(), &[3_000_000, 600_001, 600_000, 1]);
    let event = push(&mut world, &campaign, &allocations, 2);
    let limited = |index| Skipped { index, reason: SkipReason::OutflowLimited };
    assert_eq!((event.paid, event.amount, event.skipped), (0b0101, CAPACITY, vec![limited(1), limited(3)]));
    assert!(!campaign.is_paid(&world, 0, 1) && !campaign.is_paid(&world, 0, 3));
    world.pass(601);
    let event = push(&mut world, &campaign, &allocations, 2);
    assert_eq!((event.paid, event.amount), (0b1010, 600_002));
}

#[test]
fn a_leaf_larger_than_the_bucket_waits_for_half_of_one_and_then_leaves_a_debt() {
    let amounts = [CAPACITY / 2 + 1, 2 * CAPACITY, 1_000, CAPACITY];
    let (mut world, campaign, allocations) = open(Mode::Push, absolute(), &amounts);
    assert_eq!(push(&mut world, &campaign, &allocations, 0).paid, 1);
    // One unit is missing to half a bucket, and a second refills it.
    assert_eq!(push(&mut world, &campaign, &allocations, 1).paid, 0);
    world.pass(1);
    assert_eq!(push(&mut world, &campaign, &allocations, 2).paid, 0b0010);
    // Two and a half buckets are missing, and are made up for until there is room for a small one, and then for a large
    // one.
    for (seconds, paid) in [(5_400, 0), (1, 0b0100), (1_799, 0), (1, 0b1000)] {
        world.pass(seconds);
        assert_eq!(push(&mut world, &campaign, &allocations, 2).paid, paid, "{seconds} seconds later");
    }
}

#[test]
fn epochs_share_the_distributor_s_bucket_and_have_one_of_their_own() {
    let (mut world, campaign, first) = open(Mode::Claim, absolute(), &[CAPACITY, 1_000]);
    let second = post_next(&mut world, &campaign, 1, &[CAPACITY - 1_000, 1_000]);
    expect_success(campaign.claim(&mut world, &second, 0));
    expect_error(campaign.claim(&mut world, &first, 0), TorqueError::OutflowLimited);
    expect_success(campaign.claim(&mut world, &first, 1));
    expect_error(campaign.claim(&mut world, &second, 1), TorqueError::OutflowLimited);

    let limits = limits(REFILL, SMALL_BUDGET, 1_000);
    let (mut world, campaign, first) = open(Mode::Claim, limits, &[CAPACITY, 1, SMALL_BUDGET - CAPACITY - 1]);
    let second = post_next(&mut world, &campaign, 1, &[1_000_001, 9_000_000, 1]);
    expect_success(campaign.claim(&mut world, &first, 0));
    expect_error(campaign.claim(&mut world, &first, 1), TorqueError::OutflowLimited);
    // A tenth of 10,000,002 is 1,000,001, rounded up.
    expect_success(campaign.claim(&mut world, &second, 0));
    expect_error(campaign.claim(&mut world, &second, 2), TorqueError::OutflowLimited);
    world.pass(1);
    expect_success(campaign.claim(&mut world, &first, 1));
    expect_success(campaign.claim(&mut world, &second, 2));
}

#[test]
fn an_epoch_of_one_unit_has_a_bucket_that_refills() {
    let (mut world, campaign, allocations) = open(Mode::Claim, limits(REFILL, SMALL_BUDGET, 1_000), &[1, 1]);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    world.pass(3_599);
    expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::OutflowLimited);
    world.pass(1);
    expect_success(campaign.claim(&mut world, &allocations, 1));
}

#[test]
fn a_clock_that_stands_still_or_goes_back_refills_nothing() {
    let (mut world, campaign, allocations) = open(Mode::Claim, absolute(), &[CAPACITY, 1, 1]);
    world.pass(10);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    for seconds in [0, -10, 5, 5] {
        world.pass(seconds);
        expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::OutflowLimited);
    }
    world.pass(1);
    expect_success(campaign.claim(&mut world, &allocations, 1));
}

#[test]
fn a_payment_that_is_not_made_takes_nothing_out() {
    let (mut world, campaign, allocations) = open(Mode::Push, absolute(), &[CAPACITY, CAPACITY - 1, 1, 0]);
    let asset = campaign.addresses.asset;
    world.freeze(&asset, &asset.account_of(&allocations.payments[0].recipient));
    let plan = campaign.plan_push_without(&allocations, 0, 2, &[2]);
    let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, plan)));
    assert_eq!((event.paid, event.amount), (0b1010, CAPACITY - 1));
    assert_eq!(world.distributor(&campaign.addresses).limiter.drained, CAPACITY - 1);
    assert_eq!(push(&mut world, &campaign, &allocations, 2).paid, 0b0100);
    assert_eq!(world.distributor(&campaign.addresses).limiter.drained, CAPACITY);
}

#[test]
fn a_leaf_of_nothing_waits_for_nothing() {
    let (mut world, campaign, allocations) = open(Mode::Claim, absolute(), &[CAPACITY, 0]);
    for index in [0, 1] {
        expect_success(campaign.claim(&mut world, &allocations, index));
    }
}

#[test]
fn whoever_keeps_asking_gets_a_whole_epoch_out_in_the_time_that_it_takes_and_never_faster() {
    let amounts: Vec<u64> = (1..32).map(|number| 60_001 * (number * 7 % 32)).chain([5_000_000]).collect();
    let (mut world, campaign, allocations) = open(Mode::Push, absolute(), &amounts);
    let (mut record, mut watch, opened) = (OutflowRecord::default(), Watch::default(), world.cluster.time());
    while world.epoch(&campaign.addresses, 0).paid_count < 32 {
        push_all(&mut world, &campaign, &allocations);
        let paid = world.epoch(&campaign.addresses, 0).paid_total;
        record.note(world.cluster.time(), paid, (CAPACITY, REFILL), 5_000_000);
        watch.check(&world, &[&campaign]);
        world.pass(397);
    }
    let took = u64::try_from(world.cluster.time() - opened).unwrap();
    let at_once = CAPACITY / 2 + 5_000_000;
    let [least, most] = [(allocations.total() - at_once) / 1_000, allocations.total() / 1_000 + 32 * 397];
    assert!((least..=most).contains(&took), "{took} seconds");
}

fn limits(window: u32, absolute: u64, epoch_basis_points: u32) -> Limits {
    Limits { absolute, window, epoch_basis_points }
}

/// Limits of the distributor alone.
fn absolute() -> Limits {
    limits(REFILL, CAPACITY, 10_000)
}

/// A distributor with `limits` whose epoch 0 is open, with a leaf for each of `amounts`.
fn open(mode: Mode, limits: Limits, amounts: &[u64]) -> (World, Campaign, Allocations) {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let addresses = DistributorAddresses::new(world.owner.pubkey(), 1, asset);
    let mut args = Campaign::create_args(&world, mode, 1);
    (args.limits, args.terms.epoch_budget) = (Some(limits), SMALL_BUDGET);
    let (owner, create) = (world.owner.insecure_clone(), creation(&world, &addresses, args));
    expect_success(world.send(create, &[&owner]));
    let campaign = Campaign { addresses, mode, publisher: world.publisher.insecure_clone() };
    expect_success(campaign.fund(&mut world, 3 * SMALL_BUDGET));
    let allocations = post_next(&mut world, &campaign, 0, amounts);
    (world, campaign, allocations)
}

/// Posts epoch `index` with a leaf for each of `amounts`, and lets it open.
fn post_next(world: &mut World, campaign: &Campaign, index: u32, amounts: &[u64]) -> Allocations {
    let allocations = campaign.allocations_of(index, amounts);
    world.pass(EPOCH);
    expect_success(campaign.post(world, &allocations));
    for payment in &allocations.payments {
        world.open_account(&campaign.addresses.asset, &payment.recipient);
    }
    world.pass(DELAY);
    allocations
}

/// Pushes the first 2^`level` leaves.
fn push(world: &mut World, campaign: &Campaign, allocations: &Allocations, level: u8) -> Pushed {
    let plan = campaign.plan_push(allocations, 0, level);
    the_event(&expect_success(campaign.push(world, allocations, plan)))
}

/// Pushes 32 leaves, in blocks that fit a transaction.
fn push_all(world: &mut World, campaign: &Campaign, allocations: &Allocations) {
    for first in (0..32).step_by(8) {
        let plan = campaign.plan_push(allocations, first, 3);
        expect_success(campaign.push(world, allocations, plan));
    }
}
