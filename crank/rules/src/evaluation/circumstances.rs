//! What an epoch depends on besides its rows and its terms, and what nobody knows before it has ended.

use std::collections::BTreeMap;

use solana_pubkey::Pubkey;
use torque::merkle::Hash;

/// What an epoch depends on besides its rows and its terms.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Circumstances {
    /// What decides the draws of a raffle; no other kind has one.
    pub raffle_seed: Option<Hash>,
    /// How many conversions the campaign had before this epoch; only a curve looks at it.
    pub first_conversion: u64,
    /// The wallets that a filter excludes, each with the place of that filter in the campaign's list.
    pub excluded: BTreeMap<Pubkey, u16>,
    /// What earlier bundles of this epoch allotted, in base units; only a correction has it.
    pub allotted_before: Option<BTreeMap<Pubkey, u64>>,
    /// Whether the campaign has a milestone that is not reached: then nobody is paid.
    pub is_milestone_missed: bool,
}
