//! A campaign, read from its JSON file: what is measured, who is rewarded, how much and when.
//!
//! The file's names are exactly the parameters of `create_recurring_incentive`, and REST and MCP take the same ones.
//! One file may hold several distributors over the same actions; each then is a [`Campaign`] of its own.
//! Parsing checks everything that can be checked without the chain and the events, so a [`Campaign`] needs no second
//! check. Not here: applying the terms to measured rows (`evaluation`) and running queries (`crank/activity`).

mod allocations;
mod audience;
mod curve;
mod error;
mod fields;
mod file;
mod filter;
mod milestone;
mod powers;
mod raffle;
mod read;
mod reward;
mod schedule;
mod shape;

pub use error::CampaignError;
pub use file::CampaignFile;
pub use filter::{Filter, FilterProblem, FilterRule, MAX_FILTERS, MAX_HOLD_SECONDS};
pub use milestone::Milestone;
pub use powers::{NamedPower, named_powers, written_powers};
pub use reward::{DistributionMode, Reward, SOL_DECIMALS};
pub use schedule::{PeriodError, Schedule};

use torque::powers::Powers;

use crate::{
    evaluation::{RewardTerms, Row},
    values::period::Period,
};

/// A distributor of a campaign, with everything that decides about its epochs. Every field has been checked.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// `name`: its name for people.
    pub name: String,
    /// Where the rows of an epoch come from.
    pub source: Source,
    /// What is paid.
    pub reward: Reward,
    /// `acceptedPowers`: what others, and the owner, can do to the token that is paid, and the creator accepts.
    pub accepted_powers: Powers,
    /// `minimumSponsorship`: the least base units that a sponsor adds at once; the pool of an epoch unless given.
    pub minimum_sponsorship: u64,
    /// `distributionMode`: how the reward reaches the wallets.
    pub distribution_mode: DistributionMode,
    /// The terms that turn the rows into amounts.
    pub terms: RewardTerms,
    /// When the epochs are.
    pub schedule: Schedule,
    /// What `{{campaignStart}}` stands for, in seconds since 1970: at most the start of epoch 0.
    pub start: i64,
    /// `filters`, in order: they take out wallets or events before the ranking.
    pub filters: Vec<Filter>,
    /// `milestone`: the total that must be reached before anything is paid.
    pub milestone: Option<Milestone>,
    /// `gracePeriodSeconds`: how long to wait for late events after an epoch's end.
    pub grace_seconds: u64,
}

/// Where the rows of an epoch come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Source {
    /// The queries that measure the wallets, one for each action; a wallet's value is the weighted sum.
    Actions(Vec<Action>),
    /// `allocations`: the rows themselves, each value above 0 and exact in base units.
    Given(Vec<Row>),
}

/// A behaviour that is measured, and its weight.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Action {
    /// Its name; may be empty if the campaign has only one action.
    pub name: String,
    /// `sqlQuery`: the query that measures the wallets.
    pub sql: String,
    /// `weight`: the factor of its values in the sum, in ten-thousandths, above 0. 10,000 is a factor of one.
    pub weight_basis_points: u32,
}

impl Action {
    /// The weight of an action whose values count once.
    pub const WHOLE_WEIGHT: u32 = 10_000;
}

impl Campaign {
    /// Reads a campaign file with a single distributor.
    ///
    /// # Errors
    /// The first fault, with the field, its value and what would be right.
    pub fn parse(bytes: &[u8]) -> Result<Self, CampaignError> {
        CampaignFile::parse(bytes)?.distributor(None).cloned()
    }

    /// The bounds of epoch `epoch`, counted from 0.
    ///
    /// # Errors
    /// When the campaign has no such epoch, or it lies after the year 9999.
    pub fn period(&self, epoch: u32) -> Result<Period, PeriodError> {
        self.schedule.period(epoch)
    }
}
