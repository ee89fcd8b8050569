//! An address lookup table for the accounts that every push of an epoch names, so that they take a byte each and not 32.

use solana_address_lookup_table_interface::instruction::{create_lookup_table, extend_lookup_table};
use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_signer::Signer as _;

use crate::address::{self, DistributorAddresses};
use crate::embedded::Embedded;
use crate::error::ChainError;

/// Creates the table for epoch `index`; usable from the next slot on.
///
/// # Errors
/// `Refused`.
pub fn create(
    cluster: &mut Embedded,
    addresses: &DistributorAddresses,
    payer: &Keypair,
    index: u32,
) -> Result<AddressLookupTableAccount, ChainError> {
    let constant = vec![
        address::config(),
        addresses.distributor,
        addresses.epoch(index),
        addresses.vault,
        addresses.asset.mint,
        addresses.asset.token_program,
    ];
    let (create, key) = create_lookup_table(payer.pubkey(), payer.pubkey(), cluster.recent_slot());
    let extend = extend_lookup_table(key, payer.pubkey(), Some(payer.pubkey()), constant.clone());
    cluster.send(&[create, extend], &[payer])?;
    cluster.next_slot();
    Ok(AddressLookupTableAccount { key, addresses: constant })
}
