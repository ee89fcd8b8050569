//! The calls of a raffle's draw, and the posting that waits for it. Not here: the draws themselves (`raffles`).

use anchor_spl::token::spl_token;
use crank::chain::address::Asset;
use crank::chain::{instruction, raffle};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::constants::POSTING_GRACE;
use torque::state::Mode;

use super::Row;
use crate::assertions::expect_success;
use crate::campaign::{Campaign, EPOCH, FUNDING};
use crate::raffles::SECRET;
use crate::world::World;

/// Two raffles whose epoch 0 is committed and whose slot has a hash; the second pays SOL.
fn two_raffles() -> (World, Campaign) {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaigns = [(asset, 1), (Asset::SOL, 2)].map(|(asset, id)| {
        let args = Campaign::raffle_args(&world, Mode::Claim, id);
        Campaign::created_with(&mut world, asset, args)
    });
    world.pass(EPOCH);
    for campaign in &campaigns {
        expect_success(campaign.fund(&mut world, FUNDING));
        expect_success(campaign.commit(&mut world, 0));
    }
    let slot = campaigns[0].raffle_account(&world, 0).target_slot + 1;
    world.go_to_slot(slot, &[]);
    let [campaign, _] = campaigns;
    (world, campaign)
}

pub(super) fn post(_: Pubkey) -> Row {
    let (mut world, campaign) = two_raffles();
    campaign.finish_draw(&mut world, 0, Some(SECRET));
    let (publisher, payer) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let args = campaign.post_args(&campaign.allocations(0, 3));
    let post = instruction::epoch_post(&campaign.addresses, publisher.pubkey(), payer.pubkey(), args);
    let slots = &["publisher", "payer", "config", "distributor", "epoch", "mint", "system_program", "raffle"];
    (slots, world, raffle::decided_by(post, campaign.raffle_address(0)), vec![publisher, payer])
}

pub(super) fn close(_: Pubkey) -> Row {
    let (mut world, campaign) = two_raffles();
    expect_success(campaign.skip(&mut world, 0));
    world.pass(POSTING_GRACE);
    expect_success(campaign.close_epoch(&mut world, 0));
    let close = raffle::close(campaign.addresses.distributor, 0, campaign.publisher.pubkey());
    (&["rent_payer", "distributor", "epoch", "raffle"], world, close, vec![campaign.publisher])
}

pub(super) fn commit(_: Pubkey) -> Row {
    let (mut world, campaign) = two_raffles();
    expect_success(campaign.skip(&mut world, 0));
    world.pass(EPOCH);
    let (publisher, payer) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let distributor = campaign.addresses.distributor;
    let commit = raffle::commit(distributor, publisher.pubkey(), payer.pubkey(), campaign.commit_args(1));
    let slots = &["publisher", "payer", "config", "distributor", "epoch", "raffle", "system_program"];
    (slots, world, commit, vec![publisher, payer])
}

pub(super) fn draw(_: Pubkey) -> Row {
    let (world, campaign) = two_raffles();
    (&["raffle", "slot_hashes"], world, raffle::draw(campaign.raffle_address(0), None), vec![])
}
