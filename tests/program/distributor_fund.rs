//! `distributor_fund`: the owner moves rewards, and the fee on top, into the vault.
//!
//! Not here: funding by others (`sponsoring`).

use anchor_lang::AccountSerialize as _;
use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_refused, expect_success};
use tests::campaign::Campaign;
use tests::events::the_event;
use tests::world::{OWNER_TOKENS, World};
use torque::error::TorqueError;
use torque::events::DistributorFunded;
use torque::state::Mode;

#[test]
fn rewards_and_the_fee_on_top_reach_the_vault() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
        expect_success(campaign.fund(&mut world, 1_000));
        assert_eq!(world.vault_balance(&campaign.addresses), 1_050);
        assert_eq!(world.balance(&asset, &world.owner.pubkey()), OWNER_TOKENS - 1_050);
        assert_eq!(world.distributor(&campaign.addresses).funded, 1_000);
    }
}

#[test]
fn lamports_and_the_fee_on_top_reach_the_vault() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let before = world.cluster.lamports(&world.owner.pubkey());
    let receipt = expect_success(campaign.fund(&mut world, 1_000_000));
    assert_eq!(world.vault_balance(&campaign.addresses), 1_050_000);
    assert_eq!(before - world.cluster.lamports(&world.owner.pubkey()), 1_050_000 + receipt.fee);
}

#[test]
fn lamports_come_from_the_funder_and_the_source_must_say_so() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let owner = world.owner.insecure_clone();
    let mut fund = instruction::distributor_fund(&campaign.addresses, 1_000);
    let place = fund.accounts.iter().rposition(|meta| meta.pubkey == owner.pubkey()).unwrap();
    fund.accounts[place].pubkey = world.stranger.pubkey();
    expect_error(world.send(fund, &[&owner]), TorqueError::SurplusAccount);
}

#[test]
fn each_funding_is_reported_with_the_sum_of_all() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    for (amount, fee, funded) in [(10, 1, 10), (9, 0, 19), (2, 1, 21), (100, 5, 121)] {
        let event: DistributorFunded = the_event(&expect_success(campaign.fund(&mut world, amount)));
        assert_eq!((event.distributor, event.funder), (campaign.addresses.distributor, world.owner.pubkey()));
        assert_eq!((event.amount, event.fee, event.funded), (amount, fee, funded));
    }
}

#[test]
fn nothing_is_no_funding() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_error(campaign.fund(&mut world, 0), TorqueError::AmountZero);
    expect_success(campaign.fund(&mut world, 1));
}

#[test]
fn rewards_and_fee_together_must_fit_the_vault() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_error(campaign.fund(&mut world, u64::MAX), TorqueError::ArithmeticOverflow);
    // With a fee of 5 % the largest sum of rewards is 2^64 × 20 / 21; the owner does not have that much.
    expect_error(campaign.fund(&mut world, u64::MAX / 21 * 20 + 20), TorqueError::ArithmeticOverflow);
    expect_refused(campaign.fund(&mut world, u64::MAX / 21 * 20));
    assert_eq!(world.distributor(&campaign.addresses).funded, 0);
}

/// Amounts that were already paid out count too, so that no sum of rewards and fee can overflow later.
#[test]
fn all_that_is_ever_funded_and_its_fee_must_fit_the_vault() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let mut distributor = world.distributor(&campaign.addresses);
    distributor.funded = u64::MAX / 21 * 20;
    let address = campaign.addresses.distributor;
    world.edit_data(&address, |data| distributor.try_serialize(&mut &mut data[..]).unwrap());
    // 2^64 - 1 is 21 times that twentieth and 15 more; one of the 15 is the fee of the other 14.
    expect_error(campaign.fund(&mut world, 15), TorqueError::ArithmeticOverflow);
    expect_success(campaign.fund(&mut world, 14));
}

#[test]
fn an_owner_who_has_too_little_moves_nothing() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
    expect_refused(campaign.fund(&mut world, OWNER_TOKENS));
    assert_eq!((world.vault_balance(&campaign.addresses), world.distributor(&campaign.addresses).funded), (0, 0));
    assert_eq!(world.balance(&asset, &world.owner.pubkey()), OWNER_TOKENS);
}

#[test]
fn tokens_leave_no_account_but_the_owner_s() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
    world.send_tokens(&asset, &asset.account_of(&world.treasury.clone()), 5_000);
    let owner = world.owner.insecure_clone();
    for source in [asset.account_of(&world.treasury), campaign.addresses.vault] {
        let mut fund = instruction::distributor_fund(&campaign.addresses, 1_000);
        fund.accounts[4].pubkey = source;
        expect_refused(world.send(fund, &[&owner]));
    }
    assert_eq!(world.balance(&asset, &world.treasury), 5_000);
}

#[test]
fn a_second_distributor_s_vault_mint_or_program_is_refused() {
    let mut world = World::new();
    let [asset, other] = [spl_token::ID, spl_token::ID].map(|program| world.create_token(program));
    let campaign = Campaign::created(&mut world, asset, Mode::Claim, 1);
    let twin = Campaign::created(&mut world, asset, Mode::Claim, 2);
    let owner = world.owner.insecure_clone();
    for (slot, address, error) in [
        (3, twin.addresses.vault, TorqueError::VaultMismatch),
        (5, other.mint, TorqueError::MintMismatch),
        (6, spl_token_2022::ID, TorqueError::TokenProgramMismatch),
    ] {
        let mut fund = instruction::distributor_fund(&campaign.addresses, 1_000);
        fund.accounts[slot].pubkey = address;
        expect_error(world.send(fund, &[&owner]), error);
    }
}
