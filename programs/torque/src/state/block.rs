//! An aligned block of neighbours in a level of the tree: what a push pays and what a subtree proof proves at once.

use anchor_lang::prelude::*;

use crate::constants::MAX_BLOCK_LEVEL;
use crate::error::TorqueError;

/// An aligned block of up to 2^level neighbours in a row of `width` nodes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Block {
    /// Where their ancestor stands in its own level.
    pub position: u32,
    /// How many there are: fewer than 2^level only at the row's end.
    pub len: u32,
}

impl Block {
    /// The block of 2^`level` nodes that starts at `first`.
    ///
    /// # Errors
    /// `BlockInvalid` unless `first` is a multiple of the size, `LeafIndexOutOfRange` past the row's end.
    pub fn at(first: u32, level: u8, width: u32) -> Result<Self> {
        ensure!(level <= MAX_BLOCK_LEVEL, TorqueError::BlockInvalid);
        let size = 1_u32 << level;
        ensure!(first & size.saturating_sub(1) == 0, TorqueError::BlockInvalid);
        ensure!(first < width, TorqueError::LeafIndexOutOfRange);
        Ok(Self { position: first >> level, len: size.min(width.saturating_sub(first)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_starts_at_a_multiple_of_its_size() {
        assert_eq!(Block::at(16, 4, 100).unwrap(), Block { position: 1, len: 16 });
        assert_eq!(Block::at(96, 4, 100).unwrap(), Block { position: 6, len: 4 });
        assert!(Block::at(8, 4, 100).is_err());
        assert!(Block::at(112, 4, 100).is_err());
        assert!(Block::at(0, 6, 100).is_err());
    }
}
