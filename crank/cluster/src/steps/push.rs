//! Pushes an epoch: opens the accounts that its recipients lack, then pays block after block.
//!
//! Only the epoch's own paid-marks count as proof of payment. A block is sent as long as it has an unpaid leaf whose
//! recipient can be paid, so pushing an epoch can be repeated at any time.

use std::collections::BTreeSet;
use std::ops::Range;

use anchor_spl::token;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;

use super::agreement::Existing;
use super::{leaf_index, send};
use crate::address::{Asset, DistributorAddresses};
use crate::cluster::{Cluster, FinalizedView, Receipt};
use crate::error::ChainError;
use crate::payment::{self, PUSH_LEVEL, Payment};
use crate::transaction::Format;
use crate::{instruction, mint};
use crank_rules::tree::MerkleTree;
use torque::constants::MAX_BLOCK_LEVEL;

/// Accounts that one transaction can open: each names two addresses of 32 bytes.
const ACCOUNTS_PER_TRANSACTION: usize = 12;
/// Recipients whose accounts are read together: whole transactions of either version. So an epoch of millions is not
/// read all at once.
const RECIPIENTS_PER_VIEW: usize = 960;

/// An epoch to be pushed.
#[derive(Clone, Copy)]
pub struct PushableEpoch<'a> {
    /// The distributor that pays.
    pub addresses: &'a DistributorAddresses,
    /// The epoch's index.
    pub index: u32,
    /// Its leaves, in index order.
    pub payments: &'a [Payment],
    /// The tree over them.
    pub tree: &'a MerkleTree,
    /// The version of the transactions; for version 0 with a table of the accounts that every push names.
    pub format: Format<'a>,
    /// Whether its subtrees are proven on-chain.
    pub has_subtrees: bool,
    /// Whether the cluster's SPL Token makes several transfers by one call. It matters for tokens of that program only.
    pub can_batch: bool,
}

impl PushableEpoch<'_> {
    /// The payments of `leaves`; indexes past the last leaf are ignored.
    fn payments_of(&self, leaves: &Range<usize>) -> &[Payment] {
        self.payments.get(leaves.start..leaves.end.min(self.payments.len())).unwrap_or_default()
    }
}

/// Opens the associated accounts that recipients lack. Returns a receipt for each transaction and how many it opened.
///
/// # Errors
/// Those of the cluster.
pub async fn open_accounts<C: Cluster>(
    cluster: &C,
    asset: &Asset,
    payer: &Keypair,
    payments: &[Payment],
) -> Result<(Vec<Receipt>, usize), ChainError> {
    let (mut receipts, mut opened) = (Vec::new(), 0_usize);
    for payments in payments.chunks(RECIPIENTS_PER_VIEW) {
        let view = cluster.finalized_view(&recipients_accounts(asset, payments)).await?;
        let missing = plan_accounts(&view, asset, payer.pubkey(), payments);
        opened = opened.saturating_add(missing.len());
        receipts.extend(send(cluster, &missing, ACCOUNTS_PER_TRANSACTION, payer).await?);
    }
    Ok((receipts, opened))
}

/// Pushes every block that has an unpaid leaf which can be paid. Returns a receipt for each.
///
/// # Errors
/// `NoAccount` when the epoch is not posted, or is closed; `Different` when it has another root; `WrongAccount`. Those
/// of the cluster.
pub async fn all<C: Cluster>(
    cluster: &C,
    payer: &Keypair,
    epoch: &PushableEpoch<'_>,
) -> Result<Vec<Receipt>, ChainError> {
    let mut receipts = Vec::new();
    for first in (0..epoch.payments.len()).step_by(RECIPIENTS_PER_VIEW) {
        let leaves = first..first.saturating_add(RECIPIENTS_PER_VIEW);
        receipts.extend(blocks(cluster, payer, epoch, leaves).await?);
    }
    Ok(receipts)
}

/// Pushes the blocks of `leaves` like [`all`]; `leaves` must begin with the leaves of a transaction.
///
/// # Errors
/// As [`all`].
pub async fn blocks<C: Cluster>(
    cluster: &C,
    payer: &Keypair,
    epoch: &PushableEpoch<'_>,
    leaves: Range<usize>,
) -> Result<Vec<Receipt>, ChainError> {
    let mut wanted = recipients_accounts(&epoch.addresses.asset, epoch.payments_of(&leaves));
    wanted.push(epoch.addresses.epoch(epoch.index));
    let view = cluster.finalized_view(&wanted).await?;
    let missing = plan(&view, epoch, leaves)?;
    let mut receipts = Vec::new();
    for pushes in missing {
        receipts.push(cluster.send_and_confirm(&pushes, &[payer], epoch.format).await?);
    }
    Ok(receipts)
}

/// An instruction for every recipient of `payments` without an account of `asset`. `view` has these accounts.
#[must_use]
pub fn plan_accounts(view: &FinalizedView, asset: &Asset, payer: Pubkey, payments: &[Payment]) -> Vec<Instruction> {
    let recipients: BTreeSet<Pubkey> = payments.iter().map(|payment| payment.recipient).collect();
    let missing = recipients.iter().filter(|wallet| !can_be_paid(view, asset, wallet));
    missing.map(|wallet| mint::open_account(asset, &payer, wallet)).collect()
}

/// A push for every block of `leaves` that has an unpaid leaf which can be paid, by transactions. `view` has the epoch
/// and the accounts of its recipients.
///
/// # Errors
/// `NoAccount` when the epoch does not exist; `Different` when its root is not the tree's; `WrongAccount`, also when
/// the account has not grown to its full size.
pub fn plan(
    view: &FinalizedView,
    epoch: &PushableEpoch<'_>,
    leaves: Range<usize>,
) -> Result<Vec<Vec<Instruction>>, ChainError> {
    let asset = &epoch.addresses.asset;
    let account = view.existing(&epoch.addresses.epoch(epoch.index))?;
    let wrong = |error: anchor_lang::error::Error| account.wrong("epoch", error.to_string());
    let mut copy = Vec::new();
    let (header, mut marks) = account.split_epoch(&mut copy)?;
    Existing::new(account, "epoch").require_root(header, epoch.tree.root())?;
    let mut payable = BTreeSet::new();
    for (payment, index) in epoch.payments_of(&leaves).iter().zip(leaf_index(leaves.start)?..) {
        if !marks.is_paid(index).map_err(wrong)? && can_be_paid(view, asset, &payment.recipient) {
            payable.insert(index);
        }
    }
    let is_wanted = |block: &Block| payable.range(block.first_index..block.end()).next().is_some();
    let end = leaf_index(leaves.end.min(epoch.payments.len()))?;
    let transactions = (leaf_index(leaves.start)?..end).step_by(leaves_per_transaction(epoch.format));
    let transactions = transactions.map(|first| {
        let blocks = blocks_from(first, epoch.format).into_iter().filter(is_wanted);
        blocks.map(|block| push(view, epoch, block)).collect::<Vec<_>>()
    });
    Ok(transactions.filter(|pushes| !pushes.is_empty()).collect())
}

/// A block of 2^`level` leaves from `first_index` on, which is a multiple of that.
#[derive(Clone, Copy)]
struct Block {
    first_index: u32,
    level: u8,
}

impl Block {
    /// The first leaf behind it.
    fn end(self) -> u32 {
        self.first_index.saturating_add(1 << self.level)
    }
}

/// How many leaves one transaction pays: a block of sixteen, or in version 1 one of thirty-two besides, as many as its
/// 64 accounts allow.
const fn leaves_per_transaction(format: Format<'_>) -> usize {
    match format {
        Format::V0(_) => 1 << PUSH_LEVEL,
        Format::V1 => 3 << PUSH_LEVEL,
    }
}

/// The blocks of the transaction that begins with leaf `first`.
fn blocks_from(first: u32, format: Format<'_>) -> Vec<Block> {
    let block = |offset: u32, level| Block { first_index: first.saturating_add(offset), level };
    let (small, large) = (1 << PUSH_LEVEL, 2 << PUSH_LEVEL);
    match format {
        Format::V0(_) => vec![block(0, PUSH_LEVEL)],
        Format::V1 if first.is_multiple_of(large) => vec![block(0, MAX_BLOCK_LEVEL), block(large, PUSH_LEVEL)],
        Format::V1 => vec![block(0, PUSH_LEVEL), block(small, MAX_BLOCK_LEVEL)],
    }
}

fn push(view: &FinalizedView, epoch: &PushableEpoch<'_>, block: Block) -> Instruction {
    let asset = &epoch.addresses.asset;
    let mut push = payment::push(
        epoch.payments,
        epoch.tree,
        asset,
        (block.first_index, block.level),
        |wallet| can_be_paid(view, asset, wallet),
        epoch.has_subtrees,
    );
    push.args.is_batched = epoch.can_batch && asset.token_program == token::ID;
    instruction::push(epoch.addresses, epoch.index, push.args, &push.accounts)
}

/// The accounts that hold the recipients' `asset`; empty for SOL, which every wallet can receive.
fn recipients_accounts(asset: &Asset, payments: &[Payment]) -> Vec<Pubkey> {
    let payments = if asset.is_native() { &[] } else { payments };
    payments.iter().map(|payment| asset.account_of(&payment.recipient)).collect()
}

fn can_be_paid(view: &FinalizedView, asset: &Asset, wallet: &Pubkey) -> bool {
    let has_account = |address| view.account(address).is_some_and(|account| account.owner == asset.token_program);
    asset.is_native() || has_account(&asset.account_of(wallet))
}
