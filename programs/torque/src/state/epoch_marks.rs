//! What an epoch account holds behind its header: the proven roots of its subtrees, and which leaves are paid.
//!
//! The header is in `epoch`. A part that the account has not grown to yet reads as missing, never as unpaid.

use std::mem::size_of;

use anchor_lang::prelude::*;

use crate::constants::SUBTREE_LEVEL;
use crate::error::TorqueError;
use crate::merkle::{Climb, Hash, fold};
use crate::state::{Block, Epoch};

/// What follows the header: the subtree roots and the paid-marks.
#[derive(Debug)]
pub struct EpochMarks<'a> {
    /// The epoch's root.
    pub(super) root: Hash,
    /// How many leaves it has.
    pub(super) leaf_count: u32,
    /// The bytes.
    pub(super) tail: &'a mut [u8],
    /// Where the paid-marks begin in them, behind the roots.
    pub(super) first_mark: usize,
}

/// The mark of one leaf.
pub struct Mark<'a> {
    byte: &'a mut u8,
    bit: u8,
}

impl Mark<'_> {
    /// Whether the leaf is paid.
    #[inline(always)]
    #[must_use]
    pub fn is_set(&self) -> bool {
        *self.byte & self.bit != 0
    }

    /// Marks the leaf as paid.
    ///
    /// # Errors
    /// `LeafAlreadyPaid`.
    #[inline(always)]
    pub fn set(self) -> Result<()> {
        ensure!(!self.is_set(), TorqueError::LeafAlreadyPaid);
        *self.byte |= self.bit;
        Ok(())
    }
}

impl EpochMarks<'_> {
    /// Whether leaf `index` is paid.
    ///
    /// # Errors
    /// Those of [`Self::mark`].
    pub fn is_paid(&mut self, index: u32) -> Result<bool> {
        Ok(self.mark(index)?.is_set())
    }

    /// Marks leaf `index` as paid.
    ///
    /// # Errors
    /// Those of [`Self::mark`] and [`Mark::set`].
    pub fn set_paid(&mut self, index: u32) -> Result<()> {
        self.mark(index)?.set()
    }

    /// The mark of leaf `index`.
    ///
    /// # Errors
    /// `LeafIndexOutOfRange`, `EpochIncomplete`.
    #[inline(always)]
    pub fn mark(&mut self, index: u32) -> Result<Mark<'_>> {
        ensure!(index < self.leaf_count, TorqueError::LeafIndexOutOfRange);
        let at = self.first_mark.checked_add((index >> 3) as usize).ok_or(TorqueError::ArithmeticOverflow)?;
        let byte = self.tail.get_mut(at).ok_or(TorqueError::EpochIncomplete)?;
        Ok(Mark { byte, bit: 1 << (index & 7) })
    }

    /// Whether the root of leaf `index`'s subtree is kept, so that a path may end there.
    pub fn is_subtree_proven(&mut self, index: u32) -> bool {
        Epoch::subtree_count(self.leaf_count) > 0
            && self.subtree_root(index >> SUBTREE_LEVEL).is_ok_and(|root| *root != Hash::default())
    }

    /// Refuses unless `hash` is the node at `level` and `position` of the epoch's tree.
    ///
    /// `path` leads to the root, or only to the root of the node's subtree, if that one is proven already.
    ///
    /// # Errors
    /// `LeafIndexOutOfRange`, `ProofLength`, `ProofInvalid`, `SubtreeNotProven`, `EpochIncomplete`.
    pub fn require_node(&mut self, hash: Hash, level: u8, position: u32, mut path: &[Hash]) -> Result<()> {
        let node = Climb::start(hash, level, position, self.leaf_count)?;
        let subtree = node.to_level(SUBTREE_LEVEL, &mut path)?;
        // Above this level every node has a sibling somewhere on its way, so an empty rest cannot mean the root.
        if path.is_empty() && level <= SUBTREE_LEVEL && Epoch::subtree_count(self.leaf_count) > 0 {
            let proven = *self.subtree_root(subtree.position())?;
            ensure!(proven != Hash::default(), TorqueError::SubtreeNotProven);
            ensure!(subtree.hash() == proven, TorqueError::ProofInvalid);
            return Ok(());
        }
        ensure!(subtree.to_root(path)? == self.root, TorqueError::ProofInvalid);
        Ok(())
    }

    /// Keeps the roots of the subtrees from `first` on, after the path from their common ancestor.
    ///
    /// # Errors
    /// `SubtreesNotNeeded`, `BlockInvalid`, and those of [`Climb`].
    pub fn keep_subtrees(&mut self, first: u32, level: u8, roots: &[Hash], path: &[Hash]) -> Result<()> {
        let count = Epoch::subtree_count(self.leaf_count);
        ensure!(count > 0, TorqueError::SubtreesNotNeeded);
        let block = Block::at(first, level, count)?;
        ensure!(roots.len() == block.len as usize, TorqueError::BlockEncoding);
        let ancestor = fold(&mut roots.to_vec()).ok_or(TorqueError::BlockEncoding)?;
        let ancestor_level = SUBTREE_LEVEL.checked_add(level).ok_or(TorqueError::ArithmeticOverflow)?;
        let top = Climb::start(ancestor, ancestor_level, block.position, self.leaf_count)?.to_root(path)?;
        ensure!(top == self.root, TorqueError::ProofInvalid);
        for (root, position) in roots.iter().zip(first..) {
            *self.subtree_root(position)? = *root;
        }
        Ok(())
    }

    fn subtree_root(&mut self, position: u32) -> Result<&mut Hash> {
        let start = (position as usize).checked_mul(size_of::<Hash>()).ok_or(TorqueError::ArithmeticOverflow)?;
        let bytes = self.tail.get_mut(start..).and_then(<[u8]>::first_chunk_mut);
        Ok(bytes.ok_or(TorqueError::EpochIncomplete)?)
    }
}
