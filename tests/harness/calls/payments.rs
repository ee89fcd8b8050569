//! The calls that pay leaves, and the one that prepares their paths in a large epoch.

use anchor_spl::token::spl_token;
use crank_cluster::instruction;
use crank_cluster::payment;
use solana_instruction::Instruction;

use super::{Row, SOL};
use crate::large_epoch;
use crate::stages::{self, Side};
use crate::world::World;

/// The calls of this file.
pub(super) const CALLS: [Row; 5] = [
    ("claim", stages::open, claim, spl_token::ID),
    ("claim of SOL", stages::open, claim, SOL),
    ("push", stages::open_to_push, push, spl_token::ID),
    ("push of SOL", stages::open_to_push, push, SOL),
    ("subtree_prove", stages::large, subtree_prove, spl_token::ID),
];

fn claim(_: &World, side: &Side) -> Instruction {
    side.campaign.claim_instruction(&side.allocations, 1)
}

fn push(_: &World, side: &Side) -> Instruction {
    let Side { campaign, allocations, .. } = side;
    campaign.push_instruction(allocations, campaign.plan_push(allocations, 0, 1))
}

fn subtree_prove(_: &World, side: &Side) -> Instruction {
    let proof = payment::subtree_proofs(&large_epoch::allocations().tree).remove(0);
    let (epoch, level) = (side.campaign.addresses.epoch(0), payment::PROVE_LEVEL);
    instruction::subtree_prove(epoch, proof.first, level, proof.roots, proof.path)
}
