//! A recipient that cannot be paid now never stops the others: `push` skips it, reports why, and pays it later.

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use crank_cluster::payment::{Payment, Push};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH, tree};
use tests::events::the_event;
use tests::world::World;
use torque::events::{Pushed, SkipReason, Skipped};
use torque::state::Mode;

#[test]
fn a_leaf_that_is_paid_already_is_skipped() {
    for program in [Asset::SOL.token_program, spl_token::ID] {
        let (mut world, campaign, allocations) = open(program, 4);
        for index in [1, 2] {
            expect_success(campaign.pay(&mut world, &allocations, index));
        }
        let paid = [0b1001, 0];
        for (paid, reasons) in
            paid.into_iter().zip([vec![(1, PAID), (2, PAID)], vec![(0, PAID), (1, PAID), (2, PAID), (3, PAID)]])
        {
            let event = push(&mut world, &campaign, &allocations, campaign.plan_push(&allocations, 0, 2));
            assert_eq!((event.paid, event.skipped), (paid, skips(&reasons)));
        }
        for payment in &allocations.payments {
            assert_eq!(world.balance(&campaign.addresses.asset, &payment.recipient), payment.amount);
        }
        assert_eq!(world.epoch(&campaign.addresses, 0).paid_total, allocations.total());
    }
}

#[test]
fn a_wallet_without_an_account_is_skipped_until_it_has_one() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, allocations) = Campaign::posted(&mut world, asset, Mode::Push, 4);
    for index in [0, 1, 3] {
        world.open_account(&asset, &allocations.payments[index].recipient);
    }
    world.pass(DELAY);
    let event = push(&mut world, &campaign, &allocations, campaign.plan_push_without(&allocations, 0, 2, &[2]));
    assert_eq!((event.paid, event.skipped), (0b1011, skips(&[(2, SkipReason::Absent)])));
    world.open_account(&asset, &allocations.payments[2].recipient);
    let event = push(&mut world, &campaign, &allocations, campaign.plan_push(&allocations, 0, 2));
    assert_eq!((event.paid, event.amount), (0b0100, 2_000_002));
}

#[test]
fn a_wallet_of_sol_may_be_named_as_absent_too() {
    let (mut world, campaign, allocations) = open(Asset::SOL.token_program, 4);
    let plan = campaign.plan_push_without(&allocations, 0, 2, &[0, 3]);
    let event = push(&mut world, &campaign, &allocations, plan);
    assert_eq!((event.paid, event.amount), (0b0110, 4_000_003));
    assert_eq!(event.skipped, skips(&[(0, SkipReason::Absent), (3, SkipReason::Absent)]));
}

#[test]
fn a_frozen_account_is_skipped_until_it_is_thawed() {
    let (mut world, campaign, allocations) = open(spl_token::ID, 4);
    let (asset, wallet) = (campaign.addresses.asset, allocations.payments[1].recipient);
    world.freeze(&asset, &asset.account_of(&wallet));
    let event = push(&mut world, &campaign, &allocations, campaign.plan_push(&allocations, 0, 2));
    assert_eq!((event.paid, event.skipped), (0b1101, skips(&[(1, SkipReason::Frozen)])));
    assert_eq!(world.balance(&asset, &wallet), 0);
    world.thaw(&asset, &asset.account_of(&wallet));
    let event = push(&mut world, &campaign, &allocations, campaign.plan_push(&allocations, 0, 2));
    assert_eq!((event.paid, world.balance(&asset, &wallet)), (0b0010, 2_000_001));
}

#[test]
fn an_account_that_insists_on_a_memo_is_skipped() {
    let (mut world, campaign, allocations) = open(spl_token_2022::ID, 4);
    world.insist_on_memo(&campaign.addresses.asset, &allocations.wallets[3]);
    let event = push(&mut world, &campaign, &allocations, campaign.plan_push(&allocations, 0, 2));
    assert_eq!((event.paid, event.skipped), (0b0111, skips(&[(3, SkipReason::MemoRequired)])));
    assert!(!campaign.is_paid(&world, 0, 3));
}

#[test]
fn lamports_too_few_for_a_new_account_are_skipped_until_it_has_some() {
    let mut world = World::new();
    let amounts = [890_880, 890_879, 0, 5];
    let (campaign, allocations) = Campaign::open_with(&mut world, Asset::SOL, Mode::Push, &amounts, 1_781_764);
    let event = push(&mut world, &campaign, &allocations, campaign.plan_push(&allocations, 0, 2));
    let reasons = [1, 2, 3].map(|index| (index, SkipReason::BelowRentExemption));
    assert_eq!((event.paid, event.amount, event.skipped), (0b0001, 890_880, skips(&reasons)));
    for index in [1, 2, 3] {
        world.set_lamports(&allocations.payments[index].recipient, world.rent(0));
    }
    let event = push(&mut world, &campaign, &allocations, campaign.plan_push(&allocations, 0, 2));
    assert_eq!((event.paid, event.amount), (0b1110, 890_884));
}

#[test]
fn an_account_of_sol_with_data_needs_the_rent_of_its_size() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open_with(&mut world, Asset::SOL, Mode::Push, &[1_000_000, 1], 1_000_001);
    let recipient = allocations.payments[0].recipient;
    world.put_account(recipient, torque::ID, vec![0; 100]);
    world.set_lamports(&recipient, world.rent(100) - 1_000_001);
    let event = push(&mut world, &campaign, &allocations, campaign.plan_push(&allocations, 0, 0));
    assert_eq!(event.skipped, skips(&[(0, SkipReason::BelowRentExemption)]));
    world.set_lamports(&recipient, world.rent(100) - 1_000_000);
    let event = push(&mut world, &campaign, &allocations, campaign.plan_push(&allocations, 0, 0));
    assert_eq!(event.paid, 1);
}

#[test]
fn a_wallet_that_is_a_program_a_sysvar_or_the_vault_is_skipped() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Push, 1);
    let clock = Pubkey::from_str_const("SysvarC1ock11111111111111111111111111111111");
    let wallets = [spl_token::ID, clock, campaign.addresses.vault, world.stranger.pubkey(), torque::ID];
    let allocations = allocations_to(&campaign, &wallets);
    world.pass(EPOCH);
    expect_success(campaign.post(&mut world, &allocations));
    world.pass(DELAY);
    let event = push(&mut world, &campaign, &allocations, campaign.plan_push(&allocations, 0, 3));
    let reasons = [0, 1, 2, 4].map(|index| (index, SkipReason::NotCreditable));
    assert_eq!((event.paid, event.amount, event.skipped), (0b01000, 3_000_000, skips(&reasons)));
}

#[test]
fn an_account_that_is_passed_read_only_is_skipped() {
    for program in [Asset::SOL.token_program, spl_token::ID] {
        let (mut world, campaign, allocations) = open(program, 4);
        let mut instruction = campaign.push_instruction(&allocations, campaign.plan_push(&allocations, 0, 2));
        instruction.accounts.last_mut().unwrap().is_writable = false;
        let stranger = world.stranger.insecure_clone();
        let event: Pushed = the_event(&expect_success(world.send(instruction, &[&stranger])));
        assert_eq!((event.paid, event.skipped), (0b0111, skips(&[(3, SkipReason::NotCreditable)])));
    }
}

#[test]
fn every_reason_is_reported_for_its_own_leaf_and_the_others_are_paid() {
    let (mut world, campaign, allocations) = open(spl_token_2022::ID, 8);
    let asset = campaign.addresses.asset;
    expect_success(campaign.pay(&mut world, &allocations, 0));
    world.freeze(&asset, &asset.account_of(&allocations.payments[2].recipient));
    world.insist_on_memo(&asset, &allocations.wallets[3]);
    let plan = campaign.plan_push_without(&allocations, 0, 3, &[5]);
    let mut instruction = campaign.push_instruction(&allocations, plan);
    instruction.accounts.last_mut().unwrap().is_writable = false;
    let stranger = world.stranger.insecure_clone();
    let event: Pushed = the_event(&expect_success(world.send(instruction, &[&stranger])));
    let reasons = [
        (0, SkipReason::AlreadyPaid),
        (2, SkipReason::Frozen),
        (3, SkipReason::MemoRequired),
        (5, SkipReason::Absent),
        (7, SkipReason::NotCreditable),
    ];
    assert_eq!((event.first_index, event.paid, event.skipped), (0, 0b0101_0010, skips(&reasons)));
    assert_eq!(event.amount, 2_000_001 + 2_000_004 + 2_000_006);
    let paid: Vec<u32> = (0..8).filter(|index| campaign.is_paid(&world, 0, *index)).collect();
    assert_eq!(paid, [0, 1, 4, 6]);
}

#[test]
fn a_wallet_with_two_leaves_in_a_block_is_paid_both() {
    for program in [Asset::SOL.token_program, spl_token::ID] {
        let mut world = World::new();
        let asset = if program == Asset::SOL.token_program { Asset::SOL } else { world.create_token(program) };
        let campaign = Campaign::funded(&mut world, asset, Mode::Push, 1);
        let (wallet, other) = (world.treasury, world.owner.pubkey());
        let allocations = allocations_to(&campaign, &[wallet, other, wallet]);
        world.pass(EPOCH);
        expect_success(campaign.post(&mut world, &allocations));
        world.pass(DELAY);
        let before = world.balance(&asset, &wallet);
        let event = push(&mut world, &campaign, &allocations, campaign.plan_push(&allocations, 0, 2));
        assert_eq!((event.paid, world.balance(&asset, &wallet) - before), (0b111, 6_000_000));
    }
}

const PAID: SkipReason = SkipReason::AlreadyPaid;

fn open(program: Pubkey, count: u32) -> (World, Campaign, Allocations) {
    let mut world = World::new();
    let asset = if program == Asset::SOL.token_program { Asset::SOL } else { world.create_token(program) };
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Push, count);
    (world, campaign, allocations)
}

/// Three million base units to each of `wallets`; their keys are not needed.
fn allocations_to(campaign: &Campaign, wallets: &[Pubkey]) -> Allocations {
    let payments: Vec<Payment> =
        wallets.iter().map(|wallet| Payment { recipient: *wallet, amount: 3_000_000 }).collect();
    let tree = tree(&campaign.addresses.epoch(0), &payments);
    Allocations { epoch: 0, wallets: vec![], payments, tree }
}

/// Sends `plan` and returns its report.
fn push(world: &mut World, campaign: &Campaign, allocations: &Allocations, plan: Push) -> Pushed {
    the_event(&expect_success(campaign.push(world, allocations, plan)))
}

fn skips(reasons: &[(u32, SkipReason)]) -> Vec<Skipped> {
    reasons.iter().map(|(index, reason)| Skipped { index: *index, reason: *reason }).collect()
}
