//! The whole merkle tree of an epoch, with every level kept so that any path can be read off.
//!
//! The hashes and the shape come from `torque::merkle`, with which the program verifies paths. Here they are only
//! computed for all leaves at once, on all threads of the current rayon pool; the result does not depend on their
//! number.

use rayon::prelude::*;
use torque::merkle::{Hash, node_hash};

/// Fewer pairs than this are not worth handing to another thread.
const PAIRS_PER_TASK: usize = 1024;

/// A merkle tree over at least one leaf.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MerkleTree {
    /// The leaves, then each level above, the root's last. No level is empty.
    levels: Vec<Vec<Hash>>,
    root: Hash,
}

impl MerkleTree {
    /// Builds the tree over `leaves` in index order; `None` if there are no leaves.
    #[must_use]
    pub fn from_leaves(leaves: Vec<Hash>) -> Option<Self> {
        let mut levels = Vec::new();
        let mut level = leaves;
        while level.len() > 1 {
            let above = level_above(&level);
            levels.push(level);
            level = above;
        }
        let root = *level.first()?;
        levels.push(level);
        Some(Self { levels, root })
    }

    /// The node above all leaves, which the epoch account stores.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.root
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn leaf_count(&self) -> usize {
        self.levels.first().map_or(0, Vec::len)
    }

    /// The node that covers the leaves from `position × 2^level` up to the next position's; `None` outside the tree.
    #[must_use]
    pub fn node(&self, level: u8, position: u32) -> Option<Hash> {
        self.levels.get(usize::from(level))?.get(usize::try_from(position).ok()?).copied()
    }

    /// The siblings on the way up from a node, from its own level up to but without `stop_level`.
    ///
    /// With `u8::MAX` for `stop_level` the path ends below the root. A level at which the node has no sibling adds
    /// nothing, so the path is exactly the one that `torque::merkle::Climb` takes.
    #[must_use]
    pub fn path(&self, level: u8, position: u32, stop_level: u8) -> Vec<Hash> {
        let mut path = Vec::new();
        let mut position = position;
        for current in level..stop_level {
            if usize::from(current) >= self.levels.len() {
                break;
            }
            path.extend(self.node(current, position ^ 1));
            position >>= 1;
        }
        path
    }
}

/// Hashes neighbours in pairs and carries a last node without a neighbour up unchanged.
fn level_above(level: &[Hash]) -> Vec<Hash> {
    level
        .par_chunks(2)
        .with_min_len(PAIRS_PER_TASK)
        .map(|pair| match pair {
            [left, right] => node_hash(left, right),
            [alone] => *alone,
            _ => Hash::default(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]

    use super::*;

    /// RFC 9162, section 2.1.1, word for word: split at the largest power of two below the number of leaves.
    fn tree_hash_of_the_rfc(leaves: &[Hash]) -> Hash {
        if let [leaf] = leaves {
            return *leaf;
        }
        let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
        node_hash(&tree_hash_of_the_rfc(left), &tree_hash_of_the_rfc(right))
    }

    /// RFC 9162, section 2.1.3.1, word for word: the siblings of leaf `index`, the lowest first.
    fn path_of_the_rfc(index: usize, leaves: &[Hash]) -> Vec<Hash> {
        if leaves.len() == 1 {
            return Vec::new();
        }
        let split = leaves.len().next_power_of_two() / 2;
        let (left, right) = leaves.split_at(split);
        let (mut path, sibling) = if index < split {
            (path_of_the_rfc(index, left), tree_hash_of_the_rfc(right))
        } else {
            (path_of_the_rfc(index - split, right), tree_hash_of_the_rfc(left))
        };
        path.push(sibling);
        path
    }

    fn leaves(count: u8) -> Vec<Hash> {
        (0..count).map(|index| [index; 32]).collect()
    }

    #[test]
    fn roots_and_paths_are_those_of_the_rfc() {
        for count in 1..=70 {
            let leaves = leaves(count);
            let tree = MerkleTree::from_leaves(leaves.clone()).unwrap();
            assert_eq!(tree.root(), tree_hash_of_the_rfc(&leaves));
            assert_eq!(tree.leaf_count(), leaves.len());
            for index in 0..count {
                let path = tree.path(0, u32::from(index), u8::MAX);
                assert_eq!(path, path_of_the_rfc(usize::from(index), &leaves), "leaf {index} of {count}");
            }
        }
    }

    #[test]
    fn a_path_in_two_parts_is_the_whole_path() {
        let tree = MerkleTree::from_leaves(leaves(45)).unwrap();
        let mut parts = tree.path(0, 44, 2);
        parts.extend(tree.path(2, 11, u8::MAX));
        assert_eq!(parts, tree.path(0, 44, u8::MAX));
    }

    #[test]
    fn a_node_is_the_root_of_the_leaves_it_covers() {
        let leaves = leaves(45);
        let tree = MerkleTree::from_leaves(leaves.clone()).unwrap();
        assert_eq!(tree.node(3, 2).unwrap(), tree_hash_of_the_rfc(&leaves[16..24]));
        assert_eq!(tree.node(3, 5).unwrap(), tree_hash_of_the_rfc(&leaves[40..45]));
        assert_eq!(tree.node(3, 6), None);
    }

    #[test]
    fn no_leaves_make_no_tree() {
        assert_eq!(MerkleTree::from_leaves(Vec::new()), None);
    }

    #[test]
    fn the_number_of_threads_does_not_change_the_tree() {
        let leaves: Vec<Hash> =
            (0_u32..10_000).map(|index| node_hash(&[0; 32], &[index.to_le_bytes()[0]; 32])).collect();
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let many = rayon::ThreadPoolBuilder::new().num_threads(7).build().unwrap();
        let one = alone.install(|| MerkleTree::from_leaves(leaves.clone()));
        assert_eq!(one, many.install(|| MerkleTree::from_leaves(leaves)));
    }
}
