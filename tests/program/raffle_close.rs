//! `raffle_close`: a raffle's account is closed and its rent returns when its draw can no longer be used for a posting.

use crank_cluster::address::Asset;
use crank_cluster::instruction::raffle;
use solana_signer::Signer as _;
use tests::assertions::{expect_anchor_error, expect_error, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH, WINDOW};
use tests::events::the_event;
use tests::raffles::SECRET;
use tests::world::World;
use torque::constants::{POSTING_GRACE, RAFFLE_BOUNTY};
use torque::error::TorqueError;
use torque::events::RaffleClosed;
use torque::state::Mode;

#[test]
fn the_rent_returns_to_its_payer_once_the_epoch_is_over() {
    let mut world = World::new();
    let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, Some(SECRET));
    let (allocations, address) = (campaign.allocations(0, 2), campaign.raffle_address(0));
    let account = campaign.raffle_account(&world, 0);
    expect_error(campaign.close_raffle(&mut world, 0), TorqueError::RaffleNotOver);
    expect_success(campaign.post_drawn(&mut world, &allocations, address));
    expect_error(campaign.close_raffle(&mut world, 0), TorqueError::RaffleNotOver);
    world.pass(DELAY + WINDOW);
    expect_error(campaign.close_raffle(&mut world, 0), TorqueError::RaffleNotOver);
    expect_success(campaign.close_epoch(&mut world, 0));
    let (payer, rent) = (campaign.publisher.pubkey(), world.rent(world.size(&address)));
    let before = world.cluster.lamports(&payer);
    let receipt = expect_success(campaign.close_raffle(&mut world, 0));
    assert_eq!(world.cluster.lamports(&payer) + receipt.fee - before, rent + RAFFLE_BOUNTY);
    assert!(world.is_absent(&address));
    let event: RaffleClosed = the_event(&receipt);
    assert_eq!((event.distributor, event.raffle), (campaign.addresses.distributor, address));
    assert_eq!((event.index, event.seed), (0, account.seed));
}

#[test]
fn a_bounty_that_was_claimed_does_not_return() {
    let mut world = World::new();
    let campaign = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(campaign.commit(&mut world, 0));
    let (target, keeper) = (campaign.raffle_account(&world, 0).target_slot, world.treasury);
    world.go_to_slot(target + 1, &[]);
    expect_success(campaign.capture(&mut world, 0, keeper));
    expect_success(campaign.skip(&mut world, 0));
    world.pass(POSTING_GRACE);
    expect_success(campaign.close_epoch(&mut world, 0));
    let rent = world.rent(world.size(&campaign.raffle_address(0)));
    let before = world.cluster.lamports(&campaign.publisher.pubkey());
    let receipt = expect_success(campaign.close_raffle(&mut world, 0));
    assert_eq!(world.cluster.lamports(&campaign.publisher.pubkey()) + receipt.fee - before, rent);
}

#[test]
fn lamports_that_somebody_sent_to_the_place_of_a_closed_epoch_hold_nothing_up() {
    let mut world = World::new();
    let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, Some(SECRET));
    let (allocations, address) = (campaign.allocations(0, 2), campaign.raffle_address(0));
    expect_success(campaign.post_drawn(&mut world, &allocations, address));
    world.pass(DELAY + WINDOW);
    expect_success(campaign.close_epoch(&mut world, 0));
    world.set_lamports(&campaign.addresses.epoch(0), 1_000_000_000);
    expect_success(campaign.close_raffle(&mut world, 0));
}

#[test]
fn a_cancelled_epoch_may_be_posted_again_and_keeps_its_raffle() {
    let mut world = World::new();
    let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, Some(SECRET));
    let (allocations, address) = (campaign.allocations(0, 2), campaign.raffle_address(0));
    expect_success(campaign.post_drawn(&mut world, &allocations, address));
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    expect_error(campaign.close_raffle(&mut world, 0), TorqueError::RaffleNotOver);
    world.pass(POSTING_GRACE);
    expect_error(campaign.close_raffle(&mut world, 0), TorqueError::RaffleNotOver);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_success(campaign.close_raffle(&mut world, 0));
}

#[test]
fn a_raffle_that_was_never_posted_goes_after_its_distributor() {
    for is_drawn in [true, false] {
        let mut world = World::new();
        let campaign = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
        expect_success(campaign.commit(&mut world, 0));
        if is_drawn {
            campaign.finish_draw(&mut world, 0, Some(SECRET));
        }
        let seed = campaign.raffle_account(&world, 0).seed;
        expect_success(campaign.end(&mut world));
        world.pass(EPOCH + POSTING_GRACE);
        expect_error(campaign.close_raffle(&mut world, 0), TorqueError::RaffleNotOver);
        expect_success(campaign.close(&mut world));
        let event: RaffleClosed = the_event(&expect_success(campaign.close_raffle(&mut world, 0)));
        assert_eq!(event.seed, seed);
        assert!(world.is_absent(&campaign.raffle_address(0)));
    }
}

#[test]
fn nobody_but_the_payer_removes_it() {
    let mut world = World::new();
    let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, Some(SECRET));
    expect_success(campaign.skip(&mut world, 0));
    world.pass(POSTING_GRACE);
    expect_success(campaign.close_epoch(&mut world, 0));
    for person in [world.owner.insecure_clone(), world.guardian.insecure_clone(), world.stranger.insecure_clone()] {
        let close = raffle::close(campaign.addresses.distributor, 0, person.pubkey());
        expect_error(world.send(close, &[&person]), TorqueError::RentPayerMismatch);
    }
    expect_success(campaign.close_raffle(&mut world, 0));
}

#[test]
fn a_raffle_is_measured_by_its_own_distributor_and_epoch() {
    let mut world = World::new();
    let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, Some(SECRET));
    let closed = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 2);
    world.pass(20 * EPOCH);
    expect_success(closed.close(&mut world));
    let publisher = campaign.publisher.insecure_clone();
    let right = raffle::close(campaign.addresses.distributor, 0, publisher.pubkey());
    let mut wrong = right.clone();
    wrong.accounts[1].pubkey = closed.addresses.distributor;
    expect_error(world.send(wrong, &[&publisher]), TorqueError::RaffleMismatch);
    let mut wrong = right;
    wrong.accounts[2].pubkey = campaign.addresses.epoch(7);
    expect_anchor_error(world.send(wrong, &[&publisher]), anchor_lang::error::ErrorCode::ConstraintSeeds);
}
