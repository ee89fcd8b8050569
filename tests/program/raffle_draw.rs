//! `raffle_draw`: the hash of the slot is kept while it is known, for a bounty; then the draw uses the hash with the
//! secret, or the hash alone if the secret is not revealed. `raffle_renewals` tests what happens if the hash is lost.

use crank_cluster::address::Asset;
use crank_cluster::instruction::{self, raffle};
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_refused, expect_success};
use tests::campaign::Campaign;
use tests::events::the_event;
use tests::raffles::{LISTED, SECRET, hash_of};
use tests::world::{BEGINNING, World};
use torque::constants::{RAFFLE_BOUNTY, RAFFLE_DELAY, RAFFLE_RENEWAL, RAFFLE_REVEAL_WINDOW, SLOT_HASHES};
use torque::error::TorqueError;
use torque::events::{RaffleCaptured, RaffleDrawn, RaffleRenewed};
use torque::merkle::Hash;
use torque::state::{Mode, Raffle, RaffleStage};

/// The slot in which the fixture commits.
const COMMITTED: u64 = 1_000;
/// The slot that decides the fixture.
const TARGET: u64 = COMMITTED + RAFFLE_DELAY;

#[test]
fn the_seed_is_of_the_slot_s_hash_and_the_secret() {
    let (mut world, campaign) = committed();
    world.go_to_slot(TARGET + 1, &[]);
    let captured: RaffleCaptured = the_event(&expect_success(campaign.draw(&mut world, 0, None)));
    let (address, deadline) = (campaign.raffle_address(0), world.cluster.time() + RAFFLE_REVEAL_WINDOW);
    assert_eq!((captured.distributor, captured.raffle), (campaign.addresses.distributor, address));
    assert_eq!((captured.index, captured.slot, captured.slot_hash), (0, TARGET, hash_of(TARGET)));
    let account = campaign.raffle_account(&world, 0);
    assert_eq!((captured.deadline, account.deadline, account.stage), (deadline, deadline, RaffleStage::Captured));
    assert_eq!((account.slot, account.slot_hash, account.seed), (TARGET, hash_of(TARGET), [0; 32]));
    let drawn: RaffleDrawn = the_event(&expect_success(campaign.draw(&mut world, 0, Some(SECRET))));
    let seed = Raffle::seed_of(&address, &hash_of(TARGET), Some(&SECRET));
    assert_eq!((drawn.distributor, drawn.raffle), (campaign.addresses.distributor, address));
    assert_eq!((drawn.index, drawn.seed, drawn.secret), (0, seed, Some(SECRET)));
    let account = campaign.raffle_account(&world, 0);
    assert_eq!((account.stage, account.seed), (RaffleStage::Revealed, seed));
}

#[test]
fn the_seed_is_the_documented_hash() {
    use sha2::{Digest as _, Sha256};
    let (address, hash) = (Campaign::raffle_address(&committed().1, 0), hash_of(TARGET));
    let of = |parts: &[&[u8]]| -> Hash { Sha256::digest(parts.concat()).into() };
    let seed = of(&[b"torque-raffle-seed-v1", address.as_ref(), &hash, &SECRET]);
    assert_eq!(Raffle::seed_of(&address, &hash, Some(&SECRET)), seed);
    let alone = of(&[b"torque-raffle-seed-v1", address.as_ref(), &hash]);
    assert_eq!(Raffle::seed_of(&address, &hash, None), alone);
    let commitment = of(&[b"torque-raffle-secret-v1", address.as_ref(), &SECRET]);
    assert_eq!(Raffle::secret_hash_of(&address, &SECRET), commitment);
}

#[test]
fn c_113_nothing_is_drawn_before_the_slot_has_a_hash() {
    let (mut world, campaign) = committed();
    for slot in [COMMITTED, TARGET - 1, TARGET] {
        world.go_to_slot(slot, &[]);
        expect_error(campaign.draw(&mut world, 0, None), TorqueError::RaffleSlotAhead);
    }
    world.go_to_slot(TARGET + 1, &[]);
    expect_success(campaign.draw(&mut world, 0, None));
}

#[test]
fn c_115_instead_of_a_skipped_slot_the_first_later_one_decides() {
    let (mut world, campaign) = committed();
    let skipped = [TARGET, TARGET + 1, TARGET + 2, TARGET + 4];
    world.go_to_slot(TARGET + 3, &skipped);
    expect_error(campaign.draw(&mut world, 0, None), TorqueError::RaffleSlotAhead);
    for later in [4, 5, 6, 100, 300] {
        let mut world = world.fork();
        world.go_to_slot(TARGET + later, &skipped);
        let event: RaffleCaptured = the_event(&expect_success(campaign.draw(&mut world, 0, None)));
        assert_eq!((event.slot, event.slot_hash), (TARGET + 3, hash_of(TARGET + 3)), "{later} slots later");
    }
}

#[test]
fn c_115_whoever_asks_while_the_hash_is_known_gets_the_same_one() {
    let (world, campaign) = committed();
    for later in [1, 2, 31, 32, 256, LISTED - 1, LISTED] {
        let mut world = world.fork();
        world.go_to_slot(TARGET + later, &[]);
        expect_success(campaign.draw(&mut world, 0, None));
        assert_eq!(campaign.raffle_account(&world, 0).slot_hash, hash_of(TARGET), "{later} slots later");
    }
}

#[test]
fn c_115_a_list_that_begins_at_the_slot_still_knows_it_and_one_that_begins_later_does_not() {
    let (world, campaign) = committed();
    for (oldest, stage) in [(TARGET, RaffleStage::Captured), (TARGET + 1, RaffleStage::Committed)] {
        let mut world = world.fork();
        let hashes: Vec<_> = (oldest..oldest + LISTED).map(|slot| (slot, hash_of(slot))).collect();
        world.cluster.set_slot(oldest + LISTED, &hashes);
        expect_success(campaign.draw(&mut world, 0, None));
        assert_eq!(campaign.raffle_account(&world, 0).stage, stage);
    }
}

#[test]
fn c_115_a_skipped_slot_whose_successor_is_the_oldest_in_the_list_is_not_known_for_certain() {
    let (mut world, campaign) = committed();
    world.go_to_slot(TARGET + 1 + LISTED, &[TARGET]);
    let event: RaffleRenewed = the_event(&expect_success(campaign.draw(&mut world, 0, None)));
    assert_eq!(event.target_slot, [TARGET, TARGET + RAFFLE_RENEWAL]);
}

#[test]
fn a_secret_is_not_taken_before_the_hash_is_kept() {
    let (mut world, campaign) = committed();
    for slot in [COMMITTED, TARGET, TARGET + 1, TARGET + LISTED + 1] {
        world.go_to_slot(slot, &[]);
        expect_error(campaign.draw(&mut world, 0, Some(SECRET)), TorqueError::RaffleNotCaptured);
    }
}

#[test]
fn c_116_the_secret_counts_until_its_deadline_and_from_then_on_anybody_draws_without_it() {
    let (mut world, campaign) = captured();
    world.pass(RAFFLE_REVEAL_WINDOW - 1);
    expect_error(campaign.draw(&mut world, 0, None), TorqueError::RaffleSecretAwaited);
    expect_success(campaign.draw(&mut world.fork(), 0, Some(SECRET)));
    world.pass(1);
    expect_error(campaign.draw(&mut world, 0, Some(SECRET)), TorqueError::RaffleSecretLate);
    let mut later = world.fork();
    later.pass(1);
    expect_success(campaign.draw(&mut later, 0, None));
    let event: RaffleDrawn = the_event(&expect_success(campaign.draw(&mut world, 0, None)));
    let seed = Raffle::seed_of(&campaign.raffle_address(0), &hash_of(TARGET), None);
    assert_eq!((event.secret, event.seed), (None, seed));
    let account = campaign.raffle_account(&world, 0);
    assert_eq!((account.stage, account.seed), (RaffleStage::Unrevealed, seed));
}

#[test]
fn c_116_the_time_to_reveal_begins_when_the_hash_is_kept_and_not_with_the_commitment() {
    let (mut world, campaign) = committed();
    world.pass(10 * RAFFLE_REVEAL_WINDOW);
    world.go_to_slot(TARGET + 1, &[]);
    expect_success(campaign.draw(&mut world, 0, None));
    expect_error(campaign.draw(&mut world, 0, None), TorqueError::RaffleSecretAwaited);
    expect_success(campaign.draw(&mut world, 0, Some(SECRET)));
}

#[test]
fn a_wrong_secret_is_refused_and_the_right_one_still_taken() {
    let (mut world, campaign) = captured();
    for wrong in [[0; 32], [6; 32], hash_of(TARGET), campaign.commit_args(0).secret_hash] {
        expect_error(campaign.draw(&mut world, 0, Some(wrong)), TorqueError::RaffleSecretWrong);
    }
    expect_success(campaign.draw(&mut world, 0, Some(SECRET)));
}

#[test]
fn c_117_a_commitment_that_is_copied_from_another_raffle_has_no_secret() {
    let (mut world, campaign) = committed();
    let other = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 2);
    let mut copied = other.commit_args(0);
    copied.secret_hash = campaign.commit_args(0).secret_hash;
    expect_success(other.commit_with(&mut world, copied));
    world.go_to_slot(other.raffle_account(&world, 0).target_slot + 1, &[]);
    expect_success(other.draw(&mut world, 0, None));
    expect_error(other.draw(&mut world, 0, Some(SECRET)), TorqueError::RaffleSecretWrong);
}

#[test]
fn c_113_a_raffle_is_drawn_once() {
    for secret in [Some(SECRET), None] {
        let mut world = World::new();
        let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, secret);
        let before = campaign.raffle_account(&world, 0);
        for passed in [0, RAFFLE_REVEAL_WINDOW] {
            world.pass(passed);
            let slot = world.slot() + LISTED + 1;
            world.go_to_slot(slot, &[]);
            for again in [None, Some(SECRET), Some([0; 32])] {
                expect_error(campaign.draw(&mut world, 0, again), TorqueError::RaffleAlreadyDrawn);
            }
        }
        assert_eq!(campaign.raffle_account(&world, 0).seed, before.seed);
    }
}

#[test]
fn c_114_a_draw_that_is_taken_back_with_its_transaction_comes_out_the_same_the_next_time() {
    let (mut world, campaign) = captured();
    let address = campaign.raffle_address(0);
    let before = world.cluster.account(&address);
    let stranger = world.stranger.insecure_clone();
    // Only the owner may end the schedule, so the whole transaction fails after the draw.
    let mut fail = instruction::distributor_end(&campaign.addresses);
    fail.accounts[0].pubkey = stranger.pubkey();
    expect_refused(world.cluster.send(&[raffle::draw(address, Some(SECRET)), fail], &[&stranger]));
    assert_eq!(world.cluster.account(&address), before);
    let slot = world.slot() + 77;
    world.go_to_slot(slot, &[]);
    let event: RaffleDrawn = the_event(&expect_success(campaign.draw(&mut world, 0, Some(SECRET))));
    assert_eq!(event.seed, Raffle::seed_of(&address, &hash_of(TARGET), Some(&SECRET)));
}

#[test]
fn c_117_no_other_account_is_taken_for_the_list_of_hashes() {
    let (mut world, campaign) = committed();
    world.go_to_slot(TARGET + 1, &[]);
    let list = world.cluster.account(&SLOT_HASHES).unwrap();
    let fake = tests::world::keypair(50_000).pubkey();
    for owner in [list.owner, torque::ID, world.stranger.pubkey()] {
        world.put_account(fake, owner, list.data.clone());
        expect_error(draw_with(&mut world, &campaign, fake), TorqueError::SlotHashesMismatch);
    }
    let blockhashes = solana_pubkey::Pubkey::from_str_const("SysvarRecentB1ockHashes11111111111111111111");
    expect_error(draw_with(&mut world, &campaign, blockhashes), TorqueError::SlotHashesMismatch);
}

#[test]
fn whoever_keeps_the_hash_names_the_account_that_gets_the_bounty_once() {
    let (mut world, campaign) = committed();
    let (address, keeper) = (campaign.raffle_address(0), world.treasury);
    world.go_to_slot(TARGET + 1, &[]);
    let before = world.cluster.lamports(&keeper);
    let event: RaffleCaptured = the_event(&expect_success(campaign.capture(&mut world, 0, keeper)));
    assert_eq!((event.keeper, event.bounty), (Some(keeper), RAFFLE_BOUNTY));
    assert_eq!(world.cluster.lamports(&keeper) - before, RAFFLE_BOUNTY);
    assert_eq!(world.cluster.lamports(&address), world.rent(world.size(&address)));
    world.pass(RAFFLE_REVEAL_WINDOW);
    expect_success(campaign.capture(&mut world, 0, keeper));
    assert_eq!(campaign.raffle_account(&world, 0).stage, RaffleStage::Unrevealed);
    assert_eq!(world.cluster.lamports(&keeper) - before, RAFFLE_BOUNTY);
}

#[test]
fn a_bounty_never_takes_of_the_rent_even_if_that_has_risen() {
    for surplus in [0, 1, RAFFLE_BOUNTY - 1, RAFFLE_BOUNTY, RAFFLE_BOUNTY + 1] {
        let (mut world, campaign) = committed();
        let (address, keeper) = (campaign.raffle_address(0), world.treasury);
        let rent = world.rent(world.size(&address));
        world.set_lamports(&address, rent + surplus);
        world.go_to_slot(TARGET + 1, &[]);
        let event: RaffleCaptured = the_event(&expect_success(campaign.capture(&mut world, 0, keeper)));
        assert_eq!(event.bounty, surplus.min(RAFFLE_BOUNTY));
        assert_eq!(world.cluster.lamports(&address), rent + surplus - event.bounty);
    }
}

#[test]
fn a_keeper_that_cannot_be_credited_keeps_nobody_else_from_keeping_the_hash() {
    let (mut world, campaign) = committed();
    world.go_to_slot(TARGET + 1, &[]);
    // The bounty alone is less than the rent of an account.
    let nobody = tests::world::keypair(50_001).pubkey();
    expect_refused(campaign.capture(&mut world, 0, nobody));
    expect_refused(campaign.capture(&mut world, 0, SLOT_HASHES));
    let event: RaffleCaptured = the_event(&expect_success(campaign.draw(&mut world, 0, None)));
    assert_eq!((event.keeper, event.bounty), (None, 0));
}

#[test]
fn a_pause_does_not_lose_the_hash_and_does_not_shut_out_the_secret() {
    let (mut world, campaign) = committed();
    world.set_paused(true);
    campaign.finish_draw(&mut world, 0, Some(SECRET));
    assert_eq!(campaign.raffle_account(&world, 0).stage, RaffleStage::Revealed);
    assert_eq!(world.cluster.time(), BEGINNING + tests::campaign::EPOCH);
}

#[test]
fn keeping_a_hash_from_a_full_list_costs_little() {
    let (mut world, campaign) = committed();
    world.go_to_slot(TARGET + LISTED, &[]);
    let receipt = expect_success(campaign.draw(&mut world, 0, None));
    assert!(receipt.compute_units < 15_000, "{} compute units", receipt.compute_units);
}

/// A raffle whose epoch 0 is committed in slot [`COMMITTED`].
fn committed() -> (World, Campaign) {
    let mut world = World::new();
    let campaign = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
    world.go_to_slot(COMMITTED, &[]);
    expect_success(campaign.commit(&mut world, 0));
    (world, campaign)
}

/// The same with the hash of slot [`TARGET`] kept.
fn captured() -> (World, Campaign) {
    let (mut world, campaign) = committed();
    world.go_to_slot(TARGET + 1, &[]);
    expect_success(campaign.draw(&mut world, 0, None));
    (world, campaign)
}

/// Draws with the list of hashes at `list`.
fn draw_with(world: &mut World, campaign: &Campaign, list: solana_pubkey::Pubkey) -> tests::assertions::Sent {
    let stranger = world.stranger.insecure_clone();
    let mut draw = raffle::draw(campaign.raffle_address(0), None);
    draw.accounts[1].pubkey = list;
    world.send(draw, &[&stranger])
}
