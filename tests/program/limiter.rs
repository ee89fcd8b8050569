//! The outflow limiter: money leaves a distributor and an epoch no faster than their buckets refill.
//!
//! The rule of one bucket is tested where it is written, over all integers; here it stands before `claim` and `push`.

use anchor_spl::token::spl_token;
use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::instruction;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_error, expect_success};
use tests::campaign::{Allocations, BUDGET, Campaign, DELAY, EPOCH, WINDOW, creation, terms};
use tests::events::the_event;
use tests::invariants::Watch;
use tests::ledger::expect_unchanged;
use tests::outflow::OutflowRecord;
use tests::world::{BEGINNING, World};
use torque::error::TorqueError;
use torque::events::{Pushed, SkipReason, Skipped};
use torque::instructions::ClaimObstacle;
use torque::state::{Limiter, Mode, Terms};

/// The size of the distributor's bucket here: a thousand base units for each second in which it refills.
const CAPACITY: u64 = 3_600_000;
/// Seconds in which the buckets fill up here.
const REFILL: u32 = 3_600;
/// The budget of an epoch here.
const SMALL_BUDGET: u64 = 36_000_000;

#[test]
fn the_usual_limits_let_a_budget_out_in_an_hour_or_in_half_an_epoch() {
    for (epoch_duration, window) in [(86_400, 3_600), (7_200, 3_600), (7_199, 3_599), (3_600, 1_800), (60, 30)] {
        let mut world = World::new();
        expect_success(create(&mut world, None, Terms { epoch_duration, ..terms() }));
        let expected = Limiter { drained_at: BEGINNING, ..limits(window, BUDGET, 10_000) };
        assert_eq!(limiter_of(&world), expected, "epochs of {epoch_duration} seconds");
    }
}

#[test]
fn whatever_is_given_the_bucket_is_full_at_first() {
    let mut world = World::new();
    let given = Limiter { drained: u64::MAX, drained_at: i64::MAX, ..limits(REFILL, BUDGET, 10_000) };
    expect_success(create(&mut world, Some(given), terms()));
    assert_eq!(limiter_of(&world), Limiter { drained: 0, drained_at: BEGINNING, ..given });
}

#[test]
fn limits_that_could_keep_back_what_is_owed_are_refused() {
    let one_epoch = Terms { epoch_count: 1, ..terms() };
    let [day, week] = [EPOCH as u32, WINDOW as u32];
    for (terms, admitted, refused) in [
        // The buckets fill up within half an epoch, or half the claim window where there is only one.
        (terms(), limits(day / 2, BUDGET, 10_000), limits(day / 2 + 1, BUDGET, 10_000)),
        (one_epoch, limits(week / 2, BUDGET, 10_000), limits(week / 2 + 1, BUDGET, 10_000)),
        // A budget of 10^9 takes 12 hours through a bucket of 83,333,334 that fills up in an hour.
        (terms(), limits(REFILL, 83_333_334, 10_000), limits(REFILL, 83_333_333, 10_000)),
        (one_epoch, limits(REFILL, 11_904_762, 10_000), limits(REFILL, 11_904_761, 10_000)),
        // An epoch takes half a week through 1.2 % in an hour.
        (terms(), limits(REFILL, BUDGET, 120), limits(REFILL, BUDGET, 119)),
        (terms(), limits(30, BUDGET, 10_000), limits(29, BUDGET, 10_000)),
        (terms(), limits(REFILL, u64::MAX, 10_000), limits(REFILL, u64::MAX, 10_001)),
        (terms(), limits(30, 694_445, 1), limits(30, 694_445, 0)),
        (terms(), limits(30, 694_445, 1), limits(30, 0, 1)),
        (terms(), limits(30, 694_445, 1), limits(0, 694_445, 1)),
    ] {
        expect_success(create(&mut World::new(), Some(admitted), terms));
        let mut world = World::new();
        expect_unchanged(&mut world, TorqueError::LimiterInvalid, |world| create(world, Some(refused), terms));
    }
}

#[test]
fn the_largest_budget_has_limits() {
    let mut world = World::new();
    let terms = Terms { epoch_budget: u64::MAX, epoch_duration: 60, epoch_count: u32::MAX, ..terms() };
    expect_success(create(&mut world, None, terms));
    assert_eq!((limiter_of(&world).window, limiter_of(&world).absolute), (30, u64::MAX));
}

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
fn a_leaf_larger_than_the_bucket_waits_for_a_full_one_and_then_leaves_a_debt() {
    let (mut world, campaign, allocations) = open(Mode::Push, absolute(), &[1, 2 * CAPACITY, 1_000, CAPACITY]);
    assert_eq!(push(&mut world, &campaign, &allocations, 0).paid, 1);
    // One unit is missing, and a second refills it.
    assert_eq!(push(&mut world, &campaign, &allocations, 1).paid, 0);
    world.pass(1);
    assert_eq!(push(&mut world, &campaign, &allocations, 2).paid, 0b0010);
    // Two buckets left it at once: one was there, the other is made up for first.
    for (seconds, paid) in [(3_600, 0), (1, 0b0100), (3_598, 0), (2, 0b1000)] {
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
    let [least, most] = [(allocations.total() - 5_000_000) / 1_000, allocations.total() / 1_000 + 32 * 397];
    assert!((least..=most).contains(&took), "{took} seconds");
}

/// Limits of `window`, `absolute` and `epoch_basis_points` whose bucket is full.
fn limits(window: u32, absolute: u64, epoch_basis_points: u16) -> Limiter {
    Limiter { window, absolute, epoch_basis_points, drained: 0, drained_at: 0 }
}

/// Limits of the distributor alone.
fn absolute() -> Limiter {
    limits(REFILL, CAPACITY, 10_000)
}

/// The limiter of the owner's distributor 1.
fn limiter_of(world: &World) -> Limiter {
    world.distributor(&DistributorAddresses::new(world.owner.pubkey(), 1, Asset::SOL)).limiter
}

/// Creates distributor 1 of SOL.
fn create(world: &mut World, limiter: Option<Limiter>, terms: Terms) -> Sent {
    let addresses = DistributorAddresses::new(world.owner.pubkey(), 1, Asset::SOL);
    let mut args = Campaign::create_args(world, Mode::Claim, 1);
    (args.limiter, args.terms) = (limiter, terms);
    let owner = world.owner.insecure_clone();
    world.send(instruction::distributor_create(&addresses, args), &[&owner])
}

/// A distributor with `limiter` whose epoch 0 is open, with a leaf for each of `amounts`.
fn open(mode: Mode, limiter: Limiter, amounts: &[u64]) -> (World, Campaign, Allocations) {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let addresses = DistributorAddresses::new(world.owner.pubkey(), 1, asset);
    let mut args = Campaign::create_args(&world, mode, 1);
    (args.limiter, args.terms.epoch_budget) = (Some(limiter), SMALL_BUDGET);
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
