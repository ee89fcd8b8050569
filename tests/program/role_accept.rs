//! `role_accept`: the account that the owner named takes a role over; the addresses and the money stay where they are.

use crank_cluster::address::Asset;
use crank_cluster::instruction::{self, authority};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_error, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH, WINDOW};
use tests::events::the_event;
use tests::ledger::{Ledger, expect_unchanged};
use tests::world::World;
use torque::constants::POSTING_GRACE;
use torque::error::TorqueError;
use torque::events::{Authority, AuthorityAccepted};
use torque::state::{Mode, Role};

#[test]
fn the_new_owner_runs_the_distributor_and_gets_the_refund_at_the_old_address() {
    let mut world = World::new();
    let (mut campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let (old, new) = (world.owner.insecure_clone(), world.stranger.insecure_clone());
    let receipt = expect_success(hand_over(&mut world, &campaign, Role::Owner, &new));
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
        expect_success(hand_over(&mut world, &campaign, Role::Owner, &new));
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
fn c_039_a_guardian_that_is_replaced_strikes_and_cancels_nothing_more() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let (old, new) = (world.guardian.insecure_clone(), world.stranger.insecure_clone());
    expect_success(offer(&mut world, &campaign, Role::Guardian, &new.pubkey()));
    expect_unchanged(&mut world, TorqueError::NotOwnerOrGuardian, |world| campaign.cancel(world, &new, 0));
    expect_success(campaign.cancel(&mut world.fork(), &old, 0));
    expect_success(accept(&mut world, &campaign, Role::Guardian, &new));
    expect_unchanged(&mut world, TorqueError::NotOwnerOrGuardian, |world| campaign.cancel(world, &old, 0));
    expect_success(campaign.cancel(&mut world, &new, 0));
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
            expect_success(hand_over(&mut world, &campaign, Role::Publisher, &new));
            let second = campaign.post_args(&campaign.allocations(1, 3));
            expect_unchanged(&mut world, TorqueError::NotPublisher, |world| campaign.post_with(world, second));
        } else {
            expect_success(hand_over(&mut world, &campaign, Role::Publisher, &new));
            expect_unchanged(&mut world, TorqueError::NotPublisher, |world| campaign.post(world, &allocations));
            let args = campaign.post_args(&allocations);
            let post = instruction::epoch_post(&campaign.addresses, new.pubkey(), new.pubkey(), args);
            expect_success(world.send(post, &[&new]));
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

fn hand_over(world: &mut World, campaign: &Campaign, role: Role, to: &Keypair) -> Sent {
    expect_success(offer(world, campaign, role, &to.pubkey()));
    accept(world, campaign, role, to)
}
