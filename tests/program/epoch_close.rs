//! `epoch_close`: after the window, or when everything is paid, anybody closes an epoch; unpaid amounts are free again.

use anchor_lang::error::ErrorCode;
use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_signer::Signer as _;
use tests::assertions::{expect_anchor_error, expect_error, expect_success};
use tests::campaign::{Campaign, DELAY, FUNDING, WINDOW};
use tests::events::the_event;
use tests::world::World;
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::EpochClosed;
use torque::state::Mode;

#[test]
fn what_was_not_paid_is_free_again() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    expect_success(campaign.claim(&mut world, &allocations, 1));
    world.pass(WINDOW);
    let event: EpochClosed = the_event(&expect_success(campaign.close_epoch(&mut world, 0)));
    assert_eq!((event.distributor, event.epoch), (campaign.addresses.distributor, campaign.addresses.epoch(0)));
    assert_eq!((event.index, event.paid_count, event.paid_total), (0, 1, 2_000_001));
    assert_eq!(event.unpaid, allocations.total() - 2_000_001);
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.paid, distributor.reserved, distributor.open_epochs), (2_000_001, 0, 0));
    assert_eq!((distributor.free().unwrap(), distributor.next_epoch), (FUNDING - 2_000_001, 1));
}

#[test]
fn an_epoch_ends_in_the_second_from_which_nothing_is_paid() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    world.pass(WINDOW - 1);
    expect_error(campaign.close_epoch(&mut world, 0), TorqueError::WindowNotOver);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    world.pass(1);
    expect_error(campaign.claim(&mut world, &allocations, 1), TorqueError::WindowOver);
    expect_success(campaign.close_epoch(&mut world, 0));
}

#[test]
fn an_epoch_ends_early_once_all_is_paid() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    for index in 0..3 {
        expect_error(campaign.close_epoch(&mut world, 0), TorqueError::WindowNotOver);
        expect_success(campaign.claim(&mut world, &allocations, index));
    }
    let event: EpochClosed = the_event(&expect_success(campaign.close_epoch(&mut world, 0)));
    assert_eq!((event.paid_count, event.paid_total, event.unpaid), (3, allocations.total(), 0));
}

#[test]
fn an_epoch_that_has_not_opened_is_not_ended() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    expect_error(campaign.close_epoch(&mut world, 0), TorqueError::WindowNotOver);
    world.pass(DELAY);
    expect_error(campaign.close_epoch(&mut world, 0), TorqueError::WindowNotOver);
}

#[test]
fn a_vacant_epoch_ends_once_its_grace_is_over() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    world.pass(POSTING_GRACE - 1);
    expect_error(campaign.close_epoch(&mut world, 0), TorqueError::WindowNotOver);
    let mut late = world.fork();
    expect_success(campaign.repost(&mut late, &allocations));
    world.pass(1);
    let event: EpochClosed = the_event(&expect_success(campaign.close_epoch(&mut world, 0)));
    assert_eq!((event.index, event.paid_count, event.paid_total, event.unpaid), (0, 0, 0, 0));
    assert_eq!(world.distributor(&campaign.addresses).open_epochs, 0);
}

#[test]
fn an_epoch_is_ended_once() {
    let mut world = World::new();
    let (campaign, _) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    world.pass(WINDOW);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_anchor_error(campaign.close_epoch(&mut world, 0), ErrorCode::AccountOwnedByWrongProgram);
    world.set_lamports(&campaign.addresses.epoch(0), world.rent(0));
    expect_anchor_error(campaign.close_epoch(&mut world, 0), ErrorCode::AccountOwnedByWrongProgram);
}

#[test]
fn an_epoch_that_lamports_follow_in_the_same_transaction_stays_ended() {
    let mut world = World::new();
    let (campaign, _) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    world.pass(WINDOW);
    let (stranger, epoch) = (world.stranger.insecure_clone(), campaign.addresses.epoch(0));
    let close = instruction::epoch_close(&campaign.addresses, world.publisher.pubkey(), 0);
    let revive = solana_system_interface::instruction::transfer(&stranger.pubkey(), &epoch, world.rent(337));
    expect_success(world.cluster.send(&[close, revive], &[&stranger]));
    let left = world.cluster.account(&epoch).unwrap();
    assert_eq!((left.owner, left.data.len()), (Asset::SOL.token_program, 0));
}

#[test]
fn the_rent_returns_to_whoever_paid_it_and_to_nobody_else() {
    let mut world = World::new();
    let (campaign, _) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    world.pass(WINDOW);
    let stranger = world.stranger.insecure_clone();
    let theft = instruction::epoch_close(&campaign.addresses, stranger.pubkey(), 0);
    expect_error(world.send(theft, &[&stranger]), TorqueError::RentPayerMismatch);
    let before = world.cluster.lamports(&world.publisher.pubkey());
    expect_success(campaign.close_epoch(&mut world, 0));
    assert_eq!(world.cluster.lamports(&world.publisher.pubkey()) - before, world.rent(337));
}

#[test]
fn a_rent_payer_that_is_gone_gets_its_rent_all_the_same() {
    let mut world = World::new();
    let (campaign, _) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    world.pass(WINDOW);
    let payer = world.publisher.pubkey();
    world.set_lamports(&payer, 0);
    expect_success(campaign.close_epoch(&mut world, 0));
    assert_eq!(world.cluster.lamports(&payer), world.rent(337));
}

#[test]
fn a_rent_payer_that_has_become_a_program_leaves_its_rent_to_the_distributor() {
    let mut world = World::new();
    let (campaign, _) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    world.pass(WINDOW);
    world.make_executable(&campaign.publisher.pubkey());
    let before = world.cluster.lamports(&campaign.addresses.distributor);
    expect_success(campaign.close_epoch(&mut world, 0));
    assert_eq!(world.cluster.lamports(&campaign.addresses.distributor) - before, world.rent(337));
    assert!(world.is_absent(&campaign.addresses.epoch(0)));
}

#[test]
fn an_epoch_is_ended_for_its_own_distributor_only() {
    let mut world = World::new();
    let (campaign, _) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    let twin = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 2);
    expect_success(twin.post(&mut world, &twin.allocations(0, 3)));
    world.pass(DELAY + WINDOW);
    let stranger = world.stranger.insecure_clone();
    let mut close = instruction::epoch_close(&campaign.addresses, world.publisher.pubkey(), 0);
    close.accounts[2].pubkey = twin.addresses.epoch(0);
    expect_error(world.send(close, &[&stranger]), TorqueError::EpochMismatch);
}
