//! The fee, to the base unit: the part on top of the rewards, the treasury's part, and the part that returns to the
//! owner.

use anchor_spl::token::spl_token;
use crank_cluster::address::Asset;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH};
use tests::events::the_event;
use tests::world::{OWNER_TOKENS, World};
use torque::constants::POSTING_GRACE;
use torque::events::DistributorClosed;
use torque::state::Mode;

/// Fees in basis points: none, the smallest, ones that divide nothing evenly, the largest.
const FEES: [u16; 6] = [0, 1, 37, 333, 500, 1_000];

#[test]
fn many_odd_fundings_bring_in_the_same_fee_as_a_single_one() {
    for fee in FEES {
        let parts = [1, 1, 2, 3, 5, 7, 19, 20, 21, 999, 10_001, 123_457, 1, 3];
        let in_parts = funded_in(fee, &parts);
        let at_once = funded_in(fee, &[parts.iter().sum()]);
        assert_eq!(in_parts, at_once, "{fee} basis points");
    }
}

#[test]
fn the_fee_that_comes_in_is_rounded_up() {
    for (fee, funded, deposited) in [(500, 1, 1), (500, 20, 1), (500, 21, 2), (1, 1, 1), (1, 10_001, 2), (0, 7, 0)] {
        assert_eq!(funded_in(fee, &[funded]), funded + deposited, "{funded} at {fee} basis points");
    }
}

#[test]
fn after_full_payment_the_treasury_has_the_whole_fee_rounded_up() {
    for fee in FEES {
        let amounts = [1, 19, 333, 7_777, 10_001];
        let paid: u64 = amounts.iter().sum();
        let settled = settle(fee, paid, &amounts, 5);
        let earned = (paid * u64::from(fee)).div_ceil(10_000);
        assert_eq!((settled.treasury, settled.recipients), (earned, paid), "{fee} basis points");
        assert_eq!(settled.owner_spent, paid + earned);
    }
}

#[test]
fn unpaid_rewards_return_with_their_share_of_the_fee() {
    for fee in FEES {
        let amounts = [12_345, 54_321, 99];
        let settled = settle(fee, 1_000_001, &amounts, 2);
        let earned = (66_666 * u64::from(fee)).div_ceil(10_000);
        assert_eq!((settled.treasury, settled.recipients), (earned, 66_666), "{fee} basis points");
        assert_eq!(settled.owner_spent, 66_666 + earned);
    }
}

#[test]
fn a_deposit_of_which_nothing_was_paid_returns_in_full() {
    let settled = settle(1_000, 999_999, &[5, 6], 0);
    assert_eq!((settled.treasury, settled.recipients, settled.owner_spent), (0, 0, 0));
}

#[test]
fn the_fee_of_many_epochs_is_that_of_their_sum() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaign = Campaign::created(&mut world, asset, Mode::Push, 1);
    expect_success(campaign.fund(&mut world, 10_000));
    for index in 0..5 {
        world.pass(EPOCH);
        let allocations = campaign.allocations_of(index, &[19]);
        expect_success(campaign.post(&mut world, &allocations));
        pay_after_delay(&mut world, &campaign, &allocations, 1);
        expect_success(campaign.close_epoch(&mut world, index));
        assert_eq!(world.distributor(&campaign.addresses).paid, 19 * (u64::from(index) + 1));
        world.pass(-DELAY);
    }
    expect_success(campaign.end(&mut world));
    world.pass(EPOCH + POSTING_GRACE);
    let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    // Five times 0.95 is 4.75, which is rounded up once.
    assert_eq!((event.paid, event.fee), (95, 5));
    assert_eq!(world.balance(&asset, &world.owner.pubkey()), OWNER_TOKENS - 95 - 5);
}

#[test]
fn many_small_distributors_pay_no_less_than_one_large() {
    let fees: u64 = (0..5).map(|_| settle(500, 19, &[19], 1).treasury).sum();
    assert_eq!((fees, settle(500, 95, &[95], 1).treasury), (5, 5));
}

/// Where the tokens are once a distributor is closed.
struct Settled {
    treasury: u64,
    recipients: u64,
    owner_spent: u64,
}

/// The vault's balance after fundings of `amounts` at `fee` basis points.
fn funded_in(fee: u16, amounts: &[u64]) -> u64 {
    let (mut world, campaign, _) = created(fee);
    for amount in amounts {
        expect_success(campaign.fund(&mut world, *amount));
    }
    assert_eq!(world.distributor(&campaign.addresses).funded, amounts.iter().sum::<u64>());
    world.vault_balance(&campaign.addresses)
}

/// Funds `funded`, posts `amounts`, pays the first `count` leaves and closes everything.
fn settle(fee: u16, funded: u64, amounts: &[u64], count: u32) -> Settled {
    let (mut world, campaign, asset) = created(fee);
    expect_success(campaign.fund(&mut world, funded));
    world.pass(EPOCH);
    let allocations = campaign.allocations_of(0, amounts);
    expect_success(campaign.post(&mut world, &allocations));
    pay_after_delay(&mut world, &campaign, &allocations, count);
    campaign.wind_up(&mut world);
    expect_success(campaign.close(&mut world));
    let recipients = allocations.payments.iter().map(|payment| world.balance(&asset, &payment.recipient)).sum();
    let owner_spent = OWNER_TOKENS - world.balance(&asset, &world.owner.pubkey());
    Settled { treasury: world.balance(&asset, &world.treasury), recipients, owner_spent }
}

/// A distributor of a token that was created while the fee was `fee` basis points.
fn created(fee: u16) -> (World, Campaign, Asset) {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    expect_success(world.set_fee(fee));
    let campaign = Campaign::created(&mut world, asset, Mode::Push, 1);
    (world, campaign, asset)
}

fn pay_after_delay(world: &mut World, campaign: &Campaign, allocations: &Allocations, count: u32) {
    for payment in &allocations.payments {
        world.open_account(&campaign.addresses.asset, &payment.recipient);
    }
    world.pass(DELAY);
    for index in 0..count {
        expect_success(campaign.pay(world, allocations, index));
    }
}
