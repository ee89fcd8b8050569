//! The calls that post, change and close epochs.

use anchor_spl::token::spl_token;
use crank_cluster::instruction;
use solana_instruction::Instruction;
use solana_signer::Signer as _;

use super::Row;
use crate::campaign::Campaign;
use crate::stages::{self, Side};
use crate::world::World;

/// The calls of this file.
pub(super) const CALLS: [Row; 6] = [
    ("epoch_cancel", stages::posted, epoch_cancel, spl_token::ID),
    ("epoch_close", stages::over, epoch_close, spl_token::ID),
    ("epoch_extend", stages::large, epoch_extend, spl_token::ID),
    ("epoch_post", stages::ended, epoch_post, spl_token::ID),
    ("epoch_repost", stages::cancelled, epoch_repost, spl_token::ID),
    ("epoch_skip", stages::ended, epoch_skip, spl_token::ID),
];

fn epoch_cancel(world: &World, side: &Side) -> Instruction {
    let Campaign { addresses, publisher, .. } = &side.campaign;
    instruction::epoch_cancel(addresses, world.guardian.pubkey(), publisher.pubkey(), 0)
}

fn epoch_close(_: &World, side: &Side) -> Instruction {
    instruction::epoch_close(&side.campaign.addresses, side.campaign.publisher.pubkey(), 0)
}

fn epoch_extend(_: &World, side: &Side) -> Instruction {
    instruction::epoch_extend(side.campaign.addresses.epoch(0))
}

fn epoch_post(world: &World, side: &Side) -> Instruction {
    let Campaign { addresses, publisher, .. } = &side.campaign;
    let args = side.campaign.post_args(&side.campaign.allocations(1, 3));
    instruction::epoch_post(addresses, publisher.pubkey(), world.stranger.pubkey(), args)
}

fn epoch_repost(world: &World, side: &Side) -> Instruction {
    let Campaign { addresses, publisher, .. } = &side.campaign;
    let (args, rent_payer) = (side.campaign.post_args(&side.allocations), publisher.pubkey());
    instruction::epoch_repost(addresses, publisher.pubkey(), world.stranger.pubkey(), rent_payer, args)
}

fn epoch_skip(world: &World, side: &Side) -> Instruction {
    let Campaign { addresses, publisher, .. } = &side.campaign;
    instruction::epoch_skip(addresses, publisher.pubkey(), world.stranger.pubkey(), 1)
}
