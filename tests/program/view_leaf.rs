//! `view_leaf`: whether a leaf is paid, and whether its subtree is proven.

use anchor_spl::token::spl_token;
use crank_cluster::address::Asset;
use crank_cluster::payment;
use tests::assertions::{expect_error, expect_success};
use tests::campaign::{Campaign, DELAY, EPOCH};
use tests::large_epoch::{FIRST_MISSING_LEAF, LEAF_COUNT, open_large_epoch};
use tests::ledger::Ledger;
use tests::world::World;
use torque::error::TorqueError;
use torque::instructions::{LeafMark, LeafView};
use torque::state::Mode;

/// Leaves of a subtree.
const SUBTREE: u32 = 4_096;

#[test]
fn a_leaf_is_unpaid_until_it_is_paid_and_its_neighbours_stay_so() {
    for mode in [Mode::Claim, Mode::Push] {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, mode, 11);
        assert_marks(&world, &campaign, &[]);
        world.pass(DELAY);
        for (index, paid) in [(0, &[0][..]), (10, &[0, 10]), (8, &[0, 8, 10])] {
            expect_success(campaign.pay(&mut world, &allocations, index));
            assert_marks(&world, &campaign, paid);
        }
    }
}

#[test]
fn a_leaf_that_does_not_exist_is_refused() {
    let mut world = World::new();
    let (campaign, _) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 11);
    for index in [11, 12, 16, u32::MAX] {
        expect_error(campaign.view_leaf(&world, 0, index).map(|_| unreachable!()), TorqueError::LeafIndexOutOfRange);
    }
}

#[test]
fn an_epoch_without_a_root_has_no_leaf() {
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    expect_success(campaign.skip(&mut world, 0));
    expect_error(campaign.view_leaf(&world, 0, 0).map(|_| unreachable!()), TorqueError::LeafIndexOutOfRange);
}

#[test]
fn a_mark_that_the_account_has_not_grown_to_is_missing() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, allocations) = open_large_epoch(&mut world, asset, Mode::Claim);
    let missing = LeafView { mark: LeafMark::Missing, is_subtree_proven: false };
    let unpaid = LeafView { mark: LeafMark::Unpaid, ..missing };
    for (index, expected) in
        [(0, unpaid), (FIRST_MISSING_LEAF - 1, unpaid), (FIRST_MISSING_LEAF, missing), (LEAF_COUNT - 1, missing)]
    {
        assert_eq!(campaign.view_leaf(&world, 0, index).unwrap(), expected, "leaf {index}");
    }
    expect_error(campaign.claim(&mut world, allocations, FIRST_MISSING_LEAF), TorqueError::EpochIncomplete);
    expect_success(campaign.extend(&mut world, 0));
    assert_eq!(campaign.view_leaf(&world, 0, FIRST_MISSING_LEAF).unwrap(), unpaid);
    assert_eq!(campaign.view_leaf(&world, 0, LEAF_COUNT - 1).unwrap(), unpaid);
}

#[test]
fn a_subtree_is_proven_once_its_root_is_kept() {
    let mut world = World::new();
    let asset = world.create_token(spl_token::ID);
    let (campaign, allocations) = open_large_epoch(&mut world, asset, Mode::Claim);
    let mut proofs = payment::subtree_proofs(&allocations.tree);
    let last = proofs.pop().unwrap();
    let first_proven = last.first * SUBTREE;
    expect_success(campaign.prove_subtree(&mut world, last));
    for (index, is_proven) in [(0, false), (first_proven - 1, false), (first_proven, true), (LEAF_COUNT - 1, true)] {
        assert_eq!(campaign.view_leaf(&world, 0, index).unwrap().is_subtree_proven, is_proven, "leaf {index}");
        let sent = campaign.claim_below_subtree(&mut world.fork(), allocations, index);
        match (is_proven, index < FIRST_MISSING_LEAF) {
            (false, _) => expect_error(sent, TorqueError::SubtreeNotProven),
            (true, true) => drop(expect_success(sent)),
            (true, false) => expect_error(sent, TorqueError::EpochIncomplete),
        }
    }
}

/// With as many leaves the marks would fill the place of a subtree's root.
#[test]
fn an_epoch_that_keeps_no_subtree_roots_has_none_proven() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::posted(&mut world, Asset::SOL, Mode::Claim, 256);
    world.pass(DELAY);
    expect_success(campaign.claim(&mut world, &allocations, 0));
    let settled = LeafView { mark: LeafMark::Settled, is_subtree_proven: false };
    assert_eq!(campaign.view_leaf(&world, 0, 0).unwrap(), settled);
}

/// The view says that exactly the leaves `paid` of the eleven are settled, and asking changes nothing.
#[track_caller]
fn assert_marks(world: &World, campaign: &Campaign, paid: &[u32]) {
    let before = Ledger::of(world);
    for index in 0..11 {
        let mark = if paid.contains(&index) { LeafMark::Settled } else { LeafMark::Unpaid };
        let expected = LeafView { mark, is_subtree_proven: false };
        assert_eq!(campaign.view_leaf(world, 0, index).unwrap(), expected, "leaf {index}");
        assert_eq!(campaign.is_paid(world, 0, index), paid.contains(&index));
    }
    assert_eq!(before.changes(world), [], "accounts changed");
}
