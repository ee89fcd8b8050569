//! The calls that pay leaves, and the one that prepares their paths in a large epoch.

use anchor_spl::token::spl_token;
use crank::chain::instruction;
use crank::payment;
use solana_pubkey::Pubkey;
use torque::state::Mode;

use super::{Row, Stage, create_link, two_campaigns};
use crate::assertions::expect_success;
use crate::campaign::{Allocations, Campaign};
use crate::large_epoch::open_large_epoch;
use crate::world::World;

pub(super) fn claim(token_program: Pubkey) -> Row {
    let (world, campaign, mut allocations) = two_campaigns(token_program, Mode::Claim, Stage::Open);
    let slots = &["recipient", "config", "distributor", "epoch", "vault", "destination", "mint", "token_program"];
    let claim = campaign.claim_instruction(&allocations, 1);
    (slots, world, claim, vec![allocations.wallets.remove(1)])
}

pub(super) fn push(token_program: Pubkey) -> Row {
    let (world, campaign, allocations) = two_campaigns(token_program, Mode::Push, Stage::Open);
    let slots = &["config", "distributor", "epoch", "vault", "mint", "token_program", "recipient", "recipient"];
    (slots, world, campaign.push_instruction(&allocations, campaign.plan_push(&allocations, 0, 1)), vec![])
}

pub(super) fn subtree_prove(_: Pubkey) -> Row {
    let (world, campaign, allocations) = with_large_epoch();
    let proof = payment::subtree_proofs(&allocations.tree).remove(0);
    let (epoch, level) = (campaign.addresses.epoch(0), payment::PROVE_LEVEL);
    (&["epoch"], world, instruction::subtree_prove(epoch, proof.first, level, proof.roots, proof.path), vec![])
}

/// A campaign with a large epoch, and a second one with a small.
pub(super) fn with_large_epoch() -> (World, Campaign, &'static Allocations) {
    let mut world = World::new();
    let [asset, other] = [(); 2].map(|()| world.create_token(spl_token::ID));
    let (campaign, allocations) = open_large_epoch(&mut world, asset, Mode::Claim);
    let second = Campaign::funded(&mut world, other, Mode::Claim, 2);
    for (campaign, id) in [&campaign, &second].into_iter().zip(1..) {
        create_link(&mut world, campaign, id);
    }
    expect_success(second.post(&mut world, &second.allocations(0, 3)));
    (world, campaign, allocations)
}
