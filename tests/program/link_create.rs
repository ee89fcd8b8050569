//! `link_create`: the distributor's owner lets an action, be it anybody's, feed the distributor.

use anchor_lang::error::ErrorCode;
use crank_cluster::address::Asset;
use crank_cluster::{address, instruction};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{Sent, expect_address_taken, expect_anchor_error, expect_error, expect_success};
use tests::calls::action_args;
use tests::campaign::Campaign;
use tests::events::the_event;
use tests::world::World;
use torque::error::TorqueError;
use torque::events::LinkCreated;
use torque::state::{Link, Mode};

#[test]
fn the_owner_links_anybody_s_action() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let (action, distributor) = (launch(&mut world, 1), campaign.addresses.distributor);
    let receipt = expect_success(link(&mut world, &campaign, action, 10_000));
    let link: Link = world.cluster.decode(&address::link(&action, &distributor), "link").unwrap();
    assert_eq!((link.version, link.action, link.distributor), (1, action, distributor));
    assert_eq!((link.weight_basis_points, link.rent_payer), (10_000, world.owner.pubkey()));
    let event: LinkCreated = the_event(&receipt);
    assert_eq!((event.action, event.distributor, event.weight_basis_points), (action, distributor, 10_000));
}

#[test]
fn many_actions_feed_many_distributors() {
    let mut world = World::new();
    let campaigns = [1, 2].map(|id| Campaign::created(&mut world, Asset::SOL, Mode::Claim, id));
    let actions = [1, 2].map(|id| launch(&mut world, id));
    for campaign in &campaigns {
        for action in actions {
            expect_success(link(&mut world, campaign, action, 1));
        }
    }
}

#[test]
fn any_weight_but_zero_is_taken() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let [first, second] = [1, 2].map(|id| launch(&mut world, id));
    expect_error(link(&mut world, &campaign, first, 0), TorqueError::WeightZero);
    expect_success(link(&mut world, &campaign, first, 1));
    expect_success(link(&mut world, &campaign, second, u32::MAX));
}

#[test]
fn nobody_links_to_another_owner_s_distributor() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let action = launch(&mut world, 1);
    let stranger = world.stranger.insecure_clone();
    let mut create = instruction::link_create(&campaign.addresses, action, 1);
    create.accounts[0].pubkey = stranger.pubkey();
    expect_error(world.send(create, &[&stranger]), TorqueError::NotOwner);
}

#[test]
fn an_action_is_linked_once() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let action = launch(&mut world, 1);
    expect_success(link(&mut world, &campaign, action, 1));
    expect_address_taken(link(&mut world, &campaign, action, 2));
}

#[test]
fn a_link_stands_at_no_address_but_its_own() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    let [first, second] = [1, 2].map(|id| launch(&mut world, id));
    let owner = world.owner.insecure_clone();
    let mut create = instruction::link_create(&campaign.addresses, first, 1);
    create.accounts[3].pubkey = address::link(&second, &campaign.addresses.distributor);
    expect_anchor_error(world.send(create, &[&owner]), ErrorCode::ConstraintSeeds);
}

/// The stranger's action `id`.
fn launch(world: &mut World, id: u64) -> Pubkey {
    let stranger = world.stranger.insecure_clone();
    expect_success(world.send(instruction::action_create(stranger.pubkey(), action_args(id)), &[&stranger]));
    address::action(&stranger.pubkey(), id)
}

fn link(world: &mut World, campaign: &Campaign, action: Pubkey, weight_basis_points: u32) -> Sent {
    let owner = world.owner.insecure_clone();
    world.send(instruction::link_create(&campaign.addresses, action, weight_basis_points), &[&owner])
}
