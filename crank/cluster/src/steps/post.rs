//! Posts an epoch's root and gives its account full size, and proves its subtrees where it has any.

use solana_keypair::Keypair;
use solana_signer::Signer as _;
use torque::instructions::EpochPostArgs;
use torque::state::Epoch;

use crate::address::DistributorAddresses;
use crate::embedded::{Embedded, Receipt};
use crate::error::ChainError;
use crate::instruction;
use crate::payment;
use crank_rules::bundle::Bundle;
use crank_rules::tree::MerkleTree;

/// What posting `bundle` says.
///
/// # Errors
/// `Unbuildable` when it has no leaf, so that the epoch is to be skipped, or more leaves than an index counts.
pub fn args(bundle: &Bundle) -> Result<EpochPostArgs, ChainError> {
    let nothing = || ChainError::Unbuildable("the epoch has no leaf: it is skipped and not posted".to_owned());
    let tree = bundle.tree().ok_or_else(nothing)?;
    let leaf_count = u32::try_from(tree.leaf_count())
        .map_err(|_| ChainError::Unbuildable("the epoch has more leaves than an index counts".to_owned()))?;
    Ok(EpochPostArgs {
        index: bundle.statement().epoch,
        root: tree.root(),
        leaf_count,
        total: bundle.evaluation().total(),
        manifest_hash: bundle.manifest_hash(),
    })
}

/// Posts `args`; the publisher also pays the rent.
///
/// # Errors
/// `Refused`.
pub fn epoch(
    cluster: &mut Embedded,
    addresses: &DistributorAddresses,
    publisher: &Keypair,
    args: EpochPostArgs,
) -> Result<Receipt, ChainError> {
    let post = instruction::epoch_post(addresses, publisher.pubkey(), publisher.pubkey(), args);
    cluster.send(&[post], &[publisher])
}

/// Grows the account of epoch `index` until every leaf has its mark. Returns a receipt for each step.
///
/// # Errors
/// `Refused`, `NoAccount`.
pub fn extend(
    cluster: &mut Embedded,
    addresses: &DistributorAddresses,
    payer: &Keypair,
    index: u32,
) -> Result<Vec<Receipt>, ChainError> {
    let address = addresses.epoch(index);
    let full = Epoch::full_size(cluster.epoch(&address)?.leaf_count);
    let mut receipts = Vec::new();
    while cluster.data_len(&address) < full {
        receipts.push(cluster.send(&[instruction::epoch_extend(payer.pubkey(), address)], &[payer])?);
    }
    Ok(receipts)
}

/// Proves every subtree of epoch `index`. Returns a receipt for each step.
///
/// # Errors
/// `Refused`.
pub fn prove_subtrees(
    cluster: &mut Embedded,
    addresses: &DistributorAddresses,
    payer: &Keypair,
    index: u32,
    tree: &MerkleTree,
) -> Result<Vec<Receipt>, ChainError> {
    let epoch = addresses.epoch(index);
    let proofs = payment::subtree_proofs(tree).into_iter();
    proofs
        .map(|proof| {
            let prove = instruction::subtree_prove(epoch, proof.first, payment::PROVE_LEVEL, proof.roots, proof.path);
            cluster.send(&[prove], &[payer])
        })
        .collect()
}
