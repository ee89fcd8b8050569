//! The lists that are posted, and the wallets on them: small ones with a whole tree, and large ones with only one real
//! leaf.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::payment::Payment;
use crank_rules::tree::MerkleTree;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::campaign::{BUNDLE_URI, tree};
use tests::memory;
use tests::world::keypair;
use torque::instructions::{EpochPostArgs, PushArgs};
use torque::merkle::{Climb, Hash, leaf_hash};
use torque::varint;

use super::operation::{Lie, ListKind};

/// Those who are paid.
pub(super) static WALLETS: LazyLock<[Pubkey; 6]> =
    LazyLock::new(|| std::array::from_fn(|number| keypair(50_000 + number as u32).pubkey()));

thread_local! {
    /// Every list that was made before, by its epoch's address and its kind.
    static LISTS: RefCell<BTreeMap<(Pubkey, ListKind), Arc<List>>> = RefCell::default();
}

/// Leaves of a large list: more than a new account can mark.
const LARGE: u32 = 90_000;

/// The real leaves of an epoch.
pub(super) struct List {
    pub(super) leaf_count: u32,
    /// The index of the first of `payments`.
    pub(super) first: u32,
    pub(super) payments: Vec<Payment>,
    pub(super) root: Hash,
    nodes: Nodes,
}

/// Where paths come from.
enum Nodes {
    Tree(MerkleTree),
    /// The path of the only leaf that is known.
    Path(Vec<Hash>),
}

impl List {
    /// A list with a tree over all its leaves.
    fn small(address: &Pubkey, payments: Vec<Payment>) -> Self {
        let tree = tree(address, &payments);
        let leaf_count = payments.len() as u32;
        Self { leaf_count, first: 0, payments, root: tree.root(), nodes: Nodes::Tree(tree) }
    }

    /// A list of [`LARGE`] leaves that ends with `payment`; the leaves below the other nodes do not exist.
    fn large(address: &Pubkey, payment: Payment) -> Self {
        let first = LARGE - 1;
        let leaf = leaf_hash(address, first, &payment.recipient, payment.amount);
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
    pub(super) fn of_kind(
        addresses: &DistributorAddresses,
        epoch: u32,
        kind: ListKind,
        budget: u64,
    ) -> (Arc<Self>, u64) {
        let address = memory::epoch_address(&addresses.distributor, epoch);
        let list = LISTS.with_borrow_mut(|known| {
            Arc::clone(known.entry((address, kind)).or_insert_with(|| Arc::new(Self::new(&address, epoch, kind))))
        });
        let total = match kind {
            ListKind::Excessive => budget + 1,
            ListKind::Understated(_) => list.sum() - 1,
            _ => list.sum(),
        };
        (list, total)
    }

    fn new(address: &Pubkey, epoch: u32, kind: ListKind) -> Self {
        match kind {
            ListKind::Large => Self::large(address, payment(epoch)),
            ListKind::Excessive => Self::small(address, payments(epoch, 1)),
            ListKind::Honest(count) | ListKind::Understated(count) => Self::small(address, payments(epoch, count)),
            ListKind::Tiny(count) => {
                let mut payments = payments(epoch, count);
                payments[0].amount = 1;
                Self::small(address, payments)
            }
        }
    }

    pub(super) fn post_args(&self, index: u32, total: u64) -> EpochPostArgs {
        EpochPostArgs {
            index,
            root: self.root,
            leaf_count: self.leaf_count,
            total,
            manifest_hash: [9; 32],
            bundle_uri: BUNDLE_URI.to_owned(),
        }
    }

    /// The push of an aligned block: its arguments and the accounts to credit. A lie applies to every leaf.
    pub(super) fn push(&self, asset: &Asset, block: Range<u32>, lie: Option<Lie>) -> (PushArgs, Vec<Pubkey>) {
        let level = block.len().trailing_zeros() as u8;
        let (mut amounts, mut bumps, mut accounts) = (Vec::new(), Vec::new(), Vec::new());
        for payment in block.clone().filter_map(|index| self.payment(index)) {
            let payment = told(payment, lie);
            let (account, bump) = memory::account_of(asset, &payment.recipient);
            varint::write(&mut amounts, payment.amount);
            accounts.push(account);
            if !asset.is_native() {
                bumps.push(bump);
            }
        }
        let (first_index, path) = (block.start, self.path(level, block.start >> level));
        let is_batched = asset.token_program == anchor_spl::token::ID && level > 0;
        (PushArgs { first_index, level, absent: 0, amounts, bumps, wallets: Vec::new(), path, is_batched }, accounts)
    }

    pub(super) fn is_large(&self) -> bool {
        matches!(self.nodes, Nodes::Path(_))
    }

    /// The payment of leaf `index`; `None` if the leaf does not exist.
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

/// The payment as the call states it.
pub(super) fn told(payment: Payment, lie: Option<Lie>) -> Payment {
    let Payment { recipient, amount } = payment;
    match lie {
        None => payment,
        Some(Lie::Amount) => Payment { recipient, amount: amount + 1 },
        Some(Lie::Wallet) => {
            let number = WALLETS.iter().position(|wallet| *wallet == recipient).unwrap();
            Payment { recipient: WALLETS[(number + 1) % WALLETS.len()], amount }
        }
    }
}

/// The payment to wallet `number`, modulo the wallets: more than the rent of a SOL account, and at most a sixth of
/// a budget.
fn payment(number: u32) -> Payment {
    Payment { recipient: WALLETS[number as usize % WALLETS.len()], amount: 3_000_000 + 100 * u64::from(number) }
}

/// `count` payments. The first wallet depends on the epoch, and the last payment is a second one to that wallet.
fn payments(epoch: u32, count: u32) -> Vec<Payment> {
    let mut payments: Vec<Payment> = (epoch..epoch + count).map(payment).collect();
    payments[count as usize - 1].recipient = payments[0].recipient;
    payments
}
