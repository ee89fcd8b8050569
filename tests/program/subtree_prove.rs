//! `subtree_prove`: anybody has the roots of a large epoch's subtrees kept, and nothing but the right ones.

use anchor_spl::token::spl_token;
use crank_cluster::instruction;
use crank_cluster::payment::{self, SubtreeProof};
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_error, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH};
use tests::large_epoch::open_large_epoch;
use tests::world::World;
use torque::error::TorqueError;
use torque::instructions::EpochPostArgs;
use torque::merkle::Hash;
use torque::state::Mode;

/// Where the kept roots begin in the epoch's account, and how many there are.
const ROOTS_AT: usize = 336;
const SUBTREES: u32 = 25;

#[test]
fn a_stranger_has_every_root_kept() {
    let (mut world, campaign, allocations) = large_epoch();
    campaign.prove_subtrees(&mut world, allocations);
    assert_eq!(kept(&world, &campaign), roots(allocations, 0, SUBTREES));
}

#[test]
fn only_the_roots_that_are_proven_are_kept() {
    let (mut world, campaign, allocations) = large_epoch();
    expect_success(prove(&mut world, &campaign, 8, 3, &proof(allocations, 8, 3)));
    let kept = kept(&world, &campaign);
    assert_eq!(kept[8..16], roots(allocations, 8, 8));
    assert!(kept[..8].iter().chain(&kept[16..]).all(|root| *root == Hash::default()));
}

#[test]
fn a_block_of_any_level_is_proven() {
    let (mut world, campaign, allocations) = large_epoch();
    for (first, level) in [(24, 0), (24, 3), (16, 4), (0, 5), (7, 0), (6, 1), (4, 2)] {
        expect_success(prove(&mut world, &campaign, first, level, &proof(allocations, first, level)));
    }
}

#[test]
fn proving_twice_changes_nothing() {
    let (mut world, campaign, allocations) = large_epoch();
    for _ in 0..2 {
        expect_success(prove(&mut world, &campaign, 0, 4, &proof(allocations, 0, 4)));
    }
    assert_eq!(kept(&world, &campaign)[..16], roots(allocations, 0, 16));
}

#[test]
fn a_wrong_root_or_sibling_is_refused_and_not_kept() {
    let (mut world, campaign, allocations) = large_epoch();
    let right = proof(allocations, 0, 2);
    for place in 0..4 {
        let mut wrong = right.clone();
        wrong.roots[place][0] ^= 1;
        expect_error(prove(&mut world, &campaign, 0, 2, &wrong), TorqueError::ProofInvalid);
    }
    let mut wrong = right.clone();
    wrong.path[0][31] ^= 128;
    expect_error(prove(&mut world, &campaign, 0, 2, &wrong), TorqueError::ProofInvalid);
    expect_error(prove(&mut world, &campaign, 4, 2, &right), TorqueError::ProofInvalid);
    assert!(kept(&world, &campaign).iter().all(|root| *root == Hash::default()));
}

#[test]
fn the_path_has_exactly_the_siblings_on_the_way() {
    let (mut world, campaign, allocations) = large_epoch();
    let mut proof = proof(allocations, 0, 2);
    let sibling = proof.path.pop().unwrap();
    expect_error(prove(&mut world, &campaign, 0, 2, &proof), TorqueError::ProofLength);
    proof.path.extend([sibling, sibling]);
    expect_error(prove(&mut world, &campaign, 0, 2, &proof), TorqueError::ProofLength);
}

#[test]
fn a_block_begins_at_a_multiple_of_its_size_within_the_row() {
    let (mut world, campaign, allocations) = large_epoch();
    let proof = proof(allocations, 0, 2);
    for first in [1, 2, 3, 5, 23] {
        expect_error(prove(&mut world, &campaign, first, 2, &proof), TorqueError::BlockInvalid);
    }
    for (first, level) in [(28, 2), (25, 0), (1 << 31, 2), (32, 5)] {
        expect_error(prove(&mut world, &campaign, first, level, &proof), TorqueError::LeafIndexOutOfRange);
    }
    for level in [6, 32, u8::MAX] {
        expect_error(prove(&mut world, &campaign, 0, level, &proof), TorqueError::BlockInvalid);
    }
}

#[test]
fn a_block_has_one_root_for_each_of_its_subtrees() {
    let (mut world, campaign, allocations) = large_epoch();
    for count in [0, 3, 5] {
        let proof = SubtreeProof { roots: roots(allocations, 0, count), ..proof(allocations, 0, 2) };
        expect_error(prove(&mut world, &campaign, 0, 2, &proof), TorqueError::BlockEncoding);
    }
    let proof = SubtreeProof { roots: vec![roots(allocations, 24, 1)[0]; 2], ..proof(allocations, 24, 0) };
    expect_error(prove(&mut world, &campaign, 24, 1, &proof), TorqueError::BlockEncoding);
}

#[test]
fn an_epoch_of_one_subtree_needs_none() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Claim, 3);
    let proof = SubtreeProof { first: 0, roots: vec![allocations.tree.root()], path: vec![] };
    expect_error(prove(&mut world, &campaign, 0, 0, &proof), TorqueError::SubtreesNotNeeded);
}

#[test]
fn roots_that_the_account_has_no_room_for_wait_until_it_grows() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaign = Campaign::funded(&mut world, asset, Mode::Claim, 1);
    world.pass(EPOCH);
    // Two million leaves are 489 subtrees, of whose roots 311 fit the account as it is created. All of one row are
    // alike here, so that the tree is built in a moment; what they are does not matter.
    let tree = crank_rules::tree::MerkleTree::from_leaves(vec![[7; 32]; 489]).unwrap();
    let args = campaign.post_args(&campaign.allocations(0, 3));
    let args = EpochPostArgs { leaf_count: 489 << 12, root: tree.root(), ..args };
    expect_success(campaign.post_with(&mut world, args));
    let proof = SubtreeProof { first: 488, roots: vec![[7; 32]], path: tree.path(0, 488, u8::MAX) };
    expect_error(prove(&mut world, &campaign, 488, 0, &proof), TorqueError::EpochIncomplete);
    expect_success(campaign.extend(&mut world, 0));
    expect_success(prove(&mut world, &campaign, 488, 0, &proof));
}

#[test]
fn roots_are_kept_before_the_epoch_opens() {
    let (mut world, campaign, allocations) = large_epoch();
    world.pass(-DELAY);
    campaign.prove_subtrees(&mut world, allocations);
    world.pass(DELAY);
    expect_success(campaign.claim_below_subtree(&mut world, allocations, 0));
}

#[test]
fn a_vacant_epoch_has_no_subtrees() {
    let (mut world, campaign, allocations) = large_epoch();
    world.pass(-DELAY);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    expect_error(prove(&mut world, &campaign, 0, 2, &proof(allocations, 0, 2)), TorqueError::SubtreesNotNeeded);
}

fn large_epoch() -> (World, Campaign, &'static Allocations) {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, allocations) = open_large_epoch(&mut world, asset, Mode::Claim);
    (world, campaign, allocations)
}

/// The roots of up to `count` subtrees from `first` on.
fn roots(allocations: &Allocations, first: u32, count: u32) -> Vec<Hash> {
    (first..first + count).filter_map(|position| allocations.tree.node(12, position)).collect()
}

/// The proof of the block of 2^`level` subtrees from `first` on.
fn proof(allocations: &Allocations, first: u32, level: u8) -> SubtreeProof {
    let path = payment::path(&allocations.tree, 12 + level, first >> level, false);
    SubtreeProof { first, roots: roots(allocations, first, 1 << level), path }
}

fn prove(world: &mut World, campaign: &Campaign, first: u32, level: u8, proof: &SubtreeProof) -> Sent {
    let (stranger, epoch) = (world.stranger.insecure_clone(), campaign.addresses.epoch(0));
    let prove = instruction::subtree_prove(epoch, first, level, proof.roots.clone(), proof.path.clone());
    assert!(!prove.accounts.iter().any(|account| account.pubkey == stranger.pubkey()));
    world.send(prove, &[&stranger])
}

/// The roots that the epoch keeps.
fn kept(world: &World, campaign: &Campaign) -> Vec<Hash> {
    let data = world.cluster.account(&campaign.addresses.epoch(0)).unwrap().data;
    data[ROOTS_AT..ROOTS_AT + SUBTREES as usize * 32].as_chunks().0.to_vec()
}
