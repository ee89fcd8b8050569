//! `torque::merkle` against the reference: the same leaves, the same nodes, the same roots, the same paths.

use std::ops::Range;

use anchor_lang::prelude::Pubkey;
use tests::reference_tree::{inclusion_path, leaf_digest, merkle_tree_hash, node_digest, verifies_inclusion};
use torque::merkle::{Climb, fold, leaf_hash, list_leaf_hash, node_hash, width_at};

use crate::known_vectors::hexadecimal;
use crate::payments::{LARGE_SIZES, Payment, Tree, telling_indexes};

/// Computed with Python's `hashlib` from the byte layout in the design.
#[test]
fn a_leaf_hashes_to_its_recorded_value() {
    let leaf = leaf_hash(&Pubkey::new_from_array([1; 32]), 7, &Pubkey::new_from_array([2; 32]), 1_000_000);
    assert_eq!(hexadecimal(&leaf), "4123f1416047a04186e386c454ba7f170a8c668faeedeb05a0260faf977b308f");
}

#[test]
fn a_key_of_an_audience_s_list_hashes_to_its_recorded_value() {
    let leaf = list_leaf_hash(&Pubkey::new_from_array([2; 32]));
    assert_eq!(hexadecimal(&leaf), "cba8c596120bdb69debbd923d92cba948bde7c7d06a465a1bb7d98d3116038fa");
}

#[test]
fn leaves_and_nodes_hash_as_in_the_reference() {
    let edge = Payment { amount: u64::MAX, ..Payment::at(u32::MAX) };
    for payment in [Payment::at(0), Payment::at(1), Payment::at(0x0102_0304), edge] {
        assert_eq!(payment.leaf(), leaf_digest(&payment.entry()), "{payment:?}");
    }
    let (left, right) = (Payment::at(0).leaf(), Payment::at(1).leaf());
    assert_eq!(node_hash(&left, &right), node_digest(&left, &right));
}

#[test]
fn one_two_three_seven_and_eight_leaves_have_the_reference_s_root_and_paths() {
    for count in [1, 2, 3, 7, 8] {
        compare_tree(count, 0..count);
    }
}

#[test]
fn every_index_of_every_tree_up_to_130_leaves_has_the_reference_s_path() {
    for count in 1..=130 {
        compare_tree(count, 0..count);
    }
}

#[test]
fn large_trees_have_the_reference_s_root_and_paths() {
    for count in LARGE_SIZES {
        compare_tree(count, telling_indexes(count));
    }
}

#[test]
fn no_leaves_fold_to_nothing() {
    assert_eq!(fold(&mut []), None);
}

#[test]
fn a_level_is_as_wide_as_it_has_blocks_of_leaves() {
    for count in 0..=130_u32 {
        for level in 0..=9_u8 {
            let mut blocks: Vec<u32> = (0..count).map(|index| index >> level).collect();
            blocks.dedup();
            assert_eq!(width_at(count, level) as usize, blocks.len(), "{count} leaves, level {level}");
        }
    }
}

#[test]
fn the_widest_tree_has_one_node_from_level_32_on() {
    let widths = [0, 1, 31, 32, 33, 63, 64, u8::MAX].map(|level| width_at(u32::MAX, level));
    assert_eq!(widths, [u32::MAX, 1 << 31, 2, 1, 1, 1, 1, 1]);
}

#[test]
fn every_aligned_block_is_one_node_and_climbs_to_the_root() {
    for count in 1..=70 {
        let tree = Tree::over(count);
        for level in 0..=7 {
            for position in 0..width_at(count, level) {
                compare_block(&tree, level, position);
            }
        }
    }
}

#[test]
fn aligned_blocks_of_large_trees_climb_to_the_root() {
    for count in LARGE_SIZES {
        let tree = Tree::over(count);
        for level in [4, 6, 9] {
            let width = width_at(count, level);
            for position in [0, width / 2, width - 1] {
                compare_block(&tree, level, position);
            }
        }
    }
}

#[test]
fn a_climb_may_stop_at_any_level_and_leaves_the_rest_of_the_path() {
    for count in 1..=33_u32 {
        let tree = Tree::over(count);
        for index in 0..count {
            let path = tree.path(index);
            for level in 0..=7_u8 {
                let mut rest = path.as_slice();
                let climb = Climb::start(Payment::at(index).leaf(), 0, index, count).unwrap();
                let stop = climb.to_level(level, &mut rest).unwrap();
                let block = &tree.entries[block_range(count, level, index >> level)];
                assert_eq!(stop.hash(), merkle_tree_hash(block), "leaf {index} of {count} at level {level}");
                assert_eq!(stop.to_root(rest).unwrap(), tree.root, "leaf {index} of {count}");
            }
        }
    }
}

/// Root by folding and root by climbing, for each of `indexes`, against the reference's root and path.
fn compare_tree(count: u32, indexes: impl IntoIterator<Item = u32>) {
    let tree = Tree::over(count);
    assert_eq!(fold(&mut tree.leaves.clone()), Some(tree.root), "{count} leaves");
    for index in indexes {
        let leaf = Payment::at(index).leaf();
        let path = tree.path(index);
        let climb = Climb::start(leaf, 0, index, count).unwrap();
        assert_eq!(climb.to_root(&path).unwrap(), tree.root, "leaf {index} of {count}");
        assert!(verifies_inclusion(leaf, index.into(), count.into(), &path, tree.root), "leaf {index} of {count}");
    }
}

/// The node over one aligned block: its hash, and its path, which is the end of its first leaf's path.
fn compare_block(tree: &Tree, level: u8, position: u32) {
    let count = u32::try_from(tree.leaves.len()).unwrap();
    let range = block_range(count, level, position);
    let block = &tree.entries[range.clone()];
    let node = fold(&mut tree.leaves[range.clone()].to_vec()).unwrap();
    assert_eq!(node, merkle_tree_hash(block), "{count} leaves, level {level}, position {position}");
    let path = inclusion_path(range.start, &tree.entries).split_off(inclusion_path(0, block).len());
    let climb = Climb::start(node, level, position, count).unwrap();
    assert_eq!(climb.position(), position);
    assert_eq!(climb.to_root(&path).unwrap(), tree.root, "{count} leaves, level {level}, position {position}");
}

/// The leaves below the node at `level` and `position`.
fn block_range(count: u32, level: u8, position: u32) -> Range<usize> {
    let start = position << level;
    start as usize..count.min(start + (1 << level)) as usize
}
