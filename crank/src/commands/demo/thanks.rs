//! The demonstration's second distributor: SOL for twenty wallets of the same action, each of which claims for itself.

use std::path::Path;

use serde_json::json;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;

use super::cast::Cast;
use super::escrow::{self, Escrow};
use super::story::Story;
use crate::failure::Failure;
use crate::operations::evaluate::{self, EvaluateRequest};
use crank_cluster::address::Asset;
use crank_cluster::cluster::Receipt;
use crank_cluster::error::ChainError;
use crank_cluster::instruction::{self, ClaimedLeaf};
use crank_cluster::payment;
use crank_cluster::steps::launch::{self, FEE_BASIS_POINTS, Roles};
use crank_rules::bundle::Bundle;
use crank_rules::campaign::{Campaign, Schedule};
use crank_rules::evaluation::Allocation;

/// The bundle's directory.
pub(super) const BUNDLE: &str = "thanks";
const NAME: &str = "thanks";
const WALLETS: u32 = 20;
/// How many wallets do not claim, so that some money returns.
const ABSENT: usize = 2;

/// Creates the wallets, the campaign that names them, and the distributor, and funds it.
pub(super) fn fund(
    cast: &Cast,
    story: &mut Story<'_>,
    action: Pubkey,
    schedule: &Schedule,
) -> Result<(Escrow, Campaign, Vec<Keypair>), Failure> {
    let wallets: Vec<Keypair> = (0..WALLETS).map(|_| Keypair::new()).collect();
    let campaign = campaign(&wallets, schedule)?;
    let roles = Roles {
        owner: &cast.owner,
        publisher: cast.publisher.pubkey(),
        guardian: cast.guardian,
        max_fee_basis_points: FEE_BASIS_POINTS,
    };
    let addresses = cast.wait(launch::distributor(&cast.cluster, roles, &campaign, Asset::SOL, 2, action))?;
    let mut escrow = Escrow::new(NAME, addresses, "SOL", campaign.reward.decimals());
    escrow::fund(cast, story, &mut escrow, campaign.terms.pool)?;
    Ok((escrow, campaign, wallets))
}

/// A direct campaign over the same epoch: 0.01 SOL to the first wallet, 0.02 to the second, and so on.
fn campaign(wallets: &[Keypair], schedule: &Schedule) -> Result<Campaign, Failure> {
    let start = jiff::Timestamp::from_second(schedule.start).map_err(|error| Failure::Input(error.to_string()))?;
    let allocations: String = wallets
        .iter()
        .zip(1..)
        .map(|(wallet, hundredths)| format!("{},0.{hundredths:02}\n", wallet.pubkey()))
        .collect();
    let file = json!({
        "name": "Thanks to the first twenty",
        "type": "direct",
        "emissionType": "SOL",
        "startDate": start.to_string(),
        "evalDurationSeconds": schedule.epoch_seconds,
        "maxIterations": 1,
        "distributionMode": "CLAIM",
        "allocations": allocations,
    });
    Campaign::parse(file.to_string().as_bytes()).map_err(|error| Failure::Input(error.to_string()))
}

/// Evaluates the epoch and writes its bundle.
pub(super) fn evaluate(
    story: &mut Story<'_>,
    campaign: &Campaign,
    escrow: &Escrow,
    directory: &Path,
) -> Result<Bundle, Failure> {
    let request = EvaluateRequest {
        cluster: "embedded".to_owned(),
        distributor: Some(escrow.addresses.distributor),
        ..EvaluateRequest::default()
    };
    let bundle = evaluate::evaluate(campaign, &request)?;
    bundle.write(&directory.join(BUNDLE))?;
    story.line("")?;
    story.line(&format!("{NAME}: {WALLETS} wallets are given {}", escrow.amount(bundle.evaluation().total())))?;
    Ok(bundle)
}

/// All but two wallets claim: one to another destination, one twice.
pub(super) fn claim(
    cast: &Cast,
    story: &mut Story<'_>,
    escrow: &mut Escrow,
    bundle: &Bundle,
    wallets: &[Keypair],
) -> Result<(), Failure> {
    story.section("Claim, wallet by wallet")?;
    let allocations: Vec<Allocation> = bundle.evaluation().allocations().collect();
    let elsewhere = Keypair::new().pubkey();
    let claiming = allocations.len().saturating_sub(ABSENT);
    let mut destinations = Vec::new();
    for allocation in allocations.iter().take(claiming) {
        let destination = if destinations.is_empty() { elsewhere } else { allocation.address };
        send(cast, escrow, bundle, wallets, allocation, destination)?;
        destinations.push(destination);
    }
    escrow.received = destinations.iter().map(|address| cast.cluster.lamports(address)).sum();
    story.line(&format!(
        "{claiming} wallets signed and received {}; the first had it sent to {elsewhere}",
        escrow.amount(escrow.received)
    ))?;
    if let Some(last) = allocations.get(claiming.saturating_sub(1)) {
        let again = send(cast, escrow, bundle, wallets, last, last.address);
        story.refused("the last of them claims a second time", again)?;
    }
    story.line(&format!("{ABSENT} wallets do not claim"))
}

/// Sends the claim of `allocation`; the publisher pays for the signatures, so the wallet needs no SOL.
fn send(
    cast: &Cast,
    escrow: &Escrow,
    bundle: &Bundle,
    wallets: &[Keypair],
    allocation: &Allocation,
    destination: Pubkey,
) -> Result<Receipt, ChainError> {
    let wallet = wallets
        .iter()
        .find(|wallet| wallet.pubkey() == allocation.address)
        .ok_or(ChainError::NoAccount(allocation.address))?;
    let tree = bundle.tree().ok_or(ChainError::NoAccount(allocation.address))?;
    let leaf = ClaimedLeaf {
        epoch: 0,
        index: allocation.index,
        amount: allocation.amount,
        path: payment::path(tree, 0, allocation.index, false),
    };
    let claim = instruction::claim(&escrow.addresses, allocation.address, destination, leaf);
    cast.cluster.send(&[claim], &[&cast.publisher, wallet])
}
