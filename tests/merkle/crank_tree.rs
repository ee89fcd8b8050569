//! The crank's tree builder against the reference: the same roots, the same paths, whole and up to a level.
//!
//! Not here: that the program accepts these paths, which follows from `program_tree`, since both equal the reference's.

use crank_rules::tree::MerkleTree;
use tests::reference_tree::{inclusion_path, merkle_tree_hash};
use torque::merkle::width_at;

use crate::payments::{LARGE_SIZES, Tree, telling_indexes};

#[test]
fn the_crank_builds_no_tree_over_no_leaves() {
    assert_eq!(MerkleTree::from_leaves(Vec::new()), None);
}

#[test]
fn every_path_of_every_tree_up_to_130_leaves_is_the_reference_s() {
    for count in 1..=130 {
        compare_tree(count, 0..count);
    }
}

#[test]
fn the_crank_s_large_trees_have_the_reference_s_root_and_paths() {
    for count in LARGE_SIZES {
        compare_tree(count, telling_indexes(count));
    }
}

#[test]
fn every_node_is_the_reference_s_hash_of_its_block_and_has_the_end_of_its_paths() {
    for count in 1..=70_u32 {
        let (reference, built) = trees(count);
        for level in (0..=7).take_while(|level| *level == 0 || width_at(count, level - 1) > 1) {
            for position in 0..width_at(count, level) {
                let start = (position as usize) << level;
                let block = &reference.entries[start..reference.entries.len().min(start + (1 << level))];
                let place = format!("{count} leaves, level {level}, position {position}");
                assert_eq!(built.node(level, position), Some(merkle_tree_hash(block)), "{place}");
                let path = inclusion_path(start, &reference.entries).split_off(inclusion_path(0, block).len());
                assert_eq!(built.path(level, position, u8::MAX), path, "{place}");
            }
        }
    }
}

#[test]
fn a_path_cut_at_a_level_continues_as_the_path_of_the_node_there() {
    for count in 1..=70_u32 {
        let (reference, built) = trees(count);
        for index in 0..count {
            for level in 0..=7 {
                let lower = built.path(0, index, level);
                let upper = built.path(level, index >> level, u8::MAX);
                assert_eq!([lower, upper].concat(), reference.path(index), "leaf {index} of {count} at level {level}");
            }
        }
    }
}

#[test]
fn there_is_no_node_outside_the_tree() {
    let (_, built) = trees(5);
    for (level, position) in [(0, 5), (1, 3), (2, 2), (3, 1), (4, 0), (u8::MAX, 0), (0, u32::MAX)] {
        assert_eq!(built.node(level, position), None, "level {level}, position {position}");
    }
}

/// Root, leaf count and the paths of `indexes` against the reference.
fn compare_tree(count: u32, indexes: impl IntoIterator<Item = u32>) {
    let (reference, built) = trees(count);
    assert_eq!(built.root(), reference.root, "{count} leaves");
    assert_eq!(built.leaf_count(), reference.leaves.len());
    for index in indexes {
        assert_eq!(built.path(0, index, u8::MAX), reference.path(index), "leaf {index} of {count}");
    }
}

/// The reference's tree and the crank's over the same payments.
fn trees(count: u32) -> (Tree, MerkleTree) {
    let reference = Tree::over(count);
    let built = MerkleTree::from_leaves(reference.leaves.clone()).unwrap();
    (reference, built)
}
