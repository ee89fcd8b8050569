//! The calls that move no money: the report of a total, and the program's questions.

use anchor_spl::token::spl_token;
use crank::chain::{instruction, view};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::state::Mode;

use super::{Row, Stage, create_link, two_campaigns};
use crate::campaign::Campaign;
use crate::milestones::{MILESTONE, TARGETS};
use crate::world::World;

pub(super) fn milestone_report(_: Pubkey) -> Row {
    let mut world = World::new();
    let [asset, other] = [(); 2].map(|()| world.create_token(spl_token::ID));
    let campaign = Campaign::with_milestone(&mut world, asset, 1, MILESTONE);
    let second = Campaign::with_milestone(&mut world, other, 2, MILESTONE);
    for (campaign, id) in [&campaign, &second].into_iter().zip(1..) {
        create_link(&mut world, campaign, id);
    }
    let publisher = world.publisher.insecure_clone();
    let report = instruction::milestone_report(&campaign.addresses, publisher.pubkey(), TARGETS[0]);
    (&["publisher", "distributor"], world, report, vec![publisher])
}

pub(super) fn view_claimable(_: Pubkey) -> Row {
    let (world, campaign, allocations) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Open);
    let wallet = allocations.payments[1].recipient;
    let ask = view::claimable(&campaign.addresses, wallet, allocations.leaf(1));
    (&["config", "distributor", "epoch", "mint"], world, ask, vec![])
}

pub(super) fn view_leaf(_: Pubkey) -> Row {
    let (world, campaign, _) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Posted);
    (&["epoch"], world, view::leaf(campaign.addresses.epoch(0), 1), vec![])
}

pub(super) fn view_refund(token_program: Pubkey) -> Row {
    let (mut world, campaign, allocations) = two_campaigns(token_program, Mode::Claim, Stage::Open);
    campaign.finish(&mut world, &allocations);
    let slots = &["config", "distributor", "vault", "treasury", "mint", "token_program"];
    let ask = view::refund(&campaign.addresses, &world.treasury);
    (slots, world, ask, vec![])
}
