//! `push` with all transfers in one call of SPL Token: it does what a transfer each does, or nothing.

use std::collections::BTreeMap;

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use crank_cluster::payment::Push;
use crank_cluster::transaction::Format;
use solana_account::{AccountSharedData, ReadableAccount as _};
use solana_pubkey::Pubkey;
use tests::assertions::expect_success;
use tests::campaign::{Allocations, Campaign, DELAY, EPOCH, tree};
use tests::events::the_event;
use tests::invariants;
use tests::ledger::{SYSVARS, expect_unchanged, expect_unchanged_by};
use tests::world::World;
use torque::error::TorqueError;
use torque::events::{Pushed, SkipReason};
use torque::state::Mode;

#[test]
fn a_batch_leaves_every_account_as_a_transfer_each_leaves_it() {
    let (mut world, campaign, allocations) = open(spl_token::ID, 32);
    let asset = campaign.addresses.asset;
    let [frozen, paid, last] = [3, 7, 31];
    world.freeze(&asset, &asset.account_of(&allocations.payments[frozen as usize].recipient));
    let alone = campaign.plan_push(&allocations, paid, 0);
    expect_success(campaign.push(&mut world, &allocations, alone));
    for (first, level) in [(0, 4), (16, 4), (16, 3), (last, 0), (paid, 0)] {
        let plan = || campaign.plan_push(&allocations, first, level);
        let [one_each, one_call] = [plan(), batched(plan())].map(|push| {
            let mut world = world.fork();
            let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, push)));
            invariants::check(&world, &[&campaign]);
            ((event.paid, event.amount, event.spent, event.skipped), accounts(&world))
        });
        assert!(one_each == one_call, "{} leaves from {first}", 1 << level);
    }
}

#[test]
fn a_batch_skips_whom_it_cannot_pay_and_says_why() {
    let (mut world, campaign, allocations) = open(spl_token::ID, 4);
    let asset = campaign.addresses.asset;
    world.freeze(&asset, &asset.account_of(&allocations.payments[1].recipient));
    let push = batched(campaign.plan_push_without(&allocations, 0, 2, &[2]));
    let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, push)));
    let skipped: Vec<_> = event.skipped.iter().map(|it| (it.index, it.reason)).collect();
    assert_eq!((event.paid, skipped), (0b1001, vec![(1, SkipReason::Frozen), (2, SkipReason::Absent)]));
    let nobody = batched(campaign.plan_push(&allocations, 0, 0));
    let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, nobody)));
    assert_eq!((event.paid, event.amount), (0, 0));
}

#[test]
fn a_batch_that_the_token_program_refuses_changes_nothing() {
    let (mut world, campaign, allocations) = open(spl_token::ID, 4);
    let (asset, vault) = (campaign.addresses.asset, campaign.addresses.vault);
    world.freeze(&asset, &vault);
    let push = || batched(campaign.plan_push(&allocations, 0, 2));
    expect_unchanged_by(&mut world, |world| campaign.push(world, &allocations, push()));
    world.thaw(&asset, &vault);
    expect_success(campaign.push(&mut world, &allocations, push()));
    assert_eq!(world.epoch(&campaign.addresses, 0).paid_count, 4);
}

#[test]
fn the_largest_block_is_paid_and_one_account_more_is_refused() {
    let (mut world, campaign, allocations) = open(spl_token::ID, 32);
    let publisher = world.publisher.insecure_clone();
    for how in [batched, std::convert::identity] {
        let push = campaign.push_instruction(&allocations, how(campaign.plan_push(&allocations, 0, 5)));
        let mut surplus = push.clone();
        surplus.accounts.extend(push.accounts.last().cloned());
        let send = |world: &World, push| world.cluster.send_as(&[push], &[&publisher], Format::V1);
        expect_unchanged(&mut world, TorqueError::BlockEncoding, |world| send(world, surplus));
        let event: Pushed = the_event(&expect_success(send(&world.fork(), push)));
        assert_eq!(event.paid, u32::MAX);
    }
}

#[test]
fn a_leaf_of_nothing_is_paid_without_a_transfer() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let campaign = Campaign::funded(&mut world, asset, Mode::Push, 1);
    world.pass(EPOCH);
    let mut allocations = campaign.allocations(0, 4);
    allocations.payments.iter_mut().skip(1).for_each(|payment| payment.amount = 0);
    allocations.tree = tree(&campaign.epoch(0), &allocations.payments);
    expect_success(campaign.post(&mut world, &allocations));
    for payment in &allocations.payments {
        world.open_account(&asset, &payment.recipient);
    }
    world.pass(DELAY);
    let calls = |first, level, how: fn(Push) -> Push| {
        let receipt =
            campaign.push(&mut world.fork(), &allocations, how(campaign.plan_push(&allocations, first, level)));
        let event: Pushed = the_event(&receipt.as_ref().unwrap().clone());
        let call = format!("Program {} invoke", spl_token::ID);
        (event.paid, receipt.unwrap().logs.iter().filter(|line| line.starts_with(&call)).count())
    };
    for how in [batched, std::convert::identity] {
        assert_eq!(calls(0, 2, how), (0b1111, 1), "one of four leaves gives something");
        assert_eq!(calls(2, 1, how), (0b11, 0), "neither of two gives anything");
    }
}

#[test]
fn what_is_no_spl_token_is_pushed_without_a_batch() {
    for program in [spl_token_2022::ID, Asset::SOL.token_program] {
        let (mut world, campaign, allocations) = open(program, 4);
        let push = batched(campaign.plan_push(&allocations, 0, 2));
        let refused = TorqueError::BatchUnsupported;
        expect_unchanged(&mut world, refused, |world| campaign.push(world, &allocations, push));
    }
}

fn batched(mut push: Push) -> Push {
    push.args.is_batched = true;
    push
}

/// Every account, but for those in which the cluster itself counts slots and blocks.
fn accounts(world: &World) -> BTreeMap<Pubkey, AccountSharedData> {
    world.cluster.accounts().into_iter().filter(|(_, account)| *account.owner() != SYSVARS).collect()
}

/// A distributor whose epoch 0, with `count` leaves, is open to pushes of a token of `program` or of SOL.
fn open(program: Pubkey, count: u32) -> (World, Campaign, Allocations) {
    let mut world = World::new();
    let asset = if program == Asset::SOL.token_program { Asset::SOL } else { world.create_token(program) };
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Push, count);
    (world, campaign, allocations)
}
