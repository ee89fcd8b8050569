//! The leaf, the tree and its inclusion paths: the one definition that the program verifies and the crank builds with.
//!
//! The tree is the Merkle Tree Hash of RFC 9162, section 2.1.1, with leaves that bind everything a payment depends on.
//! Bottom up it is: hash neighbours in pairs, and carry a last node without a neighbour up unchanged. So the node at
//! `level` and `position` covers the leaves `[position × 2^level, (position + 1) × 2^level)` that exist, an aligned
//! block of leaves is one node, and the numbers alone say on which side each sibling stands and how many there are.
//!
//! Not here: where roots are kept (`state/epoch.rs`) and how a whole tree is built (the crank's `tree.rs`).

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::sha256::sha256;

/// A SHA-256 digest: a leaf, an inner node or a root.
pub type Hash = [u8; 32];

/// The RFC 9162 prefix of a leaf; a node can never be taken for a leaf.
const LEAF_PREFIX: &[u8] = &[0];
/// The RFC 9162 prefix of an inner node.
const NODE_PREFIX: &[u8] = &[1];

/// `SHA-256(0x00 ‖ epoch address ‖ index (u32 LE) ‖ recipient ‖ amount (u64 LE))`.
///
/// The epoch's address binds program, distributor and index of the epoch, and the distributor binds the mint.
#[must_use]
pub fn leaf_hash(epoch: &Pubkey, index: u32, recipient: &Pubkey, amount: u64) -> Hash {
    LeafHasher::new(epoch).hash(index, recipient, amount)
}

/// Makes the leaves of one epoch, as [`leaf_hash`] does, in one place: on the chain every piece of memory that goes
/// into a hash costs ten units besides.
pub struct LeafHasher([u8; 77]);

impl LeafHasher {
    /// For the leaves of `epoch`.
    #[inline(always)]
    #[must_use]
    pub fn new(epoch: &Pubkey) -> Self {
        let mut bytes = [0; 77];
        bytes[..1].copy_from_slice(LEAF_PREFIX);
        bytes[1..33].copy_from_slice(epoch.as_ref());
        Self(bytes)
    }

    /// The leaf `index`, which gives `recipient` `amount` base units.
    #[inline(always)]
    #[must_use]
    pub fn hash(&mut self, index: u32, recipient: &Pubkey, amount: u64) -> Hash {
        self.0[33..37].copy_from_slice(&index.to_le_bytes());
        self.0[37..69].copy_from_slice(recipient.as_ref());
        self.0[69..].copy_from_slice(&amount.to_le_bytes());
        sha256(&[&self.0])
    }
}

/// `SHA-256(0x00 ‖ key)`: the leaf of an audience's list, whose tree is over its keys in ascending order.
#[must_use]
pub fn list_leaf_hash(key: &Pubkey) -> Hash {
    sha256(&[LEAF_PREFIX, key.as_ref()])
}

/// `SHA-256(0x01 ‖ left ‖ right)`.
#[inline(always)]
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[NODE_PREFIX, left, right])
}

/// How many nodes the tree over `leaf_count` leaves has at `level`; the root's level is the first with one node.
#[must_use]
pub fn width_at(leaf_count: u32, level: u8) -> u32 {
    let span = 1_u64.checked_shl(u32::from(level)).unwrap_or(u64::MAX);
    u32::try_from(u64::from(leaf_count).div_ceil(span)).unwrap_or(u32::MAX)
}

/// The node above `nodes`, neighbours of one level that start at an aligned position: their common ancestor.
///
/// Overwrites `nodes`. None of an empty slice.
#[must_use]
pub fn fold(nodes: &mut [Hash]) -> Option<Hash> {
    let mut width = nodes.len();
    while width > 1 {
        for parent in 0..width >> 1 {
            let pair = nodes.get(parent << 1..)?.first_chunk::<2>()?;
            *nodes.get_mut(parent)? = sha256(&[NODE_PREFIX, pair.as_flattened()]);
        }
        if width & 1 == 1 {
            *nodes.get_mut(width >> 1)? = *nodes.get(width.checked_sub(1)?)?;
        }
        width = width.div_ceil(2);
    }
    nodes.first().copied()
}

/// A node on its way up the tree: where it stands now and how wide the tree is there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Climb {
    hash: Hash,
    level: u8,
    position: u32,
    width: u32,
}

impl Climb {
    /// Starts at the node `hash` at `level` and `position` of the tree over `leaf_count` leaves.
    ///
    /// # Errors
    /// `LeafIndexOutOfRange` when the tree has no such node.
    pub fn start(hash: Hash, level: u8, position: u32, leaf_count: u32) -> Result<Self> {
        let width = width_at(leaf_count, level);
        ensure!(position < width, TorqueError::LeafIndexOutOfRange);
        Ok(Self { hash, level, position, width })
    }

    /// The node reached.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The position of the node reached, within its level.
    #[must_use]
    pub fn position(&self) -> u32 {
        self.position
    }

    /// Climbs to `level`, or to the root if that comes first, and takes from `path` exactly the siblings on the way.
    ///
    /// # Errors
    /// `ProofLength` when `path` runs out.
    pub fn to_level(self, level: u8, path: &mut &[Hash]) -> Result<Self> {
        let Self { mut hash, level: mut reached, mut position, mut width } = self;
        while reached < level && width > 1 {
            let is_right = position & 1 == 1;
            if is_right || position | 1 < width {
                let Some((sibling, rest)) = path.split_first() else { return refuse!(TorqueError::ProofLength) };
                *path = rest;
                let (left, right) = if is_right { (sibling, &hash) } else { (&hash, sibling) };
                hash = node_hash(left, right);
            }
            position >>= 1;
            width = width.div_ceil(2);
            reached = reached.saturating_add(1);
        }
        Ok(Self { hash, level: reached, position, width })
    }

    /// Climbs to the root and takes all of `path`.
    ///
    /// # Errors
    /// `ProofLength` when `path` is shorter or longer than the way.
    pub fn to_root(self, mut path: &[Hash]) -> Result<Hash> {
        let top = self.to_level(u8::MAX, &mut path)?;
        ensure!(path.is_empty(), TorqueError::ProofLength);
        Ok(top.hash)
    }
}
