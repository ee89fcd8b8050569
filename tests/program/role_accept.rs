//! `role_accept`: the account that the owner named takes a role over; the addresses and the money stay where they are.

use crank_cluster::address::Asset;
use crank_cluster::instruction::{self, authority};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_error, expect_success};
use tests::calls::authority::strike_args;
use tests::campaign::{Allocations, BUDGET, Campaign, DELAY, EPOCH, WINDOW};
use tests::events::{events, the_event};
use tests::ledger::{Ledger, expect_unchanged};
use tests::world::{BEGINNING, World};
use torque::constants::{POSTING_GRACE, PUBLISHER_NOTICE};
use torque::error::TorqueError;
use torque::events::{Authority, AuthorityAccepted, DistributorUpdated};
use torque::instructions::DistributorCreateArgs;
use torque::state::{Mode, NextTerms, Role, Terms};

#[test]
fn the_new_owner_runs_the_distributor_and_gets_the_refund_at_the_old_address() {
    let mut world = World::new();
    let (mut campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let (old, new) = (world.owner.insecure_clone(), world.stranger.insecure_clone());
    let receipt = expect_success(campaign.hand_over(&mut world, Role::Owner, &new));
    let event: AuthorityAccepted = the_event(&receipt);
    assert_eq!((event.account, event.authority), (campaign.addresses.distributor, Authority::Owner));
    assert_eq!(event.holder, [old.pubkey(), new.pubkey()]);
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.creator, distributor.owner), (old.pubkey(), new.pubkey()));
    expect_unchanged(&mut world, TorqueError::NotOwner, |world| campaign.end(world));
    campaign.addresses = campaign.addresses.owned_by(new.pubkey());
    // From here on the world's owner is the new one.
    world.owner = new;
    world.pass(DELAY);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    expect_success(campaign.end(&mut world));
    world.pass(2 * EPOCH + WINDOW + POSTING_GRACE);
    expect_success(campaign.close_epoch(&mut world, 0));
    let before = world.cluster.lamports(&campaign.addresses.owner);
    let kept = world.vault_balance(&campaign.addresses);
    expect_success(campaign.close(&mut world));
    assert!(world.cluster.lamports(&campaign.addresses.owner) > before + kept / 2, "the refund went elsewhere");
}

#[test]
fn a_new_owner_finds_no_offers_of_the_old_one() {
    for role in [Role::Publisher, Role::Guardian] {
        let mut world = World::new();
        let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
        let (friend, new) = (world.admin.insecure_clone(), world.stranger.insecure_clone());
        expect_success(offer(&mut world, &campaign, role, &friend.pubkey()));
        expect_success(campaign.hand_over(&mut world, Role::Owner, &new));
        let accept = authority::role_accept(campaign.addresses.distributor, role, friend.pubkey());
        expect_unchanged(&mut world, TorqueError::NotPending, |world| world.send(accept, &[&friend]));
    }
}

#[test]
fn c_039_who_is_named_for_one_role_accepts_no_other() {
    let roles = [Role::Owner, Role::Publisher, Role::Guardian];
    for named in roles {
        let mut world = World::new();
        let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
        let new = world.stranger.insecure_clone();
        expect_success(offer(&mut world, &campaign, named, &new.pubkey()));
        for role in roles {
            let accept = authority::role_accept(campaign.addresses.distributor, role, new.pubkey());
            if role == named {
                expect_success(world.fork().send(accept, &[&new]));
            } else {
                expect_unchanged(&mut world, TorqueError::NotPending, |world| world.send(accept, &[&new]));
            }
        }
    }
}

#[test]
fn c_039_a_guardian_that_is_replaced_keeps_the_epochs_that_have_begun_and_gets_no_others() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let (old, new) = (world.guardian.insecure_clone(), world.stranger.insecure_clone());
    world.pass(EPOCH + 1);
    expect_success(campaign.hand_over(&mut world, Role::Guardian, &new));
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.guardian, distributor.latest_terms().guardian), (old.pubkey(), new.pubkey()));
    world.pass(2 * EPOCH);
    // Epoch 1 had begun, epoch 2 had not.
    for (index, guardian, other) in [(0, &old, &new), (1, &old, &new), (2, &new, &old)] {
        let allocations = campaign.allocations(index, 3);
        expect_success(campaign.post(&mut world, &allocations));
        let strike = |world: &mut World, by: &Keypair| {
            let strike = authority::leaf_strike(&campaign.addresses, by.pubkey(), index, strike_args(&allocations, 1));
            world.send(strike, &[by])
        };
        expect_unchanged(&mut world, TorqueError::NotOwnerOrGuardian, |world| campaign.cancel(world, other, index));
        expect_unchanged(&mut world, TorqueError::NotGuardian, |world| strike(world, other));
        expect_success(strike(&mut world, guardian));
        expect_success(campaign.cancel(&mut world, guardian, index));
    }
    assert_eq!(world.distributor(&campaign.addresses).guardian, new.pubkey());
}

#[test]
fn a_guardian_that_takes_over_is_announced_with_its_first_epoch_and_pauses_at_once() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let new = world.stranger.insecure_clone();
    world.pass(EPOCH);
    let receipt = expect_success(campaign.hand_over(&mut world, Role::Guardian, &new));
    let event: DistributorUpdated = events(&receipt).pop().unwrap();
    assert_eq!((event.next.from_epoch, event.next.guardian, event.epoch_count), (2, new.pubkey(), [10, 10]));
    assert_eq!((event.next.epoch_budget, event.next.claim_window), (BUDGET, WINDOW as u32));
    expect_success(campaign.pause(&mut world, &new));
}

#[test]
fn guardians_do_not_follow_each_other_faster_than_epochs_begin_and_are_posted() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let [first, second] = [&world.stranger, &world.admin].map(Keypair::insecure_clone);
    expect_success(campaign.hand_over(&mut world, Role::Guardian, &first));
    // Before an epoch of its own has begun another may take its place.
    expect_success(campaign.hand_over(&mut world, Role::Guardian, &second));
    world.pass(EPOCH);
    expect_success(offer(&mut world, &campaign, Role::Guardian, &first.pubkey()));
    expect_unchanged(&mut world, TorqueError::NextTermsPending, |world| {
        accept(world, &campaign, Role::Guardian, &first)
    });
    world.pass(EPOCH);
    expect_success(campaign.skip(&mut world, 0));
    expect_success(campaign.skip(&mut world, 1));
    expect_success(accept(&mut world, &campaign, Role::Guardian, &first));
    assert_eq!(world.epoch(&campaign.addresses, 1).terms.guardian, second.pubkey());
}

#[test]
fn a_guardian_named_before_anything_begins_guards_everything() {
    let mut world = World::new();
    let args = Campaign::create_args(&world, Mode::Claim, 1);
    let terms = Terms { start: BEGINNING + 1, ..args.terms };
    let campaign = Campaign::created_with(&mut world, Asset::SOL, DistributorCreateArgs { terms, ..args });
    let new = world.stranger.insecure_clone();
    expect_success(campaign.hand_over(&mut world, Role::Guardian, &new));
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.guardian, distributor.next_terms), (new.pubkey(), NextTerms::default()));
}

#[test]
fn guardians_follow_each_other_freely_when_no_epoch_is_to_come() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let keys = [&world.stranger, &world.admin].map(Keypair::insecure_clone);
    expect_success(campaign.end(&mut world));
    for new in &keys {
        expect_success(campaign.hand_over(&mut world, Role::Guardian, new));
        world.pass(EPOCH);
        expect_success(campaign.pause(&mut world, new));
        expect_success(campaign.unpause(&mut world));
    }
    expect_success(campaign.post(&mut world, &campaign.allocations(0, 3)));
    assert_eq!(world.epoch(&campaign.addresses, 0).terms.guardian, world.guardian.pubkey());
}

/// A new key cannot be used to have posted what the owner likes, before anybody has seen that it took over.
#[test]
fn a_new_publisher_waits_with_what_has_begun_and_not_with_what_begins_afterwards() {
    let (mut world, mut campaign, allocations, new) = ended_epoch();
    expect_success(campaign.hand_over(&mut world, Role::Publisher, &new));
    campaign.publisher = new;
    let refusal = TorqueError::PublisherTooRecent;
    expect_unchanged(&mut world, refusal, |world| campaign.post(world, &allocations));
    expect_unchanged(&mut world, refusal, |world| campaign.skip(world, 0));
    world.pass(PUBLISHER_NOTICE - 1);
    expect_unchanged(&mut world, refusal, |world| campaign.post(world, &allocations));
    world.pass(1);
    expect_success(campaign.post(&mut world.fork(), &allocations));
    expect_success(campaign.skip(&mut world, 0));

    let (mut world, mut campaign, allocations, new) = ended_epoch();
    expect_success(campaign.post(&mut world, &allocations));
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    expect_success(campaign.hand_over(&mut world, Role::Publisher, &new));
    campaign.publisher = new;
    let repost = |world: &mut World| {
        let (new, args) = (campaign.publisher.pubkey(), campaign.post_args(&allocations));
        let repost = instruction::epoch_repost(&campaign.addresses, new, new, world.publisher.pubkey(), args);
        world.send(repost, &[&campaign.publisher])
    };
    expect_unchanged(&mut world, refusal, repost);
    // Epoch 1 began when it took over: that one it posts as soon as it has ended.
    world.pass(EPOCH);
    expect_unchanged(&mut world, refusal, repost);
    expect_success(campaign.skip(&mut world, 1));
}

/// C-040: in one transaction the order decides, and a refusal leaves nothing of it.
#[test]
fn c_040_a_publisher_replaced_in_the_same_transaction_posts_before_and_not_after() {
    let (world, campaign, allocations, new) = ended_epoch();
    let (owner, old) = (world.owner.insecure_clone(), campaign.publisher.insecure_clone());
    let post = campaign.post_instruction(campaign.post_args(&allocations));
    let offer = authority::role_transfer(&campaign.addresses, Role::Publisher, new.pubkey());
    let accept = authority::role_accept(campaign.addresses.distributor, Role::Publisher, new.pubkey());
    let before = Ledger::of(&world);
    let late = [offer.clone(), accept.clone(), post.clone()];
    expect_error(world.cluster.send(&late, &[&owner, &old, &new]), TorqueError::NotPublisher);
    assert_eq!(before.changes(&world), [], "half of it happened");
    expect_success(world.cluster.send(&[post, offer, accept], &[&owner, &old, &new]));
    assert_eq!(world.distributor(&campaign.addresses).publisher, new.pubkey());
    assert_eq!(world.epoch(&campaign.addresses, 0).root, allocations.tree.root());
}

/// C-040: in two transactions of one slot as well.
#[test]
fn c_040_a_publisher_replaced_in_the_same_slot_posts_before_and_not_after() {
    for posts_first in [true, false] {
        let (mut world, campaign, allocations, new) = ended_epoch();
        if posts_first {
            expect_success(campaign.post(&mut world, &allocations));
            expect_success(campaign.hand_over(&mut world, Role::Publisher, &new));
            let second = campaign.post_args(&campaign.allocations(1, 3));
            expect_unchanged(&mut world, TorqueError::NotPublisher, |world| campaign.post_with(world, second));
        } else {
            expect_success(campaign.hand_over(&mut world, Role::Publisher, &new));
            expect_unchanged(&mut world, TorqueError::NotPublisher, |world| campaign.post(world, &allocations));
        }
    }
}

/// A campaign whose first epoch can be posted, and a key that is to be its publisher.
fn ended_epoch() -> (World, Campaign, Allocations, Keypair) {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    let (allocations, new) = (campaign.allocations(0, 3), world.stranger.insecure_clone());
    (world, campaign, allocations, new)
}

fn offer(world: &mut World, campaign: &Campaign, role: Role, to: &Pubkey) -> Sent {
    let owner = world.owner.insecure_clone();
    world.send(authority::role_transfer(&campaign.addresses, role, *to), &[&owner])
}

fn accept(world: &mut World, campaign: &Campaign, role: Role, by: &Keypair) -> Sent {
    world.send(authority::role_accept(campaign.addresses.distributor, role, by.pubkey()), &[by])
}
