//! `raffle_draw` where nobody keeps the hash of the slot while it is known: another slot decides, twice at most; the
//! hash of the last one decides alone; and without that one the raffle has failed.

use crank_cluster::address::Asset;
use solana_signer::Signer as _;
use tests::assertions::{expect_address_taken, expect_error, expect_success};
use tests::campaign::{Campaign, FUNDING};
use tests::events::the_event;
use tests::raffles::{LISTED, SECRET, hash_of};
use tests::world::World;
use torque::constants::{
    MAX_RAFFLE_RENEWALS, POSTING_GRACE, RAFFLE_BOUNTY, RAFFLE_DELAY, RAFFLE_RENEWAL, RAFFLE_REVEAL_WINDOW,
};
use torque::error::TorqueError;
use torque::events::{RaffleCaptured, RaffleDrawn, RaffleFailed, RaffleRenewed};
use torque::state::{Mode, Raffle, RaffleStage};

/// The slot in which the fixture commits.
const COMMITTED: u64 = 1_000;
/// The slot that decides the fixture at first.
const TARGET: u64 = COMMITTED + RAFFLE_DELAY;
/// The last slot that may decide it, if each renewal is asked for as soon as it can be.
const LAST: u64 = TARGET + MAX_RAFFLE_RENEWALS as u64 * RAFFLE_RENEWAL;

#[test]
fn c_115_a_lost_hash_is_replaced_by_that_of_a_slot_to_come_that_the_asker_does_not_choose() {
    let (world, campaign) = committed();
    // Slot `last` is the last one that leads to this renewal; from the next slot on it would be too close.
    for renewal in 1..4 {
        let (renewed, last) = (TARGET + renewal * RAFFLE_RENEWAL, TARGET + renewal * RAFFLE_RENEWAL - RAFFLE_DELAY);
        let first = if renewal == 1 { TARGET + LISTED + 1 } else { last - RAFFLE_RENEWAL + 1 };
        for moment in [first, first + 1, last - 1, last] {
            let mut world = world.fork();
            world.go_to_slot(moment, &[]);
            let event: RaffleRenewed = the_event(&expect_success(campaign.draw(&mut world, 0, None)));
            assert_eq!((event.distributor, event.index), (campaign.addresses.distributor, 0));
            assert_eq!((event.raffle, event.renewals), (campaign.raffle_address(0), 1));
            assert_eq!(event.target_slot, [TARGET, renewed], "in slot {moment}");
            let account = campaign.raffle_account(&world, 0);
            assert_eq!((account.target_slot, account.stage), (renewed, RaffleStage::Committed));
            expect_error(campaign.draw(&mut world, 0, None), TorqueError::RaffleSlotAhead);
        }
    }
}

#[test]
fn c_115_a_renewed_raffle_is_drawn_with_its_secret() {
    let (mut world, campaign) = committed();
    expect_success(campaign.lose_hash(&mut world, 0));
    campaign.finish_draw(&mut world, 0, Some(SECRET));
    let account = campaign.raffle_account(&world, 0);
    let hash = hash_of(TARGET + RAFFLE_RENEWAL);
    assert_eq!(account.seed, Raffle::seed_of(&campaign.raffle_address(0), &hash, Some(&SECRET)));
}

#[test]
fn c_115_a_raffle_is_renewed_twice_and_never_again() {
    let (mut world, campaign) = committed();
    for renewals in 1..=2 {
        let target = campaign.raffle_account(&world, 0).target_slot;
        let event: RaffleRenewed = the_event(&expect_success(campaign.lose_hash(&mut world, 0)));
        assert_eq!((event.renewals, event.target_slot), (renewals, [target, target + RAFFLE_RENEWAL]));
    }
    let event: RaffleFailed = the_event(&expect_success(campaign.lose_hash(&mut world, 0)));
    let (distributor, address) = (campaign.addresses.distributor, campaign.raffle_address(0));
    assert_eq!((event.distributor, event.raffle, event.index), (distributor, address, 0));
    let account = campaign.raffle_account(&world, 0);
    assert_eq!((account.stage, account.renewals, account.target_slot), (RaffleStage::Failed, 2, LAST));
}

/// Known to everybody, and to the publisher not earlier: who wins by the last hash can keep it and has a reason to.
#[test]
fn c_116_the_hash_of_the_last_slot_decides_alone_and_at_once() {
    let (mut world, campaign) = at_last_slot();
    world.go_to_slot(LAST + 1, &[]);
    expect_error(campaign.draw(&mut world, 0, Some(SECRET)), TorqueError::RaffleNotCaptured);
    let captured: RaffleCaptured = the_event(&expect_success(campaign.draw(&mut world, 0, None)));
    assert_eq!((captured.slot, captured.deadline), (LAST, world.cluster.time()));
    expect_error(campaign.draw(&mut world, 0, Some(SECRET)), TorqueError::RaffleSecretLate);
    let drawn: RaffleDrawn = the_event(&expect_success(campaign.draw(&mut world, 0, None)));
    let seed = Raffle::seed_of(&campaign.raffle_address(0), &hash_of(LAST), None);
    assert_eq!((drawn.secret, drawn.seed), (None, seed));
    assert_eq!(campaign.raffle_account(&world, 0).stage, RaffleStage::Unrevealed);
}

/// Three hashes, the first two of them with the secret or without, and nothing else, whenever it acts.
#[test]
fn c_116_a_publisher_whom_nobody_watches_chooses_among_five_outcomes_at_most() {
    let (world, campaign) = committed();
    let address = campaign.raffle_address(0);
    let mut possible = vec![Raffle::seed_of(&address, &hash_of(LAST), None)];
    for hash in [TARGET, TARGET + RAFFLE_RENEWAL].map(hash_of) {
        possible.extend([Some(&SECRET), None].map(|secret| Raffle::seed_of(&address, &hash, secret)));
    }
    for (lost, secret) in [(0, Some(SECRET)), (0, None), (1, Some(SECRET)), (1, None), (2, None)] {
        let mut world = world.fork();
        (0..lost).for_each(|_| drop(expect_success(campaign.lose_hash(&mut world, 0))));
        campaign.finish_draw(&mut world, 0, secret);
        let seed = campaign.raffle_account(&world, 0).seed;
        let place = possible.iter().position(|it| *it == seed).expect("a sixth outcome");
        possible.remove(place);
    }
    assert_eq!(possible.len(), 0);
}

#[test]
fn c_117_a_raffle_that_has_failed_has_no_draw_and_gets_no_other() {
    let (mut world, campaign) = failed();
    let (allocations, address) = (campaign.allocations(0, 1), campaign.raffle_address(0));
    for passed in [0, RAFFLE_REVEAL_WINDOW] {
        world.pass(passed);
        let slot = world.slot() + 7;
        world.go_to_slot(slot, &[]);
        for secret in [None, Some(SECRET)] {
            expect_error(campaign.draw(&mut world, 0, secret), TorqueError::RaffleFailed);
        }
        expect_error(campaign.post_drawn(&mut world, &allocations, address), TorqueError::RaffleFailed);
        expect_address_taken(campaign.commit(&mut world, 0));
    }
    let account = campaign.raffle_account(&world, 0);
    assert_eq!((account.stage, account.slot_hash, account.seed), (RaffleStage::Failed, [0; 32], [0; 32]));
}

#[test]
fn a_raffle_that_has_failed_frees_its_money_and_returns_rent_and_bounty() {
    let (mut world, campaign) = failed();
    let address = campaign.raffle_address(0);
    expect_success(campaign.skip(&mut world, 0));
    expect_error(campaign.close_raffle(&mut world, 0), TorqueError::RaffleNotOver);
    world.pass(POSTING_GRACE);
    expect_success(campaign.close_epoch(&mut world, 0));
    let rent = world.rent(world.size(&address));
    let before = world.cluster.lamports(&campaign.publisher.pubkey());
    let receipt = expect_success(campaign.close_raffle(&mut world, 0));
    let gained = world.cluster.lamports(&campaign.publisher.pubkey()) + receipt.fee - before;
    assert_eq!(gained, rent + RAFFLE_BOUNTY);
    expect_error(campaign.commit(&mut world, 0), TorqueError::EpochNotNext);
    assert_eq!(world.distributor(&campaign.addresses).free().unwrap(), FUNDING);
}

/// A raffle whose epoch 0 is committed in slot [`COMMITTED`].
fn committed() -> (World, Campaign) {
    let mut world = World::new();
    let campaign = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
    world.go_to_slot(COMMITTED, &[]);
    expect_success(campaign.commit(&mut world, 0));
    (world, campaign)
}

/// The same after the last renewal: slot [`LAST`] decides.
fn at_last_slot() -> (World, Campaign) {
    let (mut world, campaign) = committed();
    (0..MAX_RAFFLE_RENEWALS).for_each(|_| drop(expect_success(campaign.lose_hash(&mut world, 0))));
    (world, campaign)
}

/// The same after nobody kept the hash of the last slot either.
fn failed() -> (World, Campaign) {
    let (mut world, campaign) = at_last_slot();
    expect_success(campaign.lose_hash(&mut world, 0));
    (world, campaign)
}
