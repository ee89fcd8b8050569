//! The limits of the outflow limiter: the usual ones, and those that could keep back what is owed and are refused.

use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::instruction;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_success};
use tests::campaign::{BUDGET, Campaign, EPOCH, WINDOW, terms};
use tests::ledger::expect_unchanged;
use tests::world::{BEGINNING, World};
use torque::error::TorqueError;
use torque::state::{Limiter, Limits, Mode, Terms};

/// Seconds in which the buckets fill up here.
const REFILL: u32 = 3_600;

#[test]
fn the_usual_limits_let_a_budget_out_in_an_hour_or_in_half_an_epoch() {
    for (epoch_duration, absolute) in
        [(86_400, BUDGET), (7_200, BUDGET), (7_199, 1_000_138_909), (3_600, 2 * BUDGET), (60, 120 * BUDGET)]
    {
        let mut world = World::new();
        expect_success(create(&mut world, None, Terms { epoch_duration, ..terms() }));
        let expected = Limiter::full(limits(3_600, absolute, 10_000), WINDOW as u32, BEGINNING);
        assert_eq!(limiter_of(&world), expected, "epochs of {epoch_duration} seconds");
    }
}

#[test]
fn the_usual_limits_let_out_in_a_short_window_what_a_long_delay_has_left_open() {
    let mut world = World::new();
    let terms = Terms {
        epoch_duration: 60,
        epoch_count: u32::MAX,
        activation_delay: 30 * 86_400,
        claim_window: 86_400,
        ..terms()
    };
    expect_success(create(&mut world, None, terms));
    // 44,640 epochs are posted in 31 days, and one was just paid; ten minutes of the day do not count.
    assert_eq!(limiter_of(&world).limits, limits(3_600, 1_873_048_951_049, 10_000));
}

#[test]
fn the_bucket_is_full_at_first() {
    let mut world = World::new();
    let given = limits(REFILL, BUDGET, 120);
    expect_success(create(&mut world, Some(given), terms()));
    let Limiter { absolute, window, drained, drained_at, limits, payable_within, .. } = limiter_of(&world);
    assert_eq!((absolute, window, drained, drained_at, limits), (BUDGET, REFILL, 0, BEGINNING, given));
    // Half a window less the ten minutes that may pass before the first asking and after the last.
    assert_eq!(payable_within, (WINDOW as u32 - 600) / 2);
}

#[test]
fn limits_that_could_keep_back_what_is_owed_are_refused() {
    let one_epoch = Terms { epoch_count: 1, ..terms() };
    let [day, week] = [EPOCH as u32, WINDOW as u32];
    let weekly = Terms { epoch_duration: week, ..terms() };
    for (terms, admitted, refused) in [
        // The buckets fill up within half an epoch, or half the claim window where there is only one.
        (terms(), limits(day / 2, BUDGET, 10_000), limits(day / 2 + 1, BUDGET, 10_000)),
        (one_epoch, limits(week / 2, BUDGET, 10_000), limits(week / 2 + 1, BUDGET, 10_000)),
        // A budget of 10^9 takes 12 hours through a bucket of 83,333,334 that fills up in an hour.
        (terms(), limits(REFILL, 83_333_334, 10_000), limits(REFILL, 83_333_333, 10_000)),
        (one_epoch, limits(REFILL, 11_904_762, 10_000), limits(REFILL, 11_904_761, 10_000)),
        // An epoch takes half a week through 1.2 % in an hour.
        (terms(), limits(REFILL, BUDGET, 120), limits(REFILL, BUDGET, 119)),
        // Two epochs that nobody claims and one that was just paid leave in a week less ten minutes.
        (weekly, limits(201_400, BUDGET, 10_000), limits(201_401, BUDGET, 10_000)),
        (terms(), limits(600, BUDGET, 10_000), limits(599, BUDGET, 10_000)),
        (terms(), limits(REFILL, u64::MAX, 10_000), limits(REFILL, u64::MAX, 10_001)),
        (terms(), limits(600, BUDGET, 20), limits(600, BUDGET, 0)),
        (terms(), limits(600, BUDGET, 20), limits(600, 0, 20)),
        (terms(), limits(600, BUDGET, 20), limits(0, BUDGET, 20)),
    ] {
        expect_success(create(&mut World::new(), Some(admitted), terms));
        let mut world = World::new();
        expect_unchanged(&mut world, TorqueError::LimiterInvalid, |world| create(world, Some(refused), terms));
    }
}

#[test]
fn the_largest_budget_has_limits() {
    let mut world = World::new();
    let terms = Terms { epoch_budget: u64::MAX, epoch_duration: 7_200, epoch_count: u32::MAX, ..terms() };
    // No bucket could be twice as large as whatever there can be.
    let shorter = Terms { epoch_duration: 7_199, ..terms };
    expect_unchanged(&mut world, TorqueError::LimiterInvalid, |world| create(world, None, shorter));
    expect_success(create(&mut world, None, terms));
    assert_eq!((limiter_of(&world).window, limiter_of(&world).absolute), (3_600, u64::MAX));
}

fn limits(window: u32, absolute: u64, epoch_basis_points: u32) -> Limits {
    Limits { absolute, window, epoch_basis_points }
}

/// The limiter of the owner's distributor 1.
fn limiter_of(world: &World) -> Limiter {
    world.distributor(&DistributorAddresses::new(world.owner.pubkey(), 1, Asset::SOL)).limiter
}

/// Creates distributor 1 of SOL.
fn create(world: &mut World, limits: Option<Limits>, terms: Terms) -> Sent {
    let addresses = DistributorAddresses::new(world.owner.pubkey(), 1, Asset::SOL);
    let mut args = Campaign::create_args(world, Mode::Claim, 1);
    (args.limits, args.terms) = (limits, terms);
    let owner = world.owner.insecure_clone();
    world.send(instruction::distributor_create(&addresses, args), &[&owner])
}
