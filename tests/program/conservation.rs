//! A whole life for every asset and both modes: no money is created or lost, and every account is closed or
//! rent-exempt.

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH, FUNDING, WINDOW};
use tests::world::{OWNER_TOKENS, World};
use torque::constants::POSTING_GRACE;
use torque::state::Mode;

#[test]
fn claimed_tokens_add_up_at_every_stage() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        live(&mut world, asset, Mode::Claim);
    }
}

#[test]
fn pushed_tokens_add_up_at_every_stage() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let mut world = World::new();
        let asset = world.create_token(program);
        live(&mut world, asset, Mode::Push);
    }
}

#[test]
fn claimed_lamports_add_up_at_every_stage() {
    live(&mut World::new(), Asset::SOL, Mode::Claim);
}

#[test]
fn pushed_lamports_add_up_at_every_stage() {
    live(&mut World::new(), Asset::SOL, Mode::Push);
}

#[test]
fn every_account_of_a_closed_distributor_is_gone_but_its_tomb() {
    let mut world = World::new();
    let before = lamports_of_people(&world);
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    campaign.finish(&mut world, &allocations);
    expect_success(campaign.close(&mut world));
    assert!([campaign.addresses.vault, campaign.addresses.epoch(0)].iter().all(|address| world.is_absent(address)));
    let spent = before - lamports_of_people(&world);
    // The rest are the fees for signatures, which are whole multiples of 5,000 lamports.
    assert_eq!((spent - allocations.total() - world.rent(8)) % 5_000, 0);
}

/// Two epochs: one is paid in part, the other is cancelled, posted again and paid in full. Then the end.
fn live(world: &mut World, asset: Asset, mode: Mode) {
    let campaign = Campaign::funded(world, asset, mode, 1);
    let [first, second] = [0, 1].map(|epoch| campaign.allocations(epoch, 5));
    for payment in &first.payments {
        world.open_account(&asset, &payment.recipient);
    }
    world.pass(2 * EPOCH);
    for allocations in [&first, &second] {
        expect_success(campaign.post(world, allocations));
    }
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(world, &guardian, 1));
    expect_success(campaign.repost(world, &second));
    world.pass(DELAY);
    pay(world, &campaign, &first, 3);
    pay(world, &campaign, &second, 5);
    expect_success(campaign.close_epoch(world, 1));
    expect_conserved(world, &campaign, &first.payments.iter().map(|payment| payment.recipient).collect::<Vec<_>>());
    expect_success(campaign.end(world));
    world.pass(WINDOW + 2 * EPOCH + POSTING_GRACE);
    expect_success(campaign.close_epoch(world, 0));
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!(distributor.paid, 3 * 2_000_000 + 3 + second.total());
    let returned = close(world, &campaign);
    assert_eq!(returned, FUNDING + FUNDING / 20 - distributor.paid - (distributor.paid * 5).div_ceil(100));
}

fn pay(world: &mut World, campaign: &Campaign, allocations: &Allocations, count: u32) {
    for index in 0..count {
        expect_success(campaign.pay(world, allocations, index));
        let distributor = world.distributor(&campaign.addresses);
        let epochs = [0, 1].map(|epoch| world.epoch(&campaign.addresses, epoch));
        let paid: u64 = epochs.iter().map(|epoch| epoch.paid_total).sum();
        assert_eq!(world.vault_balance(&campaign.addresses), FUNDING + FUNDING / 20 - paid);
        assert_eq!(distributor.reserved, epochs.iter().map(|epoch| epoch.total).sum::<u64>());
        assert!(distributor.paid + distributor.reserved <= distributor.funded);
    }
}

/// All that came in is in the vault or with the recipients.
fn expect_conserved(world: &World, campaign: &Campaign, recipients: &[Pubkey]) {
    let asset = &campaign.addresses.asset;
    let received: u64 = recipients.iter().map(|wallet| world.balance(asset, wallet)).sum();
    assert_eq!(world.vault_balance(&campaign.addresses) + received, FUNDING + FUNDING / 20);
    if !asset.is_native() {
        let owned = world.balance(asset, &world.owner.pubkey());
        assert_eq!(owned + world.vault_balance(&campaign.addresses) + received, OWNER_TOKENS);
    }
}

/// Closes the distributor and returns the rewards that the owner got back.
fn close(world: &mut World, campaign: &Campaign) -> u64 {
    let (asset, owner) = (campaign.addresses.asset, world.owner.pubkey());
    let rents = world.cluster.lamports(&campaign.addresses.distributor) - world.rent(8);
    let vault_rent = if asset.is_native() { world.rent(0) } else { 0 };
    let before = world.balance(&asset, &owner);
    let fee = expect_success(campaign.close(world)).fee;
    let gained = world.balance(&asset, &owner) + if asset.is_native() { fee } else { 0 } - before;
    if asset.is_native() { gained - rents - vault_rent } else { gained }
}

fn lamports_of_people(world: &World) -> u64 {
    let people = [&world.admin, &world.owner, &world.publisher, &world.guardian, &world.stranger];
    let held: u64 = people.iter().map(|person| world.cluster.lamports(&person.pubkey())).sum();
    held + world.cluster.lamports(&world.treasury)
}
