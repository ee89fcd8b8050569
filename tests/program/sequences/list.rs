//! The lists that are posted, and the wallets on them: small ones with a whole tree, and large ones of which one leaf is
//! known.

use std::ops::Range;

use crank::chain::address::{Asset, DistributorAddresses};
use crank::payment::Payment;
use crank::tree::MerkleTree;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::campaign::tree;
use tests::world::keypair;
use torque::instructions::{EpochPostArgs, PushArgs};
use torque::merkle::{Climb, Hash, leaf_hash};
use torque::varint;

use super::operation::ListKind;

/// How many wallets there are.
pub(super) const WALLETS: u32 = 6;

/// Leaves of a large list: more than a new account can mark.
const LARGE: u32 = 90_000;

/// The leaves of an epoch that are somebody's.
#[derive(Clone)]
pub(super) struct List {
    pub(super) leaf_count: u32,
    /// The index of the first of `payments`.
    pub(super) first: u32,
    pub(super) payments: Vec<Payment>,
    pub(super) root: Hash,
    nodes: Nodes,
}

/// Where paths come from.
#[derive(Clone)]
enum Nodes {
    Tree(MerkleTree),
    /// The path of the only leaf that is known.
    Path(Vec<Hash>),
}

impl List {
    /// A list with a tree over all its leaves.
    fn small(addresses: &DistributorAddresses, epoch: u32, payments: Vec<Payment>) -> Self {
        let tree = tree(&addresses.epoch(epoch), &payments);
        let leaf_count = payments.len() as u32;
        Self { leaf_count, first: 0, payments, root: tree.root(), nodes: Nodes::Tree(tree) }
    }

    /// A list of [`LARGE`] leaves that ends with `payment`; nobody knows the leaves below the other nodes.
    fn large(addresses: &DistributorAddresses, epoch: u32, payment: Payment) -> Self {
        let first = LARGE - 1;
        let leaf = leaf_hash(&addresses.epoch(epoch), first, &payment.recipient, payment.amount);
        let climb = |path: &[Hash]| Climb::start(leaf, 0, first, LARGE).unwrap().to_root(path).ok();
        let mut path = vec![[0x11; 32]];
        let root = loop {
            if let Some(root) = climb(&path) {
                break root;
            }
            path.push([0x11; 32]);
        };
        Self { leaf_count: LARGE, first, payments: vec![payment], root, nodes: Nodes::Path(path) }
    }

    /// A list of that kind, and the total that is posted with it.
    pub(super) fn of_kind(addresses: &DistributorAddresses, epoch: u32, kind: ListKind, budget: u64) -> (Self, u64) {
        let list = match kind {
            ListKind::Large => Self::large(addresses, epoch, payment(epoch)),
            ListKind::Excessive => Self::honest(addresses, epoch, 1),
            ListKind::Honest(count) | ListKind::Understated(count) => Self::honest(addresses, epoch, count),
            ListKind::Tiny(count) => {
                let mut payments = payments(epoch, count);
                payments[0].amount = 1;
                Self::small(addresses, epoch, payments)
            }
        };
        let total = match kind {
            ListKind::Excessive => budget + 1,
            ListKind::Understated(_) => list.sum() - 1,
            _ => list.sum(),
        };
        (list, total)
    }

    /// A list that pays `count` leaves as it should.
    pub(super) fn honest(addresses: &DistributorAddresses, epoch: u32, count: u32) -> Self {
        Self::small(addresses, epoch, payments(epoch, count))
    }

    pub(super) fn post_args(&self, index: u32, total: u64) -> EpochPostArgs {
        EpochPostArgs { index, root: self.root, leaf_count: self.leaf_count, total, manifest_hash: [9; 32] }
    }

    /// The push of an aligned block: what it takes and whom it credits. A false one pays everybody a base unit more.
    pub(super) fn push(&self, asset: &Asset, block: Range<u32>, is_false: bool) -> (PushArgs, Vec<Pubkey>) {
        let level = block.len().trailing_zeros() as u8;
        let (mut amounts, mut bumps, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
        for payment in block.clone().filter_map(|index| self.payment(index)) {
            varint::write(&mut amounts, payment.amount + u64::from(is_false));
            accounts.push(asset.account_of(&payment.recipient));
            if !asset.is_native() {
                bumps.push(bump_of(asset, &payment.recipient));
            }
        }
        let (first_index, path) = (block.start, self.path(level, block.start >> level));
        (PushArgs { first_index, level, absent: 0, amounts, bumps, wallets: Vec::new(), path }, accounts)
    }

    pub(super) fn is_large(&self) -> bool {
        matches!(self.nodes, Nodes::Path(_))
    }

    /// The payment of leaf `index`; none where there is no such leaf.
    pub(super) fn payment(&self, index: u32) -> Option<Payment> {
        self.payments.get(index.checked_sub(self.first)? as usize).copied()
    }

    fn sum(&self) -> u64 {
        self.payments.iter().map(|payment| payment.amount).sum()
    }

    /// The path from the node at `level` and `position` to the root.
    pub(super) fn path(&self, level: u8, position: u32) -> Vec<Hash> {
        match &self.nodes {
            Nodes::Tree(tree) => tree.path(level, position, u8::MAX),
            Nodes::Path(path) => path.clone(),
        }
    }
}

/// Wallet `number`.
pub(super) fn wallet(number: u32) -> Keypair {
    keypair(50_000 + number)
}

/// The key of one of the wallets.
pub(super) fn wallet_of(address: &Pubkey) -> Keypair {
    (0..WALLETS).map(wallet).find(|wallet| wallet.pubkey() == *address).unwrap()
}

/// The bump of a wallet's associated token account.
fn bump_of(asset: &Asset, wallet: &Pubkey) -> u8 {
    let seeds = [wallet.as_ref(), asset.token_program.as_ref(), asset.mint.as_ref()];
    Pubkey::find_program_address(&seeds, &anchor_spl::associated_token::ID).1
}

/// What is paid to wallet `number`, counted round: more than the rent of a SOL account.
fn payment(number: u32) -> Payment {
    Payment { recipient: wallet(number % WALLETS).pubkey(), amount: 1_000_000 + 100 * u64::from(number) }
}

/// `count` payments. Whom they begin with turns with the epoch, and the last is a second one to the first's wallet.
fn payments(epoch: u32, count: u32) -> Vec<Payment> {
    let mut payments: Vec<Payment> = (epoch..epoch + count).map(payment).collect();
    payments[count as usize - 1].recipient = payments[0].recipient;
    payments
}
