//! Plans payments: cuts an epoch's allocations into the blocks that `push` takes, and finds their paths.
//!
//! Pure: the caller says which leaves are paid already and which recipients have an account.

use anchor_spl::associated_token;
use solana_pubkey::Pubkey;
use torque::constants::SUBTREE_LEVEL;
use torque::instructions::PushArgs;
use torque::merkle::Hash;
use torque::state::Epoch;
use torque::varint;

use crate::address::Asset;
use crank_rules::evaluation::Allocation;
use crank_rules::tree::MerkleTree;

/// The level of a pushed block: sixteen recipients and their path fit into a transaction.
pub const PUSH_LEVEL: u8 = 4;
/// The level of a proof of subtrees: sixteen subtree roots and their path fit into a transaction.
pub const PROVE_LEVEL: u8 = 4;

/// A leaf to be paid.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Payment {
    /// The wallet that the leaf names.
    pub recipient: Pubkey,
    /// Base units.
    pub amount: u64,
}

impl From<Allocation> for Payment {
    fn from(allocation: Allocation) -> Self {
        Self { recipient: allocation.address, amount: allocation.amount }
    }
}

/// A push to send: its arguments and the accounts to credit.
#[derive(Clone, Debug)]
pub struct Push {
    /// The instruction's arguments.
    pub args: PushArgs,
    /// The accounts to credit, in the order of their leaves.
    pub accounts: Vec<Pubkey>,
}

/// The push of the block of 2^`level` leaves from `first_index` on.
///
/// `payments` are all payments of the epoch, in index order. `is_present` says whether a wallet's account can be named;
/// leaves of other wallets are proven but not paid. `with_subtrees` says whether the epoch's subtree roots are proven.
#[must_use]
pub fn push(
    payments: &[Payment],
    tree: &MerkleTree,
    asset: &Asset,
    (first_index, level): (u32, u8),
    is_present: impl Fn(&Pubkey) -> bool,
    with_subtrees: bool,
) -> Push {
    let block = payments.iter().skip(first_index as usize).take(1 << level);
    let mut args = PushArgs {
        first_index,
        level,
        absent: 0,
        amounts: Vec::new(),
        bumps: Vec::new(),
        wallets: Vec::new(),
        path: path(tree, level, first_index >> level, with_subtrees),
        is_batched: false,
    };
    let mut accounts = Vec::new();
    for (place, payment) in block.enumerate() {
        varint::write(&mut args.amounts, payment.amount);
        if !is_present(&payment.recipient) {
            args.absent |= 1 << place;
            args.wallets.push(payment.recipient);
        } else if asset.is_native() {
            accounts.push(payment.recipient);
        } else {
            let (account, bump) = associated_account(asset, &payment.recipient);
            accounts.push(account);
            args.bumps.push(bump);
        }
    }
    Push { args, accounts }
}

/// The path from the node at `level` and `position`: to its subtree's root if `with_subtrees`, else to the root.
#[must_use]
pub fn path(tree: &MerkleTree, level: u8, position: u32, with_subtrees: bool) -> Vec<Hash> {
    let stop = if with_subtrees { SUBTREE_LEVEL } else { u8::MAX };
    tree.path(level, position, stop)
}

/// The arguments of all `subtree_prove` instructions that prove the subtrees of `tree`; a small tree needs none.
#[must_use]
pub fn subtree_proofs(tree: &MerkleTree) -> Vec<SubtreeProof> {
    let count = Epoch::subtree_count(u32::try_from(tree.leaf_count()).unwrap_or(u32::MAX));
    let firsts = (0..count).step_by(1 << PROVE_LEVEL);
    firsts.map(|first| subtree_proof(tree, first, count)).collect()
}

/// The arguments of a `subtree_prove`.
#[derive(Clone, Debug)]
pub struct SubtreeProof {
    /// The first subtree.
    pub first: u32,
    /// The roots of it and its neighbours.
    pub roots: Vec<Hash>,
    /// The path from their common ancestor to the root.
    pub path: Vec<Hash>,
}

fn subtree_proof(tree: &MerkleTree, first: u32, count: u32) -> SubtreeProof {
    let end = count.min(first.saturating_add(1 << PROVE_LEVEL));
    let roots = (first..end).filter_map(|position| tree.node(SUBTREE_LEVEL, position)).collect();
    let ancestor_level = SUBTREE_LEVEL.saturating_add(PROVE_LEVEL);
    SubtreeProof { first, roots, path: tree.path(ancestor_level, first >> PROVE_LEVEL, u8::MAX) }
}

fn associated_account(asset: &Asset, wallet: &Pubkey) -> (Pubkey, u8) {
    Pubkey::find_program_address(
        &[wallet.as_ref(), asset.token_program.as_ref(), asset.mint.as_ref()],
        &associated_token::ID,
    )
}
