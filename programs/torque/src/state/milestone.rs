//! What a community must reach together before a distributor pays, in steps.

use anchor_lang::prelude::*;

/// Steps of a milestone at most.
pub const MAX_MILESTONE_STEPS: usize = 4;

/// Targets of one total, each of which unlocks more of the rewards.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
pub struct Milestone {
    /// Unix seconds before which totals are reported; zero if there is no milestone.
    pub deadline: i64,
    /// The highest total reported.
    pub reported: u64,
    /// In rising order; those that are not used are zero.
    pub steps: [MilestoneStep; MAX_MILESTONE_STEPS],
}

/// One target and what it unlocks.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
pub struct MilestoneStep {
    /// The total to reach, in the unit in which it is reported.
    pub target: u64,
    /// The part of the rewards that may be paid once it is reached, in basis points of what was funded.
    pub unlocked_basis_points: u16,
}
