//! `raffle_commit`: the publisher fixes tickets, slot and secret of an epoch that has ended, once, before any outcome.

use anchor_lang::error::ErrorCode;
use crank_cluster::address::Asset;
use crank_cluster::instruction::{authority, raffle};
use solana_signer::Signer as _;
use tests::assertions::{expect_address_taken, expect_anchor_error, expect_error, expect_success};
use tests::calls::authority::doubled_terms;
use tests::campaign::{BUDGET, Campaign, DELAY, EPOCH, WINDOW};
use tests::events::the_event;
use tests::ledger::expect_unchanged;
use tests::raffles::{SECRET, target_after};
use tests::world::{BEGINNING, World};
use torque::constants::{POSTING_GRACE, PUBLISHER_NOTICE, RAFFLE_BOUNTY};
use torque::error::TorqueError;
use torque::events::RaffleCommitted;
use torque::instructions::RaffleCommitArgs;
use torque::state::{Kind, Mode, RaffleStage, Role};

#[test]
fn a_commitment_fixes_tickets_slot_and_secret() {
    let (mut world, campaign) = ended();
    world.go_to_slot(700, &[]);
    let (publisher, payer) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let args = campaign.commit_args(0);
    let commit = raffle::commit(campaign.addresses.distributor, publisher.pubkey(), payer.pubkey(), args.clone());
    let event: RaffleCommitted = the_event(&expect_success(world.send(commit, &[&publisher, &payer])));
    let account = campaign.raffle_account(&world, 0);
    assert_eq!((account.distributor, account.index), (campaign.addresses.distributor, 0));
    assert_eq!((account.rent_payer, account.period_end), (payer.pubkey(), BEGINNING + EPOCH));
    assert_eq!((account.tickets_root, account.tickets_total, account.secret_hash), ([3; 32], 1_000, args.secret_hash));
    assert_eq!((account.escrowed, account.target_slot, account.renewals), (BUDGET, 850, 0));
    assert_eq!((account.stage, account.slot, account.deadline), (RaffleStage::Committed, 0, 0));
    assert_eq!((account.slot_hash, account.seed), ([0; 32], [0; 32]));
    assert_eq!((event.distributor, event.raffle), (campaign.addresses.distributor, campaign.raffle_address(0)));
    assert_eq!((event.index, event.tickets_root, event.tickets_total), (0, [3; 32], 1_000));
    assert_eq!((event.secret_hash, event.escrowed, event.target_slot), (args.secret_hash, BUDGET, 850));
    let address = campaign.raffle_address(0);
    assert_eq!(world.cluster.lamports(&address), world.rent(world.size(&address)) + RAFFLE_BOUNTY);
}

#[test]
fn what_may_be_paid_is_what_is_free_and_at_most_the_budget() {
    for (funded, escrowed) in [(1, 1), (BUDGET - 1, BUDGET - 1), (BUDGET, BUDGET), (BUDGET + 1, BUDGET)] {
        let (mut world, campaign) = ended_without_money();
        expect_success(campaign.fund(&mut world, funded));
        expect_success(campaign.commit(&mut world, 0));
        assert_eq!(campaign.raffle_account(&world, 0).escrowed, escrowed);
    }
}

#[test]
fn a_commitment_waits_for_the_money_that_the_publisher_expects() {
    let (mut world, campaign) = ended_without_money();
    let expecting = |min_escrowed| RaffleCommitArgs { min_escrowed, ..campaign.commit_args(0) };
    let missing = TorqueError::RaffleFundsMissing;
    for min_escrowed in [0, 1, BUDGET] {
        expect_unchanged(&mut world, missing, |world| campaign.commit_with(world, expecting(min_escrowed)));
    }
    expect_success(campaign.fund(&mut world, BUDGET - 1));
    expect_unchanged(&mut world, missing, |world| campaign.commit_with(world, expecting(BUDGET)));
    expect_success(campaign.commit_with(&mut world.fork(), expecting(0)));
    expect_success(campaign.commit_with(&mut world.fork(), expecting(BUDGET - 1)));
    expect_success(campaign.fund(&mut world, 1));
    expect_success(campaign.commit_with(&mut world, expecting(BUDGET)));
    campaign.finish_draw(&mut world, 0, Some(SECRET));
    let (allocations, address) = (campaign.allocations_of(0, &[BUDGET]), campaign.raffle_address(0));
    expect_success(campaign.post_drawn(&mut world, &allocations, address));
}

/// An epoch pays no more than its budget, so a publisher that expects more is mistaken.
#[test]
fn a_publisher_that_expects_more_than_the_budget_is_told_before_the_draw() {
    let (mut world, campaign) = ended();
    let args = RaffleCommitArgs { min_escrowed: BUDGET + 1, ..campaign.commit_args(0) };
    expect_error(campaign.commit_with(&mut world, args), TorqueError::RaffleFundsMissing);
}

#[test]
fn the_budget_is_that_of_the_epoch_that_is_drawn_whatever_the_owner_changed_since() {
    let (mut world, campaign) = ended();
    let owner = world.owner.insecure_clone();
    let update = authority::distributor_update(&campaign.addresses, doubled_terms());
    expect_success(world.send(update, &[&owner]));
    expect_success(campaign.fund(&mut world, 2 * BUDGET));
    world.pass(2 * EPOCH);
    for index in 0..2 {
        expect_success(campaign.skip(&mut world, index));
    }
    for (index, budget) in [(0, BUDGET), (1, BUDGET), (2, 2 * BUDGET)] {
        expect_success(campaign.commit(&mut world, index));
        assert_eq!(campaign.raffle_account(&world, index).escrowed, budget, "epoch {index}");
    }
}

#[test]
fn a_new_publisher_commits_once_its_notice_is_over() {
    let (mut world, mut campaign) = ended();
    let new = world.stranger.insecure_clone();
    expect_success(campaign.hand_over(&mut world, Role::Publisher, &new));
    campaign.publisher = new;
    world.pass(PUBLISHER_NOTICE - 1);
    expect_error(campaign.commit(&mut world, 0), TorqueError::PublisherTooRecent);
    world.pass(1);
    expect_success(campaign.commit(&mut world, 0));
}

#[test]
fn c_113_nothing_is_committed_before_the_entries_are_complete() {
    let (mut world, campaign) = ended();
    world.pass(-1);
    expect_error(campaign.commit(&mut world, 0), TorqueError::PeriodNotEnded);
    world.pass(1);
    expect_success(campaign.commit(&mut world, 0));
}

#[test]
fn c_113_there_are_from_one_to_all_the_tickets_that_128_bits_count_and_never_none() {
    let (world, campaign) = ended();
    for tickets_total in [1, 2, u128::MAX] {
        let mut world = world.fork();
        expect_success(campaign.commit_with(&mut world, RaffleCommitArgs { tickets_total, ..campaign.commit_args(0) }));
        assert_eq!(campaign.raffle_account(&world, 0).tickets_total, tickets_total);
    }
    let args = campaign.commit_args(0);
    for empty in [
        RaffleCommitArgs { tickets_total: 0, ..args.clone() },
        RaffleCommitArgs { tickets_root: [0; 32], ..args.clone() },
        RaffleCommitArgs { secret_hash: [0; 32], ..args },
    ] {
        expect_error(campaign.commit_with(&mut world.fork(), empty), TorqueError::TicketsInvalid);
    }
}

#[test]
fn c_113_entries_cannot_be_added_after_the_commitment() {
    let (mut world, campaign) = ended();
    expect_success(campaign.commit(&mut world, 0));
    let more = RaffleCommitArgs { tickets_total: 1_001, tickets_root: [4; 32], ..campaign.commit_args(0) };
    expect_address_taken(campaign.commit_with(&mut world, more.clone()));
    let target = campaign.raffle_account(&world, 0).target_slot;
    world.go_to_slot(target + 1, &[]);
    expect_address_taken(campaign.commit_with(&mut world, more.clone()));
    expect_success(campaign.draw(&mut world, 0, None));
    expect_address_taken(campaign.commit_with(&mut world, more.clone()));
    expect_success(campaign.draw(&mut world, 0, Some(SECRET)));
    expect_address_taken(campaign.commit_with(&mut world, more));
}

#[test]
fn nobody_but_the_publisher_commits() {
    let (mut world, campaign) = ended();
    for person in [world.owner.insecure_clone(), world.guardian.insecure_clone(), world.stranger.insecure_clone()] {
        let key = person.pubkey();
        let commit = raffle::commit(campaign.addresses.distributor, key, key, campaign.commit_args(0));
        expect_error(world.send(commit, &[&person]), TorqueError::NotPublisher);
    }
}

#[test]
fn only_the_next_epoch_is_committed_for() {
    let (mut world, campaign) = ended();
    world.pass(EPOCH);
    expect_error(campaign.commit(&mut world, 1), TorqueError::EpochNotNext);
    expect_error(campaign.commit(&mut world, u32::MAX), TorqueError::EpochNotNext);
    expect_success(campaign.commit(&mut world, 0));
}

#[test]
fn c_117_there_is_no_second_draw_for_an_epoch_that_was_posted() {
    let mut world = World::new();
    let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, Some(SECRET));
    let (allocations, address) = (campaign.allocations(0, 1), campaign.raffle_address(0));
    expect_success(campaign.post_drawn(&mut world, &allocations, address));
    expect_address_taken(campaign.commit(&mut world, 0));
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world.fork(), &guardian, 0));
    world.pass(DELAY + WINDOW);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_success(campaign.close_raffle(&mut world, 0));
    expect_error(campaign.commit(&mut world, 0), TorqueError::EpochNotNext);
}

#[test]
fn an_epoch_that_has_a_root_without_a_draw_gets_none() {
    let mut world = World::new();
    let campaign = Campaign::drawn_raffle(&mut world, Asset::SOL, Some(SECRET));
    let (allocations, address) = (campaign.allocations(0, 1), campaign.raffle_address(0));
    expect_success(campaign.post_drawn(&mut world, &allocations, address));
    // No transaction removes a raffle whose epoch is open; if one did, there would still be no second draw.
    world.cluster.set_account(address, Default::default()).unwrap();
    expect_error(campaign.commit(&mut world, 0), TorqueError::EpochNotVacant);
}

#[test]
fn a_skipped_epoch_is_committed_for_until_its_grace_is_over() {
    let (mut world, campaign) = ended();
    expect_success(campaign.skip(&mut world, 0));
    world.pass(POSTING_GRACE - 1);
    expect_success(campaign.commit(&mut world.fork(), 0));
    world.pass(1);
    expect_error(campaign.commit(&mut world, 0), TorqueError::GraceOver);
}

/// No transaction puts anything else at an epoch's address.
#[test]
fn an_account_of_another_type_at_the_epoch_s_address_is_no_epoch() {
    let (mut world, campaign) = ended();
    expect_success(campaign.skip(&mut world, 0));
    world.edit_data(&campaign.epoch(0), |data| data[0] ^= 1);
    expect_anchor_error(campaign.commit(&mut world, 0), ErrorCode::AccountDiscriminatorMismatch);
}

#[test]
fn nothing_is_committed_that_could_not_be_posted() {
    let (mut world, campaign) = ended();
    world.pass(9 * EPOCH + POSTING_GRACE - 1);
    expect_success(campaign.commit(&mut world.fork(), 0));
    world.pass(1);
    expect_error(campaign.commit(&mut world, 0), TorqueError::GraceOver);
    let mut world = World::new();
    let mut args = Campaign::raffle_args(&world, Mode::Claim, 1);
    args.terms.epoch_count = 1;
    let short = Campaign::created_with(&mut world, Asset::SOL, args);
    world.pass(EPOCH);
    expect_success(short.skip(&mut world, 0));
    expect_error(short.commit(&mut world, 1), TorqueError::EpochBeyondSchedule);
}

#[test]
fn only_a_raffle_draws() {
    for kind in [Kind::Leaderboard, Kind::Direct, Kind::Rebate, Kind::Curve] {
        let mut world = World::new();
        let mut args = Campaign::raffle_args(&world, Mode::Claim, 1);
        args.kind = kind;
        let campaign = Campaign::created_with(&mut world, Asset::SOL, args);
        world.pass(EPOCH);
        expect_error(campaign.commit(&mut world, 0), TorqueError::RaffleKindMismatch);
    }
}

#[test]
fn nothing_is_committed_during_a_pause() {
    let (mut world, campaign) = ended();
    world.set_paused(true);
    expect_error(campaign.commit(&mut world, 0), TorqueError::Paused);
    world.set_paused(false);
    expect_success(campaign.commit(&mut world, 0));
    assert_eq!(campaign.raffle_account(&world, 0).target_slot, target_after(world.slot()));
}

/// A raffle whose epoch 0 has ended, with nothing in its vault.
fn ended_without_money() -> (World, Campaign) {
    let mut world = World::new();
    let args = Campaign::raffle_args(&world, Mode::Claim, 1);
    let campaign = Campaign::created_with(&mut world, Asset::SOL, args);
    world.pass(EPOCH);
    (world, campaign)
}

/// A raffle whose epoch 0 has ended.
fn ended() -> (World, Campaign) {
    let mut world = World::new();
    let campaign = Campaign::raffle(&mut world, Asset::SOL, Mode::Claim, 1);
    (world, campaign)
}
