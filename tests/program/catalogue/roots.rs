//! C-028 to C-030: nothing is paid in another mode or kind, or under no root at all.

use anchor_lang::Discriminator;
use crank_cluster::address;
use crank_cluster::instruction::{self, ClaimedLeaf};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Campaign, DELAY, EPOCH, creation};
use tests::ledger::{expect_unchanged, expect_unchanged_by};
use tests::world::World;
use torque::error::TorqueError;
use torque::instructions::{EpochPostArgs, PushArgs};
use torque::state::{Epoch, Mode};

use super::in_process::{EpochBytes, expect_refusal};
use super::stage::{expect_paid, together, two_campaigns, with_each_asset};

/// C-028, modes. Every leaf of a push distributor by claim, and every leaf and block of a claim distributor by push.
/// A leaf does not name its mode, because a distributor never changes its mode.
#[test]
fn c_028_a_leaf_is_not_paid_in_the_mode_that_is_not_its_distributor_s() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 4);
        for index in 0..4 {
            let claim = |world: &mut World| campaign.claim(world, &allocations, index);
            expect_unchanged(world, TorqueError::ModeIsPush, claim);
        }
        expect_paid(world, &campaign, &allocations, &[]);
        let push = campaign.plan_push(&allocations, 0, 2);
        expect_success(campaign.push(world, &allocations, push));
        expect_unchanged(world, TorqueError::ModeIsPush, |world| campaign.claim(world, &allocations, 0));
        expect_paid(world, &campaign, &allocations, &[0, 1, 2, 3]);
    });
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, 4);
        for (first, level) in [(0, 0), (3, 0), (2, 1), (0, 2), (0, 5)] {
            let push = campaign.plan_push(&allocations, first, level);
            expect_unchanged(world, TorqueError::ModeIsClaim, |world| campaign.push(world, &allocations, push));
        }
        expect_paid(world, &campaign, &allocations, &[]);
        expect_success(campaign.claim(world, &allocations, 2));
        expect_paid(world, &campaign, &allocations, &[2]);
    });
}

/// Anchor's refusal of data that is not the instruction's.
const INSTRUCTION_DID_NOT_DESERIALIZE: u32 = 102;

/// C-028, kinds. The rule: every kind pays by the same leaf, and the program acts on none; how a raffle's or another
/// kind's amounts came about is told by the manifest. So no payout can be asked for a wrong kind, and a distributor of
/// a kind or mode that the program does not know cannot be created.
#[test]
fn c_028_a_distributor_of_an_unknown_kind_or_mode_cannot_be_created() {
    with_each_asset(|world, asset| {
        let addresses = address::DistributorAddresses::new(world.owner.pubkey(), 1, asset);
        let create = creation(world, &addresses, Campaign::create_args(world, Mode::Claim, 1));
        let owner = world.owner.insecure_clone();
        // The kind and the mode follow the instruction's discriminator and the number.
        for place in [16, 17] {
            for unknown in [0x40, 0x80, u8::MAX] {
                let mut create = create.clone();
                create.data[place] = unknown;
                let code = expect_unchanged_by(world, |world| world.send(create, &[&owner]));
                assert_eq!(code, Some(INSTRUCTION_DID_NOT_DESERIALIZE));
            }
        }
        expect_success(world.send(create, &[&owner]));
    });
}

/// C-029.
#[test]
fn c_029_a_zero_root_cannot_be_posted() {
    for mode in [Mode::Claim, Mode::Push] {
        with_each_asset(|world, asset| {
            let campaign = Campaign::funded(world, asset, mode, 1);
            world.pass(EPOCH);
            let right = campaign.post_args(&campaign.allocations(0, 3));
            for leaf_count in [1, 3, 5_000, 1_000_001] {
                let args = EpochPostArgs { root: [0; 32], leaf_count, ..right.clone() };
                expect_unchanged(world, TorqueError::RootZero, |world| campaign.post_with(world, args));
            }
            // One bit makes it a root, but not one for these leaves.
            let mut root = [0; 32];
            root[31] = 1;
            expect_success(campaign.post_with(world, EpochPostArgs { root, ..right }));
            tests::invariants::check(world, &[&campaign]);
        });
    }
}

/// C-029 in process: an account whose root is zero, which no instruction makes, opens for no hash, not for the zero
/// one.
#[test]
fn c_029_an_epoch_without_a_root_opens_for_nothing() {
    for leaf_count in [0, 1, 2, 5_000] {
        let mut epoch = EpochBytes::new([0; 32], leaf_count);
        for hash in [[1; 32], [0xff; 32]] {
            assert!(!epoch.accepts(hash, 0, &[]), "{leaf_count} leaves");
        }
    }
    let empty = EpochBytes::new([0; 32], 0).require([0; 32], (0, 0), &[]);
    expect_refusal(empty, TorqueError::LeafIndexOutOfRange, "the zero leaf of no leaves");
    let unproven = EpochBytes::new([0; 32], 5_000).require([0; 32], (12, 0), &[]);
    expect_refusal(unproven, TorqueError::SubtreeNotProven, "a zero subtree root");
}

/// C-030 by claim: before any root, with and without lamports at the epoch's address, and with every other account of
/// the program in the epoch's place.
#[test]
fn c_030_a_claim_before_any_root_is_refused() {
    with_each_asset(|world, asset| {
        let (campaign, other) = two_campaigns(world, asset, Mode::Claim);
        expect_success(other.post(world, &other.allocations(0, 1)));
        world.pass(DELAY);
        let wallet = tests::world::keypair(10_000);
        world.open_account(&asset, &wallet.pubkey());
        let leaf = ClaimedLeaf { epoch: 0, index: 0, amount: 0, path: Vec::new() };
        let destination = asset.account_of(&wallet.pubkey());
        let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), destination, leaf);
        for lamports in [0, 10_000_000] {
            if lamports > 0 {
                world.cluster.airdrop(&campaign.addresses.epoch(0), lamports).unwrap();
            }
            for substitute in substitutes(&campaign, &other) {
                let mut claim = claim.clone();
                claim.accounts[3].pubkey = substitute;
                expect_unchanged_by(world, |world| together(world, &[claim], &[&wallet]));
            }
        }
        tests::invariants::check(world, &[&campaign, &other]);
    });
}

/// C-030 by push, where the zero wallet can be named too.
#[test]
fn c_030_a_push_before_any_root_is_refused() {
    with_each_asset(|world, asset| {
        let (campaign, other) = two_campaigns(world, asset, Mode::Push);
        expect_success(other.post(world, &other.allocations(0, 1)));
        world.pass(DELAY);
        let args = PushArgs {
            first_index: 0,
            level: 0,
            absent: 1,
            amounts: vec![0],
            bumps: Vec::new(),
            wallets: vec![Pubkey::default()],
            path: Vec::new(),
            is_batched: false,
        };
        let push = instruction::push(&campaign.addresses, 0, args, &[]);
        for substitute in substitutes(&campaign, &other) {
            let mut push = push.clone();
            push.accounts[2].pubkey = substitute;
            expect_unchanged_by(world, |world| together(world, &[push], &[]));
        }
        tests::invariants::check(world, &[&campaign, &other]);
    });
}

/// Accounts that somebody may pass for an epoch that does not exist: its empty address, and other existing accounts.
fn substitutes(campaign: &Campaign, other: &Campaign) -> [Pubkey; 8] {
    [
        campaign.addresses.epoch(0),
        campaign.addresses.epoch(1),
        other.addresses.epoch(0),
        campaign.addresses.distributor,
        campaign.addresses.vault,
        address::config(),
        Pubkey::default(),
        torque::ID,
    ]
}

/// C-030 in process: the bytes of an account that no root was ever written to are no epoch.
#[test]
fn c_030_bytes_that_were_never_written_are_no_epoch() {
    for size in [0, 7, 8, 336, 10_240] {
        assert!(Epoch::split(&mut vec![0; size]).is_err(), "{size} bytes");
        let mut bytes = vec![0; size];
        if let Some(discriminator) = bytes.get_mut(..8) {
            discriminator.copy_from_slice(Epoch::DISCRIMINATOR);
        }
        if let Ok((_, mut marks)) = Epoch::split(&mut bytes) {
            assert!(marks.require_node([0; 32], 0, 0, &[]).is_err(), "{size} bytes");
            assert!(marks.set_paid(0).is_err(), "{size} bytes");
        }
    }
}
