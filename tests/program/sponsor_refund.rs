//! `sponsor_refund`: after a distributor's end each sponsor gets what was not spent of its money, without waiting for
//! anybody.

use anchor_lang::error::ErrorCode;
use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::{self, Asset};
use crank_cluster::instruction::{self, settlement};
use solana_signer::Signer as _;
use tests::assertions::{expect_anchor_error, expect_error, expect_success};
use tests::campaign::{BUDGET, Campaign, DELAY, EPOCH, FUNDING};
use tests::events::the_event;
use tests::invariants;
use tests::ledger::{expect_unchanged, expect_unchanged_by};
use tests::world::{OWNER_TOKENS, World};
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::{DistributorClosed, SponsorRefunded};
use torque::state::Mode;

/// The sum of three leaves of the fixture.
const PAID: u64 = 6_000_003;

#[test]
fn each_sponsor_gets_back_what_came_in_and_the_owner_the_rest() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let amounts = [1_000_000_007, 333_333, 1];
        let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, asset, &amounts);
        let given = OWNER_TOKENS - world.balance(&asset, &world.owner.pubkey());
        for ((wallet, amount), deposit) in sponsors.iter().zip(amounts).zip(deposits(amounts)) {
            let before = world.balance(&asset, &wallet.pubkey());
            let event: SponsorRefunded = the_event(&expect_success(campaign.refund(&mut world, &wallet.pubkey())));
            assert_eq!(world.balance(&asset, &wallet.pubkey()) - before, deposit);
            assert_eq!((event.distributor, event.sponsor), (campaign.addresses.distributor, wallet.pubkey()));
            assert_eq!((event.number, event.contributed, event.amount), (0, amount, deposit));
            assert_eq!(event.destination, asset.account_of(&wallet.pubkey()));
            invariants::check(&world, &[&campaign]);
        }
        expect_success(campaign.close(&mut world));
        let kept = given - (OWNER_TOKENS - world.balance(&asset, &world.owner.pubkey()));
        assert_eq!(kept, owners_part());
        assert!(world.is_absent(&campaign.addresses.vault));
    }
}

#[test]
fn lamports_and_the_rent_go_to_the_wallet() {
    let mut world = World::new();
    let amounts = [1_000_000_007, 1];
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, Asset::SOL, &amounts);
    for (wallet, deposit) in sponsors.iter().zip(deposits(amounts)) {
        let before = world.cluster.lamports(&wallet.pubkey());
        expect_success(campaign.refund(&mut world, &wallet.pubkey()));
        let gained = world.cluster.lamports(&wallet.pubkey()) - before;
        assert_eq!(gained, deposit + world.rent(128));
        assert!(world.is_absent(&address::sponsorship(&campaign.addresses.distributor, &wallet.pubkey(), 0)));
        invariants::check(&world, &[&campaign]);
    }
}

#[test]
fn a_sponsor_of_the_whole_unpaid_amount_gets_all_of_it_back() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
    let wallet = world.new_sponsor(0, &asset, 2_000);
    for amount in [1, 2, 999] {
        expect_success(campaign.sponsor(&mut world, &wallet, amount));
    }
    world.pass(-1);
    expect_success(campaign.end(&mut world));
    for number in 0..3 {
        let event: SponsorRefunded = the_event(&expect_success(campaign.refund(&mut world, &wallet.pubkey())));
        assert_eq!(event.number, number);
    }
    assert_eq!(world.balance(&asset, &wallet.pubkey()), 2_000);
    expect_success(campaign.close(&mut world));
}

#[test]
fn a_sponsor_of_whose_money_nothing_was_paid_gets_all_of_it_back() {
    for asset in [Some(spl_token::ID), None] {
        let mut world = World::new();
        let asset = asset.map_or(Asset::SOL, |program| world.create_token(program));
        let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
        expect_success(campaign.fund(&mut world, BUDGET));
        pay_an_epoch(&mut world, &campaign, 0, BUDGET);
        let wallet = world.new_sponsor(0, &asset, 2 * BUDGET);
        let before = world.balance(&asset, &wallet.pubkey());
        expect_success(campaign.sponsor(&mut world, &wallet, BUDGET));
        expect_success(campaign.end(&mut world));
        world.pass(2 * EPOCH + POSTING_GRACE);
        expect_success(campaign.refund(&mut world, &wallet.pubkey()));
        assert_eq!(world.balance(&asset, &wallet.pubkey()), before);
        let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert_eq!((event.refunded, event.fee, event.is_final), (0, BUDGET / 20, true));
    }
}

#[test]
fn the_owner_s_money_is_used_first_and_then_that_of_the_sponsor_that_came_first() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
    let wallets = [0, 1].map(|number| world.new_sponsor(number, &asset, 3_000_000));
    expect_success(campaign.sponsor(&mut world, &wallets[0], 1_000_000));
    expect_success(campaign.fund(&mut world, 1_000_000));
    pay_an_epoch(&mut world, &campaign, 0, 600_000);
    assert_eq!(world.distributor(&campaign.addresses).sponsored_paid, 0);
    expect_success(campaign.sponsor(&mut world, &wallets[1], 2_000_000));
    pay_an_epoch(&mut world, &campaign, 1, 700_000);
    pay_an_epoch(&mut world, &campaign, 2, 800_000);
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.paid, distributor.sponsored_paid), (2_100_000, 1_100_000));
    invariants::check(&world, &[&campaign]);
    expect_success(campaign.end(&mut world));
    world.pass(2 * EPOCH + POSTING_GRACE);
    let refunds = wallets.each_ref().map(|wallet| {
        let event: SponsorRefunded = the_event(&expect_success(campaign.refund(&mut world, &wallet.pubkey())));
        event.amount
    });
    assert_eq!(refunds, [0, with_fee(3_000_000) - with_fee(1_100_000)]);
    let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    assert_eq!((event.refunded, event.fee, event.is_final), (0, 50_000 + 55_000, true));
}

#[test]
fn nothing_comes_back_of_what_was_paid_in_full() {
    for asset in [Some(spl_token::ID), None] {
        let mut world = World::new();
        let asset = asset.map_or(Asset::SOL, |program| world.create_token(program));
        let campaign = Campaign::created(&mut world, asset, Mode::Push, 1);
        let wallet = world.new_sponsor(0, &asset, 3_000_000);
        expect_success(campaign.sponsor(&mut world, &wallet, 1_000_000));
        expect_success(campaign.fund(&mut world, 1_000_000));
        world.pass(EPOCH);
        let allocations = campaign.allocations_of(0, &[2_000_000]);
        expect_success(campaign.post(&mut world, &allocations));
        world.open_account(&asset, &allocations.payments[0].recipient);
        world.pass(DELAY);
        campaign.finish(&mut world, &allocations);
        let event: SponsorRefunded = the_event(&expect_success(campaign.refund(&mut world, &wallet.pubkey())));
        assert_eq!(event.amount, 0);
        let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
        assert_eq!((event.fee, event.refunded, event.is_final), (100_000, 0, true));
    }
}

#[test]
fn an_owner_who_does_not_wait_gets_all_but_the_sponsors_money() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let amounts = [100_000_001, 200_000_003, 7, 1];
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, asset, &amounts);
    let held = with_fee(amounts.iter().sum());
    let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    assert_eq!((event.refunded, event.held, event.is_final), (owners_part(), held, false));
    assert_eq!((event.fee, world.vault_balance(&campaign.addresses)), (with_fee(PAID) - PAID, held));
    for wallet in &sponsors {
        invariants::check(&world, &[&campaign]);
        expect_success(campaign.refund(&mut world, &wallet.pubkey()));
    }
    let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    assert_eq!((event.fee, event.refunded, event.held, event.is_final), (0, 0, 0, true));
}

#[test]
fn nobody_but_the_sponsor_names_another_destination() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, asset, &[1_000, 2_000]);
    let (wallet, guardian) = (&sponsors[0], world.guardian.insecure_clone());
    let others = asset.account_of(&sponsors[1].pubkey());
    for destination in [others, asset.account_of(&world.treasury), wallet.pubkey()] {
        let mut refund = settlement::sponsor_refund(&campaign.addresses, &wallet.pubkey(), 0);
        refund.accounts[5].pubkey = destination;
        expect_unchanged(&mut world, TorqueError::NotSponsor, |world| world.send(refund, &[&guardian]));
    }
    let before = world.balance(&asset, &sponsors[1].pubkey());
    expect_success(campaign.refund_to(&mut world, wallet, others));
    assert_eq!(world.balance(&asset, &sponsors[1].pubkey()) - before, deposits([1_000])[0]);
}

#[test]
fn a_sponsor_of_lamports_may_name_any_wallet_and_nobody_else_may() {
    let mut world = World::new();
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, Asset::SOL, &[1_000_000]);
    let (wallet, guardian) = (&sponsors[0], world.guardian.insecure_clone());
    let mut refund = settlement::sponsor_refund(&campaign.addresses, &wallet.pubkey(), 0);
    refund.accounts[5].pubkey = guardian.pubkey();
    expect_unchanged(&mut world, TorqueError::NotSponsor, |world| world.send(refund, &[&guardian]));
    let vault = campaign.addresses.vault;
    expect_unchanged(&mut world, TorqueError::DestinationIsVault, |world| campaign.refund_to(world, wallet, vault));
    let before = world.cluster.lamports(&world.stranger.pubkey());
    let stranger = world.stranger.pubkey();
    expect_success(campaign.refund_to(&mut world, wallet, stranger));
    assert_eq!(world.cluster.lamports(&stranger) - before, with_fee(1_000_000));
}

#[test]
fn an_account_of_another_distributor_or_of_another_wallet_is_refused() {
    let mut world = World::new();
    let twin = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 2);
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, Asset::SOL, &[1_000_000, 5]);
    let [first, second] = [&sponsors[0], &sponsors[1]].map(|wallet| wallet.pubkey());
    world.provide(&Asset::SOL, &first, 1_000_000_000);
    // It ended before the first campaign did, so both are over.
    world.pass(-20 * EPOCH);
    expect_success(twin.sponsor(&mut world, &sponsors[0], 100_000_000));
    world.pass(40 * EPOCH);
    let guardian = world.guardian.insecure_clone();
    for (slot, account) in [
        (3, address::sponsorship(&twin.addresses.distributor, &first, 0)),
        (3, address::sponsorship(&campaign.addresses.distributor, &second, 0)),
        (0, second),
    ] {
        let mut refund = settlement::sponsor_refund(&campaign.addresses, &first, 0);
        refund.accounts[slot].pubkey = account;
        expect_unchanged(&mut world, TorqueError::SponsorMismatch, |world| world.send(refund, &[&guardian]));
    }
    let mut refund = settlement::sponsor_refund(&campaign.addresses, &first, 0);
    refund.accounts[4].pubkey = twin.addresses.vault;
    expect_unchanged(&mut world, TorqueError::VaultMismatch, |world| world.send(refund, &[&guardian]));
    expect_success(campaign.refund(&mut world, &first));
    expect_success(twin.refund(&mut world, &first));
    invariants::check(&world, &[&campaign, &twin]);
}

#[test]
fn a_sponsor_is_refunded_once() {
    let mut world = World::new();
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, Asset::SOL, &[1_000_000, 2_000_000]);
    expect_success(campaign.refund(&mut world, &sponsors[0].pubkey()));
    let sent = |world: &mut World| campaign.refund(world, &sponsors[0].pubkey());
    let missing = expect_unchanged_by(&mut world, sent);
    assert_eq!(missing, Some(u32::from(ErrorCode::AccountNotInitialized)));
    expect_success(campaign.close(&mut world));
    expect_anchor_error(campaign.refund(&mut world, &sponsors[0].pubkey()), ErrorCode::AccountNotInitialized);
}

#[test]
fn a_sponsor_that_has_become_the_owner_has_both_parts() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (mut campaign, allocations, sponsors) = Campaign::sponsored(&mut world, asset, &[1_000_000]);
    let wallet = sponsors[0].insecure_clone();
    world.edit_distributor(&campaign.addresses.distributor, |it| it.owner = wallet.pubkey());
    world.provide(&asset, &wallet.pubkey(), 10_000);
    world.provide(&Asset::SOL, &wallet.pubkey(), 1_000_000_000);
    let first = std::mem::replace(&mut world.owner, wallet.insecure_clone());
    campaign.addresses.owner = wallet.pubkey();
    expect_success(campaign.fund(&mut world, 5_000));
    // The first owner is a sponsor like any other from then on.
    let mut late = instruction::distributor_fund(&campaign.addresses, 1);
    late.accounts[0].pubkey = first.pubkey();
    expect_error(world.send(late, &[&first]), TorqueError::SponsorMissing);
    campaign.finish(&mut world, &allocations);
    let before = world.balance(&asset, &wallet.pubkey());
    expect_success(campaign.refund(&mut world, &wallet.pubkey()));
    let refund = with_fee(1_000_000);
    assert_eq!(world.balance(&asset, &wallet.pubkey()) - before, refund);
    expect_success(campaign.close(&mut world));
    let owners_part = with_fee(FUNDING + 5_000) - with_fee(PAID);
    assert_eq!(world.balance(&asset, &wallet.pubkey()) - before, refund + owners_part);
}

/// Posts an epoch of one leaf, pays it and closes the epoch.
fn pay_an_epoch(world: &mut World, campaign: &Campaign, index: u32, amount: u64) {
    world.pass(EPOCH);
    let allocations = campaign.allocations_of(index, &[amount]);
    expect_success(campaign.post(world, &allocations));
    world.open_account(&campaign.addresses.asset, &allocations.payments[0].recipient);
    world.pass(DELAY);
    expect_success(campaign.pay(world, &allocations, 0));
    expect_success(campaign.close_epoch(world, index));
}

/// `rewards` and the fee on them.
fn with_fee(rewards: u64) -> u64 {
    rewards + (rewards * 5).div_ceil(100)
}

/// The owner's part if three leaves were paid, all of them with its money.
fn owners_part() -> u64 {
    with_fee(FUNDING) - with_fee(PAID)
}

/// What came in with each of `amounts`, one after the other.
fn deposits<const COUNT: usize>(amounts: [u64; COUNT]) -> [u64; COUNT] {
    let mut end = 0;
    amounts.map(|amount| {
        end += amount;
        with_fee(end) - with_fee(end - amount)
    })
}
