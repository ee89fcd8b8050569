//! The demonstration's first distributor: a real trading competition, measured by SQL and pushed to every wallet.

use std::fs;
use std::path::{Path, PathBuf};

use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;

use super::cast::Cast;
use super::escrow::{self, Escrow, sol};
use super::story::Story;
use crate::cli::DemoArguments;
use crate::commands::evaluate::table;
use crate::failure::Failure;
use crate::operations::activity_source::ActivityPlace;
use crate::operations::campaign_text::CampaignText;
use crate::operations::evaluate::{self, EvaluateRequest};
use crank_cluster::address::Asset;
use crank_cluster::payment::Payment;
use crank_cluster::steps::launch::{self, FEE_BASIS_POINTS, Roles};
use crank_cluster::steps::lookup_table;
use crank_cluster::steps::push::{self, PushableEpoch};
use crank_cluster::transaction::Format;
use crank_cluster::{mint, preflight};
use crank_rules::bundle::Bundle;
use crank_rules::campaign::{Campaign, Reward};
use crank_rules::values::decimal::Decimal;
use crank_rules::values::hash::sha256;

/// The bundle's directory.
pub(super) const BUNDLE: &str = "competition";
const NAME: &str = "competition";
const CAMPAIGN: &[u8] = include_bytes!("../../../../tests/fixtures/competition/campaign.json");
const EVENTS: &[u8] = include_bytes!("../../../../tests/fixtures/competition/events.ndjson");
/// The secret of the demonstration's mint. It is fixed because the campaign file contains the mint's address; it has no
/// value anywhere.
const MINT_SECRET: [u8; 32] = *b"torque demonstration mint secret";

/// The inputs of the competition.
pub(super) struct Inputs {
    /// The campaign.
    pub(super) campaign: Campaign,
    /// SHA-256 of its file.
    metadata_hash: [u8; 32],
    /// The file of events.
    events: PathBuf,
}

/// Reads the campaign and the events, or writes the built-in ones into `directory` first.
pub(super) fn inputs(arguments: &DemoArguments, directory: &Path) -> Result<Inputs, Failure> {
    let place = |given: &Option<PathBuf>, name: &str, built_in: &[u8]| match given {
        Some(path) => Ok(path.clone()),
        None => {
            let path = directory.join(name);
            let written = fs::write(&path, built_in);
            written.map(|()| path.clone()).map_err(|error| Failure::Outside(format!("{}: {error}", path.display())))
        }
    };
    let path = place(&arguments.campaign, "campaign.json", CAMPAIGN)?;
    let events = place(&arguments.events, "events.ndjson", EVENTS)?;
    let campaign = CampaignText::read(&path)?.distributor(None)?.clone();
    let bytes = fs::read(&path).map_err(|error| Failure::Input(format!("{}: {error}", path.display())))?;
    Ok(Inputs { campaign, metadata_hash: sha256(&bytes), events })
}

/// Checks the mint and the owner's balance first, so that nothing is left half done without them.
pub(super) fn prepare(cast: &Cast, inputs: &Inputs, owner_balance: Option<&Decimal>) -> Result<Asset, Failure> {
    let Reward::Tokens { mint: address, decimals } = inputs.campaign.reward else {
        let text = "emissionType: found SOL or POINTS; the demonstration's competition pays TOKENS";
        return Err(Failure::Input(text.to_owned()));
    };
    issue(cast, decimals, owner_balance)?;
    let input = |error: preflight::PreflightError| Failure::Input(error.to_string());
    let asset = preflight::require_mint(cast.cluster.fetched(&address).as_ref(), address, decimals).map_err(input)?;
    let (owner, pool) = (cast.owner.pubkey(), inputs.campaign.terms.pool);
    let held = cast.cluster.balance(&asset, &owner);
    preflight::require_balance(held, decimals, &owner, pool, FEE_BASIS_POINTS).map_err(input)?;
    Ok(asset)
}

/// Launches the action that both distributors reward.
pub(super) fn launch(cast: &Cast, story: &mut Story<'_>, inputs: &Inputs) -> Result<Pubkey, Failure> {
    story.section("Launch the action and escrow the rewards")?;
    let step = launch::action(&cast.cluster, &cast.owner, &inputs.campaign, 1, inputs.metadata_hash);
    let action = cast.wait(step)?;
    story.line(&format!("action {action}: {}", inputs.campaign.name))?;
    Ok(action)
}

/// Creates the distributor and funds it.
pub(super) fn fund(
    cast: &Cast,
    story: &mut Story<'_>,
    inputs: &Inputs,
    asset: Asset,
    action: Pubkey,
) -> Result<Escrow, Failure> {
    let campaign = &inputs.campaign;
    let roles = Roles {
        owner: &cast.owner,
        publisher: cast.publisher.pubkey(),
        guardian: cast.guardian,
        max_fee_basis_points: FEE_BASIS_POINTS,
    };
    let addresses = cast.wait(launch::distributor(&cast.cluster, roles, campaign, asset, 1, action))?;
    let mut escrow = Escrow::new(NAME, addresses, "tokens", campaign.reward.decimals());
    escrow::fund(cast, story, &mut escrow, campaign.terms.pool)?;
    Ok(escrow)
}

/// Creates the demonstration's mint and gives the owner what it needs, or `owner_balance`.
fn issue(cast: &Cast, decimals: u8, owner_balance: Option<&Decimal>) -> Result<(), Failure> {
    let key = Keypair::new_from_array(MINT_SECRET);
    let asset = Asset { mint: key.pubkey(), token_program: spl_token_interface::ID };
    let owner = cast.owner.pubkey();
    let rent = cast.cluster.rent(mint::MINT_BYTES);
    let create = mint::create(&asset, &owner, &owner, None, decimals, rent)?;
    cast.cluster.send(&create, &[&cast.owner, &key])?;
    let balance = match owner_balance {
        Some(amount) => {
            amount.to_base_units_exact(decimals).map_err(|error| Failure::Input(format!("--owner-balance: {error}")))?
        }
        None => u64::MAX >> 1,
    };
    let accounts = [owner, cast.treasury].map(|wallet| mint::open_account(&asset, &owner, &wallet));
    cast.cluster.send(&accounts, &[&cast.owner])?;
    cast.cluster.send(&[mint::issue(&asset, &owner, &owner, balance)?], &[&cast.owner])?;
    Ok(())
}

/// Evaluates the epoch and writes its bundle.
pub(super) fn evaluate(
    story: &mut Story<'_>,
    inputs: &Inputs,
    escrow: &Escrow,
    directory: &Path,
) -> Result<Bundle, Failure> {
    story.section("Evaluate the week")?;
    let request = EvaluateRequest {
        cluster: "embedded".to_owned(),
        distributor: Some(escrow.addresses.distributor),
        activity: Some(ActivityPlace::Events(inputs.events.clone())),
        ..EvaluateRequest::default()
    };
    let bundle = evaluate::evaluate(&inputs.campaign, &request)?;
    bundle.write(&directory.join(BUNDLE))?;
    let evaluation = bundle.evaluation();
    story.line(&format!(
        "{NAME}: {} wallets qualify, {} is allotted of {}",
        evaluation.rows().len(),
        escrow.amount(evaluation.total()),
        escrow.amount(inputs.campaign.terms.pool)
    ))?;
    story.line("")?;
    story.line(&table(&bundle, escrow.decimals).to_string())?;
    Ok(bundle)
}

/// Pushes every leaf and counts what has arrived.
pub(super) fn push(cast: &Cast, story: &mut Story<'_>, escrow: &mut Escrow, bundle: &Bundle) -> Result<(), Failure> {
    story.section("Push to every wallet")?;
    let payments: Vec<Payment> = bundle.evaluation().allocations().map(Payment::from).collect();
    let asset = escrow.addresses.asset;
    let (_, opened) = cast.wait(push::open_accounts(&cast.cluster, &asset, &cast.publisher, &payments))?;
    let slot = cast.wait(lookup_table::recent_slot(&cast.cluster))?;
    let constant = lookup_table::constant_accounts(&escrow.addresses, 0);
    let table = cast.wait(lookup_table::create(&cast.cluster, &cast.publisher, slot, constant))?;
    let tree = bundle.tree().ok_or_else(|| Failure::Input("the campaign pays nobody in its first epoch".to_owned()))?;
    let epoch = PushableEpoch {
        addresses: &escrow.addresses,
        index: 0,
        payments: &payments,
        tree,
        format: Format::V0(std::slice::from_ref(&table)),
        has_subtrees: false,
        can_batch: true,
    };
    let receipts = cast.wait(push::all(&cast.cluster, &cast.publisher, &epoch))?;
    escrow.received = payments.iter().map(|payment| cast.cluster.balance(&asset, &payment.recipient)).sum();
    let fees: u64 = receipts.iter().map(|receipt| receipt.fee).sum();
    let units: u64 = receipts.iter().map(|receipt| receipt.compute_units).sum();
    story.line(&format!("{opened} token accounts opened"))?;
    story.line(&format!(
        "{} wallets paid by {} transactions, {} compute units and {} in all: {} arrived",
        payments.len(),
        receipts.len(),
        units,
        sol(fees),
        escrow.amount(escrow.received)
    ))?;
    let again = cast.wait(push::all(&cast.cluster, &cast.publisher, &epoch))?;
    story.line(&format!("pushed again: {} transactions, since every leaf is marked as paid", again.len()))
}
