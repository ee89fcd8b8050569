//! Brings a campaign onto the chain: its action, its distributor, the link between them, and the money.

use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::instructions::{ActionCreateArgs, DistributorCreateArgs};
use torque::merkle::{Hash, list_leaf_hash};
use torque::state::{Audience, Kind, Mode, Terms};

use crate::address::{self, Asset, DistributorAddresses};
use crate::embedded::{Embedded, Receipt};
use crate::error::ChainError;
use crate::instruction;
use crank_rules::campaign::{Action, Campaign, DistributionMode, Reward, Source};
use crank_rules::evaluation;
use crank_rules::tree::MerkleTree;
use crank_rules::values::hash::sha256;

/// Seconds from posting a root to its opening: a day, in which a person can look at it and cancel it.
pub const ACTIVATION_DELAY: u32 = 24 * 60 * 60;
/// Seconds in which a posted epoch is paid: seven days.
pub const CLAIM_WINDOW: u32 = 7 * 24 * 60 * 60;
/// The protocol's fee on top of the rewards, in basis points: five per cent. What the protocol's account on the chain says
/// has the last word; this is what is expected of it.
pub const FEE_BASIS_POINTS: u16 = 500;
/// The weight of an action that is a distributor's only one, in basis points.
pub const WHOLE_WEIGHT: u32 = 10_000;

/// Who stands behind a campaign, and what was agreed with the owner.
#[derive(Clone, Copy, Debug)]
pub struct Roles<'a> {
    /// Owns and funds it.
    pub owner: &'a Keypair,
    /// Posts its roots.
    pub publisher: Pubkey,
    /// Cancels its roots.
    pub guardian: Pubkey,
    /// The most that the owner agrees to pay to the protocol.
    pub max_fee_basis_points: u16,
}

/// Launches `campaign`'s action as number `id` of its owner.
///
/// # Errors
/// `Refused`, also when there is such an action already. `Unbuildable` when the campaign weighs several actions.
pub fn action(
    cluster: &mut Embedded,
    owner: &Keypair,
    campaign: &Campaign,
    id: u64,
    metadata_hash: Hash,
) -> Result<Pubkey, ChainError> {
    let query = only_action(campaign)?.map(|action| sha256(action.sql.as_bytes()));
    let args = ActionCreateArgs {
        id,
        audience: audience(&campaign.terms.audience),
        query_hash: query.unwrap_or_default(),
        metadata_hash,
        start: campaign.schedule.start,
        end: i64::MAX,
    };
    cluster.send(&[instruction::action_create(owner.pubkey(), args)], &[owner])?;
    Ok(address::action(&owner.pubkey(), id))
}

/// Creates `campaign`'s distributor as number `id` of its owner, fed by `action`.
///
/// # Errors
/// `Refused`, also when there is such a distributor already, or the campaign's epochs are not what the program admits.
/// `Unbuildable` when the campaign weighs several actions, or gives points, which no escrow holds.
pub fn distributor(
    cluster: &mut Embedded,
    roles: Roles<'_>,
    campaign: &Campaign,
    asset: Asset,
    id: u64,
    action: Pubkey,
) -> Result<DistributorAddresses, ChainError> {
    only_action(campaign)?;
    if let Reward::Points { .. } = campaign.reward {
        let reason = "`emissionType` is POINTS, which are recorded and shown: only TOKENS and SOL can be escrowed";
        return Err(ChainError::Unbuildable(reason.to_owned()));
    }
    let addresses = DistributorAddresses::new(roles.owner.pubkey(), id, asset);
    let args = DistributorCreateArgs {
        id,
        kind: kind(campaign.terms.shape.kind()),
        mode: mode(campaign.distribution_mode),
        publisher: roles.publisher,
        guardian: roles.guardian,
        terms: terms(campaign)?,
        milestone: None,
        limiter: None,
        draw: None,
        max_fee_basis_points: roles.max_fee_basis_points,
    };
    let create = instruction::distributor_create(&addresses, args);
    let link = instruction::link_create(&addresses, action, WHOLE_WEIGHT);
    cluster.send(&[create, link], &[roles.owner])?;
    Ok(addresses)
}

/// The only action of a campaign; none if its rows are given. A campaign that weighs several is refused.
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

/// Funds a distributor with `amount` base units and the fee on top.
///
/// # Errors
/// `Refused`, also when the owner has too little.
pub fn fund(
    cluster: &mut Embedded,
    owner: &Keypair,
    addresses: &DistributorAddresses,
    amount: u64,
) -> Result<Receipt, ChainError> {
    cluster.send(&[instruction::distributor_fund(addresses, amount)], &[owner])
}

/// The root of an audience's list as the action carries it: over the keys in ascending order.
#[must_use]
pub fn audience(audience: &evaluation::Audience) -> Audience {
    let root = |list: &std::collections::BTreeSet<Pubkey>| {
        MerkleTree::from_leaves(list.iter().map(list_leaf_hash).collect()).map_or(Hash::default(), |tree| tree.root())
    };
    match audience {
        evaluation::Audience::Everyone => Audience::Everyone,
        evaluation::Audience::AllowList(list) => Audience::AllowList { root: root(list) },
        evaluation::Audience::DenyList(list) => Audience::DenyList { root: root(list) },
    }
}

/// How the program names a campaign's kind.
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

/// How the program names a campaign's way of distributing.
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
    use solana_signer::Signer as _;

    use super::{Roles, action, distributor};
    use crate::address::Asset;
    use crate::embedded::Embedded;
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

    /// Why neither the action nor the distributor, or only the latter, can be launched.
    fn refusals(name: &str) -> [String; 2] {
        let file = CampaignFile::parse(FILE.as_bytes()).unwrap();
        let campaign = file.distributor(Some(name)).unwrap();
        let owner = Keypair::new();
        let mut cluster = Embedded::start(&owner.pubkey(), campaign.start).unwrap();
        let key = Pubkey::new_unique();
        let roles = Roles { owner: &owner, publisher: key, guardian: key, max_fee_basis_points: 500 };
        let action = action(&mut cluster, &owner, campaign, 1, [0; 32]).unwrap_err().to_string();
        let distributor = distributor(&mut cluster, roles, campaign, Asset::SOL, 1, key).unwrap_err().to_string();
        [action, distributor]
    }

    #[test]
    fn weights_and_several_actions_cannot_be_launched() {
        for (name, count) in [("both", 2), ("twice", 1)] {
            for refusal in refusals(name) {
                assert!(refusal.contains(&format!("`{name}` weighs {count} actions: only a distributor")), "{refusal}");
            }
        }
    }

    #[test]
    fn points_cannot_be_escrowed() {
        let [_, refusal] = refusals("points");
        assert!(refusal.contains("`emissionType` is POINTS"), "{refusal}");
    }
}
