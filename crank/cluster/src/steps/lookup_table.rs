//! An address lookup table for the accounts that every push of an epoch names. With it each takes one byte instead of
//! 32.
//!
//! A table's address follows from its payer and a recent slot. To find the table again, keep the slot before anything
//! is sent.

use solana_address_lookup_table_interface::instruction::{
    close_lookup_table, create_lookup_table, deactivate_lookup_table, derive_lookup_table_address, extend_lookup_table,
};
use solana_address_lookup_table_interface::program;
use solana_address_lookup_table_interface::state::{AddressLookupTable, LookupTableStatus};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_pubkey::Pubkey;
use solana_sdk_ids::sysvar::slot_hashes;
use solana_signer::Signer as _;
use solana_slot_hashes::SlotHashes;

use super::agreement::Existing;
use super::{TOGETHER, send};
use crate::address::{self, DistributorAddresses};
use crate::cluster::{Cluster, FinalizedView};
use crate::error::ChainError;
use crate::fetched::FetchedAccount;

/// The accounts that every push of epoch `index` names.
#[must_use]
pub fn constant_accounts(addresses: &DistributorAddresses, index: u32) -> Vec<Pubkey> {
    vec![
        address::config(),
        addresses.distributor,
        addresses.epoch(index),
        addresses.vault,
        addresses.asset.mint,
        addresses.asset.token_program,
    ]
}

/// The newest slot whose hash the cluster remembers; creating a table needs it.
///
/// # Errors
/// `NoAccount`, `WrongAccount`; those of the cluster.
pub async fn recent_slot<C: Cluster>(cluster: &C) -> Result<u64, ChainError> {
    let view = cluster.finalized_view(&[slot_hashes::ID]).await?;
    let account = view.existing(&slot_hashes::ID)?;
    let newest = slot_hashes_of(account).first().map(|(slot, _)| *slot);
    newest.ok_or_else(|| account.wrong("list of slot hashes", "it names no slot".to_owned()))
}

/// Creates the table of `payer` and `recent_slot` with `accounts` in it; usable from the next slot on.
///
/// # Errors
/// `Different` when there is a table with other accounts; `WrongAccount`; those of the cluster.
pub async fn create<C: Cluster>(
    cluster: &C,
    payer: &Keypair,
    recent_slot: u64,
    accounts: Vec<Pubkey>,
) -> Result<AddressLookupTableAccount, ChainError> {
    let key = derive_lookup_table_address(&payer.pubkey(), recent_slot).0;
    let view = cluster.finalized_view(&[key]).await?;
    let missing = plan(view.account(&key), payer.pubkey(), recent_slot, &accounts)?;
    send(cluster, &missing, TOGETHER, payer).await?;
    Ok(AddressLookupTableAccount { key, addresses: accounts })
}

/// The instructions of one transaction that are missing until the table holds `accounts`; `existing` is the table now.
///
/// # Errors
/// `Different`, `WrongAccount`.
pub fn plan(
    existing: Option<&FetchedAccount>,
    payer: Pubkey,
    recent_slot: u64,
    accounts: &[Pubkey],
) -> Result<Vec<Instruction>, ChainError> {
    let Some(account) = existing else {
        let (create, key) = create_lookup_table(payer, payer, recent_slot);
        return Ok(vec![create, extend_lookup_table(key, payer, Some(payer), accounts.to_vec())]);
    };
    let table = read(account)?;
    let names = |accounts: &[Pubkey]| accounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Existing::new(account, "lookup table").require("accounts", names(&table.addresses), names(accounts))?;
    Ok(Vec::new())
}

/// Brings the table at `key`, whose authority is `payer`, nearer to its end. Returns whether it is gone.
///
/// It is deactivated, and once no transaction can name it any more, closed; then its rent is `payer`'s again. Until
/// then the step is to be run again, after some hundred blocks.
///
/// # Errors
/// `Different` when the table is somebody else's; `WrongAccount`; those of the cluster.
pub async fn retire<C: Cluster>(cluster: &C, payer: &Keypair, key: Pubkey) -> Result<bool, ChainError> {
    let view = cluster.finalized_view(&[key, slot_hashes::ID]).await?;
    let missing = plan_retirement(&view, payer.pubkey(), key)?;
    send(cluster, missing.as_slice(), TOGETHER, payer).await?;
    Ok(cluster.finalized_view(&[key]).await?.account(&key).is_none())
}

/// The instruction that is next until the table at `key` is gone; none while it must be waited for. `view` has the
/// table and the list of slot hashes, which says how long.
///
/// # Errors
/// `Different`, `NoAccount`, `WrongAccount`.
pub fn plan_retirement(view: &FinalizedView, payer: Pubkey, key: Pubkey) -> Result<Option<Instruction>, ChainError> {
    let Some(account) = view.account(&key) else { return Ok(None) };
    let table = read(account)?;
    let authority = table.meta.authority.unwrap_or_default();
    Existing::new(account, "lookup table").require("authority", authority, payer)?;
    Ok(match table.meta.status(view.slot, &slot_hashes_of(view.existing(&slot_hashes::ID)?)) {
        LookupTableStatus::Activated => Some(deactivate_lookup_table(key, payer)),
        LookupTableStatus::Deactivating { .. } => None,
        LookupTableStatus::Deactivated => Some(close_lookup_table(key, payer, payer)),
    })
}

/// The table in `account`.
fn read(account: &FetchedAccount) -> Result<AddressLookupTable<'_>, ChainError> {
    let wrong = |reason: String| account.wrong("lookup table", reason);
    if account.owner != program::ID {
        return Err(wrong(format!("it belongs to the program {}", account.owner)));
    }
    AddressLookupTable::deserialize(&account.data).map_err(|error| wrong(error.to_string()))
}

/// The list of slot hashes in `account`, the newest first: a count of eight bytes, then slots of eight bytes, each with
/// its hash.
fn slot_hashes_of(account: &FetchedAccount) -> SlotHashes {
    let (entries, _) = account.data.get(8..).unwrap_or_default().as_chunks::<40>();
    let entries = entries.iter().filter_map(|entry| {
        let (slot, hash) = entry.split_first_chunk()?;
        Some((u64::from_le_bytes(*slot), solana_message::Hash::new_from_array(hash.try_into().ok()?)))
    });
    SlotHashes::new(&entries.collect::<Vec<_>>())
}
