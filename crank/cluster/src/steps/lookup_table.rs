//! An address lookup table for the accounts that every push of an epoch names. With it each takes one byte instead of
//! 32.
//!
//! A table's address follows from its payer and a recent slot. To find the table again, keep the slot before anything
//! is sent.

use solana_address_lookup_table_interface::instruction::{
    create_lookup_table, derive_lookup_table_address, extend_lookup_table,
};
use solana_address_lookup_table_interface::program;
use solana_address_lookup_table_interface::state::AddressLookupTable;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_pubkey::Pubkey;
use solana_sdk_ids::sysvar::slot_hashes;
use solana_signer::Signer as _;

use super::agreement::Existing;
use super::{TOGETHER, send};
use crate::address::{self, DistributorAddresses};
use crate::cluster::Cluster;
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
    // The data begins with a count of eight bytes and the newest slot, eight bytes more.
    let account = view.existing(&slot_hashes::ID)?;
    let newest = account.data.get(8..16).and_then(<[u8]>::first_chunk).map(|bytes| u64::from_le_bytes(*bytes));
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
    let wrong = |reason: String| account.wrong("lookup table", reason);
    if account.owner != program::ID {
        return Err(wrong(format!("it belongs to the program {}", account.owner)));
    }
    let table = AddressLookupTable::deserialize(&account.data).map_err(|error| wrong(error.to_string()))?;
    let names = |accounts: &[Pubkey]| accounts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Existing::new(account, "lookup table").require("accounts", names(&table.addresses), names(accounts))?;
    Ok(Vec::new())
}
