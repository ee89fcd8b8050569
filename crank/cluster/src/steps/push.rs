//! Pushes an epoch: opens the accounts that its recipients lack, then pays block after block.
//!
//! The epoch's own marks are the only proof of payment. A block whose leaves are all paid is not sent, so the whole can
//! be asked for again at any time.

use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::state::Epoch;

use crate::address::{Asset, DistributorAddresses};
use crate::embedded::{Embedded, Receipt};
use crate::error::ChainError;
use crate::payment::{self, PUSH_LEVEL, Payment};
use crate::{instruction, mint};
use crank_rules::tree::MerkleTree;

/// Accounts that one transaction can open: each names two addresses of 32 bytes.
const ACCOUNTS_PER_TRANSACTION: usize = 12;

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
    /// A table with the accounts that every push names.
    pub lookup_table: &'a AddressLookupTableAccount,
    /// Whether its subtrees are proven on-chain.
    pub has_subtrees: bool,
}

/// Opens the associated accounts that recipients lack. Returns a receipt for each transaction and how many it opened.
///
/// # Errors
/// `Refused`.
pub fn open_accounts(
    cluster: &mut Embedded,
    asset: &Asset,
    payer: &Keypair,
    payments: &[Payment],
) -> Result<(Vec<Receipt>, usize), ChainError> {
    let missing: Vec<Pubkey> = payments
        .iter()
        .map(|payment| payment.recipient)
        .filter(|wallet| !asset.is_native() && !has_account(cluster, asset, wallet))
        .collect();
    let receipts = missing
        .chunks(ACCOUNTS_PER_TRANSACTION)
        .map(|wallets| {
            let open: Vec<_> =
                wallets.iter().map(|wallet| mint::open_account(asset, &payer.pubkey(), wallet)).collect();
            cluster.send(&open, &[payer])
        })
        .collect::<Result<_, _>>()?;
    Ok((receipts, missing.len()))
}

/// Pushes every block that has an unpaid leaf. Returns a receipt for each.
///
/// # Errors
/// `Refused`, `NoAccount`.
pub fn all(cluster: &mut Embedded, payer: &Keypair, epoch: &PushableEpoch<'_>) -> Result<Vec<Receipt>, ChainError> {
    let unpaid = unpaid_blocks(cluster, epoch)?;
    unpaid.into_iter().map(|first_index| block(cluster, payer, epoch, first_index, PUSH_LEVEL)).collect()
}

/// Pushes the block of 2^`level` leaves from `first_index` on.
///
/// # Errors
/// `Refused`.
pub fn block(
    cluster: &mut Embedded,
    payer: &Keypair,
    epoch: &PushableEpoch<'_>,
    first_index: u32,
    level: u8,
) -> Result<Receipt, ChainError> {
    let asset = epoch.addresses.asset;
    let push = payment::push(
        epoch.payments,
        epoch.tree,
        &asset,
        (first_index, level),
        |wallet| asset.is_native() || has_account(cluster, &asset, wallet),
        epoch.has_subtrees,
    );
    let push = instruction::push(epoch.addresses, epoch.index, push.args, &push.accounts);
    cluster.send_with_tables(&[push], &[payer], std::slice::from_ref(epoch.lookup_table))
}

/// The first leaf of every block that has an unpaid one.
fn unpaid_blocks(cluster: &Embedded, epoch: &PushableEpoch<'_>) -> Result<Vec<u32>, ChainError> {
    let address = epoch.addresses.epoch(epoch.index);
    let mut account = cluster.svm.get_account(&address).ok_or(ChainError::NoAccount(address))?;
    let wrong = |error: anchor_lang::error::Error| ChainError::WrongAccount {
        address,
        expected: "epoch",
        reason: error.to_string(),
    };
    let (header, mut marks) = Epoch::split(&mut account.data).map_err(wrong)?;
    let mut blocks = Vec::new();
    for index in 0..header.leaf_count {
        let first = index >> PUSH_LEVEL << PUSH_LEVEL;
        if blocks.last() != Some(&first) && !marks.is_paid(index).map_err(wrong)? {
            blocks.push(first);
        }
    }
    Ok(blocks)
}

fn has_account(cluster: &Embedded, asset: &Asset, wallet: &Pubkey) -> bool {
    cluster.svm.get_account(&asset.account_of(wallet)).is_some_and(|account| account.owner == asset.token_program)
}
