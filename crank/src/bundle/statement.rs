//! What the maker of a bundle states and nobody can compute: the epoch, its terms and where its rows come from.

use solana_pubkey::Pubkey;
use torque::{merkle::Hash, state::Epoch};

use crate::{
    campaign::{DistributionMode, Reward},
    evaluation::{Circumstances, Terms},
    period::Period,
};

/// All of a manifest that is not computed from the rows.
#[derive(Debug)]
pub struct Statement {
    /// The cluster's name. Never an address of a node, which may carry an access key.
    pub cluster: String,
    /// The distributor that pays; none before anything is deployed.
    pub distributor: Option<Pubkey>,
    /// The epoch's index, from 0.
    pub epoch: u32,
    /// The epoch's bounds.
    pub period: Period,
    /// What is paid.
    pub reward: Reward,
    /// How it reaches the wallets.
    pub distribution_mode: DistributionMode,
    /// What turns the rows into amounts.
    pub terms: Terms,
    /// What the epoch depends on besides.
    pub circumstances: Circumstances,
    /// Where the rows come from; none for a direct campaign, whose rows are given.
    pub query: Option<Query>,
}

/// A query and what it ran on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Query {
    /// The query as the campaign has it, its placeholders unfilled.
    pub sql: String,
    /// The query engine's version.
    pub engine_version: String,
    /// The SHA-256 of the events file.
    pub events: Hash,
}

impl Statement {
    /// The address of the epoch's account, which every leaf contains; 32 zero bytes without a distributor.
    #[must_use]
    pub fn epoch_address(&self) -> Pubkey {
        self.distributor.map_or_else(Pubkey::default, |distributor| {
            let (address, _bump) = Epoch::address(&distributor, self.epoch);
            address
        })
    }
}
