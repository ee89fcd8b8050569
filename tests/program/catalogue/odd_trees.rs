//! C-019 and C-020: the last leaf of an odd row, which has no neighbour: it is carried up, never paired with itself.

use std::sync::OnceLock;

use crank_cluster::address::Asset;
use crank_cluster::instruction::{self, ClaimedLeaf};
use crank_cluster::payment::{PROVE_LEVEL, Payment, subtree_proofs};
use crank_rules::tree::MerkleTree;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{BUNDLE_URI, Campaign, EPOCH};
use tests::invariants;
use tests::ledger::expect_unchanged;
use tests::world::{World, keypair};
use torque::constants::SUBTREE_LEVEL;
use torque::error::TorqueError;
use torque::instructions::EpochPostArgs;
use torque::merkle::{Hash, leaf_hash, node_hash, width_at};
use torque::state::{Epoch, Mode};

use super::in_process::{EpochBytes, Leaf, tree_over};
use super::stage::{expect_paid, together, with_each_asset};

/// The leaf counts of C-019 that are small enough to try every path.
const SMALL_COUNTS: [u32; 7] = [1, 3, 5, 7, 9, 17, 33];
/// The leaf count of C-019 that is not.
const MILLION: u32 = 1_000_001;

/// Wrong paths that an attacker might try instead of `path`: each node of `offered` inserted at each place, or in place
/// of each element; each element left out; and the reversed path.
fn other_paths(path: &[Hash], offered: &[Hash]) -> Vec<Vec<Hash>> {
    let mut others = Vec::new();
    for place in 0..=path.len() {
        for node in offered {
            others.push([&path[..place], &[*node], &path[place..]].concat());
            if place < path.len() {
                others.push([&path[..place], &[*node], &path[place + 1..]].concat());
            }
        }
        if place < path.len() {
            others.push([&path[..place], &path[place + 1..]].concat());
        }
    }
    others.push(path.iter().rev().copied().collect());
    others.retain(|other| other != path);
    others
}

/// Every node of `tree` on the way up from its last leaf, and each of them paired with itself.
fn nodes_on_the_last_way(tree: &MerkleTree) -> Vec<Hash> {
    let last = u32::try_from(tree.leaf_count()).unwrap() - 1;
    let way: Vec<Hash> = (0..32).map_while(|level| tree.node(level, last >> level)).collect();
    way.iter().flat_map(|node| [*node, node_hash(node, node)]).collect()
}

/// C-019, small trees: of all paths from nodes of the tree, the last leaf has the one that the tree gives it.
#[test]
fn c_019_the_last_leaf_of_an_odd_tree_has_one_path() {
    for count in SMALL_COUNTS {
        let tree = tree_over(count);
        let mut epoch = EpochBytes::of(&tree);
        let (last, leaf) = (count - 1, Leaf::at(count - 1).hash());
        let path = tree.path(0, last, u8::MAX);
        assert!(epoch.accepts(leaf, last, &path), "{count} leaves");
        let mut offered = nodes_on_the_last_way(&tree);
        for level in 0..6 {
            offered.extend((0..width_at(count, level)).filter_map(|position| tree.node(level, position)));
        }
        for other in other_paths(&path, &offered) {
            assert!(!epoch.accepts(leaf, last, &other), "{count} leaves, {} elements", other.len());
        }
        for index in (0..2 * count).filter(|index| *index != last) {
            assert!(!epoch.accepts(leaf, index, &path), "{count} leaves, index {index}");
        }
    }
}

/// C-019 by transaction: the last leaf is claimed with its path, not with its own copy as its neighbour, and once.
#[test]
fn c_019_the_last_leaf_of_an_odd_tree_is_claimed_once() {
    for count in SMALL_COUNTS {
        with_each_asset(|world, asset| {
            let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, count);
            let last = count - 1;
            let wallet = &allocations.wallets[last as usize];
            let destination = asset.account_of(&wallet.pubkey());
            let right = allocations.leaf(last);
            let own = allocations.tree.node(0, last).unwrap();
            let with_copy = ClaimedLeaf { path: [&[own], &right.path[..]].concat(), ..right.clone() };
            let as_copy = ClaimedLeaf { index: count, ..with_copy.clone() };
            let wrong = [(with_copy, TorqueError::ProofLength), (as_copy, TorqueError::LeafIndexOutOfRange)];
            for _ in 0..2 {
                for (leaf, refusal) in wrong.clone() {
                    let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), destination, leaf);
                    expect_unchanged(world, refusal, |world| together(world, &[claim], &[wallet]));
                }
                if !campaign.is_paid(world, 0, last) {
                    expect_success(campaign.claim(world, &allocations, last));
                }
            }
            let again = |world: &mut World| campaign.claim(world, &allocations, last);
            expect_unchanged(world, TorqueError::LeafAlreadyPaid, again);
            expect_paid(world, &campaign, &allocations, &[last as usize]);
        });
    }
}

/// The leaves of the large tree that are real, with their wallets' numbers: two that are neighbours of the last one's
/// subtree, and the last.
const REAL: [u32; 3] = [0, MILLION - 2, MILLION - 1];

/// The tree over 1,000,001 leaves in epoch 0 of campaign number 1 that pays SOL.
///
/// Only the leaves in [`REAL`] are real; hashing the others would prove nothing and take long.
fn large_tree() -> &'static MerkleTree {
    static TREE: OnceLock<MerkleTree> = OnceLock::new();
    TREE.get_or_init(|| {
        let mut leaves: Vec<Hash> = (0..MILLION).map(filler).collect();
        for index in REAL {
            let wallet = keypair(index).pubkey();
            leaves[index as usize] = leaf_hash(&large_epoch(), index, &wallet, AMOUNT);
        }
        MerkleTree::from_leaves(leaves).unwrap()
    })
}

/// The amount of each real leaf of the large tree, in lamports.
const AMOUNT: u64 = 2_000_000;

/// A hash that is not of a real leaf.
fn filler(index: u32) -> Hash {
    let mut hash = [0xee; 32];
    hash[..4].copy_from_slice(&index.to_le_bytes());
    hash
}

fn large_epoch() -> solana_pubkey::Pubkey {
    let owner = World::new().owner.pubkey();
    crank_cluster::address::DistributorAddresses::new(owner, 1, Asset::SOL).epoch(0)
}

/// C-019 for 1,000,001 leaves, in process. An epoch with kept subtree roots takes a second path, which is the first
/// one's lower part: the same way, cut where the root is known.
#[test]
fn c_019_the_last_of_1_000_001_leaves_has_one_path() {
    let tree = large_tree();
    let last = MILLION - 1;
    let leaf = tree.node(0, last).unwrap();
    let (whole, short) = (tree.path(0, last, u8::MAX), tree.path(0, last, SUBTREE_LEVEL));
    let (mut bare, mut proven) = (EpochBytes::of(tree), EpochBytes::of(tree));
    proven.keep_subtrees(tree);
    assert!(bare.accepts(leaf, last, &whole) && proven.accepts(leaf, last, &whole));
    assert!(!bare.accepts(leaf, last, &short) && proven.accepts(leaf, last, &short));
    let offered = nodes_on_the_last_way(tree);
    for path in [&whole, &short] {
        for other in other_paths(path, &offered) {
            assert!(!bare.accepts(leaf, last, &other), "{} elements", other.len());
            assert!(!proven.accepts(leaf, last, &other), "{} elements, proven", other.len());
        }
    }
    for bit in 0..u32::BITS {
        let other = last ^ (1 << bit);
        assert!(!bare.accepts(leaf, other, &whole) && !proven.accepts(leaf, other, &short), "index {other}");
    }
}

/// C-019 for 1,000,001 leaves, by transaction: the epoch's account grows to its full size, and the last leaf is claimed
/// with either of its paths, once.
#[test]
fn c_019_the_last_of_1_000_001_leaves_is_claimed_once() {
    for with_subtrees in [false, true] {
        let mut world = World::new();
        let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
        world.pass(EPOCH);
        let tree = large_tree();
        let args = EpochPostArgs {
            index: 0,
            root: tree.root(),
            leaf_count: MILLION,
            total: 3 * AMOUNT,
            manifest_hash: [9; 32],
            bundle_uri: BUNDLE_URI.to_owned(),
        };
        expect_success(campaign.post_with(&mut world, args));
        world.pass(tests::campaign::DELAY);
        let claim = |index: u32, path: Vec<Hash>| {
            let wallet = keypair(index).pubkey();
            instruction::claim(
                &campaign.addresses,
                wallet,
                wallet,
                ClaimedLeaf { epoch: 0, index, amount: AMOUNT, path },
            )
        };
        let stop = if with_subtrees { SUBTREE_LEVEL } else { u8::MAX };
        let send = |world: &mut World, index, stop| {
            together(world, &[claim(index, tree.path(0, index, stop))], &[&keypair(index)])
        };
        let last = MILLION - 1;
        expect_unchanged(&mut world, TorqueError::EpochIncomplete, |world| send(world, last, u8::MAX));
        grow(&mut world, &campaign);
        if with_subtrees {
            expect_unchanged(&mut world, TorqueError::SubtreeNotProven, |world| send(world, last, stop));
            prove_last_subtrees(&mut world, &campaign, tree);
        }
        expect_success(send(&mut world, last, stop));
        for stop in [stop, u8::MAX] {
            expect_unchanged(&mut world, TorqueError::LeafAlreadyPaid, |world| send(world, last, stop));
        }
        expect_success(send(&mut world, last - 1, stop));
        expect_success(send(&mut world, 0, u8::MAX));
        let marks = invariants::marks(&world, &campaign, 0);
        assert_eq!((marks[0], marks.len(), marks[124_999], marks[125_000]), (1, 125_001, 0x80, 1));
        invariants::check(&world, &[&campaign]);
    }
}

/// Grows epoch 0 of `campaign` to its full size.
fn grow(world: &mut World, campaign: &Campaign) {
    let (stranger, epoch) = (world.stranger.insecure_clone(), campaign.addresses.epoch(0));
    let missing = Epoch::full_size(MILLION) - Epoch::initial_size(MILLION);
    for _ in 0..missing.div_ceil(torque::constants::MAX_GROWTH) {
        expect_success(world.send(instruction::epoch_extend(epoch), &[&stranger]));
    }
    let extend = instruction::epoch_extend(epoch);
    expect_unchanged(world, TorqueError::EpochComplete, |world| world.send(extend, &[&stranger]));
}

/// Keeps the roots of the last block of subtrees of epoch 0.
fn prove_last_subtrees(world: &mut World, campaign: &Campaign, tree: &MerkleTree) {
    let stranger = world.stranger.insecure_clone();
    let proof = subtree_proofs(tree).pop().unwrap();
    let epoch = campaign.addresses.epoch(0);
    let prove = instruction::subtree_prove(epoch, proof.first, PROVE_LEVEL, proof.roots, proof.path);
    expect_success(world.send(prove, &[&stranger]));
}

/// C-020: with the copy as a further leaf, whose index differs, and with the very same hash again.
#[test]
fn c_020_a_list_with_a_copy_of_its_last_leaf_has_another_root() {
    for count in 1..=70_u32 {
        let leaves: Vec<Hash> = (0..count).map(|index| Leaf::at(index).hash()).collect();
        let root = tree_over(count).root();
        let mut copied = leaves.clone();
        let copy = Leaf { index: count, ..Leaf::at(count - 1) };
        copied.push(copy.hash());
        assert_ne!(MerkleTree::from_leaves(copied).unwrap().root(), root, "{count} leaves");
        let mut repeated = leaves;
        repeated.push(Leaf::at(count - 1).hash());
        assert_ne!(MerkleTree::from_leaves(repeated).unwrap().root(), root, "{count} leaves");
    }
}

/// C-020 by transaction: a list posted with the count of the longer one has no leaf for the copy.
#[test]
fn c_020_the_root_of_a_list_does_not_open_a_copy_of_its_last_leaf() {
    for count in [1_u32, 2, 3, 5, 7, 8] {
        with_each_asset(|world, asset| {
            let campaign = Campaign::funded(world, asset, Mode::Claim, 1);
            world.pass(EPOCH);
            let mut allocations = campaign.allocations(0, count);
            let last = count as usize - 1;
            let copy: Payment = allocations.payments[last];
            allocations.payments.push(copy);
            allocations.wallets.push(allocations.wallets[last].insecure_clone());
            super::stage::open(world, &[(&campaign, &allocations)]);
            let wallet = &allocations.wallets[last];
            let own = allocations.tree.node(0, count - 1).unwrap();
            let path = allocations.tree.path(0, count - 1, u8::MAX);
            for path in [path.clone(), [&[own], &path[..]].concat(), vec![allocations.tree.root()], Vec::new()] {
                let leaf = ClaimedLeaf { epoch: 0, index: count, amount: copy.amount, path };
                let claim =
                    instruction::claim(&campaign.addresses, wallet.pubkey(), asset.account_of(&wallet.pubkey()), leaf);
                tests::ledger::expect_unchanged_by(world, |world| together(world, &[claim], &[wallet]));
            }
            expect_paid(world, &campaign, &allocations, &[]);
        });
    }
}
