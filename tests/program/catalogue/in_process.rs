//! The program's verification of a node, called in this process instead of by a transaction: for the cases with more
//! variants than transactions can try.
//!
//! It is `EpochMarks::require_node` on the bytes of an epoch account, the function that `claim` and `push` call.

use anchor_lang::Discriminator;
use anchor_lang::error::Error;
use crank_cluster::payment::{PROVE_LEVEL, SubtreeProof, subtree_proofs};
use crank_rules::tree::MerkleTree;
use solana_pubkey::Pubkey;
use torque::constants::ACCOUNT_VERSION;
use torque::error::TorqueError;
use torque::merkle::{Hash, leaf_hash};
use torque::state::Epoch;
use torque::state::layout::VERSION_OFFSET;

/// The address of the epoch that the leaves here belong to.
pub(super) const EPOCH: Pubkey = Pubkey::new_from_array([7; 32]);

/// The content of a leaf.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    pub(super) epoch: Pubkey,
    pub(super) index: u32,
    pub(super) recipient: Pubkey,
    pub(super) amount: u64,
}

impl Leaf {
    /// A leaf that differs from that of every other index in each field that may differ.
    pub(super) fn at(index: u32) -> Self {
        let mut recipient = [0x5a; 32];
        recipient[..4].copy_from_slice(&index.to_be_bytes());
        let amount = 1_000_000_007 * (u64::from(index) + 1);
        Self { epoch: EPOCH, index, recipient: Pubkey::new_from_array(recipient), amount }
    }

    pub(super) fn hash(&self) -> Hash {
        leaf_hash(&self.epoch, self.index, &self.recipient, self.amount)
    }
}

/// The tree over the leaves 0 to `count` − 1.
pub(super) fn tree_over(count: u32) -> MerkleTree {
    MerkleTree::from_leaves((0..count).map(|index| Leaf::at(index).hash()).collect()).unwrap()
}

/// The account of an epoch, as bytes.
pub(super) struct EpochBytes(Vec<u8>);

impl EpochBytes {
    /// An epoch of `leaf_count` leaves under `root`, of its full size, in which nothing is proven or paid.
    pub(super) fn new(root: Hash, leaf_count: u32) -> Self {
        let mut bytes = vec![0; Epoch::full_size(leaf_count)];
        bytes[..8].copy_from_slice(Epoch::DISCRIMINATOR);
        bytes[VERSION_OFFSET] = ACCOUNT_VERSION;
        let (epoch, _) = Epoch::split(&mut bytes).unwrap();
        (epoch.root, epoch.leaf_count) = (root, leaf_count);
        Self(bytes)
    }

    /// The epoch of `tree`.
    pub(super) fn of(tree: &MerkleTree) -> Self {
        Self::new(tree.root(), u32::try_from(tree.leaf_count()).unwrap())
    }

    /// Keeps the root of every subtree of `tree`.
    pub(super) fn keep_subtrees(&mut self, tree: &MerkleTree) {
        for proof in subtree_proofs(tree) {
            self.keep(proof.first, &proof).unwrap();
        }
    }

    /// Keeps the roots of `proof` as those of the subtrees from `first` on, as `subtree_prove` would.
    pub(super) fn keep(&mut self, first: u32, proof: &SubtreeProof) -> Result<(), Error> {
        let (_, mut marks) = Epoch::split(&mut self.0)?;
        marks.keep_subtrees(first, PROVE_LEVEL, &proof.roots, &proof.path)
    }

    /// Flips bit `bit` of the account, whatever it means there.
    pub(super) fn flip(&mut self, bit: usize) {
        self.0[bit / 8] ^= 1 << (bit % 8);
    }

    /// The first bit of the root within the account: after the discriminator, the version and three short fields, the
    /// distributor and the rent's payer.
    pub(super) const ROOT: usize = (8 + 8 + 32 + 32) * 8;
    /// The first bit of the kept subtree roots: after the header.
    pub(super) const SUBTREE_ROOTS: usize = (8 + 328) * 8;

    /// Whether the epoch takes `hash` for the node at `level` and `position`.
    pub(super) fn require(&mut self, hash: Hash, (level, position): (u8, u32), path: &[Hash]) -> Result<(), Error> {
        let (_, mut marks) = Epoch::split(&mut self.0)?;
        marks.require_node(hash, level, position, path)
    }

    /// Whether the epoch takes `hash` for leaf `index`.
    pub(super) fn accepts(&mut self, hash: Hash, index: u32, path: &[Hash]) -> bool {
        self.require(hash, (0, index), path).is_ok()
    }
}

/// The program refused with `expected`.
#[track_caller]
pub(super) fn expect_refusal(result: Result<(), Error>, expected: TorqueError, what: &str) {
    match result {
        Ok(()) => panic!("{what}: accepted, but should be refused with {expected:?}"),
        Err(Error::AnchorError(error)) if error.error_code_number == u32::from(expected) => {}
        Err(error) => panic!("{what}: refused with another error than {expected:?}: {error}"),
    }
}
