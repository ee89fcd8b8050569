//! The calls about sponsors and fees. The stranger is the sponsor, of both campaigns.

use anchor_spl::token::spl_token;
use crank_cluster::instruction::{self, settlement};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;

use super::{Row, SOL};
use crate::assertions::expect_success;
use crate::campaign::FUNDING;
use crate::stages::{self, Scene, Side};
use crate::world::World;

/// The calls of this file.
pub(super) const CALLS: [Row; 6] = [
    ("distributor_fund by a sponsor", sponsored, distributor_fund, spl_token::ID),
    ("distributor_fund of SOL by a sponsor", sponsored, distributor_fund, SOL),
    ("fee_collect", sponsored_and_over, fee_collect, spl_token::ID),
    ("fee_collect of SOL", sponsored_and_over, fee_collect, SOL),
    ("sponsor_refund", sponsored_and_over, sponsor_refund, spl_token::ID),
    ("sponsor_refund of SOL", sponsored_and_over, sponsor_refund, SOL),
];

/// As `posted`; the stranger has something for the first campaign and is a sponsor of the second.
fn sponsored(token_program: Pubkey) -> Scene {
    let mut scene = stages::posted(token_program);
    for side in &scene.sides {
        let stranger = scene.world.stranger.pubkey();
        scene.world.provide(&side.campaign.addresses.asset, &stranger, 2 * FUNDING);
    }
    sponsor(&mut scene.world, &scene.sides[1]);
    scene
}

/// As `open`, with a sponsor of each campaign; the first campaign is over.
fn sponsored_and_over(token_program: Pubkey) -> Scene {
    let mut scene = sponsored(token_program);
    sponsor(&mut scene.world, &scene.sides[0]);
    stages::finish(scene)
}

fn sponsor(world: &mut World, side: &Side) {
    let stranger = world.stranger.insecure_clone();
    expect_success(side.campaign.sponsor(world, &stranger, FUNDING));
}

fn distributor_fund(world: &World, side: &Side) -> Instruction {
    instruction::distributor_sponsor(&side.campaign.addresses, world.stranger.pubkey(), FUNDING)
}

fn fee_collect(world: &World, side: &Side) -> Instruction {
    settlement::fee_collect(&side.campaign.addresses, &world.treasury)
}

fn sponsor_refund(world: &World, side: &Side) -> Instruction {
    settlement::sponsor_refund(&side.campaign.addresses, &world.stranger.pubkey())
}
