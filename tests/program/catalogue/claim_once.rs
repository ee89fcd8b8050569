//! C-001 to C-006 and C-012: a leaf is paid at most once, whatever the caller, the way and the history of its epoch.

use crank_cluster::instruction;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Campaign, DELAY, EPOCH, WINDOW, creation};
use tests::ledger::{expect_unchanged, expect_unchanged_by};
use tests::world::World;
use torque::error::TorqueError;
use torque::state::Mode;

use super::stage::{expect_paid, list, open_list, together, with_each_asset};

/// C-001. Again at once, with another destination, and in the last second of the window.
#[test]
fn c_001_a_leaf_claimed_in_two_transactions_is_paid_once() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, 3);
        expect_success(campaign.claim(world, &allocations, 1));
        let again = |world: &mut World| campaign.claim(world, &allocations, 1);
        expect_unchanged(world, TorqueError::LeafAlreadyPaid, again);
        let elsewhere = asset.account_of(&world.owner.pubkey());
        let wallet = &allocations.wallets[1];
        let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), elsewhere, allocations.leaf(1));
        expect_unchanged(world, TorqueError::LeafAlreadyPaid, |world| together(world, &[claim], &[wallet]));
        world.pass(WINDOW - 1);
        expect_unchanged(world, TorqueError::LeafAlreadyPaid, again);
        expect_paid(world, &campaign, &allocations, &[1]);
    });
}

/// C-002. To one destination and to two; the leaf is still worth one claim afterwards.
#[test]
fn c_002_a_leaf_claimed_twice_in_one_transaction_is_not_paid() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, 3);
        let wallet = &allocations.wallets[0];
        let claim = campaign.claim_instruction(&allocations, 0);
        let elsewhere = asset.account_of(&world.owner.pubkey());
        let other = instruction::claim(&campaign.addresses, wallet.pubkey(), elsewhere, allocations.leaf(0));
        for claims in [[claim.clone(), claim.clone()], [claim.clone(), other.clone()], [other, claim]] {
            expect_unchanged(world, TorqueError::LeafAlreadyPaid, |world| together(world, &claims, &[wallet]));
        }
        expect_success(campaign.claim(world, &allocations, 0));
        expect_paid(world, &campaign, &allocations, &[0]);
    });
}

/// C-003. A distributor pays in one mode for good, so of a claim and a push exactly one pays, whichever comes first.
/// Here both are in one slot, and then both in one transaction, which is refused.
#[test]
fn c_003_of_a_claim_and_a_push_of_one_leaf_exactly_one_pays_in_both_orders() {
    for (mode, refusal) in [(Mode::Claim, TorqueError::ModeIsClaim), (Mode::Push, TorqueError::ModeIsPush)] {
        for refused_first in [true, false] {
            with_each_asset(|world, asset| {
                let (campaign, allocations) = Campaign::open(world, asset, mode, 3);
                let push = campaign.push_instruction(&allocations, campaign.plan_push(&allocations, 1, 0));
                let claim = campaign.claim_instruction(&allocations, 1);
                let wallet = &allocations.wallets[1];
                for both in [[push.clone(), claim.clone()], [claim.clone(), push.clone()]] {
                    expect_unchanged(world, refusal, |world| together(world, &both, &[wallet]));
                }
                let (right, wrong) = if mode == Mode::Claim { (claim, push) } else { (push, claim) };
                let signers = |is_claim: bool| if is_claim { vec![wallet] } else { Vec::new() };
                let (sign_right, sign_wrong) = (signers(mode == Mode::Claim), signers(mode == Mode::Push));
                let refuse = |world: &mut World| together(world, std::slice::from_ref(&wrong), &sign_wrong);
                if refused_first {
                    expect_unchanged(world, refusal, refuse);
                }
                expect_success(together(world, &[right], &sign_right));
                if !refused_first {
                    expect_unchanged(world, refusal, refuse);
                }
                expect_paid(world, &campaign, &allocations, &[1]);
            });
        }
    }
}

/// A list in which one wallet has three leaves, two of them of one amount.
const REPEATED: [(u32, u64); 5] =
    [(20_000, 2_000_000), (20_001, 2_000_000), (20_000, 2_000_000), (20_002, 2_000_000), (20_000, 3_000_000)];

/// C-004, by claim. The rule: a wallet may have several leaves, and each index pays once; the path of one of them
/// opens none of the others.
#[test]
fn c_004_a_wallet_with_several_leaves_claims_each_once() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = open_list(world, asset, Mode::Claim, &REPEATED);
        for index in [2, 0, 4] {
            expect_success(campaign.claim(world, &allocations, index));
            let again = |world: &mut World| campaign.claim(world, &allocations, index);
            expect_unchanged(world, TorqueError::LeafAlreadyPaid, again);
        }
        expect_paid(world, &campaign, &allocations, &[0, 2, 4]);
    });
}

/// C-004, with the path of the wallet's first leaf at the index of its second, of the same amount.
#[test]
fn c_004_the_path_of_a_leaf_does_not_open_the_other_leaf_of_its_wallet() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = open_list(world, asset, Mode::Claim, &REPEATED);
        let wallet = &allocations.wallets[0];
        let destination = asset.account_of(&wallet.pubkey());
        let mut leaf = allocations.leaf(0);
        leaf.index = 2;
        let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), destination, leaf);
        expect_unchanged(world, TorqueError::ProofInvalid, |world| together(world, &[claim], &[wallet]));
        expect_paid(world, &campaign, &allocations, &[]);
    });
}

/// C-004, by push: one account stands for several leaves of a block.
#[test]
fn c_004_a_wallet_with_several_leaves_is_pushed_each_once() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = open_list(world, asset, Mode::Push, &REPEATED);
        for _ in 0..2 {
            let push = campaign.plan_push(&allocations, 0, 3);
            expect_success(campaign.push(world, &allocations, push));
            expect_paid(world, &campaign, &allocations, &[0, 1, 2, 3, 4]);
        }
    });
}

/// C-012. After the window and after all was paid; with the old root and with another; and in one transaction with
/// the closing.
#[test]
fn c_012_an_epoch_that_was_closed_cannot_be_posted_again() {
    for all_paid in [true, false] {
        with_each_asset(|world, asset| {
            let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, 2);
            expect_success(campaign.claim(world, &allocations, 0));
            if all_paid {
                expect_success(campaign.claim(world, &allocations, 1));
            } else {
                world.pass(WINDOW);
            }
            let post = campaign.post_instruction(campaign.post_args(&allocations));
            let close = instruction::epoch_close(&campaign.addresses, campaign.publisher.pubkey(), 0);
            let both = [close.clone(), post];
            let publisher = &campaign.publisher;
            expect_unchanged(world, TorqueError::EpochNotNext, |world| together(world, &both, &[publisher]));
            expect_success(together(world, &[close], &[]));
            world.cluster.airdrop(&campaign.addresses.epoch(0), 10_000_000).unwrap();
            for other in [&allocations, &list(&campaign, 0, &[(20_000, 2_000_000)])] {
                expect_unchanged(world, TorqueError::EpochNotNext, |world| campaign.post(world, other));
                expect_unchanged_by(world, |world| campaign.repost(world, other));
            }
            expect_unchanged(world, TorqueError::EpochNotNext, |world| campaign.skip(world, 0));
            expect_unchanged_by(world, |world| campaign.claim(world, &allocations, 0));
            tests::invariants::check(world, &[&campaign]);
        });
    }
}

/// C-012, the ways round: cancelling, skipping and reposting around it, and a distributor of the same name.
#[test]
fn c_012_no_cancelling_and_no_closing_brings_a_closed_epoch_back() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, 1);
        expect_success(campaign.claim(world, &allocations, 0));
        expect_success(campaign.close_epoch(world, 0));
        world.pass(EPOCH);
        let owner = world.owner.insecure_clone();
        let second = campaign.allocations(1, 2);
        expect_success(campaign.post(world, &second));
        expect_unchanged_by(world, |world| campaign.cancel(world, &owner, 0));
        expect_success(campaign.cancel(world, &owner, 1));
        expect_unchanged_by(world, |world| campaign.cancel(world, &owner, 0));
        for index in [0, 1] {
            expect_unchanged_by(world, |world| campaign.skip(world, index));
        }
        expect_unchanged(world, TorqueError::EpochNotNext, |world| campaign.post(world, &allocations));
        expect_unchanged_by(world, |world| campaign.repost(world, &allocations));
        tests::invariants::check(world, &[&campaign]);
        expect_unchanged_by(world, |world| campaign.claim(world, &allocations, 0));

        expect_success(campaign.end(world));
        world.pass(DELAY + 40 * EPOCH);
        expect_success(campaign.close_epoch(world, 1));
        expect_unchanged(world, TorqueError::EpochNotNext, |world| campaign.post(world, &second));
        expect_unchanged_by(world, |world| campaign.repost(world, &second));
        expect_success(campaign.close(world));
        let create = creation(world, &campaign.addresses, Campaign::create_args(world, Mode::Claim, 1));
        expect_unchanged_by(world, |world| world.send(create, &[&owner]));
        for list in [&allocations, &second] {
            expect_unchanged_by(world, |world| campaign.post(world, list));
            expect_unchanged_by(world, |world| campaign.repost(world, list));
            expect_unchanged_by(world, |world| campaign.claim(world, list, 0));
        }
        tests::invariants::check(world, &[&campaign]);
    });
}

/// C-012, cancelled and given the same list again: it pays once, as if it had been posted once. So also when all of
/// that happens in one transaction.
#[test]
fn c_012_a_cancelled_epoch_that_is_posted_again_pays_each_leaf_once() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::posted(world, asset, Mode::Claim, 2);
        let (guardian, publisher) = (world.guardian.insecure_clone(), campaign.publisher.pubkey());
        for payment in &allocations.payments {
            world.open_account(&asset, &payment.recipient);
        }
        let cancel = instruction::epoch_cancel(&campaign.addresses, guardian.pubkey(), publisher, 0);
        let args = campaign.post_args(&allocations);
        let repost = instruction::epoch_repost(&campaign.addresses, publisher, publisher, publisher, args);
        for _ in 0..2 {
            let both = [cancel.clone(), repost.clone()];
            expect_success(together(world, &both, &[&guardian, &campaign.publisher]));
        }
        expect_unchanged(world, TorqueError::EpochNotVacant, |world| campaign.repost(world, &allocations));
        world.pass(DELAY);
        expect_success(campaign.claim(world, &allocations, 1));
        let again = |world: &mut World| campaign.claim(world, &allocations, 1);
        expect_unchanged(world, TorqueError::LeafAlreadyPaid, again);
        expect_unchanged(world, TorqueError::EpochOpened, |world| campaign.cancel(world, &guardian, 0));
        expect_unchanged(world, TorqueError::EpochNotVacant, |world| campaign.repost(world, &allocations));
        expect_paid(world, &campaign, &allocations, &[1]);
    });
}
