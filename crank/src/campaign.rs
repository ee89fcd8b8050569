//! A campaign: what is measured, who is rewarded, how much and when, as its JSON file says it.
//!
//! The file's names are exactly the parameters of `create_recurring_incentive`, and REST and MCP take the same ones.
//! Parsing checks everything that can be checked without the chain and the events, so what comes out needs no second
//! look. Not here: what the terms do to measured rows (`evaluation`), and running the query (`activity`).

mod allocations;
mod error;
mod fields;
mod read;
mod reward;
mod schedule;

pub use error::CampaignError;
pub use reward::{DistributionMode, Reward, SOL_DECIMALS};
pub use schedule::{PeriodError, Schedule};

use crate::{
    evaluation::{Row, Terms},
    period::Period,
};

/// A campaign whose every field has been checked.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// `name`: what people call it.
    pub name: String,
    /// Where the rows of an epoch come from.
    pub source: Source,
    /// What is paid.
    pub reward: Reward,
    /// `distributionMode`: how it reaches the wallets.
    pub distribution_mode: DistributionMode,
    /// What turns the rows into amounts.
    pub terms: Terms,
    /// When the epochs are.
    pub schedule: Schedule,
}

/// Where the rows of an epoch come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Source {
    /// `sqlQuery`: the query that measures the wallets.
    Query(String),
    /// `allocations`: the rows themselves, each value above 0 and exact in base units.
    Given(Vec<Row>),
}

impl Campaign {
    /// Reads a campaign file.
    ///
    /// # Errors
    /// The first fault found, with the field, what it holds and what would be right.
    pub fn parse(bytes: &[u8]) -> Result<Self, CampaignError> {
        read::campaign(bytes)
    }

    /// The bounds of epoch `epoch`, counted from 0.
    ///
    /// # Errors
    /// When the campaign has no such epoch, or it lies after the year 9999.
    pub fn period(&self, epoch: u32) -> Result<Period, PeriodError> {
        self.schedule.period(epoch)
    }
}
