//! The part of a bundle that its maker states and that cannot be computed: the epoch, its terms and its rows' sources.

use std::collections::BTreeMap;

use solana_pubkey::Pubkey;
use torque::{merkle::Hash, state::Epoch};

use super::Bundle;
use crate::{
    campaign::{Action, Campaign, DistributionMode, Filter, Milestone, PeriodError, Reward, Source},
    evaluation::{Kind, RewardTerms},
    values::decimal::Decimal,
    values::period::Period,
};

/// The part of a manifest that is neither measured nor computed.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The cluster's name. Never the URL of a node, which may contain an access key.
    pub cluster: String,
    /// The distributor that pays; `None` before anything is deployed.
    pub distributor: Option<Pubkey>,
    /// The epoch's index, from 0.
    pub epoch: u32,
    /// The epoch's bounds.
    pub period: Period,
    /// What `{{campaignStart}}` stands for, in seconds since 1970.
    pub campaign_start: i64,
    /// What is paid.
    pub reward: Reward,
    /// How the reward reaches the wallets.
    pub distribution_mode: DistributionMode,
    /// The terms that turn the rows into amounts.
    pub terms: RewardTerms,
    /// The filters, in order, which take out wallets or events before the ranking.
    pub filters: Vec<Filter>,
    /// The milestone that must be reached before anything is paid.
    pub milestone: Option<Milestone>,
    /// The queries that measure the rows; `None` for a direct campaign, whose rows are given.
    pub queries: Option<Queries>,
    /// The seed of a raffle's draws; no other kind has one.
    pub raffle_seed: Option<Hash>,
    /// The bundle of the epoch before, from which a curve goes on counting.
    pub previous: Option<Previous>,
    /// The bundle of the same epoch that this one corrects.
    pub correction: Option<Correction>,
}

/// The queries and their inputs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Queries {
    /// The actions, at least one. Each query is as the campaign has it, with its placeholders not replaced.
    pub actions: Vec<Action>,
    /// The query engine's version.
    pub engine_version: String,
    /// The files, sorted by name. At least one.
    pub inputs: Vec<Input>,
}

impl Queries {
    /// Whether the evaluated rows are a weighted sum, and not simply the rows of one query.
    #[must_use]
    pub fn are_weighted(&self) -> bool {
        !matches!(self.actions.as_slice(), [only] if only.weight_basis_points == Action::WHOLE_WEIGHT)
    }
}

/// A file that queries ran on.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Input {
    /// Its name: `events` for a file of events, its path in the store for a file of the store.
    pub name: String,
    /// The SHA-256 of its bytes.
    pub sha256: Hash,
}

/// The facts about the epoch before that a curve needs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Previous {
    /// The SHA-256 of its manifest.
    pub manifest_hash: Hash,
    /// How many conversions the campaign had up to its end.
    pub conversions: u64,
}

impl Previous {
    /// The facts about `bundle` that the next epoch of a curve needs.
    #[must_use]
    pub fn of(bundle: &Bundle) -> Self {
        let first = bundle.statement().first_conversion();
        let conversions = first.saturating_add(bundle.evaluation().conversions());
        Self { manifest_hash: bundle.manifest_hash(), conversions }
    }
}

/// The facts about the earlier bundles that a correction needs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Correction {
    /// The SHA-256 of the manifest that is corrected.
    pub manifest_hash: Hash,
    /// The base units that this bundle and those that it corrects allotted to each wallet.
    pub allotted: BTreeMap<Pubkey, u64>,
}

impl Correction {
    /// The facts about `bundle` that its correction needs; `bundle` may be a correction itself.
    #[must_use]
    pub fn of(bundle: &Bundle) -> Self {
        let before = bundle.statement().correction.as_ref();
        let mut allotted = before.map(|correction| correction.allotted.clone()).unwrap_or_default();
        for allocation in bundle.evaluation().allocations() {
            let amount = allotted.entry(allocation.address).or_default();
            *amount = amount.saturating_add(allocation.amount);
        }
        Self { manifest_hash: bundle.manifest_hash(), allotted }
    }
}

/// The epoch that is evaluated, for which distributor, and everything besides rows and terms that it depends on.
#[derive(Clone, Debug, Default)]
pub struct Occasion {
    /// The cluster's name.
    pub cluster: String,
    /// The distributor that will pay, if there is one yet.
    pub distributor: Option<Pubkey>,
    /// The epoch's index, from 0.
    pub epoch: u32,
    /// The seed of a raffle's draws.
    pub raffle_seed: Option<Hash>,
    /// The bundle of the epoch before; only a curve looks at it.
    pub previous: Option<Previous>,
    /// The bundle of the same epoch that is corrected.
    pub correction: Option<Correction>,
}

impl Statement {
    /// The statement of `campaign` about an epoch. `engine_version` and `inputs` are ignored if the rows are given.
    ///
    /// # Errors
    /// When the campaign has no such epoch.
    pub fn new(
        campaign: &Campaign,
        occasion: Occasion,
        engine_version: &str,
        mut inputs: Vec<Input>,
    ) -> Result<Self, PeriodError> {
        let queries = match &campaign.source {
            Source::Given(_) => None,
            Source::Actions(actions) => {
                inputs.sort_unstable();
                Some(Queries { actions: actions.clone(), engine_version: engine_version.to_owned(), inputs })
            }
        };
        Ok(Self {
            cluster: occasion.cluster,
            distributor: occasion.distributor,
            epoch: occasion.epoch,
            period: campaign.period(occasion.epoch)?,
            campaign_start: campaign.start,
            reward: campaign.reward,
            distribution_mode: campaign.distribution_mode,
            terms: campaign.terms.clone(),
            filters: campaign.filters.clone(),
            milestone: campaign.milestone,
            queries,
            raffle_seed: occasion.raffle_seed,
            previous: occasion.previous.filter(|_| campaign.terms.shape.kind() == Kind::Curve),
            correction: occasion.correction,
        })
    }

    /// How many conversions the campaign had before this epoch.
    #[must_use]
    pub fn first_conversion(&self) -> u64 {
        self.previous.map_or(0, |previous| previous.conversions)
    }

    /// Whether nothing is paid because the measured total is below the milestone.
    #[must_use]
    pub fn misses_milestone(&self, total: Option<Decimal>) -> bool {
        self.milestone.is_some_and(|milestone| !milestone.is_reached(total))
    }

    /// The address of the epoch's account, which every leaf contains; 32 zero bytes without a distributor.
    #[must_use]
    pub fn epoch_address(&self) -> Pubkey {
        self.distributor.map_or_else(Pubkey::default, |distributor| {
            let (address, _bump) = Epoch::address(&distributor, self.epoch);
            address
        })
    }
}
