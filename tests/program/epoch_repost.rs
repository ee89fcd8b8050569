//! `epoch_repost`: the publisher gives a vacant epoch a root, under the rules of posting; old proofs are no longer
//! valid.

use anchor_lang::error::ErrorCode;
use anchor_spl::token::spl_token;
use crank_cluster::address::Asset;
use crank_cluster::instruction;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::{expect_anchor_error, expect_code, expect_error, expect_success};
use tests::campaign::{Allocations, BUDGET, Campaign, DELAY, EPOCH, FUNDING, WINDOW, tree};
use tests::events::the_event;
use tests::large_epoch::{INITIAL_SIZE, open_large_epoch};
use tests::world::{BEGINNING, World};
use torque::constants::{MAX_REVISIONS, POSTING_GRACE};
use torque::error::TorqueError;
use torque::events::EpochPosted;
use torque::instructions::EpochPostArgs;
use torque::state::{Epoch, Mode};

#[test]
fn a_vacant_epoch_gets_a_root_and_its_total_is_reserved() {
    let (mut world, campaign, _) = cancelled();
    let new = campaign.allocations(0, 2);
    world.pass(7);
    let event: EpochPosted = the_event(&expect_success(campaign.repost(&mut world, &new)));
    assert_eq!((event.distributor, event.epoch), (campaign.addresses.distributor, campaign.addresses.epoch(0)));
    assert_eq!((event.index, event.revision, event.root), (0, 1, new.tree.root()));
    assert_eq!((event.leaf_count, event.total, event.manifest_hash), (2, new.total(), [9; 32]));
    let opens_at = BEGINNING + EPOCH + 7 + DELAY;
    assert_eq!((event.opens_at, event.closes_at), (opens_at, opens_at + WINDOW));
    let epoch = world.epoch(&campaign.addresses, 0);
    assert_eq!((epoch.root, epoch.revision, epoch.leaf_count), (new.tree.root(), 1, 2));
    assert_eq!((epoch.opens_at, epoch.closes_at, epoch.total), (opens_at, opens_at + WINDOW, new.total()));
    let distributor = world.distributor(&campaign.addresses);
    assert_eq!((distributor.reserved, distributor.open_epochs, distributor.next_epoch), (new.total(), 1, 1));
    assert_eq!((distributor.funded, distributor.paid), (FUNDING, 0));
}

#[test]
fn a_root_comes_before_the_last_second_of_the_grace_or_never() {
    let (mut world, campaign, allocations) = cancelled();
    world.pass(POSTING_GRACE - 1);
    expect_success(campaign.repost(&mut world.fork(), &allocations));
    world.pass(1);
    expect_error(campaign.repost(&mut world, &allocations), TorqueError::GraceOver);
}

#[test]
fn an_epoch_cannot_be_cancelled_and_posted_for_ever() {
    let (mut world, campaign, allocations) = cancelled();
    let guardian = world.guardian.insecure_clone();
    for _ in 1..MAX_REVISIONS {
        expect_success(campaign.repost(&mut world, &allocations));
        expect_success(campaign.cancel(&mut world, &guardian, 0));
    }
    expect_error(campaign.repost(&mut world, &allocations), TorqueError::RevisionsUsedUp);
    world.pass(POSTING_GRACE);
    expect_success(campaign.close_epoch(&mut world, 0));
}

#[test]
fn gifts_of_strangers_to_a_vacant_epoch_cost_its_next_payer_nothing() {
    let (mut world, campaign, allocations) = cancelled();
    let (epoch, publisher) = (campaign.addresses.epoch(0), campaign.publisher.pubkey());
    world.set_lamports(&epoch, 2_000_000_000_000);
    let before = world.cluster.lamports(&publisher);
    let receipt = expect_success(campaign.repost(&mut world, &allocations));
    assert_eq!(before - world.cluster.lamports(&publisher), receipt.fee);
}

#[test]
fn a_skipped_epoch_gets_a_root_and_is_paid() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    expect_success(campaign.skip(&mut world, 0));
    let allocations = campaign.allocations(0, 3);
    expect_success(campaign.repost(&mut world, &allocations));
    world.pass(DELAY);
    expect_success(campaign.claim(&mut world, &allocations, 2));
}

#[test]
fn the_proofs_of_the_old_root_are_dead() {
    let (mut world, campaign, old) = cancelled();
    let new = raised(&campaign, 3);
    expect_success(campaign.repost(&mut world, &new));
    world.pass(DELAY);
    for index in 0..3 {
        expect_error(campaign.claim(&mut world, &old, index), TorqueError::ProofInvalid);
        expect_success(campaign.claim(&mut world, &new, index));
        expect_error(campaign.claim(&mut world, &old, index), TorqueError::ProofInvalid);
    }
}

#[test]
fn the_new_root_waits_as_long_as_the_old_one_did_and_can_be_taken_back_too() {
    let (mut world, campaign, allocations) = cancelled();
    world.pass(DELAY - 1);
    expect_success(campaign.repost(&mut world, &allocations));
    world.pass(DELAY - 1);
    expect_error(campaign.claim(&mut world, &allocations, 0), TorqueError::EpochNotOpen);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    assert_eq!(world.epoch(&campaign.addresses, 0).revision, 2);
}

#[test]
fn subtree_roots_that_were_kept_are_gone_even_within_one_transaction() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, allocations) = open_large_epoch(&mut world, asset, Mode::Claim);
    campaign.prove_subtrees(&mut world, allocations);
    world.pass(-DELAY);
    let (guardian, publisher) = (world.guardian.insecure_clone(), world.publisher.insecure_clone());
    let cancel = instruction::epoch_cancel(&campaign.addresses, guardian.pubkey(), publisher.pubkey(), 0);
    let repost = repost_with(&campaign, publisher.pubkey(), publisher.pubkey(), campaign.post_args(allocations));
    expect_success(world.cluster.send(&[cancel, repost], &[&publisher, &guardian]));
    let data = world.cluster.account(&campaign.addresses.epoch(0)).unwrap().data;
    assert_eq!((data.len(), data[336..].iter().all(|byte| *byte == 0)), (INITIAL_SIZE, true));
    world.pass(DELAY);
    expect_error(campaign.claim_below_subtree(&mut world, allocations, 0), TorqueError::SubtreeNotProven);
}

#[test]
fn an_epoch_that_has_a_root_gets_no_other() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let other = campaign.allocations(0, 2);
    expect_error(campaign.repost(&mut world, &other), TorqueError::EpochNotVacant);
    world.pass(DELAY);
    expect_error(campaign.repost(&mut world, &other), TorqueError::EpochNotVacant);
    world.pass(WINDOW);
    expect_error(campaign.repost(&mut world, &other), TorqueError::EpochNotVacant);
}

#[test]
fn a_closed_epoch_gets_no_root() {
    let (mut world, campaign, allocations) = cancelled();
    world.pass(POSTING_GRACE);
    expect_success(campaign.close_epoch(&mut world, 0));
    expect_anchor_error(campaign.repost(&mut world, &allocations), ErrorCode::AccountOwnedByWrongProgram);
    expect_error(campaign.post(&mut world, &allocations), TorqueError::EpochNotNext);
}

#[test]
fn the_limits_of_posting_hold() {
    for (edit, error) in limits() {
        let (mut world, campaign, allocations) = cancelled();
        let mut args = campaign.post_args(&allocations);
        edit(&mut args);
        let publisher = world.publisher.insecure_clone();
        let repost = repost_with(&campaign, publisher.pubkey(), publisher.pubkey(), args);
        expect_error(world.send(repost, &[&publisher]), error);
    }
}

#[test]
fn nothing_that_another_epoch_reserved_meanwhile_is_reserved_again() {
    let mut world = World::new();
    let campaign = Campaign::created(&mut world, Asset::SOL, Mode::Claim, 1);
    expect_success(campaign.fund(&mut world, 10_000_000));
    world.pass(2 * EPOCH);
    let [first, second] = [0, 1].map(|epoch| campaign.allocations(epoch, 3));
    expect_success(campaign.post(&mut world, &first));
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    expect_success(campaign.post(&mut world, &second));
    expect_error(campaign.repost(&mut world, &first), TorqueError::FundsInsufficient);
    expect_success(campaign.cancel(&mut world, &guardian, 1));
    expect_success(campaign.repost(&mut world, &first));
}

#[test]
fn nobody_but_the_publisher_gives_a_root() {
    let (mut world, campaign, allocations) = cancelled();
    for person in [world.owner.insecure_clone(), world.guardian.insecure_clone(), world.stranger.insecure_clone()] {
        let mut repost =
            repost_with(&campaign, person.pubkey(), world.publisher.pubkey(), campaign.post_args(&allocations));
        repost.accounts[0].pubkey = person.pubkey();
        expect_error(world.send(repost, &[&person]), TorqueError::NotPublisher);
    }
}

#[test]
fn nothing_is_reposted_while_the_protocol_is_paused() {
    let (mut world, campaign, allocations) = cancelled();
    world.set_paused(true);
    expect_error(campaign.repost(&mut world, &allocations), TorqueError::Paused);
    world.set_paused(false);
    expect_success(campaign.repost(&mut world, &allocations));
}

#[test]
fn a_new_payer_takes_the_rent_over_from_the_former_one() {
    let (mut world, campaign, allocations) = cancelled();
    let (former, payer) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let repost = repost_with(&campaign, payer.pubkey(), former.pubkey(), campaign.post_args(&allocations));
    let before = [&former, &payer].map(|key| world.cluster.lamports(&key.pubkey()));
    let receipt = expect_success(world.send(repost, &[&former, &payer]));
    let after = [&former, &payer].map(|key| world.cluster.lamports(&key.pubkey()));
    assert_eq!(after[0] + receipt.fee - before[0], world.rent(336));
    assert_eq!(before[1] - after[1], world.rent(337));
    let epoch = world.epoch(&campaign.addresses, 0);
    assert_eq!(
        (epoch.rent_payer, world.cluster.lamports(&campaign.addresses.epoch(0))),
        (payer.pubkey(), world.rent(337))
    );
}

#[test]
fn who_reposts_a_large_epoch_pays_the_rent_of_its_full_size_at_once_or_posts_nothing() {
    let (world, campaign, allocations) = cancelled();
    let (former, payer) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let args = EpochPostArgs { leaf_count: 1_000_000, ..campaign.post_args(&allocations) };
    let repost = repost_with(&campaign, payer.pubkey(), former.pubkey(), args);
    let (rent, epoch) = (world.rent(Epoch::full_size(1_000_000)), campaign.addresses.epoch(0));
    for (lamports, is_enough) in [(rent, true), (rent - 1, false)] {
        let mut world = world.fork();
        world.set_lamports(&payer.pubkey(), lamports);
        let sent = world.send(repost.clone(), &[&former, &payer]);
        if is_enough {
            drop(expect_success(sent))
        } else {
            expect_code(sent, 1, "ResultWithNegativeLamports")
        }
        assert_eq!(world.cluster.lamports(&epoch), if is_enough { rent } else { world.rent(336) });
    }
}

#[test]
fn a_former_payer_that_has_become_a_program_leaves_its_rent_to_the_distributor() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    let (publisher, stranger) = (world.publisher.insecure_clone(), world.stranger.insecure_clone());
    let skip = instruction::epoch_skip(&campaign.addresses, publisher.pubkey(), stranger.pubkey(), 0);
    expect_success(world.send(skip, &[&publisher, &stranger]));
    world.make_executable(&stranger.pubkey());
    let before = world.cluster.lamports(&campaign.addresses.distributor);
    let args = campaign.post_args(&campaign.allocations(0, 3));
    let repost = repost_with(&campaign, publisher.pubkey(), stranger.pubkey(), args);
    expect_success(world.send(repost, &[&publisher]));
    assert_eq!(world.cluster.lamports(&campaign.addresses.distributor) - before, world.rent(336));
}

#[test]
fn the_former_payer_and_the_epoch_are_the_recorded_ones() {
    let (mut world, campaign, allocations) = cancelled();
    let publisher = world.publisher.insecure_clone();
    let twin = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 2);
    expect_success(twin.skip(&mut world, 0));
    let right = repost_with(&campaign, publisher.pubkey(), publisher.pubkey(), campaign.post_args(&allocations));
    let mut wrong = right.clone();
    wrong.accounts[4].pubkey = twin.addresses.epoch(0);
    expect_anchor_error(world.send(wrong, &[&publisher]), ErrorCode::ConstraintSeeds);
    let mut wrong = right;
    wrong.accounts[5].pubkey = world.stranger.pubkey();
    expect_error(world.send(wrong, &[&publisher]), TorqueError::RentPayerMismatch);
}

/// Changes the arguments of a posting.
type Edit = fn(&mut EpochPostArgs);

/// Arguments of a posting that are not valid.
fn limits() -> [(Edit, TorqueError); 6] {
    [
        (|args| args.root = [0; 32], TorqueError::RootZero),
        (|args| args.leaf_count = 0, TorqueError::LeafCountZero),
        (|args| args.leaf_count = u32::MAX, TorqueError::LeafCountTooLarge),
        (|args| args.total = 0, TorqueError::TotalZero),
        (|args| args.total = BUDGET + 1, TorqueError::BudgetExceeded),
        (|args| args.total = u64::MAX, TorqueError::BudgetExceeded),
    ]
}

/// A distributor whose epoch 0 was posted with three leaves and cancelled.
fn cancelled() -> (World, Campaign, Allocations) {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    (world, campaign, allocations)
}

/// Allocations of epoch 0 to the same wallets, each one base unit higher.
fn raised(campaign: &Campaign, count: u32) -> Allocations {
    let mut allocations = campaign.allocations(0, count);
    for payment in &mut allocations.payments {
        payment.amount += 1;
    }
    allocations.tree = tree(&campaign.addresses.epoch(0), &allocations.payments);
    allocations
}

fn repost_with(campaign: &Campaign, payer: Pubkey, former: Pubkey, args: EpochPostArgs) -> Instruction {
    instruction::epoch_repost(&campaign.addresses, campaign.publisher.pubkey(), payer, former, args)
}
