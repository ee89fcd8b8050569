//! What accounts cost to keep: their sizes, and the rent that the cluster asks for them now.
//!
//! Clusters change the rent, so nothing here is a constant: every figure is an answer of the cluster's Rent account.

use solana_pubkey::Pubkey;
use solana_signer::Signer as _;

use super::grouped;
use super::workshop::Workshop;
use crank_cluster::address::{self, DistributorAddresses};
use crank_cluster::embedded::{Embedded, PROGRAM};
use crank_cluster::error::ChainError;

/// Bytes before the bytecode in the account that keeps it: the loader's state, a slot and the upgrade authority.
const LOADER_STATE: usize = 45;

/// The distributors among those of the payments whose epochs have ten, a thousand and a million leaves.
const EPOCHS: [(&str, u64); 3] =
    [("epoch of 10 leaves", 1), ("epoch of 1,000 leaves", 2), ("epoch of 1,000,000 leaves, subtrees proven", 4)];

/// The rent with which the figures are computed.
pub(super) fn explain(cluster: &Embedded) -> String {
    let a_byte = cluster.rent(1).saturating_sub(cluster.rent(0));
    let beyond = cluster.rent(0).checked_div(a_byte).unwrap_or_default();
    format!(
        "\
Rent is kept by an account and comes back when it is closed. These figures are computed with the rent that the Rent
account of the embedded cluster names: {} lamports a byte, for the account's bytes and {beyond} more. Another cluster's
may differ.
",
        grouped(a_byte)
    )
}

/// A row for each kind of account, after the payments have been measured in `workshop`.
pub(super) fn measure(workshop: &Workshop) -> Result<Vec<Vec<String>>, ChainError> {
    let owner = workshop.owner.pubkey();
    let distributor = |id: u64| DistributorAddresses::new(owner, id, workshop.asset);
    let size = |address: Pubkey| {
        let account = workshop.cluster.account(&address).ok_or(ChainError::NoAccount(address))?;
        Ok::<_, ChainError>(account.data.len())
    };
    let mut sizes = vec![
        ("program", PROGRAM.len().saturating_add(LOADER_STATE)),
        ("config", size(address::config())?),
        ("distributor", size(distributor(1).distributor)?),
        ("vault of tokens", size(distributor(1).vault)?),
        ("token account of a recipient", size(workshop.asset.account_of(&workshop.treasury))?),
    ];
    for (name, id) in EPOCHS {
        sizes.push((name, size(distributor(id).epoch(0))?));
    }
    let row = |(name, bytes): (&str, usize)| {
        vec![name.to_owned(), grouped(bytes as u64), grouped(workshop.cluster.rent(bytes))]
    };
    Ok(sizes.into_iter().map(row).collect())
}
