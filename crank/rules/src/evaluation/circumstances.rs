//! The circumstances of an epoch: its result depends on them too, and they are known only when the epoch has ended.

use std::collections::BTreeMap;

use solana_pubkey::Pubkey;
use torque::merkle::Hash;

/// Everything that an epoch's result depends on, besides its rows and terms.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Circumstances {
    /// The seed of a raffle's draws; no other kind has one.
    pub raffle_seed: Option<Hash>,
    /// How many conversions the campaign had before this epoch; only a curve looks at it.
    pub first_conversion: u64,
    /// The wallets that a filter excludes, each with the place of that filter in the campaign's list.
    pub excluded: BTreeMap<Pubkey, u16>,
    /// The base units that earlier bundles of this epoch allotted to each wallet; only a correction has them.
    pub allotted_before: Option<BTreeMap<Pubkey, u64>>,
    /// Whether the campaign has a milestone that is not reached: then no wallet is paid.
    pub is_milestone_missed: bool,
}
