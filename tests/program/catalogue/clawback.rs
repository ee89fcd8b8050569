//! C-077 to C-081: money goes back only when it can no longer pay a leaf, and only once.

use anchor_lang::error::ErrorCode;
use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::instruction::{self, settlement};
use solana_keypair::Keypair;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_anchor_error, expect_error, expect_refused, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH, FUNDING, WINDOW, terms};
use tests::events::{events, the_event};
use tests::invariants;
use tests::ledger::expect_unchanged;
use tests::world::{BEGINNING, World};
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::{DistributorClosed, SponsorRefunded};
use torque::instructions::DistributorCreateArgs;
use torque::state::{Mode, Terms};

/// Base units that the sponsor adds.
const SPONSORED: u64 = 1_000_000;

/// C-077: a distributor none of whose epochs was posted ends with its grace, for owner and sponsor at the same second.
#[test]
fn c_077_nothing_goes_back_before_the_second_in_which_the_grace_ends() {
    for (offset, is_over) in [(-1, false), (0, true), (1, true)] {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        let wallet = world.new_sponsor(0, &Asset::SOL, 2_000_000);
        expect_success(campaign.sponsor(&mut world, &wallet, 1_000_000));
        world.pass(10 * EPOCH + POSTING_GRACE + offset);
        if is_over {
            expect_error(campaign.sponsor(&mut world, &wallet, 1), TorqueError::FundingOver);
            expect_success(campaign.refund(&mut world, &wallet.pubkey()));
            expect_success(campaign.close(&mut world));
        } else {
            let early = TorqueError::ScheduleNotOver;
            expect_unchanged(&mut world, early, |world| campaign.refund(world, &wallet.pubkey()));
            expect_unchanged(&mut world, early, |world| campaign.close(world));
            expect_success(campaign.sponsor(&mut world, &wallet, 1));
        }
    }
}

/// C-077 for what an epoch did not pay: it is free when the window is over, and not before.
#[test]
fn c_077_an_epoch_returns_nothing_before_the_second_in_which_its_window_ends() {
    for (offset, is_over) in [(-1, false), (0, true), (1, true)] {
        let mut world = World::new();
        let (campaign, _, wallet) = of_one_epoch(&mut world);
        world.pass(WINDOW + offset);
        if is_over {
            expect_success(campaign.close_epoch(&mut world, 0));
            expect_success(campaign.refund(&mut world, &wallet.pubkey()));
            expect_success(campaign.close(&mut world));
        } else {
            expect_unchanged(&mut world, TorqueError::WindowNotOver, |world| campaign.close_epoch(world, 0));
            expect_unchanged(&mut world, TorqueError::EpochsOpen, |world| campaign.refund(world, &wallet.pubkey()));
            expect_unchanged(&mut world, TorqueError::EpochsOpen, |world| campaign.close(world));
        }
    }
}

/// C-078: the last second of the claim is the one before the first of the closing.
#[test]
fn c_078_no_second_lets_both_claim_and_close() {
    for (offset, is_open) in [(-1, true), (0, false), (1, false)] {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
        world.pass(WINDOW + offset);
        let mut other = world.fork();
        if is_open {
            expect_error(campaign.close_epoch(&mut other, 0), TorqueError::WindowNotOver);
            expect_success(campaign.claim(&mut world, &allocations, 0));
        } else {
            expect_error(campaign.claim(&mut world, &allocations, 0), TorqueError::WindowOver);
            expect_success(campaign.close_epoch(&mut other, 0));
        }
    }
}

/// C-079: schedules in the past, reversed, empty, of no length and beyond the clock, and windows below their minimum.
#[test]
fn c_079_a_schedule_without_sense_is_refused() {
    let long_ago = BEGINNING - 10 * EPOCH - POSTING_GRACE;
    let usual = terms();
    for (terms, error) in [
        (Terms { start: -1, ..usual }, TorqueError::ScheduleInvalid),
        (Terms { start: i64::MIN, ..usual }, TorqueError::ScheduleInvalid),
        (Terms { start: i64::MAX, ..usual }, TorqueError::ScheduleInvalid),
        (Terms { start: i64::MAX - 10 * EPOCH + 1, ..usual }, TorqueError::ScheduleInvalid),
        (Terms { start: long_ago, ..usual }, TorqueError::ScheduleInvalid),
        (Terms { epoch_count: 0, ..usual }, TorqueError::ScheduleInvalid),
        (Terms { epoch_duration: 0, ..usual }, TorqueError::EpochDurationOutOfRange),
        (Terms { epoch_duration: 59, ..usual }, TorqueError::EpochDurationOutOfRange),
        (Terms { epoch_duration: u32::MAX, ..usual }, TorqueError::EpochDurationOutOfRange),
        (Terms { activation_delay: 3_599, ..usual }, TorqueError::ActivationDelayOutOfRange),
        (Terms { activation_delay: u32::MAX, ..usual }, TorqueError::ActivationDelayOutOfRange),
        (Terms { claim_window: 86_399, ..usual }, TorqueError::ClaimWindowOutOfRange),
        (Terms { claim_window: u32::MAX, ..usual }, TorqueError::ClaimWindowOutOfRange),
    ] {
        let mut world = World::new();
        expect_unchanged(&mut world, error, |world| create(world, terms));
    }
    for terms in [Terms { start: long_ago + 1, ..usual }, Terms { start: i64::MAX - 10 * EPOCH, ..usual }] {
        expect_success(create(&mut World::new(), terms));
    }
}

/// C-080: of two epochs that share the money, the one that is over frees its remainder and touches nothing of the
/// other's.
#[test]
fn c_080_an_epoch_that_is_over_frees_its_own_remainder_only() {
    let mut world = World::new();
    let (campaign, first, sponsors) = Campaign::sponsored(&mut world, Asset::SOL, &[1_000_000]);
    expect_success(campaign.end(&mut world));
    world.pass(EPOCH);
    let second = campaign.allocations(1, 3);
    expect_success(campaign.post(&mut world, &second));
    expect_success(campaign.claim(&mut world, &first, 0));
    world.pass(WINDOW - EPOCH);
    expect_success(campaign.close_epoch(&mut world, 0));
    let in_vault = world.vault_balance(&campaign.addresses);
    expect_unchanged(&mut world, TorqueError::EpochsOpen, |world| campaign.close(world));
    expect_unchanged(&mut world, TorqueError::EpochsOpen, |world| campaign.refund(world, &sponsors[0].pubkey()));
    assert_eq!(world.distributor(&campaign.addresses).reserved, second.total());
    for index in 0..3 {
        expect_success(campaign.claim(&mut world, &second, index));
        invariants::check(&world, &[&campaign]);
    }
    assert_eq!(world.vault_balance(&campaign.addresses), in_vault - second.total());
}

/// C-081: neither owner nor sponsor gets anything twice, in two transactions or in one.
#[test]
fn c_081_nothing_goes_back_twice() {
    let mut world = World::new();
    let (campaign, sponsors) = Campaign::sponsored_and_over(&mut world, Asset::SOL, &[1_000_000, 7]);
    let guardian = world.guardian.insecure_clone();
    let refund = settlement::sponsor_refund(&campaign.addresses, &sponsors[0].pubkey(), 0);
    let twice = world.cluster.send(&[refund.clone(), refund.clone()], &[&guardian]);
    expect_anchor_error(twice, ErrorCode::AccountNotInitialized);
    expect_success(world.send(refund.clone(), &[&guardian]));
    expect_anchor_error(world.send(refund, &[&guardian]), ErrorCode::AccountNotInitialized);
    let first: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    let second: DistributorClosed = the_event(&expect_success(campaign.close(&mut world)));
    assert!(first.refunded > 0 && !first.is_final);
    assert_eq!((second.refunded, second.fee, second.held), (0, 0, first.held));
    invariants::check(&world, &[&campaign]);
}

/// C-081: once an epoch is closed nothing of it is claimed, before and after the refunds.
#[test]
fn c_081_what_went_back_is_not_claimed() {
    let mut world = World::new();
    let (campaign, allocations, wallet) = of_one_epoch(&mut world);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    world.pass(WINDOW);
    expect_success(campaign.close_epoch(&mut world, 0));
    let gone = ErrorCode::AccountOwnedByWrongProgram;
    expect_anchor_error(campaign.claim(&mut world, &allocations, 1), gone);
    expect_success(campaign.refund(&mut world, &wallet.pubkey()));
    expect_anchor_error(campaign.claim(&mut world, &allocations, 1), gone);
    expect_success(campaign.close(&mut world));
    expect_refused(campaign.claim(&mut world, &allocations, 1));
}

/// C-081: the last claim, the closing of the epoch and everybody's refund in one transaction pay each exactly once.
#[test]
fn c_081_claim_and_refunds_in_one_transaction_pay_each_once() {
    let mut world = World::new();
    let (campaign, allocations, wallet) = of_one_epoch(&mut world);
    for index in 0..2 {
        expect_success(campaign.claim(&mut world, &allocations, index));
    }
    let (guardian, owner) = (world.guardian.insecure_clone(), world.owner.insecure_clone());
    let claim = campaign.claim_instruction(&allocations, 2);
    let close_epoch = instruction::epoch_close(&campaign.addresses, world.publisher.pubkey(), 0);
    let refund = settlement::sponsor_refund(&campaign.addresses, &wallet.pubkey(), 0);
    let close = instruction::distributor_close(&campaign.addresses, &world.treasury);
    let last = allocations.wallets[2].insecure_clone();
    let early = [refund.clone(), close_epoch.clone()];
    expect_error(world.cluster.send(&early, &[&guardian]), TorqueError::EpochsOpen);
    let receipt = expect_success(world.cluster.send(&[claim, close_epoch, refund, close], &[&guardian, &last, &owner]));
    let sponsors: Vec<SponsorRefunded> = events(&receipt);
    let closed: Vec<DistributorClosed> = events(&receipt);
    assert_eq!(world.cluster.lamports(&last.pubkey()), allocations.payments[2].amount);
    let total = allocations.total() + sponsors[0].amount + closed[0].fee + closed[0].refunded;
    assert_eq!(total, (FUNDING + SPONSORED) / 20 * 21);
    assert!(closed[0].is_final && world.is_absent(&campaign.addresses.vault));
}

/// A distributor of SOL whose only epoch is open, and its sponsor.
fn of_one_epoch(world: &mut World) -> (Campaign, Allocations, Keypair) {
    let campaign = Campaign::funded(world, Asset::SOL, Mode::Claim, 1);
    let wallet = world.new_sponsor(0, &Asset::SOL, 2 * SPONSORED);
    expect_success(campaign.sponsor(world, &wallet, SPONSORED));
    expect_success(campaign.end(world));
    world.pass(EPOCH);
    let allocations = campaign.allocations(0, 3);
    expect_success(campaign.post(world, &allocations));
    world.pass(DELAY);
    (campaign, allocations, wallet)
}

fn create(world: &mut World, terms: Terms) -> Sent {
    let addresses = DistributorAddresses::new(world.owner.pubkey(), 1, Asset::SOL);
    let args = DistributorCreateArgs { terms, ..Campaign::create_args(world, Mode::Claim, 1) };
    let owner = world.owner.insecure_clone();
    world.send(instruction::distributor_create(&addresses, args), &[&owner])
}
