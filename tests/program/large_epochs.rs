//! An epoch of 100,000 leaves: grown by strangers, proven in parts, claimed from and pushed along both paths.

use anchor_spl::token::spl_token;
use crank_cluster::address::Asset;
use crank_cluster::instruction::{self, ClaimedLeaf};
use crank_cluster::payment::Push;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH};
use tests::events::the_event;
use tests::large_epoch::{FIRST_MISSING_LEAF, FULL_SIZE, INITIAL_SIZE, LEAF_COUNT, open_large_epoch};
use tests::world::{World, keypair};
use torque::error::TorqueError;
use torque::events::{Claimed, Pushed};
use torque::instructions::EpochPostArgs;
use torque::merkle::{Climb, Hash, leaf_hash};
use torque::state::{Epoch, Mode};

/// The most leaves whose account is not over the runtime's limit.
const LARGEST_LEAF_COUNT: u32 = 78_948_992;

/// Leaves at the edges of the tree, of its subtrees, of bytes of marks and of the account's first part.
const EDGES: [u32; 10] =
    [0, 7, 8, 4_095, 4_096, FIRST_MISSING_LEAF - 1, FIRST_MISSING_LEAF, 98_303, 98_304, LEAF_COUNT - 1];

#[test]
fn the_fixture_is_what_its_name_says() {
    assert_eq!((Epoch::full_size(LEAF_COUNT), Epoch::initial_size(LEAF_COUNT)), (FULL_SIZE, INITIAL_SIZE));
    assert_eq!(Epoch::subtree_count(LEAF_COUNT), 25);
}

#[test]
fn leaves_in_a_part_that_is_not_there_yet_wait_until_it_is() {
    let (mut world, campaign, allocations) = large_epoch(Mode::Claim);
    for index in [0, FIRST_MISSING_LEAF - 1] {
        expect_success(campaign.claim(&mut world, allocations, index));
    }
    for index in [FIRST_MISSING_LEAF, LEAF_COUNT - 1] {
        expect_error(campaign.claim(&mut world, allocations, index), TorqueError::EpochIncomplete);
    }
    expect_success(campaign.extend(&mut world, 0));
    for index in [FIRST_MISSING_LEAF, LEAF_COUNT - 1] {
        expect_success(campaign.claim(&mut world, allocations, index));
    }
    for index in [0, FIRST_MISSING_LEAF - 1] {
        expect_error(campaign.claim(&mut world, allocations, index), TorqueError::LeafAlreadyPaid);
    }
}

#[test]
fn a_block_in_a_part_that_is_not_there_yet_waits_too() {
    let (mut world, campaign, allocations) = large_epoch(Mode::Push);
    let plan = |first| campaign.plan_push(allocations, first, 3);
    expect_success(campaign.push(&mut world, allocations, plan(FIRST_MISSING_LEAF - 8)));
    let early = campaign.push(&mut world, allocations, plan(FIRST_MISSING_LEAF));
    expect_error(early, TorqueError::EpochIncomplete);
    expect_success(campaign.extend(&mut world, 0));
    expect_success(campaign.push(&mut world, allocations, plan(FIRST_MISSING_LEAF)));
}

#[test]
fn the_path_below_a_subtree_is_enough_once_its_root_is_kept() {
    let (mut world, campaign, allocations) = grown(Mode::Claim);
    for index in EDGES {
        let sent = campaign.claim_below_subtree(&mut world, allocations, index);
        expect_error(sent, TorqueError::SubtreeNotProven);
    }
    campaign.prove_subtrees(&mut world, allocations);
    for index in EDGES {
        let receipt = expect_success(campaign.claim_below_subtree(&mut world, allocations, index));
        let event: Claimed = the_event(&receipt);
        assert_eq!((event.index, event.amount), (index, allocations.payments[index as usize].amount));
    }
    assert_eq!(world.epoch(&campaign.addresses, 0).paid_count, EDGES.len() as u32);
}

#[test]
fn the_whole_path_works_before_and_after_the_roots_are_kept() {
    let (mut world, campaign, allocations) = grown(Mode::Claim);
    expect_success(campaign.claim(&mut world, allocations, 4_096));
    campaign.prove_subtrees(&mut world, allocations);
    expect_success(campaign.claim(&mut world, allocations, 4_097));
    expect_error(campaign.claim_below_subtree(&mut world, allocations, 4_096), TorqueError::LeafAlreadyPaid);
    expect_success(campaign.claim_below_subtree(&mut world, allocations, 4_098));
    expect_error(campaign.claim(&mut world, allocations, 4_098), TorqueError::LeafAlreadyPaid);
}

#[test]
fn a_push_below_a_subtree_carries_the_short_path() {
    let (mut world, campaign, allocations) = grown(Mode::Push);
    let plan = || campaign.plan_push_below_subtree(allocations, 4_096, 4);
    assert_eq!((plan().args.path.len(), campaign.plan_push(allocations, 4_096, 4).args.path.len()), (8, 13));
    expect_error(campaign.push(&mut world, allocations, plan()), TorqueError::SubtreeNotProven);
    campaign.prove_subtrees(&mut world, allocations);
    let event = push(&mut world, &campaign, allocations, plan());
    assert_eq!((event.first_index, event.paid, event.skipped), (4_096, 0xffff, vec![]));
    let whole = push(&mut world, &campaign, allocations, campaign.plan_push(allocations, 4_112, 3));
    assert_eq!((whole.first_index, whole.paid), (4_112, 0xff));
}

#[test]
fn the_last_block_is_pushed_along_both_paths() {
    let (mut world, campaign, allocations) = grown(Mode::Push);
    campaign.prove_subtrees(&mut world, allocations);
    let event = push(&mut world, &campaign, allocations, campaign.plan_push(allocations, 99_984, 4));
    assert_eq!(event.paid, 0xffff);
    let again = push(&mut world, &campaign, allocations, campaign.plan_push_below_subtree(allocations, 99_984, 4));
    assert_eq!((again.paid, again.skipped.len()), (0, 16));
}

#[test]
fn a_root_that_is_kept_proves_no_leaf_of_another_subtree() {
    let (mut world, campaign, allocations) = grown(Mode::Claim);
    campaign.prove_subtrees(&mut world, allocations);
    let mut leaf = allocations.leaf(0);
    leaf.path.truncate(12);
    leaf.index = 4_096;
    let wallet = &allocations.wallets[0];
    let recipient = allocations.payments[0].recipient;
    let destination = campaign.addresses.asset.account_of(&recipient);
    let claim = instruction::claim(&campaign.addresses, recipient, destination, leaf);
    expect_error(world.send(claim, &[&campaign.publisher, wallet]), TorqueError::ProofInvalid);
}

#[test]
fn a_path_that_ends_between_the_subtree_and_the_root_is_refused() {
    let (mut world, campaign, allocations) = grown(Mode::Claim);
    campaign.prove_subtrees(&mut world, allocations);
    let recipient = allocations.payments[5].recipient;
    let destination = campaign.addresses.asset.account_of(&recipient);
    for length in [0, 1, 11, 13, 16] {
        let mut leaf = allocations.leaf(5);
        assert_eq!(leaf.path.len(), 17);
        leaf.path.truncate(length);
        let claim = instruction::claim(&campaign.addresses, recipient, destination, leaf);
        let sent = world.send(claim, &[&campaign.publisher, &allocations.wallets[5]]);
        expect_error(sent, TorqueError::ProofLength);
    }
}

#[test]
fn a_subtree_root_is_no_leaf() {
    let (mut world, campaign, allocations) = grown(Mode::Push);
    campaign.prove_subtrees(&mut world, allocations);
    let mut push = campaign.plan_push_below_subtree(allocations, 0, 4);
    push.args.path.clear();
    expect_error(campaign.push(&mut world, allocations, push), TorqueError::ProofLength);
}

#[test]
fn the_last_leaf_of_the_largest_epoch_is_claimed() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    let (epoch, wallet, index) = (campaign.addresses.epoch(0), keypair(600), LARGEST_LEAF_COUNT - 1);
    let (root, path) = tree_around(leaf_hash(&epoch, index, &wallet.pubkey(), 2_000_000), index, LARGEST_LEAF_COUNT);
    world.pass(EPOCH);
    let args = campaign.post_args(&campaign.allocations(0, 3));
    let args = EpochPostArgs { root, leaf_count: LARGEST_LEAF_COUNT, total: 2_000_000, ..args };
    expect_success(campaign.post_with(&mut world, args));
    // A thousand steps of growth at once, but for the last.
    let full_size = Epoch::full_size(LARGEST_LEAF_COUNT);
    world.edit_data(&epoch, |data| data.resize(full_size - 1, 0));
    expect_success(campaign.extend(&mut world, 0));
    world.pass(DELAY);
    let leaf = ClaimedLeaf { epoch: 0, index, amount: 2_000_000, path };
    let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), wallet.pubkey(), leaf);
    expect_success(world.send(claim, &[&campaign.publisher, &wallet]));
    assert!(campaign.is_paid(&world, 0, index));
}

/// The root of a tree of `leaf_count` leaves that has `leaf` at `index`, and the path there; the other leaves do not
/// exist.
fn tree_around(leaf: Hash, index: u32, leaf_count: u32) -> (Hash, Vec<Hash>) {
    let mut path = Vec::new();
    loop {
        if let Ok(root) = Climb::start(leaf, 0, index, leaf_count).unwrap().to_root(&path) {
            return (root, path);
        }
        path.push([path.len() as u8 + 1; 32]);
    }
}

fn large_epoch(mode: Mode) -> (World, Campaign, &'static Allocations) {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, allocations) = open_large_epoch(&mut world, asset, mode);
    (world, campaign, allocations)
}

/// The large epoch with its account at its full size.
fn grown(mode: Mode) -> (World, Campaign, &'static Allocations) {
    let (mut world, campaign, allocations) = large_epoch(mode);
    expect_success(campaign.extend(&mut world, 0));
    (world, campaign, allocations)
}

fn push(world: &mut World, campaign: &Campaign, allocations: &Allocations, plan: Push) -> Pushed {
    the_event(&expect_success(campaign.push(world, allocations, plan)))
}
