//! The calls that change the protocol's settings, and that pause it.

use anchor_spl::token::spl_token;
use crank_cluster::instruction::settings;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;

use super::Row;
use crate::stages::{self, Scene, Side};
use crate::world::World;

/// The calls of this file.
pub(super) const CALLS: [Row; 5] = [
    ("config_pause", stages::posted, config_pause, spl_token::ID),
    ("config_set_fee", stages::posted, config_set_fee, spl_token::ID),
    ("config_set_pauser", stages::posted, config_set_pauser, spl_token::ID),
    ("config_set_treasury", stages::posted, config_set_treasury, spl_token::ID),
    ("config_unpause", paused, config_unpause, spl_token::ID),
];

/// As `posted`, and the protocol is paused.
fn paused(token_program: Pubkey) -> Scene {
    let mut scene = stages::posted(token_program);
    scene.world.set_paused(true);
    scene
}

fn config_pause(world: &World, _: &Side) -> Instruction {
    settings::pause(world.pauser.pubkey())
}

fn config_set_fee(world: &World, _: &Side) -> Instruction {
    settings::set_fee(world.admin.pubkey(), 1)
}

fn config_set_pauser(world: &World, _: &Side) -> Instruction {
    settings::set_pauser(world.admin.pubkey(), world.stranger.pubkey())
}

fn config_set_treasury(world: &World, _: &Side) -> Instruction {
    settings::set_treasury(world.admin.pubkey(), world.treasury)
}

fn config_unpause(world: &World, _: &Side) -> Instruction {
    settings::unpause(world.admin.pubkey(), world.config().downtime.since)
}
