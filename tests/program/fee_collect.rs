//! `fee_collect`; and a treasury that cannot be credited delays nobody and loses nothing.

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use crank_cluster::instruction::settlement;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_refused, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH, FUNDING};
use tests::events::the_event;
use tests::invariants;
use tests::ledger::expect_unchanged;
use tests::world::{World, keypair};
use torque::error::TorqueError;
use torque::events::{DistributorClosed, FeeCollected};
use torque::state::Mode;

/// The sum of three leaves of the fixture, and five percent of it, rounded down.
const PAID: u64 = 6_000_003;
const FEE_EARNED: u64 = 300_001;
/// The amount that the owner gets back.
const REFUND: u64 = FUNDING + FUNDING / 20 - PAID - FEE_EARNED;

#[test]
fn the_fee_of_closed_epochs_is_collected_while_the_campaign_runs() {
    for (program, amount, earnings) in [
        (Some(spl_token::ID), 13, [1, 2, 2]),
        (Some(spl_token_2022::ID), 27, [2, 3, 5]),
        (None, 900_019, [45_001, 90_002, 135_003]),
    ] {
        let mut world = World::new();
        let asset = program.map_or(Asset::SOL, |program| world.create_token(program));
        let campaign = Campaign::funded(&mut world, asset, Mode::Push, 1);
        let before = world.balance(&asset, &world.treasury);
        let mut collected = 0;
        for (index, earned) in (0..).zip(earnings) {
            pay_an_epoch(&mut world, &campaign, index, amount);
            if earned > collected {
                expect_success(campaign.collect(&mut world));
            }
            expect_unchanged(&mut world, TorqueError::AmountZero, |world| campaign.collect(world));
            collected = earned;
            assert_eq!(world.balance(&asset, &world.treasury) - before, collected);
            assert_eq!(world.distributor(&campaign.addresses).fee_collected, collected);
            invariants::check(&world, &[&campaign]);
        }
    }
}

#[test]
fn an_open_epoch_has_earned_nothing_yet() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    for index in 0..3 {
        expect_success(campaign.pay(&mut world, &allocations, index));
        expect_error(campaign.collect(&mut world), TorqueError::AmountZero);
    }
    expect_success(campaign.close_epoch(&mut world, 0));
    let event: FeeCollected = the_event(&expect_success(campaign.collect(&mut world)));
    assert_eq!((event.distributor, event.treasury), (campaign.addresses.distributor, world.treasury));
    assert_eq!((event.amount, event.collected), (FEE_EARNED, FEE_EARNED));
    expect_error(campaign.collect(&mut world), TorqueError::AmountZero);
}

#[test]
fn a_collected_fee_is_not_sent_again_when_the_distributor_is_closed() {
    for collect_first in [true, false] {
        let mut world = World::new();
        let asset = world.create_token(spl_token::ID);
        let campaign = finished(&mut world, asset);
        if collect_first {
            expect_success(campaign.collect(&mut world));
        }
        let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert_eq!((event.fee, event.refunded), (if collect_first { 0 } else { FEE_EARNED }, REFUND));
        assert_eq!(world.balance(&asset, &world.treasury), FEE_EARNED);
        expect_refused(campaign.collect(&mut world));
    }
}

#[test]
fn a_fee_goes_to_no_account_but_the_treasury_s() {
    let mut world = World::new();
    let [asset, other] = [spl_token::ID; 2].map(|program| world.create_token(program));
    let twin = Campaign::created(&mut world, asset, Mode::Claim, 2);
    let campaign = finished(&mut world, asset);
    let guardian = world.guardian.insecure_clone();
    for (slot, address, error) in [
        (2, twin.addresses.vault, TorqueError::VaultMismatch),
        (3, asset.account_of(&world.owner.pubkey()), TorqueError::TreasuryMismatch),
        (3, other.account_of(&world.treasury), TorqueError::TreasuryMismatch),
        (3, world.treasury, TorqueError::TreasuryMismatch),
        (4, other.mint, TorqueError::MintMismatch),
        (5, spl_token_2022::ID, TorqueError::TokenProgramMismatch),
    ] {
        let mut collect = settlement::fee_collect(&campaign.addresses, &world.treasury);
        collect.accounts[slot].pubkey = address;
        expect_unchanged(&mut world, error, |world| world.send(collect, &[&guardian]));
    }
}

#[test]
fn a_treasury_that_insists_on_memos_holds_up_no_refund() {
    let mut world = World::new();
    let asset = world.create_token(spl_token_2022::ID);
    let campaign = finished(&mut world, asset);
    world.insist_on_memo(&asset, &keypair(6));
    expect_fee_to_wait(&mut world, &campaign);
}

#[test]
fn a_frozen_treasury_holds_up_no_refund() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let campaign = finished(&mut world, asset);
        let treasury = asset.account_of(&world.treasury);
        world.freeze(&asset, &treasury);
        expect_fee_to_wait(&mut world, &campaign);
        world.thaw(&asset, &treasury);
        let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert_eq!((event.fee, event.refunded, event.held, event.is_final), (FEE_EARNED, 0, 0, true));
    }
}

#[test]
fn a_treasury_without_an_account_holds_up_no_refund() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaign = finished(&mut world, asset);
    expect_success(world.set_treasury(world.stranger.pubkey()));
    expect_fee_to_wait(&mut world, &campaign);
    let treasury = world.treasury;
    world.open_account(&asset, &treasury);
    expect_success(campaign.collect(&mut world));
    let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    assert_eq!((event.fee, event.refunded, event.is_final), (0, 0, true));
    assert_eq!(world.balance(&asset, &treasury), FEE_EARNED);
    assert!(world.is_absent(&campaign.addresses.vault));
}

#[test]
fn a_fee_that_waits_goes_to_the_next_treasury() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaign = finished(&mut world, asset);
    let treasury = asset.account_of(&world.treasury);
    world.freeze(&asset, &treasury);
    expect_fee_to_wait(&mut world, &campaign);
    expect_success(world.set_treasury(world.guardian.pubkey()));
    let next = world.treasury;
    world.open_account(&asset, &next);
    expect_success(campaign.close(&mut world));
    assert_eq!((world.balance(&asset, &next), world.is_absent(&campaign.addresses.vault)), (FEE_EARNED, true));
}

/// The owner has all but the fee, which stays with the accounts and cannot be collected; another closing moves nothing.
#[track_caller]
fn expect_fee_to_wait(world: &mut World, campaign: &Campaign) {
    for refunded in [REFUND, 0] {
        expect_refused(campaign.collect(world));
        let event: DistributorClosed = the_event(&expect_success(campaign.close(world)));
        assert_eq!((event.fee, event.refunded, event.held), (0, refunded, FEE_EARNED));
        assert!(!event.is_final);
    }
    assert_eq!(world.vault_balance(&campaign.addresses), FEE_EARNED);
    invariants::check(world, &[campaign]);
}

/// Posts epoch `index` with a single leaf, pays it and closes the epoch.
fn pay_an_epoch(world: &mut World, campaign: &Campaign, index: u32, amount: u64) {
    world.pass(EPOCH);
    let allocations = campaign.allocations_of(index, &[amount]);
    expect_success(campaign.post(world, &allocations));
    world.open_account(&campaign.addresses.asset, &allocations.payments[0].recipient);
    world.pass(DELAY);
    expect_success(campaign.pay(world, &allocations, 0));
    expect_success(campaign.close_epoch(world, index));
}

/// Distributor 1 after epoch 0 paid its three leaves and the schedule ended.
fn finished(world: &mut World, asset: Asset) -> Campaign {
    let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, 3);
    campaign.finish(world, &allocations);
    campaign
}
