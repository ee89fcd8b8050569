//! Claims and pushes of tokens to existing accounts, in epochs of ten, a thousand and a million leaves.

use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_signer::Signer as _;
use torque::state::Mode;

use super::grouped;
use super::workshop::{EPOCH, Leaves, Workshop, wallet};
use crank_cluster::address::DistributorAddresses;
use crank_cluster::cluster::Receipt;
use crank_cluster::error::ChainError;
use crank_cluster::instruction::{self, ClaimedLeaf};
use crank_cluster::mint;
use crank_cluster::payment::{self, PUSH_LEVEL};
use crank_cluster::steps::push::{self as push_operation, PushableEpoch};
use crank_cluster::steps::{lookup_table, post};
use crank_cluster::transaction::Format;

/// Leaves with an account of their own, from the first that is measured: as many as a transaction of version 1 pays.
const MEASURED: u32 = 48;

/// A payment and figures of its epoch.
pub(super) struct Measured {
    /// What it cost.
    pub(super) receipt: Receipt,
    path_length: usize,
    recipients: u64,
    /// The version of the transaction.
    version: u8,
    /// Lamports for posting, growing and proving the epoch.
    overhead: u64,
}

/// The measured payments: a name, the way of paying, the epoch's leaves, and whether its subtrees are proven. There is
/// no push from a million leaves without subtrees, because a whole path does not fit beside sixteen recipients.
const PAYMENTS: [(&str, Pay, u32, bool); 11] = [
    ("claim", claim, 10, false),
    ("claim", claim, 1_000, false),
    ("claim", claim, 1_000_000, false),
    ("claim, subtrees proven", claim, 1_000_000, true),
    ("push", push, 10, false),
    ("push", push, 1_000, false),
    ("push, batched", push_batched, 1_000, false),
    ("push, subtrees proven", push, 1_000_000, true),
    ("push, subtrees proven", push_v1_alone, 1_000_000, true),
    ("push, subtrees proven, batched", push_batched, 1_000_000, true),
    ("push, subtrees proven, batched", push_v1, 1_000_000, true),
];

/// A row for each payment. The first belongs to distributor 1, and so on.
pub(super) fn measure(workshop: &mut Workshop) -> Result<Vec<Vec<String>>, ChainError> {
    let payments = PAYMENTS.into_iter().zip(1..);
    payments
        .map(|((name, pay, leaves, with_subtrees), id)| {
            pay(workshop, id, leaves, with_subtrees).map(|measured| row(name, leaves, &measured))
        })
        .collect()
}

type Pay = fn(&mut Workshop, u64, u32, bool) -> Result<Measured, ChainError>;

fn row(name: &str, leaves: u32, measured: &Measured) -> Vec<String> {
    let Measured { receipt, path_length, recipients, version, overhead } = measured;
    let each = |sum: u64| sum.div_ceil(*recipients);
    // All leaves share the costs of the whole epoch.
    let lamports = each(receipt.fee).saturating_add(overhead.div_ceil(u64::from(leaves)));
    vec![
        name.to_owned(),
        grouped(u64::from(leaves)),
        path_length.to_string(),
        format!("v{version}"),
        recipients.to_string(),
        grouped(receipt.compute_units),
        grouped(each(receipt.compute_units)),
        grouped(receipt.bytes as u64),
        grouped(lamports),
    ]
}

/// A distributor whose epoch 0 is open, and the lamports that posting, growing and proving it cost.
fn open(
    workshop: &mut Workshop,
    id: u64,
    mode: Mode,
    count: u32,
    with_subtrees: bool,
) -> Result<(DistributorAddresses, Leaves, u64), ChainError> {
    let owner = workshop.owner.insecure_clone();
    let (addresses, _) = workshop.create(id, mode)?;
    let real = first_measured(count)..first_measured(count).saturating_add(MEASURED).min(count);
    let leaves = Leaves::new(&addresses.epoch(0), count, real.clone())?;
    let args = leaves.post_args(0);
    workshop.send(instruction::distributor_fund(&addresses, args.total))?;
    for index in real {
        let open = mint::open_account(&workshop.asset, &owner.pubkey(), &wallet(index).pubkey());
        workshop.send(open)?;
    }
    workshop.pass(EPOCH);
    let mut receipts = workshop.wait(post::epoch(&workshop.cluster, &addresses, &owner, args))?;
    receipts.extend(workshop.wait(post::extend(&workshop.cluster, &addresses, &owner, 0))?);
    if with_subtrees {
        let proven = post::prove_subtrees(&workshop.cluster, &addresses, &owner, 0, &leaves.tree);
        receipts.extend(workshop.wait(proven)?);
    }
    workshop.pass(3_600);
    Ok((addresses, leaves, receipts.iter().map(|receipt| receipt.fee).sum()))
}

/// The first leaf that is measured: in the middle, where a transaction of either version begins.
fn first_measured(count: u32) -> u32 {
    (count >> 1).saturating_sub((count >> 1).checked_rem(MEASURED).unwrap_or_default())
}

/// One wallet claims its leaf and pays for the transaction itself.
pub(super) fn claim(workshop: &mut Workshop, id: u64, count: u32, with_subtrees: bool) -> Result<Measured, ChainError> {
    let (addresses, leaves, overhead) = open(workshop, id, Mode::Claim, count, with_subtrees)?;
    let index = first_measured(count);
    let wallet: Keypair = wallet(index);
    workshop.cluster.airdrop(&wallet.pubkey(), 1_000_000_000)?;
    let path = payment::path(&leaves.tree, 0, index, with_subtrees);
    let path_length = path.len();
    let amount = leaves.payments.get(index as usize).map_or(0, |payment| payment.amount);
    let destination = workshop.asset.account_of(&wallet.pubkey());
    let leaf = ClaimedLeaf { epoch: 0, index, amount, path };
    let claim = instruction::claim(&addresses, wallet.pubkey(), destination, leaf);
    let receipt = workshop.cluster.send(&[claim], &[&wallet])?;
    Ok(Measured { receipt, path_length, recipients: 1, version: 0, overhead })
}

/// A block of sixteen leaves, or as many as there are, is pushed through a lookup table, by one transfer each.
pub(super) fn push(workshop: &mut Workshop, id: u64, count: u32, with_subtrees: bool) -> Result<Measured, ChainError> {
    push_as(workshop, id, count, with_subtrees, (0, false))
}

/// The same by one call of the token program.
fn push_batched(workshop: &mut Workshop, id: u64, count: u32, with_subtrees: bool) -> Result<Measured, ChainError> {
    push_as(workshop, id, count, with_subtrees, (0, true))
}

/// A block of sixteen leaves and one of thirty-two are pushed by one transaction of version 1, by a transfer each.
fn push_v1_alone(workshop: &mut Workshop, id: u64, count: u32, with_subtrees: bool) -> Result<Measured, ChainError> {
    push_as(workshop, id, count, with_subtrees, (1, false))
}

/// The same by one call of the token program for each block.
fn push_v1(workshop: &mut Workshop, id: u64, count: u32, with_subtrees: bool) -> Result<Measured, ChainError> {
    push_as(workshop, id, count, with_subtrees, (1, true))
}

/// Pushes as many leaves as a transaction of `version` takes.
fn push_as(
    workshop: &mut Workshop,
    id: u64,
    count: u32,
    with_subtrees: bool,
    (version, can_batch): (u8, bool),
) -> Result<Measured, ChainError> {
    let (addresses, leaves, overhead) = open(workshop, id, Mode::Push, count, with_subtrees)?;
    let payer = new_payer(workshop, id)?;
    let tables = if version == 0 { vec![new_table(workshop, &payer, &addresses)?] } else { Vec::new() };
    let (format, most) = if version == 0 { (Format::V0(&tables), 1 << PUSH_LEVEL) } else { (Format::V1, MEASURED) };
    let epoch = pushable(&addresses, &leaves, format, with_subtrees, can_batch);
    let (receipt, path_length, recipients) = pushed(workshop, &payer, &epoch, most)?;
    Ok(Measured { receipt, path_length, recipients, version, overhead })
}

fn new_table(
    workshop: &Workshop,
    payer: &Keypair,
    addresses: &DistributorAddresses,
) -> Result<AddressLookupTableAccount, ChainError> {
    let slot = workshop.wait(lookup_table::recent_slot(&workshop.cluster))?;
    let constant = lookup_table::constant_accounts(addresses, 0);
    workshop.wait(lookup_table::create(&workshop.cluster, payer, slot, constant))
}

fn new_payer(workshop: &Workshop, id: u64) -> Result<Keypair, ChainError> {
    let payer = super::workshop::keypair(id.saturating_add(100));
    workshop.cluster.airdrop(&payer.pubkey(), 1_000_000_000)?;
    Ok(payer)
}

fn pushable<'a>(
    addresses: &'a DistributorAddresses,
    leaves: &'a Leaves,
    format: Format<'a>,
    has_subtrees: bool,
    can_batch: bool,
) -> PushableEpoch<'a> {
    PushableEpoch {
        addresses,
        index: 0,
        payments: &leaves.payments,
        tree: &leaves.tree,
        format,
        has_subtrees,
        can_batch,
    }
}

/// Pushes the measured leaves, `count` of them, with one transaction. Returns its receipt, the length of a path, and
/// how many leaves were paid.
fn pushed(
    workshop: &Workshop,
    payer: &Keypair,
    epoch: &PushableEpoch<'_>,
    count: u32,
) -> Result<(Receipt, usize, u64), ChainError> {
    let first = first_measured(u32::try_from(epoch.payments.len()).unwrap_or(u32::MAX));
    let leaves = first as usize..first.saturating_add(count) as usize;
    let receipts = workshop.wait(push_operation::blocks(&workshop.cluster, payer, epoch, leaves))?;
    let receipt = receipts.into_iter().next().ok_or_else(|| ChainError::Unbuildable("a block is pushed".to_owned()))?;
    let path_length = payment::path(epoch.tree, PUSH_LEVEL, first >> PUSH_LEVEL, epoch.has_subtrees).len();
    let recipients = u64::from(workshop.cluster.epoch(&epoch.addresses.epoch(0))?.paid_count);
    Ok((receipt, path_length, recipients))
}
