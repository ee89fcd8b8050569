//! C-008 to C-011: every index means one leaf and one bit, none means a leaf beyond the last, and no leaf has two
//! indexes.

use crank_cluster::address::Asset;
use crank_cluster::instruction::{self, ClaimedLeaf};
use crank_cluster::payment::{Push, subtree_proofs};
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Allocations, Campaign};
use tests::invariants;
use tests::ledger::expect_unchanged;
use tests::world::World;
use torque::error::TorqueError;
use torque::state::Mode;

use super::in_process::{EpochBytes, expect_refusal, tree_over};
use super::stage::{expect_paid, together, with_each_asset};

/// Refuses the claim of leaf `at` by its wallet under the number `index`, with its own path and with none.
#[track_caller]
fn refuse_claim(world: &mut World, campaign: &Campaign, allocations: &Allocations, at: u32, index: u32) {
    let wallet = &allocations.wallets[at as usize];
    let destination = campaign.addresses.asset.account_of(&wallet.pubkey());
    let leaf = allocations.leaf(at);
    for path in [leaf.path.clone(), Vec::new(), leaf.path[..leaf.path.len().saturating_sub(1)].to_vec()] {
        let claimed = ClaimedLeaf { index, path, ..leaf.clone() };
        let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), destination, claimed);
        let refusal = TorqueError::LeafIndexOutOfRange;
        expect_unchanged(world, refusal, |world| together(world, &[claim], &[wallet]));
    }
}

/// Refuses the push of leaf `at` alone under the number `index`.
#[track_caller]
fn refuse_push(world: &mut World, campaign: &Campaign, allocations: &Allocations, at: u32, index: u32) {
    let mut push = campaign.plan_push(allocations, at, 0);
    push.args.first_index = index;
    let refusal = TorqueError::LeafIndexOutOfRange;
    expect_unchanged(world, refusal, |world| campaign.push(world, allocations, push));
}

/// C-008. The first index that does not exist, the ones after it, and the last that can be written.
#[test]
fn c_008_an_index_past_the_last_leaf_is_refused() {
    for count in [1_u32, 2, 3, 5, 8, 9] {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, count);
        for index in [count, count + 1, 2 * count, 4_096, u32::MAX - 1, u32::MAX] {
            refuse_claim(&mut world, &campaign, &allocations, count - 1, index);
            refuse_claim(&mut world, &campaign, &allocations, 0, index);
        }
        expect_paid(&world, &campaign, &allocations, &[]);
    }
}

/// C-008 by push, for blocks of every size; where the size would not divide the start, that is what is refused.
#[test]
fn c_008_a_block_past_the_last_leaf_is_refused() {
    for count in [1_u32, 2, 3, 5, 8, 9] {
        with_each_asset(|world, asset| {
            let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, count);
            for level in 0..=5_u8 {
                for first in [count.next_multiple_of(1 << level), 4_096, u32::MAX << level] {
                    let mut push = campaign.plan_push(&allocations, 0, 0);
                    (push.args.first_index, push.args.level) = (first, level);
                    let refusal = TorqueError::LeafIndexOutOfRange;
                    expect_unchanged(world, refusal, |world| campaign.push(world, &allocations, push));
                }
            }
            expect_paid(world, &campaign, &allocations, &[]);
        });
    }
}

/// C-009. The lower bits are those of a leaf, and each bit above the tree's depth is set in turn.
#[test]
fn c_009_an_index_with_bits_above_the_depth_is_refused() {
    for (count, depth) in [(1_u32, 0), (2, 1), (5, 3), (8, 3)] {
        let mut claims = World::new();
        let (claimed, list) = Campaign::open(&mut claims, Asset::SOL, Mode::Claim, count);
        let mut pushes = World::new();
        let (pushed, _) = Campaign::open(&mut pushes, Asset::SOL, Mode::Push, count);
        let pushed_list = pushed.allocations(0, count);
        for at in [0, count - 1] {
            for bit in depth..u32::BITS {
                refuse_claim(&mut claims, &claimed, &list, at, at | 1 << bit);
                refuse_push(&mut pushes, &pushed, &pushed_list, at, at | 1 << bit);
            }
        }
        expect_paid(&claims, &claimed, &list, &[]);
        expect_paid(&pushes, &pushed, &pushed_list, &[]);
    }
}

/// C-009 for the position of subtree roots, in process: the right roots and path under a number with a further bit.
#[test]
fn c_009_a_subtree_number_with_bits_above_the_depth_is_refused() {
    let tree = tree_over(9_000);
    let proof = subtree_proofs(&tree).remove(0);
    for bit in 2..u32::BITS {
        let kept = EpochBytes::of(&tree).keep(1 << bit, &proof);
        let refusal = if bit < 4 { TorqueError::BlockInvalid } else { TorqueError::LeafIndexOutOfRange };
        expect_refusal(kept, refusal, &format!("bit {bit}"));
    }
    assert!(EpochBytes::of(&tree).keep(0, &proof).is_ok());
}

/// The indices of C-010 in an epoch of [`COUNT`] leaves, out of order, so that neighbours meet both ways.
const INDICES: [u32; 7] = [64, 0, 99, 7, 63, 8, 98];
const COUNT: u32 = 100;

/// C-010. After each claim all marks of the epoch are compared, so every neighbour is seen to stay clear.
#[test]
fn c_010_a_claim_sets_its_own_bit_and_no_other() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, COUNT);
        let mut paid = Vec::new();
        for index in INDICES {
            expect_success(campaign.claim(world, &allocations, index));
            paid.push(index as usize);
            expect_paid(world, &campaign, &allocations, &paid);
        }
    });
}

/// C-010 by push of one leaf at a time.
#[test]
fn c_010_a_push_sets_its_own_bit_and_no_other() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, COUNT);
        let mut paid = Vec::new();
        for index in INDICES {
            let push = campaign.plan_push(&allocations, index, 0);
            expect_success(campaign.push(world, &allocations, push));
            paid.push(index as usize);
            expect_paid(world, &campaign, &allocations, &paid);
        }
    });
}

/// C-011 by claim: the bits after the last leaf, up to the end of the byte, have no index.
#[test]
fn c_011_a_padding_bit_cannot_be_claimed() {
    for count in [1_u32, 7, 9, 13] {
        let mut world = World::new();
        let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, count);
        for index in count..count.next_multiple_of(8) {
            refuse_claim(&mut world, &campaign, &allocations, count - 1, index);
        }
        for index in 0..count {
            expect_success(campaign.claim(&mut world, &allocations, index));
        }
        for index in count..count.next_multiple_of(8) {
            refuse_claim(&mut world, &campaign, &allocations, count - 1, index);
        }
        expect_paid(&world, &campaign, &allocations, &(0..count as usize).collect::<Vec<_>>());
    }
}

/// C-011 by push: the last block ends with the last leaf, and with leaves for the padding it is refused.
#[test]
fn c_011_a_block_cannot_reach_into_the_padding() {
    for count in [1_u32, 7, 9, 13] {
        with_each_asset(|world, asset| {
            let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, count);
            for more in [1, count.next_multiple_of(8) - count, 16 - count] {
                let mut push = campaign.plan_push(&allocations, 0, 4);
                append_leaves(&mut push, &allocations, more);
                let refusal = TorqueError::BlockEncoding;
                expect_unchanged(world, refusal, |world| campaign.push(world, &allocations, push));
            }
            let push = campaign.plan_push(&allocations, 0, 4);
            expect_success(campaign.push(world, &allocations, push));
            expect_paid(world, &campaign, &allocations, &(0..count as usize).collect::<Vec<_>>());
            let last = *invariants::marks(world, &campaign, 0).last().unwrap();
            assert_eq!(last.leading_zeros(), count.next_multiple_of(8) - count, "{count} leaves");
        });
    }
}

/// Adds `more` copies of the first leaf to the end of a push.
fn append_leaves(push: &mut Push, allocations: &Allocations, more: u32) {
    for _ in 0..more {
        torque::varint::write(&mut push.args.amounts, allocations.payments[0].amount);
        push.accounts.push(push.accounts[0]);
        push.args.bumps.extend(push.args.bumps.first().copied());
    }
}
