//! `distributor_pause`: owner or guardian stop a distributor's payments, posting and funding. A window that was open
//! during the pause stays open for that much longer; a window that was over stays over.

use crank_cluster::address::Asset;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH, WINDOW};
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::world::{BEGINNING, World};
use torque::constants::{MAX_PAUSE, POSTING_GRACE};
use torque::error::TorqueError;
use torque::events::DistributorPaused;
use torque::state::{Downtime, Mode};

#[test]
fn the_owner_and_the_guardian_pause_a_distributor() {
    for by_owner in [true, false] {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        let authority = if by_owner { world.owner.insecure_clone() } else { world.guardian.insecure_clone() };
        world.pass(5);
        let event: DistributorPaused = the_event(&expect_success(campaign.pause(&mut world, &authority)));
        assert_eq!((event.distributor, event.authority), (campaign.addresses.distributor, authority.pubkey()));
        assert_eq!(event.since, BEGINNING + 5);
        let downtime = world.distributor(&campaign.addresses).downtime;
        assert_eq!(downtime, Downtime { since: BEGINNING + 5, seconds: 0 });
    }
}

#[test]
fn nobody_else_pauses_a_distributor() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    for person in [world.publisher.insecure_clone(), world.admin.insecure_clone(), world.stranger.insecure_clone()] {
        expect_unchanged(&mut world, TorqueError::NotOwnerOrGuardian, |world| campaign.pause(world, &person));
    }
}

#[test]
fn a_pause_keeps_its_beginning() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.pause(&mut world, &guardian));
    world.pass(100);
    expect_unchanged(&mut world, TorqueError::DistributorPaused, |world| campaign.pause(world, &guardian));
}

#[test]
fn another_distributor_goes_on() {
    let mut world = World::new();
    let campaigns = [1, 2].map(|id| Campaign::funded(&mut world, Asset::SOL, Mode::Claim, id));
    let guardian = world.guardian.insecure_clone();
    expect_success(campaigns[0].pause(&mut world, &guardian));
    world.pass(EPOCH);
    let allocations = campaigns.each_ref().map(|campaign| campaign.allocations(0, 3));
    expect_error(campaigns[0].post(&mut world, &allocations[0]), TorqueError::DistributorPaused);
    expect_success(campaigns[1].post(&mut world, &allocations[1]));
}

#[test]
fn an_owner_takes_nothing_back_of_what_was_open_by_pausing_it() {
    for of_protocol in [true, false] {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
        let owner = world.owner.insecure_clone();
        if of_protocol {
            world.set_paused(true);
        } else {
            expect_success(campaign.pause(&mut world, &owner));
        }
        expect_success(campaign.end(&mut world));
        world.pass(MAX_PAUSE.cast_signed() + WINDOW + 10 * EPOCH);
        expect_error(campaign.close_epoch(&mut world, 0), TorqueError::WindowNotOver);
        expect_error(campaign.close(&mut world), TorqueError::EpochsOpen);
        if of_protocol {
            world.set_paused(false);
        } else {
            let stranger = world.stranger.insecure_clone();
            expect_success(campaign.unpause_by(&mut world, &stranger));
        }
        world.pass(WINDOW - 1);
        expect_success(campaign.claim(&mut world, &allocations, 0));
    }
}

#[test]
fn an_owner_gets_back_what_was_never_posted_while_its_distributor_is_paused() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let guardian = world.guardian.insecure_clone();
    world.pass(EPOCH);
    expect_success(campaign.skip(&mut world, 0));
    expect_success(campaign.end(&mut world));
    world.pass(EPOCH);
    expect_success(campaign.skip(&mut world, 1));
    world.pass(POSTING_GRACE);
    expect_success(campaign.pause(&mut world, &guardian));
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_success(campaign.close_epoch(&mut world, 1));
    expect_success(campaign.close(&mut world));
    assert_eq!(world.vault_balance(&campaign.addresses), 0);
}

/// C-112: the edges of a window that a pause has moved.
#[test]
fn c_112_a_window_ends_later_by_exactly_the_time_of_the_pauses() {
    for moved in [0, 1, WINDOW - 1, WINDOW, MAX_PAUSE.cast_signed(), 100 * EPOCH] {
        for of_protocol in [true, false] {
            let mut world = World::new();
            let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
            let start = world.cluster.time();
            interrupt(&mut world, &campaign, of_protocol, moved);
            world.cluster.set_time(start + WINDOW + moved - 1);
            expect_error(campaign.close_epoch(&mut world, 0), TorqueError::WindowNotOver);
            expect_success(campaign.claim(&mut world, &allocations, 0));
            world.pass(1);
            expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::WindowOver);
            expect_success(campaign.close_epoch(&mut world, 0));
        }
    }
}

#[test]
fn c_112_seconds_in_which_both_were_paused_count_once() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    let (owner, start) = (world.owner.insecure_clone(), world.cluster.time());
    world.set_paused(true);
    world.pass(100);
    expect_success(campaign.pause(&mut world, &owner));
    world.pass(10);
    world.set_paused(false);
    world.pass(1_000);
    world.set_paused(true);
    world.pass(1);
    expect_success(campaign.unpause(&mut world));
    world.pass(10_000);
    world.set_paused(false);
    world.cluster.set_time(start + WINDOW + 11_111 - 1);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    world.pass(1);
    expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::WindowOver);
}

#[test]
fn c_112_an_epoch_that_is_over_is_not_opened_again_by_pauses_of_both_at_once() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    let owner = world.owner.insecure_clone();
    world.pass(WINDOW);
    world.set_paused(true);
    expect_success(campaign.pause(&mut world, &owner));
    for _ in 0..3 {
        world.pass(10 * EPOCH);
        let mut end = world.fork();
        end.set_paused(false);
        expect_success(campaign.unpause(&mut end));
        expect_error(campaign.claim(&mut end, &allocations, 0), TorqueError::WindowOver);
        expect_success(campaign.close_epoch(&mut end, 0));
    }
}

#[test]
fn c_112_pauses_before_a_root_was_posted_give_it_no_time() {
    for of_protocol in [true, false] {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        interrupt(&mut world, &campaign, of_protocol, EPOCH);
        let allocations = campaign.allocations(0, 3);
        expect_success(campaign.post(&mut world, &allocations));
        world.pass(DELAY + WINDOW - 1);
        expect_success(campaign.claim(&mut world, &allocations, 0));
        world.pass(1);
        expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::WindowOver);
    }
}

#[test]
fn c_112_the_time_in_which_a_root_can_be_taken_back_is_not_moved() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.pause(&mut world, &guardian));
    world.pass(DELAY - 1);
    expect_success(campaign.cancel(&mut world.fork(), &guardian, 0));
    world.pass(1);
    expect_error(campaign.cancel(&mut world, &guardian, 0), TorqueError::EpochOpened);
    expect_error(campaign.claim(&mut world, &allocations, 0), TorqueError::DistributorPaused);
}

#[test]
fn c_112_the_grace_of_an_epoch_without_a_root_moves_with_pauses() {
    for moved in [0, 77, 40 * EPOCH] {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
        let (guardian, start) = (world.guardian.insecure_clone(), world.cluster.time());
        expect_success(campaign.cancel(&mut world, &guardian, 0));
        interrupt(&mut world, &campaign, false, moved);
        world.cluster.set_time(start + POSTING_GRACE + moved - 1);
        expect_error(campaign.close_epoch(&mut world, 0), TorqueError::WindowNotOver);
        expect_success(campaign.repost(&mut world.fork(), &allocations));
        world.pass(1);
        expect_error(campaign.repost(&mut world, &allocations), TorqueError::GraceOver);
        expect_success(campaign.close_epoch(&mut world, 0));
    }
}

#[test]
fn c_112_the_grace_of_a_schedule_moves_with_pauses_since_its_creation() {
    for moved in [0, 77, 40 * EPOCH] {
        let mut world = World::new();
        // A pause before there was a distributor has cost it nothing.
        world.set_paused(true);
        world.pass(13);
        world.set_paused(false);
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        interrupt(&mut world, &campaign, true, moved);
        world.cluster.set_time(BEGINNING + 10 * EPOCH + POSTING_GRACE + moved - 1);
        expect_error(campaign.close(&mut world), TorqueError::ScheduleNotOver);
        expect_success(campaign.skip(&mut world.fork(), 0));
        world.pass(1);
        expect_error(campaign.skip(&mut world, 0), TorqueError::GraceOver);
        expect_success(campaign.close(&mut world));
    }
}

#[test]
fn c_112_a_clock_that_goes_back_shortens_no_pause_and_blocks_nothing() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.pause(&mut world, &guardian));
    world.pass(-1_800);
    expect_success(campaign.unpause(&mut world));
    assert_eq!(world.distributor(&campaign.addresses).downtime, Downtime::default());
    world.pass(1_800);
    expect_success(campaign.claim(&mut world, &allocations, 0));
}

/// Pauses the protocol or the distributor for `seconds`.
fn interrupt(world: &mut World, campaign: &Campaign, of_protocol: bool, seconds: i64) {
    if of_protocol {
        world.set_paused(true);
        world.pass(seconds);
        world.set_paused(false);
    } else {
        let guardian = world.guardian.insecure_clone();
        expect_success(campaign.pause(world, &guardian));
        world.pass(seconds);
        expect_success(campaign.unpause(world));
    }
}
