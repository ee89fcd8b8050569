//! The check between a draw and a root: no epoch of a raffle is posted without the seed of its own draw, and its money
//! must be in the vault before the outcome can be known.

use crank_cluster::address::Asset;
use crank_cluster::instruction::raffle;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_error, expect_success};
use tests::campaign::{Allocations, BUDGET, Campaign, DELAY, EPOCH};
use tests::events::the_event;
use tests::raffles::{SECRET, hash_of};
use tests::world::World;
use torque::constants::{POSTING_GRACE, RAFFLE_REVEAL_WINDOW};
use torque::error::TorqueError;
use torque::events::EpochPosted;
use torque::state::{Mode, Raffle};

#[test]
fn a_posted_epoch_keeps_the_seed_and_says_what_it_came_from() {
    for (secret, source) in [(Some(SECRET), 1), (None, 2)] {
        let mut world = World::new();
        let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, secret);
        let (address, allocations) = (campaign.raffle_address(0), campaign.allocations(0, 3));
        let account = campaign.raffle_account(&world, 0);
        let seed = Raffle::seed_of(&address, &hash_of(account.target_slot), secret.as_ref());
        let sent = campaign.post_drawn(&mut world, &allocations, address);
        let event: EpochPosted = the_event(&expect_success(sent));
        let epoch = world.epoch(&campaign.addresses, 0);
        assert_eq!((event.raffle_seed, epoch.raffle_seed, epoch.raffle_source), (seed, seed, source));
        world.pass(DELAY);
        expect_success(campaign.claim(&mut world, &allocations, 1));
    }
}

#[test]
fn no_epoch_of_a_raffle_is_posted_before_it_is_drawn() {
    let mut world = World::new();
    let campaign = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
    let (address, allocations) = (campaign.raffle_address(0), campaign.allocations(0, 3));
    expect_error(campaign.post(&mut world, &allocations), TorqueError::RaffleMissing);
    expect_success(campaign.commit(&mut world, 0));
    expect_error(campaign.post_drawn(&mut world, &allocations, address), TorqueError::RaffleNotDrawn);
    let target = campaign.raffle_account(&world, 0).target_slot;
    world.go_to_slot(target + 1, &[]);
    expect_error(campaign.post_drawn(&mut world, &allocations, address), TorqueError::RaffleNotDrawn);
    expect_success(campaign.draw(&mut world, 0, None));
    expect_error(campaign.post_drawn(&mut world, &allocations, address), TorqueError::RaffleNotDrawn);
    world.pass(RAFFLE_REVEAL_WINDOW);
    expect_error(campaign.post_drawn(&mut world, &allocations, address), TorqueError::RaffleNotDrawn);
    expect_success(campaign.draw(&mut world, 0, None));
    expect_error(campaign.post(&mut world, &allocations), TorqueError::RaffleMissing);
    expect_success(campaign.post_drawn(&mut world, &allocations, address));
}

#[test]
fn c_117_the_draw_of_another_distributor_or_of_another_epoch_is_refused() {
    let mut world = World::new();
    let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, Some(SECRET));
    let other = Campaign::created_with(&mut world, Asset::SOL, {
        let mut args = Campaign::raffle_args(&World::new(), Mode::Claim, 2);
        args.terms.start = tests::world::BEGINNING;
        args
    });
    expect_success(other.fund(&mut world, 1));
    expect_success(other.commit(&mut world, 0));
    other.finish_draw(&mut world, 0, Some(SECRET));
    let (allocations, address) = (campaign.allocations(0, 3), campaign.raffle_address(0));
    let foreign = other.raffle_address(0);
    expect_error(campaign.post_drawn(&mut world, &allocations, foreign), TorqueError::RaffleMismatch);
    expect_success(campaign.post_drawn(&mut world, &allocations, address));
    world.pass(EPOCH);
    let next = campaign.allocations(1, 3);
    expect_error(campaign.post_drawn(&mut world, &next, address), TorqueError::RaffleMismatch);
    expect_error(campaign.post_drawn(&mut world, &next, foreign), TorqueError::RaffleMismatch);
    expect_success(campaign.commit(&mut world, 1));
    campaign.finish_draw(&mut world, 1, Some(SECRET));
    expect_success(campaign.post_drawn(&mut world, &next, campaign.raffle_address(1)));
}

#[test]
fn no_other_kind_takes_a_raffle() {
    let mut world = World::new();
    let raffle = Campaign::drawn_raffle(&mut world, Asset::SOL, Some(SECRET)).raffle_address(0);
    let direct = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 2);
    let allocations = direct.allocations(0, 3);
    expect_error(direct.post_drawn(&mut world, &allocations, raffle), TorqueError::SurplusAccount);
    expect_success(direct.skip(&mut world, 0));
    expect_error(direct.repost_drawn(&mut world, &allocations, raffle), TorqueError::SurplusAccount);
    expect_success(direct.repost(&mut world, &allocations));
}

#[test]
fn money_that_came_after_the_commitment_is_not_paid_by_its_draw() {
    let mut world = World::new();
    let args = Campaign::raffle_args(&world, Mode::Claim, 1);
    let campaign = Campaign::created_with(&mut world, Asset::SOL, args);
    expect_success(campaign.fund(&mut world, 4_000_000));
    world.pass(EPOCH);
    expect_success(campaign.commit(&mut world, 0));
    campaign.finish_draw(&mut world, 0, Some(SECRET));
    expect_success(campaign.fund(&mut world, BUDGET));
    let address = campaign.raffle_address(0);
    for (amount, is_there) in [(4_000_001, false), (4_000_000, true), (3_999_999, true)] {
        let allocations = campaign.allocations_of(0, &[amount]);
        let sent = campaign.post_drawn(&mut world.fork(), &allocations, address);
        if is_there { drop(expect_success(sent)) } else { expect_error(sent, TorqueError::RaffleFundsLate) }
    }
}

#[test]
fn cancelling_and_posting_again_does_not_draw_again() {
    let mut world = World::new();
    let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, Some(SECRET));
    let (address, guardian) = (campaign.raffle_address(0), world.guardian.insecure_clone());
    let seed = campaign.raffle_account(&world, 0).seed;
    let allocations = campaign.allocations(0, 3);
    expect_success(campaign.post_drawn(&mut world, &allocations, address));
    for _ in 0..3 {
        expect_success(campaign.cancel(&mut world, &guardian, 0));
        let vacant = world.epoch(&campaign.addresses, 0);
        assert_eq!((vacant.raffle_seed, vacant.raffle_source), ([0; 32], 0));
        expect_error(campaign.repost(&mut world, &allocations), TorqueError::RaffleMissing);
        let slot = world.slot() + 1_000;
        world.go_to_slot(slot, &[]);
        let sent = campaign.repost_drawn(&mut world, &allocations, address);
        let event: EpochPosted = the_event(&expect_success(sent));
        let epoch = world.epoch(&campaign.addresses, 0);
        assert_eq!((event.raffle_seed, epoch.raffle_seed, epoch.raffle_source), (seed, seed, 1));
    }
}

#[test]
fn skipping_an_epoch_does_not_draw_again() {
    let mut world = World::new();
    let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, Some(SECRET));
    expect_success(campaign.skip(&mut world, 0));
    tests::assertions::expect_address_taken(campaign.commit(&mut world, 0));
    expect_error(campaign.close_raffle(&mut world, 0), TorqueError::RaffleNotOver);
    let (allocations, address) = (campaign.allocations(0, 3), campaign.raffle_address(0));
    expect_success(campaign.repost_drawn(&mut world, &allocations, address));
}

#[test]
fn an_epoch_that_was_skipped_before_its_draw_is_drawn_and_posted() {
    let mut world = World::new();
    let campaign = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(campaign.skip(&mut world, 0));
    expect_success(campaign.commit(&mut world, 0));
    let (allocations, address) = (campaign.allocations(0, 3), campaign.raffle_address(0));
    expect_error(campaign.repost_drawn(&mut world, &allocations, address), TorqueError::RaffleNotDrawn);
    campaign.finish_draw(&mut world, 0, None);
    expect_success(campaign.repost_drawn(&mut world, &allocations, address));
    assert_eq!(world.epoch(&campaign.addresses, 0).raffle_source, 2);
}

#[test]
fn c_073_a_pending_raffle_keeps_its_distributor_open_as_long_as_it_can_be_posted() {
    let mut world = World::new();
    let campaign = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(campaign.commit(&mut world, 0));
    // The owner cannot end the schedule before an epoch that has begun, and this one has ended.
    expect_success(campaign.end(&mut world));
    assert_eq!(world.distributor(&campaign.addresses).terms.epoch_count, 2);
    expect_error(campaign.close(&mut world), TorqueError::ScheduleNotOver);
    campaign.finish_draw(&mut world, 0, Some(SECRET));
    expect_error(campaign.close(&mut world), TorqueError::ScheduleNotOver);
    world.pass(EPOCH + POSTING_GRACE - 1);
    expect_error(campaign.close(&mut world), TorqueError::ScheduleNotOver);
    expect_success(publish(&mut world.fork(), &campaign, &campaign.allocations(0, 1)));
    world.pass(1);
    expect_error(publish(&mut world, &campaign, &campaign.allocations(0, 1)), TorqueError::GraceOver);
    expect_success(campaign.close(&mut world));
}

#[test]
fn c_073_a_pending_raffle_of_a_skipped_epoch_keeps_its_distributor_open_too() {
    let mut world = World::new();
    let campaign = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(campaign.skip(&mut world, 0));
    expect_success(campaign.commit(&mut world, 0));
    expect_success(campaign.end(&mut world));
    expect_error(campaign.close(&mut world), TorqueError::EpochsOpen);
}

/// Posts with the campaign's own draw; a stranger pays the rent.
fn publish(world: &mut World, campaign: &Campaign, allocations: &Allocations) -> Sent {
    let (publisher, payer) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let args = campaign.post_args(allocations);
    let post = crank_cluster::instruction::epoch_post(&campaign.addresses, publisher.pubkey(), payer.pubkey(), args);
    world.send(raffle::decided_by(post, campaign.raffle_address(0)), &[&publisher, &payer])
}
