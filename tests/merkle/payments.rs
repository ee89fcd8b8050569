//! The payments that the trees of these tests consist of, with their entries written out byte by byte from the design.

use anchor_lang::prelude::Pubkey;
use tests::reference_tree::{inclusion_path, merkle_tree_hash};
use torque::merkle::{Hash, leaf_hash};

/// The epoch that every payment here belongs to, unless a test says otherwise.
pub(crate) const EPOCH: Pubkey = Pubkey::new_from_array([7; 32]);

/// One leaf's content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Payment {
    pub(crate) epoch: Pubkey,
    pub(crate) index: u32,
    pub(crate) recipient: Pubkey,
    /// Base units.
    pub(crate) amount: u64,
}

impl Payment {
    /// A payment that differs from every other in each field that may differ.
    pub(crate) fn at(index: u32) -> Self {
        let mut recipient = [0x5a; 32];
        recipient[..4].copy_from_slice(&index.to_be_bytes());
        let amount = 1_000_000_007_u64.wrapping_mul(u64::from(index) + 1);
        Self { epoch: EPOCH, index, recipient: Pubkey::new_from_array(recipient), amount }
    }

    /// The entry: `epoch address (32) ‖ index (u32 LE) ‖ recipient (32) ‖ amount (u64 LE)`, 76 bytes.
    pub(crate) fn entry(&self) -> [u8; 76] {
        let mut entry = [0; 76];
        entry[..32].copy_from_slice(&self.epoch.to_bytes());
        entry[32..36].copy_from_slice(&self.index.to_le_bytes());
        entry[36..68].copy_from_slice(&self.recipient.to_bytes());
        entry[68..].copy_from_slice(&self.amount.to_le_bytes());
        entry
    }

    /// The leaf as the program hashes it.
    pub(crate) fn leaf(&self) -> Hash {
        leaf_hash(&self.epoch, self.index, &self.recipient, self.amount)
    }
}

/// The tree over the first payments: what the reference is asked with, what the program is given, and the true root.
pub(crate) struct Tree {
    pub(crate) entries: Vec<[u8; 76]>,
    pub(crate) leaves: Vec<Hash>,
    pub(crate) root: Hash,
}

impl Tree {
    /// The tree over the payments 0 to `count` − 1.
    pub(crate) fn over(count: u32) -> Self {
        let payments = || (0..count).map(Payment::at);
        let entries: Vec<[u8; 76]> = payments().map(|payment| payment.entry()).collect();
        let leaves = payments().map(|payment| payment.leaf()).collect();
        let root = merkle_tree_hash(&entries);
        Self { entries, leaves, root }
    }

    /// The reference's path of one payment.
    pub(crate) fn path(&self, index: u32) -> Vec<Hash> {
        inclusion_path(index as usize, &self.entries)
    }
}

/// Sizes that no exhaustive loop reaches: around a power of two, and far from any.
pub(crate) const LARGE_SIZES: [u32; 5] = [1_023, 1_024, 1_025, 10_000, 65_537];

/// A few indexes of a large tree: its edges, the sides of the topmost split and some in between.
pub(crate) fn telling_indexes(count: u32) -> Vec<u32> {
    let split = 1_u32 << (count - 1).ilog2();
    let mut indexes = vec![0, 1, count / 3, split - 1, split, count - 2, count - 1];
    indexes.sort_unstable();
    indexes.dedup();
    indexes
}
