//! `push`: anybody has a block of leaves paid to the wallets that they name. Skipped wallets are in `push_skips`.

use anchor_lang::error::ErrorCode;
use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use crank_cluster::payment::Push;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{expect_anchor_error, expect_error, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, WINDOW};
use tests::events::the_event;
use tests::world::{World, keypair};
use torque::error::TorqueError;
use torque::events::Pushed;
use torque::state::Mode;

#[test]
fn a_block_of_tokens_reaches_every_wallet() {
    for program in [spl_token::ID, spl_token_2022::ID] {
        let (mut world, campaign, allocations) = open(program, 8);
        let before = world.vault_balance(&campaign.addresses);
        expect_success(campaign.push(&mut world, &allocations, campaign.plan_push(&allocations, 0, 3)));
        for (payment, index) in allocations.payments.iter().zip(0..) {
            assert_eq!(world.balance(&campaign.addresses.asset, &payment.recipient), payment.amount);
            assert!(campaign.is_paid(&world, 0, index));
        }
        assert_eq!(before - world.vault_balance(&campaign.addresses), allocations.total());
        let epoch = world.epoch(&campaign.addresses, 0);
        assert_eq!((epoch.paid_count, epoch.paid_total), (8, allocations.total()));
    }
}

#[test]
fn a_block_of_sol_reaches_every_wallet() {
    let (mut world, campaign, allocations) = open(Asset::SOL.token_program, 8);
    let before = world.vault_balance(&campaign.addresses);
    expect_success(campaign.push(&mut world, &allocations, campaign.plan_push(&allocations, 0, 3)));
    for payment in &allocations.payments {
        assert_eq!(world.cluster.lamports(&payment.recipient), payment.amount);
    }
    assert_eq!(before - world.vault_balance(&campaign.addresses), allocations.total());
}

#[test]
fn a_push_is_reported() {
    let (mut world, campaign, allocations) = open(spl_token::ID, 8);
    let push = campaign.plan_push(&allocations, 4, 2);
    let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, push)));
    assert_eq!((event.distributor, event.epoch), (campaign.addresses.distributor, campaign.addresses.epoch(0)));
    assert_eq!((event.first_index, event.paid, event.skipped), (4, 0b1111, vec![]));
    assert_eq!(event.amount, allocations.payments[4..].iter().map(|payment| payment.amount).sum::<u64>());
}

#[test]
fn blocks_of_every_size_cover_an_epoch_of_any_length() {
    for level in 0..=4 {
        for count in [1, 5, 16, 17, 31] {
            let (mut world, campaign, allocations) = open(Asset::SOL.token_program, count);
            for first in (0..count).step_by(1 << level) {
                let push = campaign.plan_push(&allocations, first, level);
                expect_success(campaign.push(&mut world, &allocations, push));
            }
            assert_eq!(world.epoch(&campaign.addresses, 0).paid_count, count, "level {level}");
            expect_success(campaign.close_epoch(&mut world, 0));
        }
    }
}

#[test]
fn a_block_has_at_most_32_leaves() {
    let (mut world, campaign, allocations) = open(Asset::SOL.token_program, 40);
    // Of the second block only eight leaves exist; a whole one needs a lookup table to fit a transaction.
    expect_success(campaign.push(&mut world, &allocations, campaign.plan_push(&allocations, 32, 5)));
    for level in [6, 31, 32, u8::MAX] {
        let mut push = campaign.plan_push(&allocations, 0, 0);
        push.args.level = level;
        expect_error(campaign.push(&mut world, &allocations, push), TorqueError::BlockInvalid);
    }
}

#[test]
fn a_block_starts_at_a_multiple_of_its_size_within_the_epoch() {
    let (mut world, campaign, allocations) = open(Asset::SOL.token_program, 8);
    for (first, error) in [
        (1, TorqueError::BlockInvalid),
        (2, TorqueError::BlockInvalid),
        (7, TorqueError::BlockInvalid),
        (8, TorqueError::LeafIndexOutOfRange),
        (u32::MAX - 3, TorqueError::LeafIndexOutOfRange),
    ] {
        let mut push = campaign.plan_push(&allocations, 0, 2);
        push.args.first_index = first;
        expect_error(campaign.push(&mut world, &allocations, push), error);
    }
}

#[test]
fn bytes_that_are_not_a_leaf_s_or_not_there_are_refused() {
    let (mut world, campaign, allocations) = open(Asset::SOL.token_program, 8);
    let stranger = world.stranger.insecure_clone();
    let mut send = |at: usize, len: u32| {
        let mut push = campaign.push_instruction(&allocations, campaign.plan_push(&allocations, 0, 0));
        push.data[at..at + 4].copy_from_slice(&len.to_le_bytes());
        push.data.resize(600, 0);
        world.send(push, &[&stranger])
    };
    // After the discriminator and nine bytes follow the amounts, here of three bytes, and the bumps, here none.
    for at in [17, 24] {
        expect_error(send(at, 321), TorqueError::BlockEncoding);
        for len in [600, u32::MAX] {
            expect_anchor_error(send(at, len), ErrorCode::InstructionDidNotDeserialize);
        }
    }
}

#[test]
fn a_push_is_open_from_the_first_second_of_the_window_to_the_last() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Push, 4);
    world.pass(DELAY - 1);
    expect_error(campaign.pay(&mut world, &allocations, 0), TorqueError::EpochNotOpen);
    world.pass(1);
    expect_success(campaign.pay(&mut world, &allocations, 0));
    world.pass(WINDOW - 1);
    expect_success(campaign.pay(&mut world, &allocations, 1));
    world.pass(1);
    expect_error(campaign.pay(&mut world, &allocations, 2), TorqueError::WindowOver);
}

#[test]
fn a_distributor_that_is_claimed_from_does_not_push() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 4);
    let push = campaign.plan_push(&allocations, 0, 2);
    expect_error(campaign.push(&mut world, &allocations, push), TorqueError::ModeIsClaim);
}

#[test]
fn amounts_bumps_wallets_and_accounts_are_one_for_each_leaf() {
    let edits: [fn(&mut Push); 15] = [
        |push| push.args.amounts.truncate(push.args.amounts.len() - 1),
        |push| push.args.amounts.push(0),
        |push| push.args.amounts = vec![0xff; 40],
        |push| push.args.amounts.clear(),
        |push| push.args.bumps.truncate(push.args.bumps.len() - 1),
        |push| push.args.bumps.push(255),
        |push| push.args.wallets.push(keypair(1).pubkey()),
        |push| push.args.absent = 0b1000,
        |push| push.args.absent = 0b1_0000,
        |push| push.args.absent = 1 << 31,
        |push| stretch_first_amount(push, |_| vec![0]),
        |push| stretch_first_amount(push, |last| [vec![0x80; 8 - last], vec![2]].concat()),
        |push| push.accounts.truncate(push.accounts.len() - 1),
        |push| push.accounts.push(push.accounts[0]),
        |push| push.accounts.clear(),
    ];
    let (mut world, campaign, allocations) = open(spl_token::ID, 4);
    for edit in edits {
        let mut push = campaign.plan_push(&allocations, 0, 2);
        edit(&mut push);
        expect_error(campaign.push(&mut world, &allocations, push), TorqueError::BlockEncoding);
    }
}

/// Goes on with `tail` after the first amount: a byte more than it needs, or ten with a bit beyond the sixty-fourth.
fn stretch_first_amount(push: &mut Push, tail: fn(usize) -> Vec<u8>) {
    let last = push.args.amounts.iter().position(|byte| byte & 0x80 == 0).unwrap();
    push.args.amounts[last] |= 0x80;
    push.args.amounts.splice(last + 1..last + 1, tail(last));
}

#[test]
fn a_push_of_sol_has_no_bumps() {
    let (mut world, campaign, allocations) = open(Asset::SOL.token_program, 4);
    let mut push = campaign.plan_push(&allocations, 0, 2);
    push.args.bumps.push(255);
    expect_error(campaign.push(&mut world, &allocations, push), TorqueError::BlockEncoding);
}

#[test]
fn a_block_that_is_not_what_the_root_says_is_refused_as_a_whole() {
    type Edit = fn(&mut Push);
    let edits: [(Edit, TorqueError); 6] = [
        (|push| push.args.amounts[0] ^= 1, TorqueError::ProofInvalid),
        (|push| push.accounts.swap(0, 1), TorqueError::ProofInvalid),
        (|push| push.accounts[1] = push.accounts[0], TorqueError::ProofInvalid),
        (|push| push.args.path[0][5] ^= 1, TorqueError::ProofInvalid),
        (|push| push.args.path.truncate(push.args.path.len() - 1), TorqueError::ProofLength),
        (|push| push.args.path.push([1; 32]), TorqueError::ProofLength),
    ];
    let (mut world, campaign, allocations) = open(Asset::SOL.token_program, 8);
    for (edit, error) in edits {
        let mut push = campaign.plan_push(&allocations, 0, 2);
        edit(&mut push);
        expect_error(campaign.push(&mut world, &allocations, push), error);
    }
    assert_eq!(world.epoch(&campaign.addresses, 0).paid_count, 0);
}

#[test]
fn what_is_no_token_account_of_the_mint_is_refused() {
    let (mut world, campaign, allocations) = open(spl_token::ID, 4);
    let (asset, other) = (campaign.addresses.asset, world.create_token(spl_token::ID));
    let wallet = allocations.payments[0].recipient;
    world.open_account(&other, &wallet);
    let empty = keypair(70).pubkey();
    world.put_account(empty, spl_token::ID, vec![0; 165]);
    for account in [wallet, asset.mint, other.account_of(&wallet), keypair(71).pubkey(), empty, torque::ID] {
        let mut push = campaign.plan_push(&allocations, 0, 2);
        push.accounts[0] = account;
        expect_error(campaign.push(&mut world, &allocations, push), TorqueError::RecipientAccountMissing);
    }
}

#[test]
fn an_account_that_is_not_its_owner_s_associated_one_is_refused() {
    let (mut world, campaign, allocations) = open(spl_token::ID, 4);
    let own = campaign.addresses.asset.account_of(&allocations.payments[0].recipient);
    let (second, data) = (keypair(72).pubkey(), world.cluster.account(&own).unwrap().data);
    world.put_account(second, spl_token::ID, data);
    let mut push = campaign.plan_push(&allocations, 0, 2);
    push.accounts[0] = second;
    expect_error(campaign.push(&mut world, &allocations, push), TorqueError::RecipientAccountNotAssociated);
    let mut push = campaign.plan_push(&allocations, 0, 2);
    push.args.bumps[0] = push.args.bumps[0].wrapping_sub(1);
    expect_error(campaign.push(&mut world, &allocations, push), TorqueError::RecipientAccountNotAssociated);
}

#[test]
fn an_associated_account_that_was_given_away_is_refused_and_its_wallet_then_named_as_absent() {
    let (mut world, campaign, allocations) = open(spl_token::ID, 4);
    let heir = world.stranger.pubkey();
    world.give_account_away(&campaign.addresses.asset, &allocations.wallets[2], &heir);
    let push = campaign.plan_push(&allocations, 0, 2);
    expect_error(campaign.push(&mut world, &allocations, push), TorqueError::RecipientAccountNotAssociated);
    let push = campaign.plan_push_without(&allocations, 0, 2, &[2]);
    let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, push)));
    assert_eq!((event.paid, event.skipped.len()), (0b1011, 1));
}

#[test]
fn a_vault_a_mint_a_program_or_an_epoch_of_another_distributor_is_refused() {
    let (mut world, campaign, allocations) = open(spl_token::ID, 4);
    let other = world.create_token(spl_token::ID);
    let twin = Campaign::funded(&mut world, campaign.addresses.asset, Mode::Push, 2);
    expect_success(twin.post(&mut world, &allocations));
    world.pass(DELAY);
    for (slot, address, error) in [
        (1, twin.addresses.distributor, TorqueError::VaultMismatch),
        (2, twin.addresses.epoch(0), TorqueError::EpochMismatch),
        (3, twin.addresses.vault, TorqueError::VaultMismatch),
        (4, other.mint, TorqueError::MintMismatch),
        (5, spl_token_2022::ID, TorqueError::TokenProgramMismatch),
    ] {
        let mut push = campaign.push_instruction(&allocations, campaign.plan_push(&allocations, 0, 2));
        push.accounts[slot].pubkey = address;
        let stranger = world.stranger.insecure_clone();
        expect_error(world.send(push, &[&stranger]), error);
    }
}

#[test]
fn an_epoch_pays_no_more_than_its_total_whatever_its_leaves_say() {
    let mut world = World::new();
    let amounts = [2_000_000, 2_000_000];
    let (campaign, allocations) = Campaign::open_with(&mut world, Asset::SOL, Mode::Push, &amounts, 3_999_999);
    let push = campaign.plan_push(&allocations, 0, 1);
    expect_error(campaign.push(&mut world, &allocations, push), TorqueError::EpochTotalExceeded);
    expect_success(campaign.pay(&mut world, &allocations, 0));
    expect_error(campaign.pay(&mut world, &allocations, 1), TorqueError::EpochTotalExceeded);
}

#[test]
fn a_vault_of_sol_keeps_its_rent() {
    let (mut world, campaign, allocations) = open(Asset::SOL.token_program, 2);
    world.set_lamports(&campaign.addresses.vault, world.rent(0) + allocations.total() - 1);
    let push = campaign.plan_push(&allocations, 0, 1);
    expect_error(campaign.push(&mut world, &allocations, push), TorqueError::VaultShort);
    assert_eq!(world.epoch(&campaign.addresses, 0).paid_count, 0);
    expect_success(campaign.pay(&mut world, &allocations, 0));
}

#[test]
fn an_epoch_that_is_closed_pushes_nothing() {
    let (mut world, campaign, allocations) = open(Asset::SOL.token_program, 2);
    expect_success(campaign.push(&mut world, &allocations, campaign.plan_push(&allocations, 0, 1)));
    expect_success(campaign.close_epoch(&mut world, 0));
    let sent = campaign.push(&mut world, &allocations, campaign.plan_push(&allocations, 0, 1));
    expect_anchor_error(sent, ErrorCode::AccountOwnedByWrongProgram);
}

/// A distributor of the token or the SOL that `program` moves, which pushes to `count` wallets.
fn open(program: Pubkey, count: u32) -> (World, Campaign, Allocations) {
    let mut world = World::new();
    let asset = if program == Asset::SOL.token_program { Asset::SOL } else { world.create_token(program) };
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Push, count);
    (world, campaign, allocations)
}
