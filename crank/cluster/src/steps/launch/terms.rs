//! A campaign in the program's terms: the arguments for creating its action and its distributor.
//!
//! Pure. Not here: whether the cluster has them already (`launch`).

use std::collections::BTreeSet;

use solana_pubkey::Pubkey;
use torque::instructions::{ActionCreateArgs, DistributorCreateArgs};
use torque::merkle::{Hash, list_leaf_hash};
use torque::state::{Audience, Kind, Mode, Terms};

use super::Roles;
use crate::error::ChainError;
use crank_rules::campaign::{Action, Campaign, DistributionMode, Reward, Source};
use crank_rules::evaluation;
use crank_rules::tree::MerkleTree;
use crank_rules::values::hash::sha256;

/// Seconds from posting a root to its opening: a day, in which people can check and cancel it.
pub const ACTIVATION_DELAY: u32 = 24 * 60 * 60;
/// Seconds in which a posted epoch is paid: seven days.
pub const CLAIM_WINDOW: u32 = 7 * 24 * 60 * 60;
/// The expected fee of the protocol on top of the rewards, in basis points: five per cent. The protocol's account on
/// the chain has the real one.
pub const FEE_BASIS_POINTS: u16 = 500;
/// The weight of a distributor's only action, in basis points.
pub(super) const WEIGHT_BASIS_POINTS: u32 = Action::WHOLE_WEIGHT;

/// The arguments for creating `campaign`'s action as number `id`.
///
/// # Errors
/// `Unbuildable` when the campaign weighs several actions.
pub(super) fn action_args(campaign: &Campaign, id: u64, metadata_hash: Hash) -> Result<ActionCreateArgs, ChainError> {
    let query = only_action(campaign)?.map(|action| sha256(action.sql.as_bytes()));
    Ok(ActionCreateArgs {
        id,
        audience: audience(&campaign.terms.audience),
        query_hash: query.unwrap_or_default(),
        metadata_hash,
        start: campaign.schedule.start,
        end: i64::MAX,
    })
}

/// The arguments for creating `campaign`'s distributor as number `id`.
///
/// # Errors
/// `Unbuildable` when the campaign weighs several actions, or gives points, which no escrow holds.
pub(super) fn distributor_args(
    campaign: &Campaign,
    roles: Roles<'_>,
    id: u64,
) -> Result<DistributorCreateArgs, ChainError> {
    only_action(campaign)?;
    if let Reward::Points { .. } = campaign.reward {
        let reason = "`emissionType` is POINTS, which are recorded and shown: only TOKENS and SOL can be escrowed";
        return Err(ChainError::Unbuildable(reason.to_owned()));
    }
    Ok(DistributorCreateArgs {
        id,
        kind: kind(campaign.terms.shape.kind()),
        mode: mode(campaign.distribution_mode),
        publisher: roles.publisher,
        guardian: roles.guardian,
        terms: terms(campaign)?,
        milestone: None,
        limits: None,
        draw: None,
        max_fee_basis_points: roles.max_fee_basis_points,
        accepted_powers: campaign.accepted_powers,
        minimum_sponsorship: campaign.minimum_sponsorship,
    })
}

/// The only action of a campaign; `None` if its rows are given. A campaign that weighs several is refused.
fn only_action(campaign: &Campaign) -> Result<Option<&Action>, ChainError> {
    let actions = match &campaign.source {
        Source::Given(_) => return Ok(None),
        Source::Actions(actions) => actions.as_slice(),
    };
    match actions {
        [action] if action.weight_basis_points == Action::WHOLE_WEIGHT => Ok(Some(action)),
        _ => Err(ChainError::Unbuildable(format!(
            "`{}` weighs {} actions: only a distributor of one action that counts once can be launched",
            campaign.name,
            actions.len()
        ))),
    }
}

/// An audience in the program's form: a list becomes the root over its keys in ascending order.
fn audience(audience: &evaluation::Audience) -> Audience {
    let root = |list: &BTreeSet<Pubkey>| {
        MerkleTree::from_leaves(list.iter().map(list_leaf_hash).collect()).map_or(Hash::default(), |tree| tree.root())
    };
    match audience {
        evaluation::Audience::Everyone => Audience::Everyone,
        evaluation::Audience::AllowList(list) => Audience::AllowList { root: root(list) },
        evaluation::Audience::DenyList(list) => Audience::DenyList { root: root(list) },
    }
}

/// An audience of the program as text for people.
pub(super) fn audience_name(audience: &Audience) -> String {
    match audience {
        Audience::Everyone => "everyone".to_owned(),
        Audience::AllowList { root } => format!("the allow list of root {}", hex::encode(root)),
        Audience::DenyList { root } => format!("the deny list of root {}", hex::encode(root)),
        Audience::TokenGate { mint, minimum_amount } => format!("holders of {minimum_amount} base units of {mint}"),
    }
}

/// The program's name for a campaign's kind.
#[must_use]
pub fn kind(kind: evaluation::Kind) -> Kind {
    match kind {
        evaluation::Kind::Leaderboard => Kind::Leaderboard,
        evaluation::Kind::Rebate => Kind::Rebate,
        evaluation::Kind::Raffle => Kind::Raffle,
        evaluation::Kind::Direct => Kind::Direct,
        evaluation::Kind::Curve => Kind::Curve,
    }
}

/// The program's name for a campaign's distribution mode.
#[must_use]
pub fn mode(mode: DistributionMode) -> Mode {
    match mode {
        DistributionMode::Claim => Mode::Claim,
        DistributionMode::Push => Mode::Push,
    }
}

fn terms(campaign: &Campaign) -> Result<Terms, ChainError> {
    let too_long =
        |_| ChainError::Unbuildable("an epoch of the campaign lasts longer than the program counts".to_owned());
    Ok(Terms {
        start: campaign.schedule.start,
        epoch_duration: u32::try_from(campaign.schedule.epoch_seconds).map_err(too_long)?,
        epoch_count: campaign.schedule.max_iterations.unwrap_or(u32::MAX),
        epoch_budget: campaign.terms.pool,
        activation_delay: ACTIVATION_DELAY,
        claim_window: CLAIM_WINDOW,
    })
}

#[cfg(test)]
mod tests {
    use solana_keypair::Keypair;
    use solana_pubkey::Pubkey;

    use super::{Roles, action_args, distributor_args};
    use crank_rules::campaign::CampaignFile;

    const FILE: &str = r#"{
        "name": "Layers", "startDate": "2026-01-19",
        "actions": [{"name": "buy", "sqlQuery": "SELECT 1"}, {"name": "stake", "sqlQuery": "SELECT 2"}],
        "distributors": [
            {"name": "both", "type": "leaderboard", "emissionType": "SOL", "totalFundAmount": 1, "interval": "DAILY",
             "actions": [{"name": "buy"}, {"name": "stake"}]},
            {"name": "twice", "type": "leaderboard", "emissionType": "SOL", "totalFundAmount": 1, "interval": "DAILY",
             "actions": [{"name": "buy", "weight": 2}]},
            {"name": "points", "type": "leaderboard", "emissionType": "POINTS", "totalFundAmount": 1,
             "interval": "DAILY", "actions": [{"name": "buy"}]}
        ]
    }"#;

    /// Why the distributor of this name cannot be launched.
    fn refusal_of_distributor(name: &str) -> String {
        let file = CampaignFile::parse(FILE.as_bytes()).unwrap();
        let (owner, key) = (Keypair::new(), Pubkey::new_unique());
        let roles = Roles { owner: &owner, publisher: key, guardian: key, max_fee_basis_points: 500 };
        distributor_args(file.distributor(Some(name)).unwrap(), roles, 1).unwrap_err().to_string()
    }

    fn refusal_of_action(name: &str) -> String {
        let file = CampaignFile::parse(FILE.as_bytes()).unwrap();
        action_args(file.distributor(Some(name)).unwrap(), 1, [0; 32]).unwrap_err().to_string()
    }

    #[test]
    fn weights_and_several_actions_cannot_be_launched() {
        for (name, count) in [("both", 2), ("twice", 1)] {
            for refusal in [refusal_of_action(name), refusal_of_distributor(name)] {
                assert!(refusal.contains(&format!("`{name}` weighs {count} actions: only a distributor")), "{refusal}");
            }
        }
    }

    #[test]
    fn points_cannot_be_escrowed() {
        let refusal = refusal_of_distributor("points");
        assert!(refusal.contains("`emissionType` is POINTS"), "{refusal}");
    }
}
