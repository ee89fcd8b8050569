//! NFTs as prizes: a distributor of one token that follows a raffle's draw, free of fee, and pays like any other.

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::{Asset, DistributorAddresses};
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH, creation};
use tests::events::the_event;
use tests::prizes::Making;
use tests::raffles::{SECRET, target_after};
use tests::world::{FEE_BASIS_POINTS, World};
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::DistributorCreated;
use torque::instructions::DistributorCreateArgs;
use torque::state::{Kind, Mode};

/// The key of the prize's mint.
const KEY: u32 = 60_000;

#[test]
fn a_prize_is_escrowed_without_a_fee_and_paid_to_the_winner_in_both_modes() {
    for (token_program, mode) in
        [(spl_token::ID, Mode::Claim), (spl_token::ID, Mode::Push), (spl_token_2022::ID, Mode::Claim)]
    {
        let (mut world, raffle, prize) = escrowed(token_program, mode);
        let asset = prize.addresses.asset;
        assert_eq!((world.vault_balance(&prize.addresses), world.balance(&asset, &world.owner.pubkey())), (1, 0));
        expect_success(raffle.commit(&mut world, 0));
        raffle.finish_draw(&mut world, 0, Some(SECRET));
        let allocations = prize.allocations_of(0, &[1]);
        expect_success(prize.post_drawn(&mut world, &allocations, raffle.raffle_address(0)));
        let seed = raffle.raffle_account(&world, 0).seed;
        assert_eq!(world.epoch(&prize.addresses, 0).raffle_seed, seed);
        let winner = allocations.payments[0].recipient;
        world.open_account(&asset, &winner);
        world.pass(DELAY);
        expect_success(prize.pay(&mut world, &allocations, 0));
        assert_eq!((world.vault_balance(&prize.addresses), world.balance(&asset, &winner)), (0, 1));
        expect_success(prize.close_epoch(&mut world, 0));
        expect_success(prize.close(&mut world));
    }
}

#[test]
fn a_prize_that_nobody_won_goes_back() {
    let (mut world, _, prize) = escrowed(spl_token::ID, Mode::Claim);
    world.pass(POSTING_GRACE);
    expect_success(prize.close(&mut world));
    assert_eq!(world.balance(&prize.addresses.asset, &world.owner.pubkey()), 1);
}

#[test]
fn a_prize_waits_for_the_raffle_that_it_follows_and_takes_no_other() {
    let (mut world, raffle, prize) = escrowed(spl_token::ID, Mode::Claim);
    let allocations = prize.allocations_of(0, &[1]);
    expect_error(prize.post(&mut world, &allocations), TorqueError::RaffleMissing);
    expect_success(raffle.commit(&mut world, 0));
    let address = raffle.raffle_address(0);
    expect_error(prize.post_drawn(&mut world, &allocations, address), TorqueError::RaffleNotDrawn);
    raffle.finish_draw(&mut world, 0, Some(SECRET));
    let other = Campaign::created_with(&mut world, Asset::SOL, Campaign::raffle_args(&World::new(), Mode::Claim, 3));
    expect_success(other.fund(&mut world, 1));
    expect_success(other.commit(&mut world, 0));
    other.finish_draw(&mut world, 0, Some(SECRET));
    let foreign = other.raffle_address(0);
    expect_error(prize.post_drawn(&mut world, &allocations, foreign), TorqueError::RaffleMismatch);
    expect_success(prize.post_drawn(&mut world, &allocations, address));
}

#[test]
fn a_prize_does_not_draw_for_itself() {
    let (mut world, _, prize) = escrowed(spl_token::ID, Mode::Claim);
    expect_error(prize.commit(&mut world, 0), TorqueError::RaffleKindMismatch);
}

#[test]
fn a_prize_follows_the_draw_of_its_own_period() {
    let mut world = World::new();
    let raffle = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
    let asset = world.make_mint(KEY, Making::unique(spl_token::ID));
    let args = Campaign::prize_args(&world, Mode::Claim, 2, 1, 1);
    let prize = Campaign::created_with(&mut world, asset, args);
    expect_success(prize.fund(&mut world, 1));
    expect_success(raffle.commit(&mut world, 0));
    raffle.finish_draw(&mut world, 0, Some(SECRET));
    expect_success(raffle.skip(&mut world, 0));
    world.pass(EPOCH);
    let allocations = prize.allocations_of(0, &[1]);
    let [first, second] = [0, 1].map(|index| raffle.raffle_address(index));
    expect_error(prize.post_drawn(&mut world, &allocations, first), TorqueError::RaffleMismatch);
    expect_success(raffle.commit(&mut world, 1));
    raffle.finish_draw(&mut world, 1, Some(SECRET));
    expect_success(prize.post_drawn(&mut world, &allocations, second));
}

#[test]
fn a_prize_that_was_put_in_after_the_target_slot_is_refused() {
    for (late, is_escrowed) in [(0, true), (1, false)] {
        let mut world = World::new();
        let raffle = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
        let asset = world.make_mint(KEY, Making::unique(spl_token::ID));
        let args = Campaign::prize_args(&world, Mode::Claim, 2, 1, 0);
        let prize = Campaign::created_with(&mut world, asset, args);
        world.go_to_slot(1_000, &[]);
        expect_success(raffle.commit(&mut world, 0));
        world.go_to_slot(target_after(1_000) + late, &[]);
        expect_success(prize.fund(&mut world, 1));
        assert_eq!(world.distributor(&prize.addresses).funded_slot, target_after(1_000) + late);
        raffle.finish_draw(&mut world, 0, Some(SECRET));
        let sent = prize.post_drawn(&mut world, &prize.allocations_of(0, &[1]), raffle.raffle_address(0));
        if is_escrowed { drop(expect_success(sent)) } else { expect_error(sent, TorqueError::RaffleFundsLate) }
    }
}

#[test]
fn only_a_mint_that_cannot_grow_is_free_of_fee_and_follows_another_s_draw() {
    let unique = Making::unique(spl_token::ID);
    let makings = [
        (unique, true),
        (Making { token_program: spl_token_2022::ID, ..unique }, true),
        (Making { can_grow: true, ..unique }, false),
        (Making { supply: 2, ..unique }, false),
        (Making { decimals: 1, ..unique }, false),
        (Making { can_grow: true, decimals: 6, supply: 1_000_000, ..unique }, false),
    ];
    for (making, is_unique) in makings {
        let mut world = World::new();
        let asset = world.make_mint(KEY, making);
        let owner = world.owner.insecure_clone();
        let addresses = DistributorAddresses::new(owner.pubkey(), 2, asset);
        let follows = Campaign::prize_args(&world, Mode::Claim, 2, 1, 0);
        let alone = DistributorCreateArgs { draw: None, ..follows.clone() };
        let sent = world.fork().send(creation(&world, &addresses, follows), &[&owner]);
        if is_unique {
            drop(expect_success(sent))
        } else {
            expect_error(sent, TorqueError::DrawInvalid)
        }
        let create = creation(&world, &addresses, alone);
        let event: DistributorCreated = the_event(&expect_success(world.send(create, &[&owner])));
        let fee = if is_unique { 0 } else { FEE_BASIS_POINTS };
        assert_eq!((event.fee_basis_points, event.draw), (fee, addresses.distributor));
        assert_eq!(world.distributor(&addresses).fee_basis_points, fee);
    }
}

#[test]
fn only_a_raffle_follows_another_s_draw() {
    for kind in [Kind::Leaderboard, Kind::Direct, Kind::Rebate, Kind::Curve] {
        let mut world = World::new();
        let asset = world.make_mint(KEY, Making::unique(spl_token::ID));
        let owner = world.owner.insecure_clone();
        let addresses = DistributorAddresses::new(owner.pubkey(), 2, asset);
        let args = DistributorCreateArgs { kind, ..Campaign::prize_args(&world, Mode::Claim, 2, 1, 0) };
        let create = creation(&world, &addresses, args);
        expect_error(world.send(create, &[&owner]), TorqueError::DrawInvalid);
    }
}

#[test]
fn only_a_draw_of_the_same_owner_can_be_named() {
    let mut world = World::new();
    let raffle = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
    let asset = world.make_mint(KEY, Making::unique(spl_token::ID));
    let stranger = world.stranger.insecure_clone();
    let addresses = DistributorAddresses::new(stranger.pubkey(), 2, asset);
    let args = Campaign::prize_args(&world, Mode::Claim, 2, 1, 0);
    let create = creation(&world, &addresses, args);
    expect_success(world.send(create, &[&stranger]));
    let named = world.distributor(&addresses).draw;
    assert_eq!(named, DistributorAddresses::new(stranger.pubkey(), 1, Asset::SOL).distributor);
    assert_ne!(named, raffle.addresses.distributor);
}

/// A raffle whose epoch 0 has ended, and a prize that lies ready for its draw.
fn escrowed(token_program: solana_pubkey::Pubkey, mode: Mode) -> (World, Campaign, Campaign) {
    let mut world = World::new();
    let raffle = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
    let asset = world.make_mint(KEY, Making::unique(token_program));
    let args = Campaign::prize_args(&world, mode, 2, 1, 0);
    let prize = Campaign::created_with(&mut world, asset, args);
    expect_success(prize.fund(&mut world, 1));
    (world, raffle, prize)
}
