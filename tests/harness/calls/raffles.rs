//! The calls of a raffle's draw, and the posting that waits for it. Not here: the draws themselves (`raffles`).

use anchor_spl::token::spl_token;
use crank_cluster::instruction::{self, raffle};
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::constants::POSTING_GRACE;
use torque::state::Mode;

use super::Row;
use crate::assertions::expect_success;
use crate::campaign::{Campaign, EPOCH, FUNDING};
use crate::raffles::SECRET;
use crate::stages::{self, Scene, Side};
use crate::world::World;

/// The calls of this file.
pub(super) const CALLS: [Row; 4] = [
    ("epoch_post of a raffle", drawn, post, spl_token::ID),
    ("raffle_close", skipped_and_closed, close, spl_token::ID),
    ("raffle_commit", skipped, commit, spl_token::ID),
    ("raffle_draw", committed, draw, spl_token::ID),
];

/// Two raffles whose epoch 0 is committed and whose slot has a hash.
fn committed(token_program: Pubkey) -> Scene {
    let mut scene = stages::created(token_program, |world, id| Campaign::raffle_args(world, Mode::Claim, id));
    scene.world.pass(EPOCH);
    for side in &scene.sides {
        expect_success(side.campaign.fund(&mut scene.world, FUNDING));
        expect_success(side.campaign.commit(&mut scene.world, 0));
    }
    let slot = scene.sides[0].campaign.raffle_account(&scene.world, 0).target_slot + 1;
    scene.world.go_to_slot(slot, &[]);
    scene
}

/// As `committed`, and both are drawn.
fn drawn(token_program: Pubkey) -> Scene {
    let mut scene = committed(token_program);
    for side in &scene.sides {
        side.campaign.finish_draw(&mut scene.world, 0, Some(SECRET));
    }
    scene
}

/// As `committed`, but epoch 0 is skipped nevertheless, and the period of epoch 1 has ended.
fn skipped(token_program: Pubkey) -> Scene {
    let mut scene = committed(token_program);
    for side in &scene.sides {
        expect_success(side.campaign.skip(&mut scene.world, 0));
    }
    scene.world.pass(EPOCH);
    scene
}

/// As `skipped`, and epoch 0 of both is closed.
fn skipped_and_closed(token_program: Pubkey) -> Scene {
    let mut scene = skipped(token_program);
    scene.world.pass(POSTING_GRACE);
    for side in &scene.sides {
        expect_success(side.campaign.close_epoch(&mut scene.world, 0));
    }
    scene
}

fn post(world: &World, side: &Side) -> Instruction {
    let Side { campaign, allocations, .. } = side;
    let (publisher, args) = (campaign.publisher.pubkey(), campaign.post_args(allocations));
    let post = instruction::epoch_post(&campaign.addresses, publisher, world.stranger.pubkey(), args);
    raffle::decided_by(post, campaign.raffle_address(0))
}

fn close(_: &World, side: &Side) -> Instruction {
    raffle::close(side.campaign.addresses.distributor, 0, side.campaign.publisher.pubkey())
}

fn commit(world: &World, side: &Side) -> Instruction {
    let (distributor, publisher) = (side.campaign.addresses.distributor, side.campaign.publisher.pubkey());
    raffle::commit(distributor, publisher, world.stranger.pubkey(), side.campaign.commit_args(1))
}

fn draw(world: &World, side: &Side) -> Instruction {
    raffle::capture(side.campaign.raffle_address(0), world.stranger.pubkey())
}
