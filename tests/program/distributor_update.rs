//! `distributor_update`: budget, delay, window and limits change from the first epoch on that has not begun; an epoch
//! that has begun keeps its own for ever, and a schedule can only grow, before its last epoch begins.

use crank_cluster::address::Asset;
use crank_cluster::instruction::authority;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_error, expect_success};
use tests::calls::authority::doubled_terms;
use tests::campaign::{BUDGET, Campaign, DELAY, EPOCH, LIMITS, WINDOW, terms};
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::milestones::{DEADLINE, MILESTONE};
use tests::world::{World, keypair};
use torque::error::TorqueError;
use torque::events::DistributorUpdated;
use torque::instructions::DistributorUpdateArgs;
use torque::state::{EpochTerms, Limits, Mode, NextTerms, Terms};

/// The fixture's terms, which change nothing.
const SAME: DistributorUpdateArgs = DistributorUpdateArgs {
    epoch_budget: BUDGET,
    activation_delay: DELAY as u32,
    claim_window: WINDOW as u32,
    epoch_count: 10,
    limits: LIMITS,
};

#[test]
fn terms_change_with_the_first_epoch_that_has_not_begun() {
    for (passed, from_epoch) in [(0, 1), (EPOCH - 1, 1), (EPOCH, 2), (9 * EPOCH - 1, 9)] {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        world.pass(passed);
        let event: DistributorUpdated = the_event(&expect_success(update(&mut world, &campaign, doubled_terms())));
        let next = doubled_from(from_epoch);
        assert_eq!((event.distributor, event.next), (campaign.addresses.distributor, next));
        assert_eq!(event.epoch_count, [10, 11]);
        let distributor = world.distributor(&campaign.addresses);
        assert_eq!((distributor.terms, distributor.next_terms), (Terms { epoch_count: 11, ..terms() }, next));
    }
}

#[test]
fn before_the_first_epoch_begins_they_change_at_once() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(-1);
    expect_success(update(&mut world, &campaign, doubled_terms()));
    let distributor = world.distributor(&campaign.addresses);
    let changed = Terms {
        epoch_budget: 2 * BUDGET,
        activation_delay: 2 * DELAY as u32,
        claim_window: 2 * WINDOW as u32,
        epoch_count: 11,
        ..terms()
    };
    assert_eq!((distributor.terms, distributor.next_terms), (changed, NextTerms::default()));
}

#[test]
fn each_epoch_is_posted_under_the_terms_that_it_began_under() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    expect_success(update(&mut world, &campaign, doubled_terms()));
    world.pass(3 * EPOCH);
    let terms = |times: u32| EpochTerms {
        budget: u64::from(times) * BUDGET,
        activation_delay: times * DELAY as u32,
        claim_window: times * WINDOW as u32,
        guardian: world.guardian.pubkey(),
        outflow_window: times * LIMITS.window,
        epoch_basis_points: 10_000,
    };
    let (old, new) = (terms(1), terms(2));
    let now = world.cluster.time();
    for (index, expected, opens_at) in [(0, old, DELAY), (1, old, DELAY), (2, new, 2 * DELAY), (3, new, 2 * DELAY)] {
        expect_success(campaign.post(&mut world, &campaign.allocations(index, 3)));
        let epoch = world.epoch(&campaign.addresses, index);
        assert_eq!((epoch.terms, epoch.opens_at), (expected, now + opens_at), "epoch {index}");
        assert_eq!(epoch.closes_at, epoch.opens_at + i64::from(expected.claim_window));
    }
    assert_eq!(world.distributor(&campaign.addresses).next_terms, NextTerms::default());
}

#[test]
fn the_budget_is_that_of_the_epoch_to_the_base_unit() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(update(&mut world, &campaign, DistributorUpdateArgs { epoch_budget: 500, ..SAME }));
    world.pass(2 * EPOCH);
    for (index, budget) in [(0, BUDGET), (1, 500)] {
        let mut args = campaign.post_args(&campaign.allocations(index, 3));
        args.total = budget + 1;
        expect_unchanged(&mut world, TorqueError::BudgetExceeded, |world| campaign.post_with(world, args.clone()));
        args.total = budget;
        expect_success(campaign.post_with(&mut world, args));
    }
}

#[test]
fn an_epoch_that_is_reposted_after_a_change_keeps_its_own_terms() {
    for is_skipped in [true, false] {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        let guardian = world.guardian.insecure_clone();
        expect_success(update(&mut world, &campaign, DistributorUpdateArgs { epoch_budget: 500, ..doubled_terms() }));
        world.pass(2 * EPOCH);
        if is_skipped {
            expect_success(campaign.skip(&mut world, 0));
        } else {
            expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
            expect_success(campaign.cancel(&mut world, &guardian, 0));
        }
        expect_success(campaign.skip(&mut world, 1));
        assert_eq!(world.distributor(&campaign.addresses).terms.epoch_budget, 500);
        let repost = |world: &mut World, index| campaign.repost(world, &campaign.allocations(index, 3));
        expect_unchanged(&mut world, TorqueError::BudgetExceeded, |world| repost(world, 1));
        expect_success(repost(&mut world, 0));
        let epoch = world.epoch(&campaign.addresses, 0);
        assert_eq!((epoch.terms.budget, epoch.opens_at), (BUDGET, world.cluster.time() + DELAY));
        assert_eq!(epoch.closes_at, epoch.opens_at + WINDOW);
    }
}

#[test]
fn a_change_that_waits_is_replaced_for_the_same_epoch_and_no_other() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(update(&mut world, &campaign, SAME));
    world.pass(EPOCH - 1);
    expect_success(update(&mut world, &campaign, DistributorUpdateArgs { epoch_count: 11, ..doubled_terms() }));
    world.pass(1);
    let again = DistributorUpdateArgs { epoch_count: 11, ..SAME };
    expect_unchanged(&mut world, TorqueError::NextTermsPending, |world| update(world, &campaign, again));
    world.pass(EPOCH);
    expect_success(campaign.skip(&mut world, 0));
    expect_unchanged(&mut world, TorqueError::NextTermsPending, |world| update(world, &campaign, again));
    expect_success(campaign.skip(&mut world, 1));
    assert_eq!(world.distributor(&campaign.addresses).terms.epoch_budget, 2 * BUDGET);
    expect_success(update(&mut world, &campaign, again));
}

#[test]
fn a_schedule_grows_and_never_shrinks() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    for (epoch_count, refusal) in [(9, TorqueError::EpochCountReduced), (0, TorqueError::EpochCountReduced)] {
        let args = DistributorUpdateArgs { epoch_count, ..SAME };
        expect_unchanged(&mut world, refusal, |world| update(world, &campaign, args));
    }
    for epoch_count in [10, 11, u32::MAX] {
        expect_success(update(&mut world, &campaign, DistributorUpdateArgs { epoch_count, ..SAME }));
        assert_eq!(world.distributor(&campaign.addresses).terms.epoch_count, epoch_count);
    }
}

#[test]
fn nothing_changes_once_the_last_epoch_has_begun_or_the_schedule_was_ended() {
    for is_ended in [true, false] {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        if is_ended {
            expect_success(campaign.end(&mut world));
        } else {
            world.pass(9 * EPOCH);
        }
        let change = |world: &mut World| update(world, &campaign, doubled_terms());
        expect_unchanged(&mut world, TorqueError::ScheduleAlreadyEnds, change);
        world.pass(100 * EPOCH);
        expect_unchanged(&mut world, TorqueError::ScheduleAlreadyEnds, change);
    }
}

#[test]
fn changed_terms_have_the_limits_of_the_first() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    for (args, error) in [
        (DistributorUpdateArgs { epoch_budget: 0, ..SAME }, TorqueError::EpochBudgetZero),
        (DistributorUpdateArgs { activation_delay: 3_599, ..SAME }, TorqueError::ActivationDelayOutOfRange),
        (DistributorUpdateArgs { activation_delay: 30 * 86_400 + 1, ..SAME }, TorqueError::ActivationDelayOutOfRange),
        (DistributorUpdateArgs { claim_window: 86_399, ..SAME }, TorqueError::ClaimWindowOutOfRange),
        (DistributorUpdateArgs { claim_window: 366 * 86_400 + 1, ..SAME }, TorqueError::ClaimWindowOutOfRange),
    ] {
        expect_unchanged(&mut world, error, |world| update(world, &campaign, args));
    }
}

#[test]
fn nobody_but_the_owner_changes_the_terms() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    for person in [world.guardian.insecure_clone(), world.publisher.insecure_clone(), world.admin.insecure_clone()] {
        let change = authority::distributor_update(&campaign.addresses.owned_by(person.pubkey()), SAME);
        expect_error(world.send(change, &[&person]), TorqueError::NotOwner);
    }
}

fn doubled_from(from_epoch: u32) -> NextTerms {
    NextTerms {
        from_epoch,
        epoch_budget: 2 * BUDGET,
        activation_delay: 2 * DELAY as u32,
        claim_window: 2 * WINDOW as u32,
        guardian: keypair(4).pubkey(),
        limits: doubled_terms().limits,
        spare: 0,
    }
}

#[test]
fn terms_under_which_the_limiter_would_keep_back_what_is_owed_are_refused() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    // The usual bucket lets a budget out in an hour; half an epoch, which must do for it, has twelve.
    let budget = |epoch_budget| DistributorUpdateArgs { epoch_budget, ..SAME };
    let limits = |limits| DistributorUpdateArgs { epoch_budget: 12 * BUDGET + 1, limits, ..SAME };
    for refused in [budget(12 * BUDGET + 1), limits(Limits { window: 599, absolute: u64::MAX, ..LIMITS })] {
        expect_unchanged(&mut world, TorqueError::LimiterInvalid, |world| update(world, &campaign, refused));
    }
    expect_success(update(&mut world, &campaign, budget(12 * BUDGET)));
    expect_success(update(&mut world, &campaign, limits(Limits { absolute: BUDGET + 1, ..LIMITS })));
}

#[test]
fn nothing_changes_once_refunds_have_begun() {
    let mut world = World::new();
    let campaign = Campaign::with_milestone(&mut world, Asset::SOL, 1, MILESTONE);
    let wallet = world.new_sponsor(1, &Asset::SOL, 2_000_000);
    expect_success(campaign.sponsor(&mut world, &wallet, 1_000_000));
    world.cluster.set_time(DEADLINE);
    expect_success(update(&mut world.fork(), &campaign, SAME));
    expect_success(campaign.close(&mut world));
    expect_unchanged(&mut world, TorqueError::ScheduleAlreadyEnds, |world| update(world, &campaign, SAME));
}

fn update(world: &mut World, campaign: &Campaign, args: DistributorUpdateArgs) -> Sent {
    let owner = world.owner.insecure_clone();
    world.send(authority::distributor_update(&campaign.addresses, args), &[&owner])
}
