//! `view_refund`: the amounts that closing a distributor would send now. Each answer is compared with a closing.

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use crank_cluster::instruction::view;
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Campaign, FUNDING, WINDOW};
use tests::events::the_event;
use tests::ledger::Ledger;
use tests::milestones::{DEADLINE, MILESTONE, MILESTONE_FUNDING};
use tests::world::World;
use torque::error::TorqueError;
use torque::events::DistributorClosed;
use torque::instructions::RefundView;
use torque::powers::Powers;
use torque::state::Mode;

/// The sum of three leaves of the fixture, and five percent of it, rounded down.
const PAID: u64 = 6_000_003;
const FEE_EARNED: u64 = 300_001;
/// The funding with its fee.
const DEPOSITED: u64 = FUNDING + FUNDING / 20;

#[test]
fn the_view_names_exactly_the_amounts_that_closing_sends() {
    for program in [spl_token::ID, spl_token_2022::ID, Asset::SOL.token_program] {
        let mut world = World::new();
        let asset = if program == Asset::SOL.token_program { Asset::SOL } else { world.create_token(program) };
        let campaign = finished(&mut world, asset);
        let owner = DEPOSITED - PAID - FEE_EARNED;
        let accepted_powers = world.powers_over(&asset, &world.owner.pubkey());
        let expected = RefundView { is_over: true, owner, treasury: FEE_EARNED, held_back: 0, accepted_powers };
        assert_eq!(campaign.view_refund(&world).unwrap(), expected);
        assert_closing_agrees(&world, &campaign);
    }
}

#[test]
fn everything_is_held_back_until_it_is_over() {
    let mut world = World::new();
    let held_back =
        |held_back| RefundView { is_over: false, owner: 0, treasury: 0, held_back, accepted_powers: Powers::NONE };
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    assert_eq!(campaign.view_refund(&world).unwrap(), held_back(DEPOSITED));
    expect_success(campaign.claim(&mut world, &allocations, 0));
    assert_eq!(campaign.view_refund(&world).unwrap(), held_back(DEPOSITED - allocations.payments[0].amount));
    expect_error(campaign.close(&mut world.fork()), TorqueError::EpochsOpen);
    world.pass(WINDOW);
    expect_success(campaign.close_epoch(&mut world, 0));
    assert_eq!(campaign.view_refund(&world).unwrap(), held_back(DEPOSITED - allocations.payments[0].amount));
    expect_error(campaign.close(&mut world), TorqueError::ScheduleNotOver);
}

#[test]
fn it_is_over_at_the_deadline_of_a_missed_milestone() {
    let mut world = World::new();
    let campaign = Campaign::with_milestone(&mut world, Asset::SOL, 1, MILESTONE);
    let everything = MILESTONE_FUNDING + 50_000_000;
    world.cluster.set_time(DEADLINE - 1);
    let accepted_powers = Powers::NONE;
    let before = RefundView { is_over: false, owner: 0, treasury: 0, held_back: everything, accepted_powers };
    assert_eq!(campaign.view_refund(&world).unwrap(), before);
    world.cluster.set_time(DEADLINE);
    let after = RefundView { is_over: true, owner: everything, treasury: 0, held_back: 0, accepted_powers };
    assert_eq!(campaign.view_refund(&world).unwrap(), after);
    assert_closing_agrees(&world, &campaign);
}

#[test]
fn gifts_to_the_vault_belong_to_the_owner() {
    let mut world = World::new();
    let campaign = finished(&mut world, Asset::SOL);
    let vault = campaign.addresses.vault;
    world.set_lamports(&vault, world.cluster.lamports(&vault) + 7);
    assert_eq!(campaign.view_refund(&world).unwrap().owner, DEPOSITED - PAID - FEE_EARNED + 7);
    assert_closing_agrees(&world, &campaign);
}

#[test]
fn the_fee_of_a_treasury_that_cannot_be_credited_is_held_back() {
    let mut world = World::new();
    let campaign = finished(&mut world, Asset::SOL);
    let treasury = world.treasury;
    world.make_executable(&treasury);
    let view = campaign.view_refund(&world).unwrap();
    let (owner, accepted_powers) = (DEPOSITED - PAID - FEE_EARNED, Powers::NONE);
    let expected = RefundView { is_over: true, owner, treasury: 0, held_back: FEE_EARNED, accepted_powers };
    assert_eq!(view, expected);
    assert_closing_agrees(&world, &campaign);
}

#[test]
fn a_vault_that_is_short_is_refused_as_closing_refuses_it() {
    let mut world = World::new();
    let campaign = finished(&mut world, Asset::SOL);
    let rent = world.rent(0);
    world.set_lamports(&campaign.addresses.vault, rent + FEE_EARNED - 1);
    expect_error(campaign.view_refund(&world).map(|_| unreachable!()), TorqueError::VaultShort);
    expect_error(campaign.close(&mut world), TorqueError::VaultShort);
}

#[test]
fn another_treasury_is_refused() {
    let mut world = World::new();
    let token = world.create_token(spl_token::ID);
    for asset in [token, Asset::SOL] {
        let mut world = world.fork();
        let campaign = finished(&mut world, asset);
        let mut ask = view::refund(&campaign.addresses, &world.treasury);
        ask.accounts[3].pubkey = campaign.addresses.vault;
        expect_error(world.view::<RefundView>(ask).map(|_| unreachable!()), TorqueError::TreasuryMismatch);
    }
}

/// A distributor that paid three leaves and is over.
fn finished(world: &mut World, asset: Asset) -> Campaign {
    let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, 3);
    campaign.finish(world, &allocations);
    campaign
}

/// Closing a copy sends what the view says, and asking changes nothing.
#[track_caller]
fn assert_closing_agrees(world: &World, campaign: &Campaign) {
    let (before, vault) = (Ledger::of(world), world.vault_balance(&campaign.addresses));
    let view = campaign.view_refund(world).unwrap();
    assert_eq!(before.changes(world), [], "accounts changed");
    assert_eq!(view.owner + view.treasury + view.held_back, vault, "the amounts are all of the vault");
    let event: DistributorClosed = the_event(&expect_success(campaign.close(&mut world.fork())));
    assert_eq!((event.refunded, event.fee, event.held), (view.owner, view.treasury, view.held_back));
}
