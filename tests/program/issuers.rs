//! Tokens of regulated issuers from the creation of a distributor to its closing, and what their issuers can stop in
//! the middle of it. What a permanent delegate takes is in `catalogue::seizures`.

use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use solana_signer::Signer as _;
use spl_token_2022::extension::transfer_fee::instruction::set_transfer_fee;
use tests::assertions::{expect_code, expect_error, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH, FUNDING, WINDOW};
use tests::events::the_event;
use tests::issuers::{ISSUED, Issued, issuer};
use tests::ledger::{expect_unchanged, expect_unchanged_by};
use tests::sponsors::sponsor;
use tests::world::{World, keypair};
use torque::error::TorqueError;
use torque::events::{DistributorClosed, Pushed, SkipReason, Skipped};
use torque::instructions::ClaimObstacle;
use torque::state::Mode;

/// The token program's errors for a frozen account, a paused mint and an account that refuses plain credits.
const ACCOUNT_FROZEN: u32 = 17;
const MINT_PAUSED: u32 = 67;
/// Base units that the sponsor adds.
const SPONSORED: u64 = 1_000_000;

#[test]
fn a_distributor_of_an_issuer_s_token_is_created_funded_sponsored_paid_refunded_and_closed() {
    for issued in ISSUED {
        for mode in [Mode::Claim, Mode::Push] {
            let mut world = World::new();
            let asset = world.issue_token(issued);
            let campaign = Campaign::created(&mut world, asset, mode, 1);
            assert_eq!(world.distributor(&campaign.addresses).accepted_powers, issued.powers(), "{issued:?}");
            expect_success(campaign.fund(&mut world, FUNDING));
            let wallet = world.new_sponsor(0, &asset, 2 * SPONSORED);
            expect_success(campaign.sponsor(&mut world, &wallet, SPONSORED));
            let allocations = open(&mut world, &campaign);
            campaign.finish(&mut world, &allocations);
            for payment in &allocations.payments {
                assert_eq!(world.balance(&asset, &payment.recipient), payment.amount);
            }
            let before = world.balance(&asset, &wallet.pubkey());
            expect_success(campaign.refund(&mut world, &wallet.pubkey()));
            assert!(world.balance(&asset, &wallet.pubkey()) > before);
            let closed: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
            assert!(closed.is_final && closed.held == 0 && closed.fee == 300_001, "{issued:?}");
            assert!(world.is_absent(&campaign.addresses.vault));
        }
    }
}

#[test]
fn a_wallet_that_refuses_plain_credits_is_skipped_by_a_push_until_it_takes_them() {
    for issued in ISSUED {
        let (mut world, campaign, allocations) = opened(issued, Mode::Push);
        let asset = campaign.addresses.asset;
        world.refuse_plain_credits(&asset, &allocations.wallets[1], true);
        let plan = || campaign.plan_push(&allocations, 0, 2);
        let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, plan())));
        assert_eq!(event.skipped, [Skipped { index: 1, reason: SkipReason::PlainCreditRefused }]);
        assert_eq!((event.paid, world.balance(&asset, &allocations.payments[1].recipient)), (0b101, 0));
        world.refuse_plain_credits(&asset, &allocations.wallets[1], false);
        let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, plan())));
        assert_eq!((event.paid, event.amount), (0b010, allocations.payments[1].amount));
    }
}

#[test]
fn a_claim_into_an_account_that_refuses_plain_credits_says_so_and_another_account_will_do() {
    for issued in ISSUED {
        let (mut world, campaign, allocations) = opened(issued, Mode::Claim);
        let asset = campaign.addresses.asset;
        world.refuse_plain_credits(&asset, &allocations.wallets[1], true);
        let refused = TorqueError::PlainCreditRefused;
        expect_unchanged(&mut world, refused, |world| campaign.claim(world, &allocations, 1));
        let mut elsewhere = campaign.claim_instruction(&allocations, 1);
        elsewhere.accounts[5].pubkey = asset.account_of(&world.treasury);
        expect_success(world.send(elsewhere, &[&campaign.publisher, &allocations.wallets[1]]));
        assert_eq!(world.balance(&asset, &world.treasury), allocations.payments[1].amount);
    }
}

#[test]
fn a_treasury_that_refuses_plain_credits_holds_nobody_up() {
    let (mut world, campaign, allocations) = opened(Issued::Pyusd, Mode::Claim);
    campaign.finish(&mut world, &allocations);
    expect_success(campaign.refund(&mut world, &sponsor(0).pubkey()));
    let (asset, treasury) = (campaign.addresses.asset, keypair(6));
    world.refuse_plain_credits(&asset, &treasury, true);
    let closed: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    assert_eq!((closed.fee, closed.held, closed.is_final), (0, 300_001, false));
    world.refuse_plain_credits(&asset, &treasury, false);
    let closed: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    assert_eq!((closed.fee, closed.held, closed.is_final), (300_001, 0, true));
}

#[test]
fn a_mint_that_is_paused_in_the_window_pays_nobody_until_it_is_resumed() {
    for mode in [Mode::Claim, Mode::Push] {
        let (mut world, campaign, allocations) = opened(Issued::XStock, mode);
        expect_success(campaign.pay(&mut world, &allocations, 0));
        world.set_mint_paused(&campaign.addresses.asset, true);
        for index in 1..3 {
            let code = expect_unchanged_by(&mut world, |world| campaign.pay(world, &allocations, index));
            assert_eq!(code, Some(MINT_PAUSED));
        }
        expect_obstacle(&world, &campaign, &allocations, Some(ClaimObstacle::MintPaused));
        world.set_mint_paused(&campaign.addresses.asset, false);
        expect_obstacle(&world, &campaign, &allocations, None);
        for index in 1..3 {
            expect_success(campaign.pay(&mut world, &allocations, index));
        }
    }
}

#[test]
fn a_vault_that_is_frozen_in_the_window_pays_nobody_until_it_is_thawed() {
    for issued in ISSUED {
        let (mut world, campaign, allocations) = opened(issued, Mode::Claim);
        let (asset, vault) = (campaign.addresses.asset, campaign.addresses.vault);
        world.set_frozen(&asset, &vault, true);
        expect_code(campaign.claim(&mut world, &allocations, 1), ACCOUNT_FROZEN, "AccountFrozen");
        expect_obstacle(&world, &campaign, &allocations, Some(ClaimObstacle::VaultFrozen));
        world.set_frozen(&asset, &vault, false);
        expect_obstacle(&world, &campaign, &allocations, None);
        expect_success(campaign.claim(&mut world, &allocations, 1));
    }
}

#[test]
fn a_wallet_that_is_frozen_in_the_window_waits_alone() {
    for issued in ISSUED {
        let (mut world, campaign, allocations) = opened(issued, Mode::Push);
        let asset = campaign.addresses.asset;
        let account = asset.account_of(&allocations.payments[2].recipient);
        world.set_frozen(&asset, &account, true);
        let plan = || campaign.plan_push(&allocations, 0, 2);
        let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, plan())));
        assert_eq!(event.skipped, [Skipped { index: 2, reason: SkipReason::Frozen }]);
        world.set_frozen(&asset, &account, false);
        let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, plan())));
        assert_eq!(event.paid, 0b100);
    }
}

#[test]
fn a_hook_that_is_named_in_the_window_stops_payments_and_funding_until_none_is_called() {
    for issued in ISSUED {
        let (mut world, campaign, allocations) = opened(issued, Mode::Claim);
        let asset = campaign.addresses.asset;
        world.set_mint_hook(&asset, Some(torque::ID));
        expect_unchanged_by(&mut world, |world| campaign.claim(world, &allocations, 1));
        expect_obstacle(&world, &campaign, &allocations, Some(ClaimObstacle::MintHooked));
        let refused = TorqueError::MintExtensionRefused;
        expect_unchanged(&mut world, refused, |world| campaign.fund(world, FUNDING));
        world.set_mint_hook(&asset, None);
        expect_obstacle(&world, &campaign, &allocations, None);
        expect_success(campaign.claim(&mut world, &allocations, 1));
    }
}

#[test]
fn a_fee_that_the_issuer_raises_is_paid_on_top_as_far_as_the_reserve_goes() {
    let (mut world, campaign, allocations) = opened(Issued::Pyusd, Mode::Claim);
    let (asset, issuer) = (campaign.addresses.asset, issuer().pubkey());
    let raise = set_transfer_fee(&asset.token_program, &asset.mint, &issuer, &[], 100, u64::MAX).unwrap();
    expect_success(world.by_issuer(raise));
    world.pass_chain_epochs(2);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    expect_success(campaign.claim(&mut world, &allocations, 1));
    expect_error(campaign.claim(&mut world, &allocations, 2), TorqueError::ReserveExceeded);
    expect_obstacle(&world, &campaign, &allocations, Some(ClaimObstacle::ReserveExceeded));
    assert_eq!(world.balance(&asset, &allocations.payments[0].recipient), allocations.payments[0].amount);
}

#[test]
fn what_is_stopped_for_the_whole_window_goes_back_and_waits_for_the_issuer_there() {
    let (mut world, campaign, allocations) = opened(Issued::XStock, Mode::Claim);
    let (asset, wallet) = (campaign.addresses.asset, sponsor(0));
    world.set_mint_paused(&asset, true);
    expect_success(campaign.end(&mut world));
    world.pass(2 * EPOCH + WINDOW);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_code(campaign.refund(&mut world, &wallet.pubkey()), MINT_PAUSED, "MintPaused");
    expect_code(campaign.close(&mut world), MINT_PAUSED, "MintPaused");
    world.set_mint_paused(&asset, false);
    expect_success(campaign.refund(&mut world, &wallet.pubkey()));
    expect_success(campaign.close(&mut world));
    assert_eq!(world.balance(&asset, &allocations.payments[0].recipient), 0);
}

/// A funded and sponsored distributor of an issuer's token whose epoch 0, with three leaves, is open.
fn opened(issued: Issued, mode: Mode) -> (World, Campaign, Allocations) {
    let mut world = World::new();
    let asset: Asset = world.issue_token(issued);
    let campaign = Campaign::funded(&mut world, asset, mode, 1);
    let wallet = world.new_sponsor(0, &asset, 2 * SPONSORED);
    expect_success(campaign.sponsor(&mut world, &wallet, SPONSORED));
    let allocations = open(&mut world, &campaign);
    (world, campaign, allocations)
}

/// Posts epoch 0 with three leaves and passes the time until it is open.
fn open(world: &mut World, campaign: &Campaign) -> Allocations {
    world.pass(EPOCH);
    let allocations = campaign.allocations(0, 3);
    expect_success(campaign.post(world, &allocations));
    for payment in &allocations.payments {
        world.open_account(&campaign.addresses.asset, &payment.recipient);
    }
    world.pass(DELAY);
    allocations
}

/// Checks what the view says of the last leaf; of one that is pushed it says that nobody has to claim.
#[track_caller]
fn expect_obstacle(world: &World, campaign: &Campaign, allocations: &Allocations, expected: Option<ClaimObstacle>) {
    let view = campaign.view_claimable(world, allocations, 2, false).unwrap();
    let expected = if campaign.mode == Mode::Push { Some(ClaimObstacle::ModeIsPush) } else { expected };
    let amount = if expected.is_none() { allocations.payments[2].amount } else { 0 };
    assert_eq!((view.amount, view.obstacle), (amount, expected));
}
