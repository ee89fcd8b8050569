//! Brings a campaign onto the chain: its action, its distributor, the link between them, and the money.
//!
//! `terms` translates the campaign into the program's terms.

mod terms;

use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::instructions::{ActionCreateArgs, DistributorCreateArgs};
use torque::merkle::Hash;
use torque::powers::Powers;
use torque::state::{Action, Distributor, Link};

pub use self::terms::{ACTIVATION_DELAY, CLAIM_WINDOW, FEE_BASIS_POINTS, kind, mode};
use self::terms::{WEIGHT_BASIS_POINTS, action_args, audience_name, distributor_args};
use super::agreement::Existing;
use super::{TOGETHER, send};
use crate::address::{self, Asset, DistributorAddresses};
use crate::cluster::{Cluster, FinalizedView, Receipt};
use crate::error::ChainError;
use crate::fetched::FetchedAccount;
use crate::{instruction, preflight};
use crank_rules::campaign::{Campaign, written_powers};

/// The people behind a campaign, and the fee that the owner agreed to.
#[derive(Clone, Copy, Debug)]
pub struct Roles<'a> {
    /// Owns and funds it.
    pub owner: &'a Keypair,
    /// Posts its roots.
    pub publisher: Pubkey,
    /// Cancels its roots.
    pub guardian: Pubkey,
    /// The highest protocol fee that the owner agrees to.
    pub max_fee_basis_points: u16,
}

/// Launches `campaign`'s action as number `id` of its owner. `metadata_hash` is the SHA-256 of the campaign's file.
///
/// # Errors
/// `Unbuildable` when the campaign weighs several actions. `Different` or `Closed` when the number is taken. Those of
/// the cluster.
pub async fn action<C: Cluster>(
    cluster: &C,
    owner: &Keypair,
    campaign: &Campaign,
    id: u64,
    metadata_hash: Hash,
) -> Result<Pubkey, ChainError> {
    let args = action_args(campaign, id, metadata_hash)?;
    let address = address::action(&owner.pubkey(), id);
    let view = cluster.finalized_view(&[address]).await?;
    let missing = plan_action(view.account(&address), owner.pubkey(), args)?;
    send(cluster, missing.as_slice(), TOGETHER, owner).await?;
    Ok(address)
}

/// Creates `campaign`'s distributor as number `id` of its owner, fed by `action`.
///
/// # Errors
/// `Unbuildable` when the campaign weighs several actions, or gives points, which no escrow holds, and when it does not
/// accept exactly the powers over the mint. `NoAccount` when there is no mint. `Different` or `Closed` when the number
/// is taken. `Refused` when the program does not admit the campaign's epochs. Those of the cluster.
pub async fn distributor<C: Cluster>(
    cluster: &C,
    roles: Roles<'_>,
    campaign: &Campaign,
    asset: Asset,
    id: u64,
    action: Pubkey,
) -> Result<DistributorAddresses, ChainError> {
    let args = distributor_args(campaign, roles, id)?;
    let addresses = DistributorAddresses::new(roles.owner.pubkey(), id, asset);
    let link = address::link(&action, &addresses.distributor);
    let view = cluster.finalized_view(&[addresses.distributor, link, asset.mint]).await?;
    let missing = plan_distributor(&view, &addresses, action, args)?;
    send(cluster, &missing, TOGETHER, roles.owner).await?;
    Ok(addresses)
}

/// Funds a distributor, with the fee on top, until it has received `amount` base units of rewards since its creation.
///
/// # Errors
/// `NoAccount` when there is no distributor. `Refused`, also when the owner has too little. Those of the cluster.
pub async fn fund<C: Cluster>(
    cluster: &C,
    owner: &Keypair,
    addresses: &DistributorAddresses,
    amount: u64,
) -> Result<Vec<Receipt>, ChainError> {
    let view = cluster.finalized_view(&[addresses.distributor]).await?;
    let missing = plan_funding(view.existing(&addresses.distributor)?, addresses, amount)?;
    send(cluster, missing.as_slice(), TOGETHER, owner).await
}

/// The instructions that are missing until the action of `args` exists; `existing` is the account at its address now.
///
/// # Errors
/// `Different`, `Closed`, `WrongAccount`.
pub fn plan_action(
    existing: Option<&FetchedAccount>,
    owner: Pubkey,
    args: ActionCreateArgs,
) -> Result<Option<Instruction>, ChainError> {
    let Some(account) = existing else { return Ok(Some(instruction::action_create(owner, args))) };
    let existing = Existing::new(account, "action");
    let action: Action = existing.decode()?;
    existing.require("owner", action.owner, owner)?;
    existing.require("audience", audience_name(&action.audience), audience_name(&args.audience))?;
    existing.require("query hash", hex::encode(action.query_hash), hex::encode(args.query_hash))?;
    existing.require("metadata hash", hex::encode(action.metadata_hash), hex::encode(args.metadata_hash))?;
    existing.require("start", action.start, args.start)?;
    existing.require("end", action.end, args.end)?;
    Ok(None)
}

/// The instructions of one transaction that are missing until the distributor of `args` exists and only `action` feeds
/// it. `view` has the distributor, the link and the mint.
///
/// # Errors
/// `Different`, `Closed`, `WrongAccount`; `NoAccount` without a mint, `Unbuildable` unless its powers are accepted.
pub fn plan_distributor(
    view: &FinalizedView,
    addresses: &DistributorAddresses,
    action: Pubkey,
    args: DistributorCreateArgs,
) -> Result<Vec<Instruction>, ChainError> {
    let mut missing = Vec::new();
    match view.account(&addresses.distributor) {
        Some(account) => require_same_distributor(account, addresses, &args)?,
        None => {
            require_powers(view, addresses, args.accepted_powers)?;
            missing.push(instruction::distributor_create(addresses, args));
        }
    }
    match view.account(&address::link(&action, &addresses.distributor)) {
        Some(account) => {
            let existing = Existing::new(account, "link");
            let link: Link = existing.decode()?;
            existing.require("weight in basis points", link.weight_basis_points, WEIGHT_BASIS_POINTS)?;
        }
        None => missing.push(instruction::link_create(addresses, action, WEIGHT_BASIS_POINTS)),
    }
    Ok(missing)
}

/// Refuses a mint that the program would refuse, in the words of a campaign file.
fn require_powers(view: &FinalizedView, addresses: &DistributorAddresses, accepted: Powers) -> Result<(), ChainError> {
    if addresses.asset.is_native() {
        return Ok(());
    }
    let mint = view.existing(&addresses.asset.mint)?;
    preflight::require_powers(mint, &addresses.owner, accepted)
        .map_err(|error| ChainError::Unbuildable(error.to_string()))
}

fn require_same_distributor(
    account: &FetchedAccount,
    addresses: &DistributorAddresses,
    args: &DistributorCreateArgs,
) -> Result<(), ChainError> {
    let existing = Existing::new(account, "distributor");
    let found: Distributor = existing.decode()?;
    existing.require("owner", found.owner, addresses.owner)?;
    existing.require("publisher", found.publisher, args.publisher)?;
    existing.require("guardian", found.guardian, args.guardian)?;
    existing.require("mint", found.mint, addresses.asset.mint)?;
    existing.require("token program", found.token_program, addresses.asset.token_program)?;
    let powers = [found.accepted_powers, args.accepted_powers].map(written_powers);
    existing.require("accepted powers", &powers[0], &powers[1])?;
    existing.require("kind", format!("{:?}", found.kind), format!("{:?}", args.kind))?;
    existing.require("mode", format!("{:?}", found.mode), format!("{:?}", args.mode))?;
    let most = args.max_fee_basis_points;
    existing.require("fee in basis points", found.fee_basis_points, found.fee_basis_points.min(most))?;
    let milestone = args.milestone.unwrap_or_default();
    existing.require("milestone", format!("{:?}", found.milestone), format!("{milestone:?}"))?;
    let draw = args.draw.map_or(addresses.distributor, |id| address::distributor(&addresses.owner, id));
    existing.require("draw", found.draw, draw)?;
    let (terms, wanted) = (&found.terms, &args.terms);
    existing.require("start", terms.start, wanted.start)?;
    existing.require("epoch duration", terms.epoch_duration, wanted.epoch_duration)?;
    existing.require("epoch count", terms.epoch_count, wanted.epoch_count)?;
    existing.require("epoch budget", terms.epoch_budget, wanted.epoch_budget)?;
    let [found_minimum, minimum] = [found.minimum_sponsorship, args.minimum_sponsorship];
    existing.require("minimum sponsorship", found_minimum, minimum)?;
    existing.require("activation delay", terms.activation_delay, wanted.activation_delay)?;
    existing.require("claim window", terms.claim_window, wanted.claim_window)
}

/// The instructions that are missing until the distributor in `account` has received `amount` base units of rewards.
///
/// # Errors
/// `Closed`, `WrongAccount`.
pub fn plan_funding(
    account: &FetchedAccount,
    addresses: &DistributorAddresses,
    amount: u64,
) -> Result<Option<Instruction>, ChainError> {
    let distributor: Distributor = Existing::new(account, "distributor").decode()?;
    let missing = amount.saturating_sub(distributor.funded);
    Ok((missing > 0).then(|| instruction::distributor_fund(addresses, missing)))
}
