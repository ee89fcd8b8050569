//! The limits change with the first epoch under them: the bucket grows at once, and shrinks when no older epoch is open
//! and nothing is missing. What is missing stays missing, and what was posted can still be paid in its window.

use crank_cluster::address::Asset;
use crank_cluster::instruction::authority;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Allocations, BUDGET, Campaign, DELAY, EPOCH, LIMITS, WINDOW};
use tests::invariants::Watch;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::instructions::DistributorUpdateArgs;
use torque::state::{Limiter, Limits, Mode};

/// A tenth of the budget and of the bucket.
const TENTH: u64 = BUDGET / 10;

#[test]
fn a_raised_limit_holds_from_the_posting_of_its_first_epoch_and_what_is_missing_stays_missing() {
    let (mut world, campaign) = changed(3 * BUDGET, limits(3 * BUDGET));
    let [first, second] = [post(&mut world, &campaign, 0, BUDGET), post(&mut world, &campaign, 1, 2_000_000)];
    world.pass(DELAY);
    expect_success(campaign.claim(&mut world, &first, 0));
    expect_error(campaign.claim(&mut world, &second, 0), TorqueError::OutflowLimited);
    let third = post(&mut world, &campaign, 2, 3 * BUDGET);
    let Limiter { absolute, window, drained, .. } = limiter(&world, &campaign);
    assert_eq!((absolute, window, drained), (3 * BUDGET, 3_600, BUDGET));
    expect_success(campaign.claim(&mut world, &second, 0));
    world.pass(DELAY);
    expect_success(campaign.claim(&mut world, &third, 0));
}

#[test]
fn a_lowered_limit_holds_once_older_epochs_are_closed_and_nothing_is_missing() {
    let (mut world, campaign) = changed(TENTH, limits(TENTH));
    let older = [0, 1].map(|index| post(&mut world, &campaign, index, BUDGET));
    let third = post(&mut world, &campaign, 2, TENTH);
    let mut watch = Watch::default();
    world.pass(DELAY);
    // The older ones are paid as fast as they were promised to be.
    expect_success(campaign.claim(&mut world, &older[0], 0));
    world.pass(i64::from(LIMITS.window) / 2);
    expect_success(campaign.claim(&mut world, &older[1], 0));
    watch.check(&world, &[&campaign]);
    let bucket = |world: &World| {
        let Limiter { absolute, older_epochs, .. } = limiter(world, &campaign);
        (absolute, older_epochs)
    };
    expect_success(campaign.close_epoch(&mut world, 0));
    assert_eq!(bucket(&world), (BUDGET, 1));
    expect_success(campaign.close_epoch(&mut world, 1));
    // One and a half buckets are missing, and in the smaller one that would be fifteen.
    expect_error(campaign.claim(&mut world, &third, 0), TorqueError::OutflowLimited);
    assert_eq!(bucket(&world), (BUDGET, 0));
    world.pass(i64::from(LIMITS.window) * 3 / 2);
    expect_success(campaign.claim(&mut world, &third, 0));
    assert_eq!(bucket(&world), (TENTH, 0));
    watch.check(&world, &[&campaign]);
}

#[test]
fn an_epoch_has_the_room_of_its_own_limits_and_an_older_one_that_of_the_bucket_that_is_kept_for_it() {
    // In a window, 1.678 of the larger budgets leave a bucket of a hundredth.
    let (mut world, campaign) = changed(TENTH, limits(TENTH / 10));
    post(&mut world, &campaign, 0, BUDGET);
    expect_success(campaign.skip(&mut world, 1));
    post(&mut world, &campaign, 2, TENTH);
    // The epoch that was skipped began under the larger limits, and has them still.
    expect_success(campaign.repost(&mut world, &campaign.allocations_of(1, &[BUDGET])));
    let next = campaign.allocations_of(3, &[TENTH]);
    expect_unchanged(&mut world, TorqueError::LimiterBusy, |world| campaign.post(world, &next));
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 1));
    expect_success(campaign.post(&mut world, &next));
}

#[test]
fn limits_that_change_before_the_first_epoch_begins_are_those_of_the_bucket_at_once() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(-1);
    let limits = Limits { epoch_basis_points: 1_000, ..limits(TENTH) };
    update(&mut world, &campaign, TENTH, limits);
    let Limiter { absolute, window, limits: agreed, payable_within, .. } = limiter(&world, &campaign);
    assert_eq!((absolute, window, agreed), (TENTH, 3_600, limits));
    assert_eq!(payable_within, (WINDOW as u32 - 600) / 2);
}

#[test]
fn a_bucket_between_two_limits_is_as_large_as_the_larger_and_as_fast_as_the_faster() {
    // Twice as large and half as fast.
    let slower = Limits { absolute: 2 * BUDGET, window: 4 * 3_600, ..LIMITS };
    let (mut world, campaign) = changed(BUDGET, slower);
    for index in [0, 1, 2] {
        post(&mut world, &campaign, index, 2_000_000);
    }
    let Limiter { absolute, window, limits, .. } = limiter(&world, &campaign);
    assert_eq!((absolute, window, limits), (2 * BUDGET, 2 * 3_600, slower));
}

#[test]
fn an_epoch_keeps_the_bucket_that_it_began_under() {
    let (mut world, campaign) = changed(BUDGET, Limits { epoch_basis_points: 1_000, ..LIMITS });
    let halves = |index| campaign.allocations_of(index, &[BUDGET / 10, BUDGET / 10, BUDGET * 8 / 10]);
    let [first, third] = [halves(0), halves(2)];
    expect_success(campaign.post(&mut world, &first));
    expect_success(campaign.skip(&mut world, 1));
    expect_success(campaign.post(&mut world, &third));
    world.pass(DELAY);
    for leaf in [0, 1] {
        expect_success(campaign.claim(&mut world, &first, leaf));
    }
    expect_success(campaign.claim(&mut world, &third, 0));
    expect_error(campaign.claim(&mut world, &third, 1), TorqueError::OutflowLimited);
}

/// The usual speed with another size.
fn limits(absolute: u64) -> Limits {
    Limits { absolute, ..LIMITS }
}

fn limiter(world: &World, campaign: &Campaign) -> Limiter {
    world.distributor(&campaign.addresses).limiter
}

/// A distributor of which four epochs have ended, and whose budget and limits changed from the third on.
fn changed(budget: u64, limits: Limits) -> (World, Campaign) {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(campaign.fund(&mut world, 10 * BUDGET));
    world.pass(EPOCH);
    update(&mut world, &campaign, budget, limits);
    world.pass(3 * EPOCH);
    (world, campaign)
}

fn update(world: &mut World, campaign: &Campaign, epoch_budget: u64, limits: Limits) {
    let args = DistributorUpdateArgs {
        epoch_budget,
        activation_delay: DELAY as u32,
        claim_window: WINDOW as u32,
        epoch_count: 10,
        limits,
    };
    let owner = world.owner.insecure_clone();
    expect_success(world.send(authority::distributor_update(&campaign.addresses, args), &[&owner]));
}

/// Posts epoch `index` with one leaf.
fn post(world: &mut World, campaign: &Campaign, index: u32, amount: u64) -> Allocations {
    let allocations = campaign.allocations_of(index, &[amount]);
    expect_success(campaign.post(world, &allocations));
    allocations
}
