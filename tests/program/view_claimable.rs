//! `view_claimable`: the amount that a wallet would get by claiming now, or the obstacle. Each answer is compared with
//! a claim.

use anchor_spl::token::spl_token;
use crank_cluster::address::Asset;
use crank_cluster::instruction::view;
use crank_cluster::instruction::{self, ClaimedLeaf};
use solana_signer::Signer as _;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Allocations, Campaign, DELAY, WINDOW};
use tests::large_epoch::{FIRST_MISSING_LEAF, open_large_epoch};
use tests::ledger::Ledger;
use tests::world::{World, keypair};
use torque::error::TorqueError;
use torque::instructions::{ClaimObstacle, ClaimableView};
use torque::state::Mode;

#[test]
fn the_claimable_amount_is_the_amount_that_a_claim_pays() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    for asset in [asset, Asset::SOL] {
        let mut world = world.fork();
        let (campaign, allocations) = Campaign::open(&mut world, asset, Mode::Claim, 3);
        for index in 0..3 {
            assert_eq!(agree(&world, &campaign, &allocations, index, None), None);
            let recipient = allocations.payments[index as usize].recipient;
            let (before, view) = (world.balance(&asset, &recipient), view(&world, &campaign, &allocations, index));
            expect_success(campaign.claim(&mut world, &allocations, index));
            assert_eq!(world.balance(&asset, &recipient) - before, view.amount);
            let settled = (ClaimObstacle::Settled, TorqueError::LeafAlreadyPaid);
            agree(&world, &campaign, &allocations, index, Some(settled));
        }
    }
}

#[test]
fn the_claim_window_has_the_same_edges() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let opens_at = world.epoch(&campaign.addresses, 0).opens_at;
    let (early, late) = (
        Some((ClaimObstacle::NotOpen, TorqueError::EpochNotOpen)),
        Some((ClaimObstacle::WindowOver, TorqueError::WindowOver)),
    );
    let edges = [(-1, early), (0, None), (1, None), (WINDOW - 1, None), (WINDOW, late), (WINDOW + 1, late)];
    for (seconds, obstacle) in edges {
        world.cluster.set_time(opens_at + seconds);
        agree(&world, &campaign, &allocations, 0, obstacle);
    }
}

#[test]
fn nothing_is_claimable_of_a_cancelled_epoch() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 3);
    let guardian = world.guardian.insecure_clone();
    expect_success(campaign.cancel(&mut world, &guardian, 0));
    world.pass(DELAY);
    agree(&world, &campaign, &allocations, 0, Some((ClaimObstacle::NotOpen, TorqueError::EpochNotOpen)));
}

#[test]
fn nothing_is_claimable_during_a_pause() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    world.set_paused(true);
    agree(&world, &campaign, &allocations, 0, Some((ClaimObstacle::Paused, TorqueError::Paused)));
    world.set_paused(false);
    agree(&world, &campaign, &allocations, 0, None);
}

#[test]
fn nothing_is_claimable_where_it_is_pushed() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Push, 3);
    agree(&world, &campaign, &allocations, 0, Some((ClaimObstacle::ModeIsPush, TorqueError::ModeIsPush)));
}

#[test]
fn a_wrong_proof_makes_nothing_claimable() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 5);
    let right = allocations.leaf(1);
    let short = right.path[1..].to_vec();
    let long = [&right.path[..], &[[1; 32]]].concat();
    let changed = [&[[1; 32]], &right.path[1..]].concat();
    let wrong = [
        (ClaimedLeaf { index: 2, ..right.clone() }, TorqueError::ProofInvalid),
        (ClaimedLeaf { index: 5, ..right.clone() }, TorqueError::LeafIndexOutOfRange),
        (ClaimedLeaf { amount: right.amount + 1, ..right.clone() }, TorqueError::ProofInvalid),
        (ClaimedLeaf { path: short, ..right.clone() }, TorqueError::ProofLength),
        (ClaimedLeaf { path: long, ..right.clone() }, TorqueError::ProofLength),
        (ClaimedLeaf { path: changed, ..right.clone() }, TorqueError::ProofInvalid),
    ];
    for (leaf, error) in wrong {
        agree_on(&world, &campaign, leaf, 10_001, Some((ClaimObstacle::ProofWrong, error)));
    }
    agree_on(&world, &campaign, right.clone(), 10_002, Some((ClaimObstacle::ProofWrong, TorqueError::ProofInvalid)));
    agree_on(&world, &campaign, right, 10_001, None);
}

#[test]
fn a_short_path_needs_a_proven_subtree_and_a_mark_its_room() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, allocations) = open_large_epoch(&mut world, asset, Mode::Claim);
    let view =
        |world: &World, index, is_short| campaign.view_claimable(world, allocations, index, is_short).unwrap().obstacle;
    assert_eq!(view(&world, 0, true), Some(ClaimObstacle::SubtreeNotProven));
    assert_eq!(view(&world, 0, false), None);
    assert_eq!(view(&world, FIRST_MISSING_LEAF, false), Some(ClaimObstacle::EpochIncomplete));
    campaign.prove_subtrees(&mut world, allocations);
    assert_eq!(view(&world, 0, true), None);
    expect_success(campaign.claim_below_subtree(&mut world, allocations, 0));
    assert_eq!(view(&world, 0, true), Some(ClaimObstacle::Settled));
    expect_success(campaign.extend(&mut world, 0));
    assert_eq!(view(&world, FIRST_MISSING_LEAF, true), None);
    expect_success(campaign.claim_below_subtree(&mut world, allocations, FIRST_MISSING_LEAF));
}

#[test]
fn a_total_that_is_less_than_its_leaves_runs_out() {
    let mut world = World::new();
    let amounts = [3_000_000, 2_000_000];
    let (campaign, allocations) =
        Campaign::open_with(&mut world, Asset::SOL, Mode::Claim, &amounts, amounts[0] + amounts[1] - 1);
    agree(&world, &campaign, &allocations, 1, None);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    let exceeded = (ClaimObstacle::TotalExceeded, TorqueError::EpochTotalExceeded);
    agree(&world, &campaign, &allocations, 1, Some(exceeded));
}

#[test]
fn a_leaf_of_nothing_is_claimable_and_worth_nothing() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open_with(&mut world, Asset::SOL, Mode::Claim, &[0, 2_000_000], 2_000_000);
    agree(&world, &campaign, &allocations, 0, None);
}

#[test]
fn an_epoch_of_another_distributor_is_refused() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 3);
    let other = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 2);
    let mut ask = view::claimable(&campaign.addresses, allocations.payments[0].recipient, allocations.leaf(0));
    ask.accounts[1].pubkey = other.addresses.distributor;
    ask.accounts[3].pubkey = other.addresses.vault;
    expect_error(world.view::<ClaimableView>(ask).map(|_| unreachable!()), TorqueError::EpochMismatch);
}

fn view(world: &World, campaign: &Campaign, allocations: &Allocations, index: u32) -> ClaimableView {
    campaign.view_claimable(world, allocations, index, false).unwrap()
}

/// Asks about leaf `index` as it is allocated, and claims it in a copy of the world.
#[track_caller]
fn agree(
    world: &World,
    campaign: &Campaign,
    allocations: &Allocations,
    index: u32,
    expected: Option<(ClaimObstacle, TorqueError)>,
) -> Option<ClaimObstacle> {
    agree_on(world, campaign, allocations.leaf(index), 10_000 + index, expected)
}

/// Checks that the view finds the expected obstacle, or none, and that the claim of wallet number `wallet` agrees.
#[track_caller]
fn agree_on(
    world: &World,
    campaign: &Campaign,
    leaf: ClaimedLeaf,
    wallet: u32,
    expected: Option<(ClaimObstacle, TorqueError)>,
) -> Option<ClaimObstacle> {
    let (wallet, before) = (keypair(wallet), Ledger::of(world));
    let view: ClaimableView = world.view(view::claimable(&campaign.addresses, wallet.pubkey(), leaf.clone())).unwrap();
    assert_eq!(before.changes(world), [], "accounts changed");
    let amount = if expected.is_none() { leaf.amount } else { 0 };
    let accepted_powers = world.powers_over(&campaign.addresses.asset, &world.owner.pubkey());
    assert_eq!(view, ClaimableView { amount, obstacle: expected.map(|(obstacle, _)| obstacle), accepted_powers });
    let destination = campaign.addresses.asset.account_of(&wallet.pubkey());
    let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), destination, leaf);
    let sent = world.fork().send(claim, &[&campaign.publisher, &wallet]);
    match expected {
        None => drop(expect_success(sent)),
        Some((_, error)) => expect_error(sent, error),
    }
    view.obstacle
}
