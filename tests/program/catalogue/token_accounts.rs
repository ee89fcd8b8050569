//! C-096, C-102 and C-103: accounts that refuse or are stopped: the recipient's, which waits alone, and the vault.

use anchor_spl::token::spl_token;
use anchor_spl::token_2022::spl_token_2022;
use crank_cluster::address::Asset;
use solana_signer::Signer as _;
use spl_token_2022::extension::ExtensionType;
use tests::assertions::expect_success;
use tests::campaign::{Campaign, DELAY, EPOCH, FUNDING};
use tests::events::the_event;
use tests::extensions::mint_extensions;
use tests::ledger::expect_unchanged_by;
use tests::world::{World, keypair};
use torque::events::{Pushed, SkipReason, Skipped};
use torque::state::Mode;

use super::stage::expect_paid;

/// Token-2022's error for an account that is frozen.
const ACCOUNT_FROZEN: Option<u32> = Some(17);

/// A mint whose new accounts start frozen; the accounts of owner and treasury are thawed.
fn default_frozen(world: &mut World) -> Asset {
    let all = mint_extensions(&keypair(60).pubkey(), &world.owner.pubkey());
    let extension = all.into_iter().find(|(kind, _)| *kind == ExtensionType::DefaultAccountState).unwrap();
    let asset = world.create_extended_mint(&[extension], 60);
    world.issue(&asset);
    asset
}

/// C-096. A wallet turns a memo or a guard against programs on after the root was posted, in a push.
#[test]
fn c_096_an_account_that_wants_memos_waits_alone_and_one_that_guards_itself_is_paid() {
    for fee in [None, Some(100)] {
        let mut world = World::new();
        let asset = match fee {
            Some(fee) => world.create_fee_token(fee, u64::MAX),
            None => world.create_token(spl_token_2022::ID),
        };
        let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Push, 8);
        world.insist_on_memo(&asset, &allocations.wallets[2]);
        world.guard_against_programs(&asset, &allocations.wallets[5]);
        let plan = campaign.plan_push(&allocations, 0, 3);
        let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, plan)));
        assert_eq!(event.skipped, [Skipped { index: 2, reason: SkipReason::MemoRequired }]);
        expect_paid(&world, &campaign, &allocations, &[0, 1, 3, 4, 5, 6, 7]);
    }
}

/// C-096. In a claim the wallet itself chose the account: only its own claim is refused, and another account will do.
#[test]
fn c_096_a_claim_into_an_account_that_wants_memos_can_name_another() {
    let mut world = World::new();
    let asset = world.create_token(spl_token_2022::ID);
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Claim, 3);
    world.insist_on_memo(&asset, &allocations.wallets[1]);
    world.guard_against_programs(&asset, &allocations.wallets[2]);
    expect_unchanged_by(&mut world, |world| campaign.claim(world, &allocations, 1));
    for index in [0, 2] {
        expect_success(campaign.claim(&mut world, &allocations, index));
    }
    let mut claim = campaign.claim_instruction(&allocations, 1);
    claim.accounts[5].pubkey = asset.account_of(&world.treasury);
    expect_success(world.send(claim, &[&campaign.publisher, &allocations.wallets[1]]));
    assert_eq!(world.balance(&asset, &world.treasury), allocations.payments[1].amount);
}

/// C-102. The vault of a mint whose accounts start frozen takes no money until the issuer thaws it.
#[test]
fn c_102_a_vault_that_starts_frozen_takes_no_money_until_it_is_thawed() {
    let mut world = World::new();
    let asset = default_frozen(&mut world);
    let campaign = Campaign::created(&mut world, asset, Mode::Push, 1);
    let code = expect_unchanged_by(&mut world, |world| campaign.fund(world, FUNDING));
    assert_eq!(code, ACCOUNT_FROZEN);
    world.thaw(&asset, &campaign.addresses.vault);
    expect_success(campaign.fund(&mut world, FUNDING));
}

/// C-102. A distributor that was never thawed, and so never funded, can still be closed.
#[test]
fn c_102_a_vault_that_stays_frozen_is_closed_empty() {
    let mut world = World::new();
    let asset = default_frozen(&mut world);
    let campaign = Campaign::created(&mut world, asset, Mode::Push, 1);
    world.pass(30 * EPOCH);
    expect_success(campaign.close(&mut world));
    assert!(world.is_absent(&campaign.addresses.vault));
}

/// C-102. A recipient whose account starts frozen waits alone, until the issuer thaws it.
#[test]
fn c_102_a_recipient_that_starts_frozen_waits_alone() {
    let mut world = World::new();
    let asset = default_frozen(&mut world);
    let campaign = Campaign::created(&mut world, asset, Mode::Push, 1);
    world.thaw(&asset, &campaign.addresses.vault);
    expect_success(campaign.fund(&mut world, FUNDING));
    world.pass(EPOCH);
    let allocations = campaign.allocations(0, 4);
    expect_success(campaign.post(&mut world, &allocations));
    for payment in &allocations.payments {
        world.open_account(&asset, &payment.recipient);
    }
    world.pass(DELAY);
    let mut paid = Vec::new();
    for index in [2, 0, 3, 1] {
        world.thaw(&asset, &asset.account_of(&allocations.payments[index].recipient));
        paid.push(index);
        let plan = campaign.plan_push(&allocations, 0, 2);
        let event: Pushed = the_event(&expect_success(campaign.push(&mut world, &allocations, plan)));
        assert_eq!(event.paid, 1 << index);
        let frozen = event.skipped.iter().filter(|skipped| skipped.reason == SkipReason::Frozen).count();
        assert_eq!(frozen, 4 - paid.len());
        expect_paid(&world, &campaign, &allocations, &paid);
    }
}

/// C-103. The freeze authority of any mint may freeze the vault between two pushes: all halts, and nothing is lost.
#[test]
fn c_103_a_frozen_vault_halts_payments_and_each_is_made_once_afterwards() {
    for (program, mode) in [
        (spl_token::ID, Mode::Push),
        (spl_token::ID, Mode::Claim),
        (spl_token_2022::ID, Mode::Push),
        (spl_token_2022::ID, Mode::Claim),
    ] {
        let mut world = World::new();
        let asset = world.create_token(program);
        let (campaign, allocations) = Campaign::open(&mut world, asset, mode, 4);
        expect_success(campaign.pay(&mut world, &allocations, 1));
        world.freeze(&asset, &campaign.addresses.vault);
        for index in [0, 2, 3] {
            let code = expect_unchanged_by(&mut world, |world| campaign.pay(world, &allocations, index));
            assert_eq!(code, ACCOUNT_FROZEN);
        }
        expect_paid(&world, &campaign, &allocations, &[1]);
        world.thaw(&asset, &campaign.addresses.vault);
        for index in [0, 2, 3] {
            expect_success(campaign.pay(&mut world, &allocations, index));
        }
        expect_paid(&world, &campaign, &allocations, &[0, 1, 2, 3]);
    }
}

/// C-103, with a fee of every transfer.
#[test]
fn c_103_a_frozen_vault_of_a_mint_with_a_fee_halts_too() {
    let mut world = World::new();
    let asset = world.create_fee_token(100, u64::MAX);
    let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Push, 4);
    world.freeze(&asset, &campaign.addresses.vault);
    let plan = || campaign.plan_push(&allocations, 0, 2);
    let code = expect_unchanged_by(&mut world, |world| campaign.push(world, &allocations, plan()));
    assert_eq!(code, ACCOUNT_FROZEN);
    world.thaw(&asset, &campaign.addresses.vault);
    expect_success(campaign.push(&mut world, &allocations, plan()));
    expect_paid(&world, &campaign, &allocations, &[0, 1, 2, 3]);
}
