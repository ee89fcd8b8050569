//! `distributor_fund` by anybody but the owner: a sponsor, each of whose additions has an account of its own.

use anchor_lang::error::ErrorCode;
use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::{self, Asset};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{expect_anchor_error, expect_refused, expect_success};
use tests::campaign::{Campaign, EPOCH, FUNDING};
use tests::events::the_event;
use tests::invariants;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::DistributorFunded;
use torque::instructions::DistributorCreateArgs;
use torque::state::Mode;

const RICH: u64 = 1_000_000_000;

#[test]
fn a_sponsor_s_rewards_and_the_fee_on_top_reach_the_vault() {
    for asset in [Some(spl_token::ID), Some(spl_token_2022::ID), None] {
        let (mut world, campaign, wallet) = created(asset);
        let asset = campaign.addresses.asset;
        let rent = if asset.is_native() { world.rent(128) } else { 0 };
        let before = world.balance(&asset, &wallet.pubkey());
        expect_success(campaign.sponsor(&mut world, &wallet, 1_000));
        assert_eq!(world.vault_balance(&campaign.addresses), 1_050);
        assert_eq!(before - world.balance(&asset, &wallet.pubkey()), 1_050 + rent);
        let distributor = world.distributor(&campaign.addresses);
        assert_eq!((distributor.funded, distributor.sponsored, distributor.sponsored_paid), (1_000, 1_000, 0));
        assert_eq!(distributor.sponsorships_open, 1);
        invariants::check(&world, &[&campaign]);
    }
}

#[test]
fn a_sponsorship_says_who_added_what_to_which_distributor_and_after_what() {
    let (mut world, campaign, wallet) = created(None);
    let second = world.new_sponsor(1, &Asset::SOL, RICH);
    expect_success(campaign.fund(&mut world, 50));
    expect_success(campaign.sponsor(&mut world, &second, 3));
    expect_success(campaign.sponsor(&mut world, &wallet, 7));
    let [_, found] = &world.sponsorships_of(&campaign.addresses.distributor)[..] else { panic!("two sponsorships") };
    assert_eq!((found.version, found.distributor, found.wallet), (1, campaign.addresses.distributor, wallet.pubkey()));
    assert_eq!((found.number, found.start, found.contributed), (0, 3, 7));
    assert_eq!((found.reserved, found.spare), ([0; 2], [0; 32]));
    let at = address::sponsorship(&campaign.addresses.distributor, &wallet.pubkey(), 0);
    assert_eq!((world.size(&at), world.cluster.lamports(&at)), (128, world.rent(128)));
}

#[test]
fn each_addition_is_a_sponsorship_of_its_own_after_those_before() {
    for asset in [Some(spl_token::ID), None] {
        let (mut world, campaign, wallet) = created(asset);
        let additions = [(10, 1, 0), (9, 0, 10), (2, 1, 19), (100, 5, 21)];
        for (number, (amount, fee, _)) in additions.into_iter().enumerate() {
            let event: DistributorFunded = the_event(&expect_success(campaign.sponsor(&mut world, &wallet, amount)));
            assert_eq!((event.distributor, event.funder), (campaign.addresses.distributor, wallet.pubkey()));
            assert_eq!((event.amount, event.fee, event.sponsorship), (amount, fee, Some(number as u32)));
        }
        let found = world.sponsorships_of(&campaign.addresses.distributor);
        let found: Vec<_> = found.iter().map(|it| (it.number, it.start, it.contributed)).collect();
        let expected = additions.iter().zip(0..).map(|((amount, _, start), number)| (number, *start, *amount));
        assert_eq!(found, expected.collect::<Vec<_>>());
        let distributor = world.distributor(&campaign.addresses);
        assert_eq!((distributor.sponsorships_open, distributor.sponsored, distributor.funded), (4, 121, 121));
        invariants::check(&world, &[&campaign]);
    }
}

#[test]
fn a_number_is_used_for_one_sponsorship_at_a_time_and_any_number_will_do() {
    let (mut world, campaign, wallet) = created(None);
    for number in [7, u32::MAX, 0] {
        let fund = campaign.sponsorship(&world, wallet.pubkey(), 5, number);
        let guardian = world.guardian.insecure_clone();
        expect_success(world.send(fund.clone(), &[&guardian, &wallet]));
        world.pass(1);
        let exists = TorqueError::SponsorshipExists;
        expect_unchanged(&mut world, exists, |world| world.send(fund, &[&guardian, &wallet]));
    }
}

#[test]
fn a_sponsor_adds_at_least_the_minimum_and_the_owner_what_it_likes() {
    let mut world = World::new();
    let args = Campaign::create_args(&world, Mode::Claim, 1);
    let args = DistributorCreateArgs { minimum_sponsorship: 1_000, ..args };
    let campaign = Campaign::created_with(&mut world, Asset::SOL, args);
    let wallet = world.new_sponsor(0, &Asset::SOL, RICH);
    expect_unchanged(&mut world, TorqueError::SponsorshipTooSmall, |world| campaign.sponsor(world, &wallet, 999));
    expect_success(campaign.sponsor(&mut world, &wallet, 1_000));
    expect_success(campaign.fund(&mut world, 1));
}

#[test]
fn where_the_minimum_is_the_largest_number_there_are_no_sponsors() {
    let mut world = World::new();
    let args = Campaign::create_args(&world, Mode::Claim, 1);
    let args = DistributorCreateArgs { minimum_sponsorship: u64::MAX, ..args };
    let campaign = Campaign::created_with(&mut world, Asset::SOL, args);
    let wallet = world.new_sponsor(0, &Asset::SOL, RICH);
    expect_unchanged(&mut world, TorqueError::SponsorshipTooSmall, |world| campaign.sponsor(world, &wallet, RICH / 2));
}

#[test]
fn the_owner_s_money_and_the_sponsors_are_counted_apart() {
    let (mut world, campaign, wallet) = created(Some(spl_token::ID));
    let asset = campaign.addresses.asset;
    let second = world.new_sponsor(1, &asset, RICH);
    let event: DistributorFunded = the_event(&expect_success(campaign.fund(&mut world, 500)));
    assert_eq!((event.sponsorship, event.funded), (None, 500));
    expect_success(campaign.sponsor(&mut world, &wallet, 30));
    expect_success(campaign.sponsor(&mut world, &second, 4));
    expect_success(campaign.fund(&mut world, 1));
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.funded, distributor.sponsored, distributor.sponsored_paid), (535, 34, 0));
    assert_eq!(distributor.sponsorships_open, 2);
    invariants::check(&world, &[&campaign]);
}

#[test]
fn many_small_sponsors_bring_in_the_same_fee_as_a_single_funding() {
    let (mut world, campaign, _) = created(None);
    for number in 0..7 {
        let wallet = world.new_sponsor(number, &Asset::SOL, RICH);
        expect_success(campaign.sponsor(&mut world, &wallet, 3));
    }
    assert_eq!(world.vault_balance(&campaign.addresses), 21 + 2);
}

#[test]
fn the_slot_of_the_last_funding_is_kept() {
    let (mut world, campaign, wallet) = created(None);
    for slot in [1_000, 2_000] {
        world.cluster.edit_clock(|clock| clock.slot = slot);
        expect_success(campaign.sponsor(&mut world, &wallet, 1));
        assert_eq!(world.distributor(&campaign.addresses).funded_slot, slot);
    }
}

#[test]
fn a_funder_who_is_not_the_owner_needs_a_sponsorship() {
    let (mut world, campaign, wallet) = created(None);
    let mut fund = campaign.sponsorship(&world, wallet.pubkey(), 1, 0);
    fund.accounts[7].pubkey = torque::ID;
    let guardian = world.guardian.insecure_clone();
    expect_unchanged(&mut world, TorqueError::SponsorMissing, |world| world.send(fund, &[&guardian, &wallet]));
}

#[test]
fn the_owner_funds_without_a_sponsorship() {
    let (mut world, campaign, _) = created(None);
    let owner = world.owner.insecure_clone();
    let fund = campaign.sponsorship(&world, owner.pubkey(), 1, 0);
    expect_unchanged(&mut world, TorqueError::SurplusAccount, |world| world.send(fund, &[&owner]));
}

#[test]
fn nobody_is_a_sponsor_in_another_s_name_or_with_another_distributor_s_account() {
    let (mut world, campaign, wallet) = created(None);
    let other = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 2);
    let second = world.new_sponsor(1, &Asset::SOL, RICH);
    expect_success(other.sponsor(&mut world, &wallet, 5));
    expect_success(campaign.sponsor(&mut world, &second, 5));
    for (distributor, owner) in [(&campaign, &second), (&other, &wallet)] {
        let mut fund = campaign.sponsorship(&world, wallet.pubkey(), 1, 0);
        fund.accounts[7].pubkey = address::sponsorship(&distributor.addresses.distributor, &owner.pubkey(), 0);
        expect_anchor_error(world.send(fund, &[&wallet]), ErrorCode::ConstraintSeeds);
    }
}

#[test]
fn a_sponsor_who_has_too_little_or_gives_nothing_moves_nothing() {
    let (mut world, campaign, wallet) = created(Some(spl_token::ID));
    expect_refused(campaign.sponsor(&mut world, &wallet, RICH));
    expect_unchanged(&mut world, TorqueError::AmountZero, |world| campaign.sponsor(world, &wallet, 0));
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.funded, distributor.sponsored, distributor.sponsorships_open), (0, 0, 0));
    assert!(world.sponsorships_of(&campaign.addresses.distributor).is_empty());
}

#[test]
fn a_sponsor_is_refused_from_the_second_on_in_which_no_epoch_can_be_posted() {
    let (mut world, campaign, wallet) = created(None);
    expect_success(campaign.sponsor(&mut world, &wallet, 1));
    world.pass(10 * EPOCH + POSTING_GRACE - 1);
    expect_success(campaign.sponsor(&mut world, &wallet, 1));
    for _ in 0..2 {
        world.pass(1);
        expect_unchanged(&mut world, TorqueError::FundingOver, |world| campaign.sponsor(world, &wallet, 1));
        expect_unchanged(&mut world, TorqueError::FundingOver, |world| campaign.fund(world, 1));
    }
}

#[test]
fn the_owner_may_still_fund_an_epoch_that_can_get_its_root_again() {
    let (mut world, campaign, wallet) = created(None);
    expect_success(campaign.end(&mut world));
    expect_success(campaign.sponsor(&mut world, &wallet, 1));
    world.pass(EPOCH);
    expect_success(campaign.skip(&mut world, 0));
    expect_unchanged(&mut world, TorqueError::FundingOver, |world| campaign.sponsor(world, &wallet, 1));
    expect_success(campaign.fund(&mut world, FUNDING));
    expect_success(campaign.repost(&mut world, &campaign.allocations(0, 3)));
    invariants::check(&world, &[&campaign]);
}

/// A distributor of a token of `program`, or of SOL, and a sponsor who has enough of that.
fn created(program: Option<Pubkey>) -> (World, Campaign, Keypair) {
    let mut world = World::new();
    let asset = program.map_or(Asset::SOL, |program| world.create_token(program));
    let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
    let wallet = world.new_sponsor(0, &asset, RICH);
    (world, campaign, wallet)
}
