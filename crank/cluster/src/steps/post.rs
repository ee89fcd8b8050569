//! Posts an epoch's root, grows its account to full size, and proves its subtrees if it has any.

use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::constants::{MAX_BUNDLE_URI_LEN, MAX_GROWTH, SUBTREE_LEVEL};
use torque::instructions::EpochPostArgs;
use torque::merkle::Hash;
use torque::state::{Distributor, Epoch};

use super::agreement::Existing;
use super::{TOGETHER, leaf_index, send};
use crate::address::DistributorAddresses;
use crate::cluster::{Cluster, FinalizedView, Receipt};
use crate::error::ChainError;
use crate::fetched::FetchedAccount;
use crate::instruction;
use crate::payment::{self, SubtreeProof};
use crank_rules::bundle::Bundle;
use crank_rules::tree::MerkleTree;
use crank_rules::wording::shown;

/// Growth steps of one transaction: each takes some 3,400 compute units and 15 bytes.
const STEPS_PER_TRANSACTION: usize = 16;
/// The most characters of an address below which bundles lie: a slash and the manifest's hash in hexadecimal digits
/// follow it.
const MAX_BUNDLES_LEN: usize = MAX_BUNDLE_URI_LEN - 1 - 64;

/// The arguments for posting `bundle`, which can be downloaded from below `bundles`: an address such as
/// `https://example.com/bundles`, at which bundles lie under the names that `--out-root` gives them.
///
/// # Errors
/// `Unbuildable` when it has no leaf, so that the epoch is to be skipped, or more leaves than an index counts, or when
/// `bundles` is empty, longer than 63 characters, or not made of printable ASCII characters.
pub fn args(bundle: &Bundle, bundles: &str) -> Result<EpochPostArgs, ChainError> {
    let nothing = || ChainError::Unbuildable("the epoch has no leaf: it is skipped and not posted".to_owned());
    let tree = bundle.tree().ok_or_else(nothing)?;
    let leaf_count = leaf_index(tree.leaf_count())?;
    Ok(EpochPostArgs {
        index: bundle.statement().epoch,
        root: tree.root(),
        leaf_count,
        total: bundle.evaluation().total(),
        manifest_hash: bundle.manifest_hash(),
        bundle_uri: bundle_uri(bundles, &bundle.manifest_hash())?,
    })
}

/// Where the bundle whose manifest has this hash lies, if bundles lie below `bundles`.
fn bundle_uri(bundles: &str, manifest_hash: &Hash) -> Result<String, ChainError> {
    let base = bundles.trim_end_matches('/');
    if base.is_empty() || base.len() > MAX_BUNDLES_LEN || !base.bytes().all(|byte| byte.is_ascii_graphic()) {
        let rule = format!("write at most {MAX_BUNDLES_LEN} printable ASCII characters without a space");
        return Err(ChainError::Unbuildable(format!(
            "the address of the bundles, {:?}, is not valid: {rule}",
            shown(bundles)
        )));
    }
    Ok(format!("{base}/{}", hex::encode(manifest_hash)))
}

/// Posts `args`; the publisher also pays the rent, that of the account's full size.
///
/// # Errors
/// `Different` when the epoch was posted with other arguments, or was cancelled or skipped; `Closed`; `NoAccount` when
/// there is no distributor. Those of the cluster.
pub async fn epoch<C: Cluster>(
    cluster: &C,
    addresses: &DistributorAddresses,
    publisher: &Keypair,
    args: EpochPostArgs,
) -> Result<Vec<Receipt>, ChainError> {
    let view = cluster.finalized_view(&[addresses.distributor, addresses.epoch(args.index)]).await?;
    let missing = plan_post(&view, addresses, publisher.pubkey(), args)?;
    send(cluster, missing.as_slice(), TOGETHER, publisher).await
}

/// Grows the account of epoch `index` until every leaf has its mark; `payer` pays the transactions' fees alone.
///
/// # Errors
/// `NoAccount` when the epoch is not posted; `WrongAccount`. Those of the cluster.
pub async fn extend<C: Cluster>(
    cluster: &C,
    addresses: &DistributorAddresses,
    payer: &Keypair,
    index: u32,
) -> Result<Vec<Receipt>, ChainError> {
    let address = addresses.epoch(index);
    let view = cluster.finalized_view(&[address]).await?;
    let missing = plan_growth(view.existing(&address)?)?;
    send(cluster, &missing, STEPS_PER_TRANSACTION, payer).await
}

/// Proves every subtree of epoch `index`, whose tree is `tree`.
///
/// # Errors
/// `NoAccount` when the epoch is not posted; `Different` when it has another root; `WrongAccount`. Those of the
/// cluster.
pub async fn prove_subtrees<C: Cluster>(
    cluster: &C,
    addresses: &DistributorAddresses,
    payer: &Keypair,
    index: u32,
    tree: &MerkleTree,
) -> Result<Vec<Receipt>, ChainError> {
    let address = addresses.epoch(index);
    let view = cluster.finalized_view(&[address]).await?;
    let missing = plan_subtree_proofs(view.existing(&address)?, tree)?;
    send(cluster, &missing, 1, payer).await
}

/// The instructions that are missing until the epoch of `args` is posted. `view` has the distributor and the epoch.
///
/// # Errors
/// `Different`, `Closed`, `NoAccount`, `WrongAccount`.
pub fn plan_post(
    view: &FinalizedView,
    addresses: &DistributorAddresses,
    publisher: Pubkey,
    args: EpochPostArgs,
) -> Result<Option<Instruction>, ChainError> {
    let address = addresses.epoch(args.index);
    let Some(account) = view.account(&address) else {
        let distributor: Distributor = Existing::new(view.existing(&addresses.distributor)?, "distributor").decode()?;
        if args.index < distributor.next_epoch {
            return Err(ChainError::Closed { what: "epoch", address });
        }
        return Ok(Some(instruction::epoch_post(addresses, publisher, publisher, args)));
    };
    let (existing, epoch) = (Existing::new(account, "epoch"), account.epoch()?);
    existing.require_root(&epoch, args.root)?;
    existing.require("manifest hash", hex::encode(epoch.manifest_hash), hex::encode(args.manifest_hash))?;
    existing.require("leaf count", epoch.leaf_count, args.leaf_count)?;
    // The total no longer contains leaves that were struck, so it is compared only without them.
    if epoch.struck_count == 0 {
        existing.require("total", epoch.total, args.total)?;
    }
    Ok(None)
}

/// The growth steps that the epoch in `account` still needs.
///
/// # Errors
/// `WrongAccount`.
pub fn plan_growth(account: &FetchedAccount) -> Result<Vec<Instruction>, ChainError> {
    let full = Epoch::full_size(account.epoch()?.leaf_count);
    let steps = full.saturating_sub(account.data.len()).div_ceil(MAX_GROWTH);
    Ok(vec![instruction::epoch_extend(account.address); steps])
}

/// The proofs of those subtrees of `tree` whose roots the epoch in `account` does not keep yet.
///
/// # Errors
/// `Different` when the epoch has another root; `WrongAccount`.
pub fn plan_subtree_proofs(account: &FetchedAccount, tree: &MerkleTree) -> Result<Vec<Instruction>, ChainError> {
    let mut copy = Vec::new();
    let (epoch, mut marks) = account.split_epoch(&mut copy)?;
    Existing::new(account, "epoch").require_root(epoch, tree.root())?;
    let mut is_missing = |proof: &SubtreeProof| {
        let subtrees = (proof.first..).take(proof.roots.len());
        subtrees.into_iter().any(|subtree| !marks.is_subtree_proven(subtree << SUBTREE_LEVEL))
    };
    let missing = payment::subtree_proofs(tree).into_iter().filter(|proof| is_missing(proof));
    let prove = |proof: SubtreeProof| {
        instruction::subtree_prove(account.address, proof.first, payment::PROVE_LEVEL, proof.roots, proof.path)
    };
    Ok(missing.map(prove).collect())
}
