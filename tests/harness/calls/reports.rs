//! The calls that move no money: the report of a total.

use anchor_spl::token::spl_token;
use crank::chain::instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;

use super::{Row, create_link};
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
