//! The calls about sponsors and fees. The stranger is the sponsor, of both campaigns.

use crank::chain::address::{Asset, DistributorAddresses};
use crank::chain::{instruction, settlement};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::state::Mode;

use super::{Row, Stage, two_campaigns};
use crate::assertions::expect_success;
use crate::campaign::{Campaign, FUNDING};
use crate::world::World;

/// The places of `distributor_fund`.
pub(super) const FUND_SLOTS: [&str; 9] =
    ["funder", "config", "distributor", "vault", "source", "mint", "token_program", "sponsor", "system_program"];

/// The first funding of the first campaign by the stranger, who is a sponsor of the second already.
pub(super) fn distributor_fund(token_program: Pubkey) -> Row {
    let (mut world, campaign, _) = two_campaigns(token_program, Mode::Claim, Stage::Posted);
    sponsor_second(&mut world);
    let stranger = world.stranger.insecure_clone();
    world.provide(&campaign.addresses.asset, &stranger.pubkey(), 2 * FUNDING);
    let fund = instruction::distributor_sponsor(&campaign.addresses, stranger.pubkey(), FUNDING);
    (&FUND_SLOTS, world, fund, vec![stranger])
}

pub(super) fn fee_collect(token_program: Pubkey) -> Row {
    let (world, campaign) = sponsored_and_over(token_program);
    let collect = settlement::fee_collect(&campaign.addresses, &world.treasury);
    (&["config", "distributor", "vault", "treasury", "mint", "token_program"], world, collect, vec![])
}

pub(super) fn sponsor_refund(token_program: Pubkey) -> Row {
    let (world, campaign) = sponsored_and_over(token_program);
    let refund = settlement::sponsor_refund(&campaign.addresses, &world.stranger.pubkey());
    let slots = &["wallet", "config", "distributor", "sponsor", "vault", "destination", "mint", "token_program"];
    (slots, world, refund, vec![])
}

/// Two campaigns with a sponsor, of which the first is over.
fn sponsored_and_over(token_program: Pubkey) -> (World, Campaign) {
    let (mut world, campaign, allocations) = two_campaigns(token_program, Mode::Claim, Stage::Open);
    sponsor_second(&mut world);
    sponsor(&mut world, &campaign.addresses);
    campaign.finish(&mut world, &allocations);
    (world, campaign)
}

fn sponsor_second(world: &mut World) {
    let mut addresses = DistributorAddresses::new(world.owner.pubkey(), 2, Asset::SOL);
    let second = world.distributor(&addresses);
    addresses.asset = Asset { mint: second.mint, token_program: second.token_program };
    sponsor(world, &addresses);
}

fn sponsor(world: &mut World, addresses: &DistributorAddresses) {
    let stranger = world.stranger.insecure_clone();
    world.provide(&addresses.asset, &stranger.pubkey(), 2 * FUNDING);
    let fund = instruction::distributor_sponsor(addresses, stranger.pubkey(), FUNDING);
    expect_success(world.send(fund, &[&stranger]));
}
