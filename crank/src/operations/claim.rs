//! Claims a wallet's leaf of a bundle's epoch on a cluster.
//!
//! A leaf is paid at most once, whatever becomes of this process: whoever is not sure asks again. Everything that can
//! be known before is said before anything is sent. Not here: text for people (`commands::claim`).

use std::path::PathBuf;

use crank_activity::engine::QueryLimits;
use crank_cluster::{
    address::{Asset, DistributorAddresses},
    cluster::Cluster as _,
    error::ChainError,
    instruction::{self, ClaimedLeaf},
    mint, payment,
    rpc::Remote,
    transaction::Format,
};
use crank_rules::{bundle::Bundle, wording::second};
use serde::Serialize;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::state::{Distributor, Epoch, Mode};

use super::{
    OperationError,
    chain::{Scene, on_cluster, outside},
    status::Amount,
    verify::verified_bundle,
};

/// Whose leaf of which bundle, and where.
pub struct ClaimRequest {
    /// The bundle's directory.
    pub bundle: PathBuf,
    /// The wallet that the leaf names.
    pub wallet: Keypair,
    /// Pays the fee, and the rent of an account that is missing; the wallet unless another is given.
    pub payer: Option<Keypair>,
    /// The account that is credited: the wallet's own unless another is given.
    pub destination: Option<Pubkey>,
    /// The nodes of the cluster, asked as one: each a URL, `localnet`, `devnet` or `mainnet`.
    pub cluster: Vec<String>,
}

/// A leaf that was paid.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Claimed {
    /// The wallet.
    pub wallet: String,
    /// The leaf.
    pub index: u32,
    /// The mint; none for SOL.
    pub token_address: Option<String>,
    /// What it gives.
    #[serde(flatten)]
    pub amount: Amount,
    /// The account that was credited.
    pub destination: String,
    /// The transaction's signature.
    pub signature: String,
    /// Lamports that the transaction cost.
    pub fee_lamports: u64,
}

/// Claims a leaf and returns once the payment is final.
///
/// # Errors
/// `Input` if the bundle gives the wallet nothing or is for no distributor; `Check` if the leaf cannot be claimed, with
/// the reason; `Outside` if no node answers, and then it may have been paid.
pub fn claim(request: &ClaimRequest) -> Result<Claimed, OperationError> {
    let bundle = verified_bundle(&request.bundle, &QueryLimits::default())?;
    on_cluster(&request.cluster, async |remote| send(&remote, request, &bundle).await)
}

async fn send(remote: &Remote, request: &ClaimRequest, bundle: &Bundle) -> Result<Claimed, OperationError> {
    let wallet = request.wallet.pubkey();
    let leaf = leaf(bundle, wallet)?;
    let distributor = bundle
        .statement()
        .distributor
        .ok_or_else(|| OperationError::input("the bundle names no distributor, so there is nothing to claim from"))?;
    let scene = Scene::read(remote, distributor).await?;
    let addresses = addresses(&scene.distributor);
    require_claimable(remote, &scene, bundle, addresses.epoch(leaf.epoch)).await?;
    let destination = request.destination.unwrap_or_else(|| addresses.asset.account_of(&wallet));
    let payer = request.payer.as_ref().unwrap_or(&request.wallet);
    let (index, amount) = (leaf.index, leaf.amount);
    let mut instructions = account_of_its_own(request, &addresses.asset, payer.pubkey());
    instructions.push(instruction::claim(&addresses, wallet, destination, leaf));
    let receipt = remote.send_and_confirm(&instructions, &[payer, &request.wallet], Format::PLAIN).await;
    let receipt = receipt.map_err(|error| match error {
        ChainError::Refused { reason, .. } => OperationError::Check(format!("the leaf cannot be claimed: {reason}")),
        error => outside(format!("{error}; claim again, a leaf is paid at most once")),
    })?;
    Ok(Claimed {
        wallet: wallet.to_string(),
        index,
        token_address: (!addresses.asset.is_native()).then(|| addresses.asset.mint.to_string()),
        amount: Amount::new(amount, scene.distributor.decimals),
        destination: destination.to_string(),
        signature: receipt.signature.to_string(),
        fee_lamports: receipt.fee,
    })
}

/// The leaf that `bundle` gives `wallet`.
fn leaf(bundle: &Bundle, wallet: Pubkey) -> Result<ClaimedLeaf, OperationError> {
    let mut allocations = bundle.evaluation().allocations();
    let allocation = allocations.find(|allocation| allocation.address == wallet);
    let nothing = || OperationError::Input(format!("the bundle gives {wallet} nothing"));
    let (allocation, tree) = allocation.zip(bundle.tree()).ok_or_else(nothing)?;
    Ok(ClaimedLeaf {
        epoch: bundle.statement().epoch,
        index: allocation.index,
        amount: allocation.amount,
        path: payment::path(tree, 0, allocation.index, false),
    })
}

fn addresses(distributor: &Distributor) -> DistributorAddresses {
    let asset = Asset { mint: distributor.mint, token_program: distributor.token_program };
    DistributorAddresses::new(distributor.creator, distributor.id, asset).owned_by(distributor.owner)
}

/// Refuses what the program would refuse, and says when it would not.
async fn require_claimable(
    remote: &Remote,
    scene: &Scene,
    bundle: &Bundle,
    address: Pubkey,
) -> Result<(), OperationError> {
    let refuse = |reason: String| Err(OperationError::Check(format!("the leaf cannot be claimed: {reason}")));
    if scene.distributor.mode == Mode::Push {
        return refuse("the distributor pays by push; the payment comes by itself".to_owned());
    }
    let account = remote.account(&address, Some(Epoch::VACANT_SIZE)).await.map_err(outside)?;
    let Some(account) = account else {
        return refuse(format!("there is no epoch at {address}: it is not posted yet, or it is closed"));
    };
    let epoch = account.epoch().map_err(outside)?;
    if bundle.tree().is_none_or(|tree| tree.root() != epoch.root) {
        return refuse(format!("the epoch at {address} has another root than the bundle"));
    }
    let moment = scene.moment;
    if epoch.opens_at > moment.now {
        return refuse(format!("payments open at {}", second(epoch.opens_at)));
    }
    if epoch.require_closable(moment).is_ok() {
        return refuse(format!("payments ended at {}, or all is paid", second(epoch.ends_at(moment.downtime))));
    }
    Ok(())
}

/// Opens the wallet's own token account, if that is to be credited and does not exist; `payer` pays the rent.
fn account_of_its_own(request: &ClaimRequest, asset: &Asset, payer: Pubkey) -> Vec<Instruction> {
    if asset.is_native() || request.destination.is_some() {
        return Vec::new();
    }
    vec![mint::open_account(asset, &payer, &request.wallet.pubkey())]
}
