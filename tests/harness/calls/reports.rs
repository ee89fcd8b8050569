//! The calls that move no money: the report of a total, and the program's questions.

use anchor_spl::token::spl_token;
use crank_cluster::instruction::{self, view};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::instructions::DistributorCreateArgs;
use torque::state::Mode;

use super::{Row, SOL};
use crate::campaign::Campaign;
use crate::milestones::{MILESTONE, TARGETS};
use crate::stages::{self, Scene, Side};
use crate::world::World;

/// The calls of this file.
pub(super) const CALLS: [Row; 5] = [
    ("milestone_report", with_milestones, milestone_report, spl_token::ID),
    ("view_claimable", stages::open, view_claimable, spl_token::ID),
    ("view_leaf", stages::posted, view_leaf, spl_token::ID),
    ("view_refund", stages::finished, view_refund, spl_token::ID),
    ("view_refund of SOL", stages::finished, view_refund, SOL),
];

/// Two campaigns with a milestone.
fn with_milestones(token_program: Pubkey) -> Scene {
    stages::created(token_program, |world, id| {
        let args = Campaign::create_args(world, Mode::Claim, id);
        DistributorCreateArgs { milestone: Some(MILESTONE), ..args }
    })
}

fn milestone_report(_: &World, side: &Side) -> Instruction {
    let Campaign { addresses, publisher, .. } = &side.campaign;
    instruction::milestone_report(addresses, publisher.pubkey(), TARGETS[0])
}

fn view_claimable(_: &World, side: &Side) -> Instruction {
    let wallet = side.allocations.payments[1].recipient;
    view::claimable(&side.campaign.addresses, wallet, side.allocations.leaf(1))
}

fn view_leaf(_: &World, side: &Side) -> Instruction {
    view::leaf(side.campaign.addresses.epoch(0), 1)
}

fn view_refund(world: &World, side: &Side) -> Instruction {
    view::refund(&side.campaign.addresses, &world.treasury)
}
