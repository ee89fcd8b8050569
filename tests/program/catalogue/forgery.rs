//! C-013, C-014, C-016 and C-017: hashes of the tree in places that are not theirs.

use crank_cluster::address::Asset;
use crank_cluster::instruction;
use crank_cluster::payment::{PROVE_LEVEL, subtree_proofs};
use crank_rules::tree::MerkleTree;
use sha2::{Digest as _, Sha256};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Allocations, Campaign, payments};
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::merkle::{leaf_hash, node_hash, width_at};
use torque::state::Mode;

use super::in_process::{EPOCH, EpochBytes, Leaf, expect_refusal, tree_over};
use super::stage::{expect_paid, together, with_each_asset};

/// Every inner node of `tree` below its root and up to `level`, with its place.
fn inner_nodes(tree: &MerkleTree, up_to: u8) -> Vec<(u8, u32)> {
    let count = u32::try_from(tree.leaf_count()).unwrap();
    let levels = (1..=up_to).take_while(|level| width_at(count, *level) > 1);
    levels.flat_map(|level| (0..width_at(count, level)).map(move |position| (level, position))).collect()
}

/// C-013 for every inner node of every small tree: as a leaf at each index below it, and as one at its own position,
/// with the path that is left above it. A node that is one leaf carried up is that leaf, and left out.
#[test]
fn c_013_an_inner_node_is_not_a_leaf() {
    for count in 2..=33_u32 {
        let tree = tree_over(count);
        let mut epoch = EpochBytes::of(&tree);
        for (level, position) in inner_nodes(&tree, u8::MAX) {
            let (node, path) = (tree.node(level, position).unwrap(), tree.path(level, position, u8::MAX));
            let first = position << level;
            if first + 1 >= count {
                continue;
            }
            for index in (first..count.min(first + (1 << level))).chain([position]) {
                assert!(!epoch.accepts(node, index, &path), "{count} leaves, level {level}, position {position}");
            }
        }
        let root = tree.root();
        expect_refusal(epoch.require(root, (0, 0), &[]), TorqueError::ProofLength, "the root as a leaf");
    }
}

/// C-013 below a subtree root that is kept on-chain, where the paths are short.
#[test]
fn c_013_an_inner_node_is_not_a_leaf_of_a_proven_subtree() {
    for count in [4_097_u32, 5_000, 8_193] {
        let tree = tree_over(count);
        let mut epoch = EpochBytes::of(&tree);
        epoch.keep_subtrees(&tree);
        for level in 1..=12_u8 {
            for position in [0, width_at(count, level) / 2, width_at(count, level) - 1] {
                let (node, first) = (tree.node(level, position).unwrap(), position << level);
                if first + 1 >= count {
                    continue;
                }
                for stop in [torque::constants::SUBTREE_LEVEL, u8::MAX] {
                    let path = tree.path(level, position, stop);
                    assert!(!epoch.accepts(node, first, &path), "{count} leaves, level {level}, position {position}");
                    assert!(!epoch.accepts(node, position, &path), "{count} leaves, level {level}, {position}");
                }
            }
        }
    }
}

/// C-013 by transaction. A claim hashes its leaf itself, so what is left to try is the shortened path, at each length.
#[test]
fn c_013_a_claim_with_the_end_of_its_path_is_refused() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, 16);
        for index in [0, 5, 15] {
            let wallet = &allocations.wallets[index as usize];
            for dropped in 1..=4 {
                let mut leaf = allocations.leaf(index);
                leaf.path.drain(..dropped);
                let destination = asset.account_of(&wallet.pubkey());
                let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), destination, leaf);
                expect_unchanged(world, TorqueError::ProofLength, |world| together(world, &[claim], &[wallet]));
            }
        }
        expect_paid(world, &campaign, &allocations, &[]);
    });
}

/// C-013 by transaction, where a hash can be passed: nodes of other levels in the place of subtree roots.
#[test]
fn c_013_nodes_of_another_level_are_not_subtree_roots() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(tests::campaign::EPOCH);
    let allocations = large_list(&campaign);
    expect_success(campaign.post_with(
        &mut world,
        torque::instructions::EpochPostArgs { total: 1_000_000, ..campaign.post_args(&allocations) },
    ));
    let (tree, epoch) = (&allocations.tree, campaign.addresses.epoch(0));
    let proof = subtree_proofs(tree).remove(0);
    let stranger = world.stranger.insecure_clone();
    for level in [0, 1, 4, 11, 13] {
        let mut roots = proof.roots.clone();
        for position in 0..roots.len() {
            roots[position] = tree.node(level, position as u32).unwrap_or(tree.root());
            let prove = instruction::subtree_prove(epoch, 0, PROVE_LEVEL, roots.clone(), proof.path.clone());
            expect_unchanged(&mut world, TorqueError::ProofInvalid, |world| world.send(prove, &[&stranger]));
        }
    }
    tests::invariants::check(&world, &[&campaign]);
}

/// A list of three subtrees, whose wallets have no keys.
fn large_list(campaign: &Campaign) -> Allocations {
    let (wallets, mut list) = payments(1);
    let wallet = |number: u32| Pubkey::new_from_array([number.to_le_bytes()[0]; 32]);
    list.extend((1..9_000).map(|number| crank_cluster::payment::Payment { recipient: wallet(number), amount: 1 }));
    let tree = tests::campaign::tree(&campaign.addresses.epoch(0), &list);
    Allocations { epoch: 0, wallets, payments: list, tree }
}

/// C-014. A leaf is hashed from one prefix and 76 bytes, a node from another prefix and 64. So two nodes side by side
/// are no leaf's data, not with the leaf's prefix either, and not as the 32-byte fields of one.
#[test]
fn c_014_two_nodes_side_by_side_are_not_the_data_of_a_leaf() {
    for count in 2..=17_u32 {
        let tree = tree_over(count);
        let mut epoch = EpochBytes::of(&tree);
        for level in 0..5 {
            for position in (0..width_at(count, level).saturating_sub(1)).step_by(2) {
                let (left, right) = (tree.node(level, position).unwrap(), tree.node(level, position + 1).unwrap());
                let path = tree.path(level + 1, position / 2, u8::MAX);
                let index = position << level;
                let concatenated = Sha256::new().chain_update([0]).chain_update(left).chain_update(right).finalize();
                let fields = [index, position, 0, u32::MAX].map(|index| {
                    [0, 1, u64::MAX].map(|amount| {
                        let (left, right) = (Pubkey::new_from_array(left), Pubkey::new_from_array(right));
                        [leaf_hash(&left, index, &right, amount), leaf_hash(&EPOCH, index, &right, amount)]
                    })
                });
                let forged = fields.concat().concat().into_iter().chain([concatenated.into()]);
                for hash in forged {
                    assert_ne!(hash, node_hash(&left, &right));
                    for place in [(0, index), (level, position), (level + 1, position / 2)] {
                        assert!(epoch.require(hash, place, &path).is_err(), "{count} leaves, {place:?}");
                    }
                }
            }
        }
    }
}

/// C-014 by transaction: a push may name any 32 bytes as a wallet that it does not pay, so also a node.
#[test]
fn c_014_a_node_named_as_a_wallet_does_not_open_the_tree() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 8);
        let node = Pubkey::new_from_array(allocations.tree.node(0, 1).unwrap());
        for (amount, dropped, refusal) in [
            (0, 0, TorqueError::ProofInvalid),
            (2_000_000, 0, TorqueError::ProofInvalid),
            (u64::MAX, 1, TorqueError::ProofLength),
            (0, 2, TorqueError::ProofLength),
        ] {
            let mut push = campaign.plan_push(&allocations, 0, 0);
            push.accounts.clear();
            push.args.bumps.clear();
            push.args.amounts.clear();
            torque::varint::write(&mut push.args.amounts, amount);
            (push.args.absent, push.args.wallets) = (1, vec![node]);
            push.args.path.drain(..dropped);
            expect_unchanged(world, refusal, |world| campaign.push(world, &allocations, push));
        }
        expect_paid(world, &campaign, &allocations, &[]);
    });
}

/// C-016 by claim: the only leaf is the root, its path is empty, and nothing but it opens.
#[test]
fn c_016_a_tree_of_one_leaf_opens_once_with_an_empty_path_for_that_leaf_only() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, 1);
        let (owner, wallet) = (world.owner.insecure_clone(), &allocations.wallets[0]);
        let destination = asset.account_of(&owner.pubkey());
        let right = allocations.leaf(0);
        assert!(right.path.is_empty());
        let mut wrong = [right.clone(), right.clone(), right.clone(), right.clone()];
        (wrong[0].amount, wrong[1].amount, wrong[2].index) = (1_999_999, 2_000_001, 1);
        wrong[3].path = vec![allocations.tree.root()];
        let refusals = [
            TorqueError::ProofInvalid,
            TorqueError::ProofInvalid,
            TorqueError::LeafIndexOutOfRange,
            TorqueError::ProofLength,
        ];
        for (leaf, refusal) in wrong.into_iter().zip(refusals) {
            let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), destination, leaf);
            expect_unchanged(world, refusal, |world| together(world, &[claim], &[wallet]));
        }
        let of_owner = instruction::claim(&campaign.addresses, owner.pubkey(), destination, right);
        expect_unchanged(world, TorqueError::ProofInvalid, |world| together(world, &[of_owner], &[&owner]));
        expect_success(campaign.claim(world, &allocations, 0));
        let again = |world: &mut World| campaign.claim(world, &allocations, 0);
        expect_unchanged(world, TorqueError::LeafAlreadyPaid, again);
        expect_paid(world, &campaign, &allocations, &[0]);
    });
}

/// C-016 by push, for a block of every size, which all hold that leaf alone.
#[test]
fn c_016_a_tree_of_one_leaf_is_pushed_once() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 1);
        for level in 0..=5 {
            let push = campaign.plan_push(&allocations, 0, level);
            assert!(push.args.path.is_empty());
            expect_success(campaign.push(world, &allocations, push));
            expect_paid(world, &campaign, &allocations, &[0]);
        }
    });
}

/// C-017. The rule: pairs are not sorted; the index alone decides the sides. So a pair is swapped by the other bit of
/// the index at its level, and the path of such a leaf leads elsewhere, at each level of every leaf of every small
/// tree.
#[test]
fn c_017_a_pair_in_the_other_order_does_not_lead_to_the_root() {
    for count in 2..=33_u32 {
        let tree = tree_over(count);
        let mut epoch = EpochBytes::of(&tree);
        for index in 0..count {
            let (leaf, path) = (Leaf::at(index).hash(), tree.path(0, index, u8::MAX));
            for level in 0..6 {
                assert!(!epoch.accepts(leaf, index ^ (1 << level), &path), "leaf {index} of {count}, level {level}");
            }
            for level in 1..path.len() {
                let mut swapped = path.clone();
                swapped.swap(level - 1, level);
                let refusal = epoch.require(leaf, (0, index), &swapped);
                expect_refusal(refusal, TorqueError::ProofInvalid, &format!("leaf {index} of {count}, level {level}"));
            }
        }
    }
}

/// C-017 by transaction: the root of a tree in which one pair stands the other way round, posted, opens for nobody
/// below that pair.
#[test]
fn c_017_a_root_with_a_swapped_pair_does_not_open() {
    for level in 0..3_u8 {
        with_each_asset(|world, asset| {
            let campaign = Campaign::funded(world, asset, Mode::Claim, 1);
            world.pass(tests::campaign::EPOCH);
            let mut allocations = campaign.allocations(0, 8);
            let honest = allocations.tree;
            let place = |at: u32| if at >> level < 2 { at ^ (1 << level) } else { at };
            let leaves = (0..8).map(|index| honest.node(0, place(index)).unwrap()).collect();
            allocations.tree = MerkleTree::from_leaves(leaves).unwrap();
            super::stage::open(world, &[(&campaign, &allocations)]);
            allocations.tree = honest;
            for index in [0, 7] {
                let refusal = TorqueError::ProofInvalid;
                expect_unchanged(world, refusal, |world| campaign.claim(world, &allocations, index));
            }
            expect_paid(world, &campaign, &allocations, &[]);
        });
    }
}
