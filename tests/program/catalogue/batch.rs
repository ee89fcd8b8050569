//! C-005 to C-007: a push of several leaves may not pay one twice, lose one, or pay one that is not proven.

use crank_cluster::payment::Push;
use solana_instruction::Instruction;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Allocations, Campaign};
use tests::ledger::expect_unchanged;
use tests::world::{World, keypair};
use torque::error::TorqueError;
use torque::state::Mode;
use torque::varint;

use super::stage::{expect_paid, open_list, together, with_each_asset};

/// Refuses `push`, and leaves every leaf of the campaign unpaid.
#[track_caller]
fn refuse(world: &mut World, campaign: &Campaign, allocations: &Allocations, push: Push, expected: TorqueError) {
    expect_unchanged(world, expected, |world| campaign.push(world, allocations, push));
    expect_paid(world, campaign, allocations, &[]);
}

/// The instruction that pushes the block of 2^`level` leaves from `first` on.
fn block(campaign: &Campaign, allocations: &Allocations, (first, level): (u32, u8)) -> Instruction {
    campaign.push_instruction(allocations, campaign.plan_push(allocations, first, level))
}

/// Packs amounts as a push takes them.
fn packed(amounts: impl IntoIterator<Item = u64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for amount in amounts {
        varint::write(&mut bytes, amount);
    }
    bytes
}

/// C-005, in several instructions. A push names its leaves by an aligned block and so none twice; a leaf that an
/// earlier block of the same transaction paid is skipped by a later one, of whatever size and in whatever order.
#[test]
fn c_005_blocks_that_overlap_in_one_transaction_pay_each_leaf_once() {
    let orders: [&[(u32, u8)]; 6] = [
        &[(0, 3), (0, 3)],
        &[(0, 3), (2, 1), (5, 0)],
        &[(5, 0), (2, 1), (0, 3)],
        &[(4, 2), (0, 3), (0, 2)],
        &[(0, 5), (0, 4), (0, 3)],
        &[(0, 0), (0, 1), (0, 2), (0, 3)],
    ];
    for order in orders {
        with_each_asset(|world, asset| {
            let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 8);
            let pushes: Vec<Instruction> = order.iter().map(|place| block(&campaign, &allocations, *place)).collect();
            expect_success(together(world, &pushes, &[]));
            expect_paid(world, &campaign, &allocations, &[0, 1, 2, 3, 4, 5, 6, 7]);
        });
    }
}

/// C-005, in one instruction: no start, size or end of a block makes it hold a leaf twice.
#[test]
fn c_005_a_block_that_is_not_aligned_is_refused() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 8);
        for (first, level) in [(1, 1), (3, 1), (1, 2), (2, 2), (6, 2), (4, 3), (7, 5), (0, 6), (0, 31), (0, u8::MAX)] {
            let mut push = campaign.plan_push(&allocations, 0, 3);
            (push.args.first_index, push.args.level) = (first, level);
            refuse(world, &campaign, &allocations, push, TorqueError::BlockInvalid);
        }
    });
}

/// C-005, in one instruction: an account, amount, bump or wallet more or less than the block has leaves.
#[test]
fn c_005_a_block_in_which_a_leaf_stands_twice_is_refused() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 8);
        let whole = campaign.plan_push(&allocations, 0, 3);
        let repeat_account = |push: &mut Push| push.accounts.push(push.accounts[3]);
        let repeat_amount = |push: &mut Push| varint::write(&mut push.args.amounts, allocations.payments[3].amount);
        let repeat_bump = |push: &mut Push| push.args.bumps.push(0);
        let repeat_wallet = |push: &mut Push| push.args.wallets.push(allocations.payments[3].recipient);
        let repeat_all = |push: &mut Push| {
            repeat_account(push);
            repeat_amount(push);
            push.args.bumps.extend(push.args.bumps.get(3).copied());
        };
        let changes: [&dyn Fn(&mut Push); 7] = [
            &repeat_account,
            &repeat_amount,
            &repeat_bump,
            &repeat_wallet,
            &repeat_all,
            &|push| push.args.absent = 1 << 3,
            &|push| {
                push.args.absent = 1 << 3;
                repeat_wallet(push);
            },
        ];
        for change in changes {
            let mut push = whole.clone();
            change(&mut push);
            refuse(world, &campaign, &allocations, push, TorqueError::BlockEncoding);
        }
    });
}

/// C-005, with one leaf's account in the place of another's: the block is not the root's.
#[test]
fn c_005_an_account_passed_for_two_leaves_is_refused() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 8);
        for (from, to) in [(0, 1), (7, 0), (3, 4)] {
            let mut push = campaign.plan_push(&allocations, 0, 3);
            push.accounts[to] = push.accounts[from];
            if !asset.is_native() {
                push.args.bumps[to] = push.args.bumps[from];
            }
            refuse(world, &campaign, &allocations, push, TorqueError::ProofInvalid);
        }
    });
}

/// C-006. The rule: a paid leaf is skipped and the rest is paid. For every leaf of the block, and for all of them.
#[test]
fn c_006_a_block_with_a_paid_leaf_pays_the_others() {
    for paid in 0..8 {
        with_each_asset(|world, asset| {
            let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 8);
            expect_success(together(world, &[block(&campaign, &allocations, (paid, 0))], &[]));
            expect_paid(world, &campaign, &allocations, &[paid as usize]);
            for _ in 0..2 {
                expect_success(together(world, &[block(&campaign, &allocations, (0, 3))], &[]));
                expect_paid(world, &campaign, &allocations, &[0, 1, 2, 3, 4, 5, 6, 7]);
            }
        });
    }
}

/// C-006 with several paid leaves, among them neighbours and both ends.
#[test]
fn c_006_a_block_with_several_paid_leaves_pays_the_others() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 13);
        let first = [(0, 0), (4, 1), (12, 0)].map(|place| block(&campaign, &allocations, place));
        expect_success(together(world, &first, &[]));
        expect_paid(world, &campaign, &allocations, &[0, 4, 5, 12]);
        expect_success(together(world, &[block(&campaign, &allocations, (0, 4))], &[]));
        expect_paid(world, &campaign, &allocations, &(0..13).collect::<Vec<_>>());
    });
}

/// C-007. A push proves all its leaves behind one path, so the case is a leaf that is not the root's among leaves that
/// are: another wallet or another amount, at every place, to be paid and to be skipped.
#[test]
fn c_007_a_block_with_a_leaf_that_is_not_in_the_tree_pays_nobody() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 8);
        let intruder = keypair(30_000).pubkey();
        world.open_account(&asset, &intruder);
        for place in 0..8 {
            let mut with_intruder = allocations.payments.clone();
            with_intruder[place].recipient = intruder;
            let mut with_raise = allocations.payments.clone();
            with_raise[place].amount += 1;
            for payments in [with_intruder, with_raise] {
                for absent in [None, Some(payments[place].recipient)] {
                    let push = crank_cluster::payment::push(
                        &payments,
                        &allocations.tree,
                        &asset,
                        (0, 3),
                        |wallet| Some(*wallet) != absent,
                        false,
                    );
                    refuse(world, &campaign, &allocations, push, TorqueError::ProofInvalid);
                }
            }
        }
        assert_eq!(world.balance(&asset, &intruder), 0);
    });
}

/// C-007 with a leaf that would be skipped as paid: it must be proven all the same.
#[test]
fn c_007_a_paid_leaf_in_a_block_must_still_be_the_one_in_the_tree() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 8);
        expect_success(together(world, &[block(&campaign, &allocations, (3, 0))], &[]));
        let amounts = allocations.payments.iter().enumerate();
        let mut push = campaign.plan_push(&allocations, 0, 3);
        push.args.amounts = packed(amounts.map(|(place, it)| if place == 3 { it.amount - 1 } else { it.amount }));
        expect_unchanged(world, TorqueError::ProofInvalid, |world| campaign.push(world, &allocations, push));
        expect_paid(world, &campaign, &allocations, &[3]);
    });
}

/// C-007 over several pushes in one transaction: one false path in the middle undoes the pushes around it.
#[test]
fn c_007_a_false_path_in_the_middle_of_several_pushes_undoes_them_all() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 6);
        for element in 0..2 {
            let mut middle = campaign.plan_push(&allocations, 2, 1);
            middle.args.path[element][17] ^= 1;
            let pushes = [
                block(&campaign, &allocations, (0, 1)),
                campaign.push_instruction(&allocations, middle),
                block(&campaign, &allocations, (4, 1)),
            ];
            expect_unchanged(world, TorqueError::ProofInvalid, |world| together(world, &pushes, &[]));
            expect_paid(world, &campaign, &allocations, &[]);
        }
    });
}

/// C-007 with amounts whose sum is the same: a base unit moved from one leaf to its neighbour.
#[test]
fn c_007_a_block_whose_amounts_are_shifted_between_leaves_pays_nobody() {
    with_each_asset(|world, asset| {
        let leaves = [(20_000, 2_000_000), (20_001, 2_000_000), (20_002, 2_000_000), (20_003, 2_000_000)];
        let (campaign, allocations) = open_list(world, asset, Mode::Push, &leaves);
        for amounts in [[2_000_001, 1_999_999, 2_000_000, 2_000_000], [8_000_000, 0, 0, 0], [0, 0, 0, 8_000_000]] {
            let mut push = campaign.plan_push(&allocations, 0, 2);
            push.args.amounts = packed(amounts);
            refuse(world, &campaign, &allocations, push, TorqueError::ProofInvalid);
        }
    });
}
