//! The calls about sponsors and fees. The stranger is the sponsor, of both campaigns.

use anchor_spl::token::spl_token;
use crank_cluster::instruction::{self, authority, settlement};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::constants::ABANDONED_AFTER;
use torque::state::Role;

use super::{Row, SOL};
use crate::assertions::expect_success;
use crate::campaign::{EPOCH, FUNDING};
use crate::stages::{self, Scene, Side};
use crate::world::World;

/// The calls of this file.
pub(super) const CALLS: [Row; 8] = [
    ("distributor_fund by a sponsor", sponsored, distributor_fund, spl_token::ID),
    ("distributor_fund of SOL by a sponsor", sponsored, distributor_fund, SOL),
    ("fee_collect", sponsored_and_over, fee_collect, spl_token::ID),
    ("fee_collect of SOL", sponsored_and_over, fee_collect, SOL),
    ("distributor_end of an abandoned distributor", abandoned, distributor_end, spl_token::ID),
    ("role_transfer of a guardian that sponsors rely on", relied_on, role_transfer, spl_token::ID),
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

/// As `posted`, with a sponsor of each campaign.
fn relied_on(token_program: Pubkey) -> Scene {
    let mut scene = sponsored(token_program);
    sponsor(&mut scene.world, &scene.sides[0]);
    scene
}

/// The same long after; the first campaign has no end.
fn abandoned(token_program: Pubkey) -> Scene {
    let mut scene = relied_on(token_program);
    let distributor = scene.sides[0].campaign.addresses.distributor;
    scene.world.edit_distributor(&distributor, |it| it.terms.epoch_count = u32::MAX);
    scene.world.pass(ABANDONED_AFTER + EPOCH);
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
    side.campaign.sponsorship(world, world.stranger.pubkey(), FUNDING, 0)
}

fn distributor_end(world: &World, side: &Side) -> Instruction {
    instruction::distributor_end(&side.campaign.addresses.owned_by(world.stranger.pubkey()))
}

fn role_transfer(world: &World, side: &Side) -> Instruction {
    let by_guardian = side.campaign.addresses.owned_by(world.guardian.pubkey());
    authority::role_transfer(&by_guardian, Role::Guardian, world.stranger.pubkey())
}

fn fee_collect(world: &World, side: &Side) -> Instruction {
    settlement::fee_collect(&side.campaign.addresses, &world.treasury)
}

fn sponsor_refund(world: &World, side: &Side) -> Instruction {
    settlement::sponsor_refund(&side.campaign.addresses, &world.stranger.pubkey(), 0)
}
