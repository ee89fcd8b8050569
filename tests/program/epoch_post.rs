//! `epoch_post`: the publisher posts the root of the next epoch once it has ended, and its total is reserved.

use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_address_taken, expect_code, expect_error, expect_success};
use tests::campaign::{BUDGET, Campaign, DELAY, EPOCH, FUNDING, WINDOW, terms};
use tests::events::the_event;
use tests::large_epoch::INITIAL_SIZE;
use tests::world::{BEGINNING, World};
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::EpochPosted;
use torque::instructions::EpochPostArgs;
use torque::state::{Epoch, Mode};

/// The most leaves whose account is not over the runtime's limit.
const LARGEST_LEAF_COUNT: u32 = 78_948_992;

#[test]
fn an_epoch_is_posted_and_its_total_reserved() {
    let (mut world, campaign) = ended_epoch();
    let allocations = campaign.allocations(0, 3);
    expect_success(campaign.post(&mut world, &allocations));
    let Epoch { distributor, rent_payer, root, manifest_hash, total, .. } = world.epoch(&campaign.addresses, 0);
    assert_eq!((distributor, rent_payer), (campaign.addresses.distributor, world.publisher.pubkey()));
    assert_eq!((root, manifest_hash, total), (allocations.tree.root(), [9; 32], allocations.total()));
    let epoch = world.epoch(&campaign.addresses, 0);
    assert_eq!((epoch.posted_at, epoch.opens_at), (BEGINNING + EPOCH, BEGINNING + EPOCH + DELAY));
    assert_eq!((epoch.closes_at, epoch.index), (BEGINNING + EPOCH + DELAY + WINDOW, 0));
    assert_eq!((epoch.leaf_count, epoch.paid_count, epoch.paid_total), (3, 0, 0));
    assert_eq!((epoch.version, epoch.revision, epoch.spare), (1, 0, [0; 3]));
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.reserved, distributor.open_epochs, distributor.next_epoch), (allocations.total(), 1, 1));
    assert_eq!((distributor.funded, distributor.paid), (FUNDING, 0));
}

#[test]
fn a_posting_is_reported() {
    let (mut world, campaign) = ended_epoch();
    let args = campaign.post_args(&campaign.allocations(0, 3));
    let event: EpochPosted = the_event(&expect_success(campaign.post_with(&mut world, args.clone())));
    assert_eq!((event.distributor, event.epoch), (campaign.addresses.distributor, campaign.addresses.epoch(0)));
    assert_eq!((event.index, event.revision), (0, 0));
    assert_eq!((event.root, event.manifest_hash), (args.root, args.manifest_hash));
    assert_eq!((event.leaf_count, event.total), (args.leaf_count, args.total));
    assert_eq!(event.opens_at, BEGINNING + EPOCH + DELAY);
    assert_eq!(event.closes_at, BEGINNING + EPOCH + DELAY + WINDOW);
}

#[test]
fn another_account_may_pay_the_rent_and_is_recorded() {
    let (mut world, campaign) = ended_epoch();
    let (publisher, stranger) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let args = campaign.post_args(&campaign.allocations(0, 3));
    let post = instruction::epoch_post(&campaign.addresses, publisher.pubkey(), stranger.pubkey(), args);
    let before = world.cluster.lamports(&stranger.pubkey());
    expect_success(world.send(post, &[&publisher, &stranger]));
    assert_eq!(before - world.cluster.lamports(&stranger.pubkey()), world.rent(337));
    assert_eq!(world.epoch(&campaign.addresses, 0).rent_payer, stranger.pubkey());
}

#[test]
fn who_posts_a_large_epoch_pays_the_rent_of_its_full_size_at_once_or_posts_nothing() {
    let (world, campaign) = ended_epoch();
    let (publisher, payer) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let args = EpochPostArgs { leaf_count: 1_000_000, ..campaign.post_args(&campaign.allocations(0, 3)) };
    let post = instruction::epoch_post(&campaign.addresses, publisher.pubkey(), payer.pubkey(), args);
    let (rent, epoch) = (world.rent(Epoch::full_size(1_000_000)), campaign.addresses.epoch(0));
    // What remains must keep the payer's own account.
    for (lamports, is_enough) in [(rent + world.rent(0), true), (rent, true), (rent - 1, false)] {
        let mut world = world.fork();
        world.set_lamports(&payer.pubkey(), lamports);
        let sent = world.send(post.clone(), &[&publisher, &payer]);
        if is_enough {
            expect_success(sent);
            assert_eq!((world.cluster.lamports(&epoch), world.size(&epoch)), (rent, INITIAL_SIZE));
            assert_eq!(world.cluster.lamports(&payer.pubkey()), lamports - rent);
        } else {
            expect_code(sent, 1, "ResultWithNegativeLamports");
            assert!(world.is_absent(&epoch));
        }
    }
}

#[test]
fn nobody_but_the_publisher_posts() {
    let (mut world, campaign) = ended_epoch();
    for person in [world.owner.insecure_clone(), world.guardian.insecure_clone(), world.stranger.insecure_clone()] {
        let args = campaign.post_args(&campaign.allocations(0, 3));
        let post = instruction::epoch_post(&campaign.addresses, person.pubkey(), person.pubkey(), args);
        expect_error(world.send(post, &[&person]), TorqueError::NotPublisher);
    }
}

#[test]
fn an_epoch_is_posted_from_the_second_in_which_it_ends() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH - 1);
    expect_error(campaign.post(&mut world, &campaign.allocations(0, 3)), TorqueError::PeriodNotEnded);
    world.pass(1);
    expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
    world.pass(EPOCH - 1);
    expect_error(campaign.post(&mut world, &campaign.allocations(1, 3)), TorqueError::PeriodNotEnded);
    world.pass(1);
    expect_success(campaign.post(&mut world, &campaign.allocations(1, 3)));
}

#[test]
fn epochs_are_posted_in_their_order() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(3 * EPOCH);
    expect_error(campaign.post(&mut world, &campaign.allocations(1, 3)), TorqueError::EpochNotNext);
    expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
    expect_error(campaign.post(&mut world, &campaign.allocations(2, 3)), TorqueError::EpochNotNext);
    expect_error(campaign.post(&mut world, &campaign.allocations(u32::MAX, 3)), TorqueError::EpochNotNext);
}

#[test]
fn an_epoch_is_posted_once() {
    let (mut world, campaign) = ended_epoch();
    expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
    expect_address_taken(campaign.post(&mut world, &campaign.allocations(0, 4)));
    assert_eq!(world.epoch(&campaign.addresses, 0).leaf_count, 3);
}

#[test]
fn a_closed_epoch_is_not_posted_again() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    world.pass(WINDOW);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_error(campaign.post(&mut world, &allocations), TorqueError::EpochNotNext);
}

#[test]
fn the_schedule_s_last_epoch_is_the_last_to_be_posted() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(11 * EPOCH);
    for index in 0..9 {
        expect_success(campaign.skip(&mut world, index));
    }
    expect_success(campaign.post(&mut world, &campaign.allocations(9, 3)));
    expect_error(campaign.post(&mut world, &campaign.allocations(10, 3)), TorqueError::EpochBeyondSchedule);
}

#[test]
fn a_root_of_zeros_is_refused() {
    expect_error(post_changed(|args| args.root = [0; 32]), TorqueError::RootZero);
}

#[test]
fn an_epoch_has_a_leaf_and_no_more_than_an_account_can_mark() {
    expect_error(post_changed(|args| args.leaf_count = 0), TorqueError::LeafCountZero);
    expect_success(post_changed(|args| args.leaf_count = 1));
    expect_success(post_changed(|args| args.leaf_count = LARGEST_LEAF_COUNT));
    expect_error(post_changed(|args| args.leaf_count = LARGEST_LEAF_COUNT + 1), TorqueError::LeafCountTooLarge);
    expect_error(post_changed(|args| args.leaf_count = u32::MAX), TorqueError::LeafCountTooLarge);
}

#[test]
fn an_epoch_pays_something_and_no_more_than_its_budget() {
    expect_error(post_changed(|args| args.total = 0), TorqueError::TotalZero);
    expect_success(post_changed(|args| args.total = 1));
    expect_success(post_changed(|args| args.total = BUDGET));
    expect_error(post_changed(|args| args.total = BUDGET + 1), TorqueError::BudgetExceeded);
    expect_error(post_changed(|args| args.total = u64::MAX), TorqueError::BudgetExceeded);
}

#[test]
fn an_epoch_reserves_no_more_than_what_no_other_has_reserved() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(campaign.fund(&mut world, BUDGET + 5));
    world.pass(2 * EPOCH);
    let args = |epoch, total| EpochPostArgs { total, ..campaign.post_args(&campaign.allocations(epoch, 3)) };
    expect_success(campaign.post_with(&mut world, args(0, BUDGET)));
    expect_error(campaign.post_with(&mut world, args(1, 6)), TorqueError::FundsInsufficient);
    expect_success(campaign.post_with(&mut world, args(1, 5)));
    assert_eq!(world.distributor(&campaign.addresses).reserved, BUDGET + 5);
}

#[test]
fn what_is_paid_is_never_reserved_again() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let allocations = campaign.allocations(0, 3);
    expect_success(campaign.fund(&mut world, allocations.total() + 5));
    world.pass(2 * EPOCH);
    expect_success(campaign.post(&mut world, &allocations));
    world.pass(DELAY);
    for index in 0..3 {
        expect_success(campaign.claim(&mut world, &allocations, index));
    }
    expect_success(campaign.close_epoch(&mut world, 0));
    let args = |total| EpochPostArgs { total, ..campaign.post_args(&campaign.allocations(1, 3)) };
    expect_error(campaign.post_with(&mut world, args(6)), TorqueError::FundsInsufficient);
    expect_success(campaign.post_with(&mut world, args(5)));
}

#[test]
fn nothing_is_posted_while_the_protocol_is_paused() {
    let (mut world, campaign) = ended_epoch();
    world.set_paused(true);
    expect_error(campaign.post(&mut world, &campaign.allocations(0, 3)), TorqueError::Paused);
    world.set_paused(false);
    expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
}

/// A funded distributor whose epoch 0 has just ended.
fn ended_epoch() -> (World, Campaign) {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    (world, campaign)
}

/// Posts epoch 0 like the fixture, with the changes of `edit`.
fn post_changed(edit: impl FnOnce(&mut EpochPostArgs)) -> Sent {
    let (mut world, campaign) = ended_epoch();
    let mut args = campaign.post_args(&campaign.allocations(0, 3));
    edit(&mut args);
    campaign.post_with(&mut world, args)
}

#[test]
fn nothing_is_posted_once_the_grace_after_the_schedule_is_over() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let schedule = EPOCH * i64::from(terms().epoch_count);
    world.pass(schedule + POSTING_GRACE - 1);
    expect_success(campaign.post(&mut world.fork(), &campaign.allocations(0, 3)));
    world.pass(1);
    expect_error(campaign.post(&mut world, &campaign.allocations(0, 3)), TorqueError::GraceOver);
    expect_success(campaign.close(&mut world));
}
