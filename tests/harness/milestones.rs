//! Campaigns whose rewards a community unlocks together: a quarter of the rewards at each of four targets.

use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::instruction;
use solana_keypair::Keypair;
use solana_signer::Signer as _;
use torque::instructions::{DistributorCreateArgs, EpochPostArgs};
use torque::state::{Milestone, MilestoneStep, Mode};

use crate::assertions::{Sent, expect_success};
use crate::campaign::{Campaign, EPOCH, creation};
use crate::world::{BEGINNING, World};

/// The totals to reach.
pub const TARGETS: [u64; 4] = [1_000, 2_000, 5_000, 10_000];
/// Base units of funding, chosen so that no quarter except the last is a whole number.
pub const MILESTONE_FUNDING: u64 = 999_999_999;
/// The base units that each target unlocks.
pub const UNLOCKED: [u64; 4] = [249_999_999, 499_999_999, 749_999_999, 999_999_999];
/// The fixture's deadline for reports, in Unix seconds: when four of its epochs have ended.
pub const DEADLINE: i64 = BEGINNING + 4 * EPOCH;

/// The milestone of the fixture.
pub const MILESTONE: Milestone = Milestone {
    deadline: DEADLINE,
    reported: 0,
    steps: [step(0, 2_500), step(1, 5_000), step(2, 7_500), step(3, 10_000)],
};

const fn step(number: usize, unlocked_basis_points: u64) -> MilestoneStep {
    MilestoneStep { target: TARGETS[number], unlocked_basis_points }
}

impl Campaign {
    /// A funded distributor number `id` with this milestone, which pays by claim.
    pub fn with_milestone(world: &mut World, asset: Asset, id: u64, milestone: Milestone) -> Self {
        let args = DistributorCreateArgs { milestone: Some(milestone), ..Self::create_args(world, Mode::Claim, id) };
        let addresses = DistributorAddresses::new(world.owner.pubkey(), id, asset);
        let owner = world.owner.insecure_clone();
        let create = creation(world, &addresses, args);
        expect_success(world.send(create, &[&owner]));
        let campaign = Self { addresses, mode: Mode::Claim, publisher: world.publisher.insecure_clone() };
        expect_success(campaign.fund(world, MILESTONE_FUNDING));
        campaign
    }

    /// The publisher reports `total`.
    pub fn report(&self, world: &mut World, total: u64) -> Sent {
        self.report_by(world, &self.publisher, total)
    }

    /// `person` reports `total` in the publisher's place.
    pub fn report_by(&self, world: &mut World, person: &Keypair, total: u64) -> Sent {
        world.send(instruction::milestone_report(&self.addresses, person.pubkey(), total), &[person])
    }

    /// Posts epoch `index`, which is to pay `total` base units.
    pub fn post_total(&self, world: &mut World, index: u32, total: u64) -> Sent {
        let args = EpochPostArgs { total, ..self.post_args(&self.allocations(index, 3)) };
        self.post_with(world, args)
    }

    /// Gives vacant epoch `index` a root that is to pay `total` base units.
    pub fn repost_total(&self, world: &mut World, index: u32, total: u64) -> Sent {
        let (publisher, args) = (self.publisher.pubkey(), self.post_args(&self.allocations(index, 3)));
        let args = EpochPostArgs { total, ..args };
        let repost = instruction::epoch_repost(&self.addresses, publisher, publisher, publisher, args);
        world.send(repost, &[&self.publisher])
    }
}
