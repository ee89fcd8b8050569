//! C-021 to C-023 and C-027: a leaf is bound to the one epoch of the one distributor of the one program that owes it.
//!
//! The leaf holds the epoch's address, which is derived from the program, the distributor and the epoch's number.

use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::instruction::{self, ClaimedLeaf};
use crank_rules::tree::MerkleTree;
use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::assertions::expect_success;
use tests::campaign::{Allocations, Campaign, EPOCH, payments, tree};
use tests::ledger::{expect_unchanged, expect_unchanged_by};
use tests::world::{World, keypair};
use torque::constants::{SEED_DISTRIBUTOR, SEED_EPOCH};
use torque::error::TorqueError;
use torque::merkle::leaf_hash;
use torque::state::Mode;

use super::stage::{expect_paid, open, together, two_campaigns, with_each_asset};

/// The claim at `campaign` of a leaf of `list`, as if it were one of that campaign's epoch `epoch`.
fn claim_at(campaign: &Campaign, epoch: u32, list: &Allocations, index: u32) -> Instruction {
    let recipient = list.payments[index as usize].recipient;
    let destination = campaign.addresses.asset.account_of(&recipient);
    let leaf = ClaimedLeaf { epoch, ..list.leaf(index) };
    instruction::claim(&campaign.addresses, recipient, destination, leaf)
}

/// The push at `campaign` of a block of `list`, as if it were one of that campaign's epoch `epoch`.
fn push_at(campaign: &Campaign, epoch: u32, list: &Allocations, place: (u32, u8)) -> Instruction {
    let push = campaign.plan_push(list, place.0, place.1);
    instruction::push(&campaign.addresses, epoch, push.args, &push.accounts)
}

/// Refuses every leaf of `list` at `campaign`'s epoch `epoch`, or blocks of it, by the campaign's mode.
///
/// Of five leaves, so that no block here is the whole list: that has no path, and nothing that would be another list's.
#[track_caller]
fn refuse_all(world: &mut World, campaign: &Campaign, epoch: u32, list: &Allocations) {
    let refusal = TorqueError::ProofInvalid;
    if campaign.mode == Mode::Claim {
        for index in 0..list.payments.len() as u32 {
            let (claim, wallet) = (claim_at(campaign, epoch, list, index), &list.wallets[index as usize]);
            expect_unchanged(world, refusal, |world| together(world, &[claim], &[wallet]));
        }
    } else {
        for place in [(0, 0), (4, 0), (0, 1), (2, 1), (0, 2)] {
            let push = push_at(campaign, epoch, list, place);
            expect_unchanged(world, refusal, |world| together(world, &[push], &[]));
        }
    }
}

/// Pays leaf 1 of `list` at `campaign`, to show that the leaf that is refused elsewhere is valid here.
#[track_caller]
fn pay_one(world: &mut World, campaign: &Campaign, list: &Allocations) {
    let wallet = &list.wallets[1];
    if campaign.mode == Mode::Claim {
        expect_success(together(world, &[claim_at(campaign, list.epoch, list, 1)], &[wallet]));
    } else {
        expect_success(together(world, &[push_at(campaign, list.epoch, list, (1, 0))], &[]));
    }
    let epoch = world.epoch(&campaign.addresses, list.epoch);
    assert_eq!((epoch.paid_count, epoch.paid_total), (1, list.payments[1].amount));
}

/// C-021, both ways. A list of one leaf has an empty path, which is every such list's and so not tried; its leaf is
/// hashed by the program, with the address of the epoch that pays.
#[test]
fn c_021_a_proof_of_one_epoch_is_refused_in_the_next() {
    for mode in [Mode::Claim, Mode::Push] {
        with_each_asset(|world, asset| {
            let campaign = Campaign::funded(world, asset, mode, 1);
            world.pass(2 * EPOCH);
            let (first, second) = (campaign.allocations(0, 5), campaign.allocations(1, 5));
            assert_eq!(first.payments, second.payments);
            open(world, &[(&campaign, &first), (&campaign, &second)]);
            refuse_all(world, &campaign, 1, &first);
            refuse_all(world, &campaign, 0, &second);
            pay_one(world, &campaign, &first);
            pay_one(world, &campaign, &second);
            refuse_all(world, &campaign, 1, &first);
            tests::invariants::check(world, &[&campaign]);
        });
    }
}

/// C-021 where the very root of one epoch is posted again for the next: it opens nothing there.
#[test]
fn c_021_the_root_of_one_epoch_posted_for_the_next_opens_nothing() {
    with_each_asset(|world, asset| {
        let campaign = Campaign::funded(world, asset, Mode::Claim, 1);
        world.pass(2 * EPOCH);
        let first = campaign.allocations(0, 3);
        let mut second = campaign.allocations(1, 3);
        let honest = std::mem::replace(&mut second.tree, first.tree.clone());
        open(world, &[(&campaign, &first), (&campaign, &second)]);
        refuse_all(world, &campaign, 1, &first);
        second.tree = honest;
        refuse_all(world, &campaign, 1, &second);
        pay_one(world, &campaign, &first);
        tests::invariants::check(world, &[&campaign]);
    });
}

/// C-022, both ways, in both modes, with the accounts of the one campaign and with a mixture.
#[test]
fn c_022_a_proof_of_one_campaign_is_refused_in_another_with_the_same_list() {
    for mode in [Mode::Claim, Mode::Push] {
        with_each_asset(|world, asset| {
            let (one, other) = two_campaigns(world, asset, mode);
            let (of_one, of_other) = (one.allocations(0, 5), other.allocations(0, 5));
            assert_eq!(of_one.payments, of_other.payments);
            open(world, &[(&one, &of_one), (&other, &of_other)]);
            refuse_all(world, &other, 0, &of_one);
            refuse_all(world, &one, 0, &of_other);
            refuse_mixtures(world, &one, &other, &of_one);
            pay_one(world, &one, &of_one);
            refuse_all(world, &other, 0, &of_one);
            pay_one(world, &other, &of_other);
            tests::invariants::check(world, &[&one, &other]);
        });
    }
}

/// A right payment of `one`'s list in which one or more accounts are the other campaign's.
#[track_caller]
fn refuse_mixtures(world: &mut World, one: &Campaign, other: &Campaign, list: &Allocations) {
    let (right, signers) = if one.mode == Mode::Claim {
        (claim_at(one, 0, list, 1), vec![&list.wallets[1]])
    } else {
        (push_at(one, 0, list, (1, 0)), Vec::new())
    };
    let DistributorAddresses { distributor, vault, .. } = one.addresses;
    let swaps = [
        (distributor, other.addresses.distributor),
        (vault, other.addresses.vault),
        (one.addresses.epoch(0), other.addresses.epoch(0)),
    ];
    for chosen in 1..7_usize {
        let mut mixture = right.clone();
        for (place, (from, to)) in swaps.iter().enumerate() {
            if chosen & (1 << place) != 0 {
                mixture.accounts.iter_mut().filter(|it| it.pubkey == *from).for_each(|it| it.pubkey = *to);
            }
        }
        let code = expect_unchanged_by(world, |world| together(world, &[mixture], &signers));
        let refusals = [TorqueError::VaultMismatch, TorqueError::EpochMismatch].map(u32::from);
        assert!(code.is_some_and(|code| refusals.contains(&code)), "mixture {chosen}: {code:?}");
    }
}

/// C-023. One root over a leaf of each campaign, posted in both: each leaf opens in its own campaign only.
#[test]
fn c_023_a_root_that_is_posted_in_two_campaigns_pays_each_leaf_in_its_own() {
    with_each_asset(|world, asset| {
        let (one, other) = two_campaigns(world, asset, Mode::Claim);
        let (wallets, payments) = payments(4);
        let campaigns = [&one, &other, &one, &other];
        let leaves = campaigns.iter().zip(&payments).zip(0..).map(|((campaign, payment), index)| {
            leaf_hash(&campaign.addresses.epoch(0), index, &payment.recipient, payment.amount)
        });
        let tree = MerkleTree::from_leaves(leaves.collect()).unwrap();
        let list = Allocations { epoch: 0, wallets, payments, tree };
        open(world, &[(&one, &list), (&other, &list)]);
        for index in 0..4 {
            let (owner, stranger) = if index % 2 == 0 { (&one, &other) } else { (&other, &one) };
            let wallet = &list.wallets[index as usize];
            let send = |world: &mut World, campaign| together(world, &[claim_at(campaign, 0, &list, index)], &[wallet]);
            expect_unchanged(world, TorqueError::ProofInvalid, |world| send(world, stranger));
            expect_success(send(world, owner));
            expect_unchanged(world, TorqueError::LeafAlreadyPaid, |world| send(world, owner));
            expect_unchanged(world, TorqueError::ProofInvalid, |world| send(world, stranger));
        }
        assert_eq!(tests::invariants::marks(world, &one, 0), [0b0101]);
        assert_eq!(tests::invariants::marks(world, &other, 0), [0b1010]);
        tests::invariants::check(world, &[&one, &other]);
    });
}

/// C-027. The root is posted, but its leaves are bound to the epoch that another program would derive from the same
/// distributor, or from one of the same owner and number.
#[test]
fn c_027_a_leaf_of_another_program_is_refused() {
    let program = keypair(40_000).pubkey();
    with_each_asset(|world, asset| {
        for (id, mode) in [(1, Mode::Claim), (2, Mode::Push)] {
            for other_distributor in [false, true] {
                let id = id + 2 * u64::from(other_distributor);
                let campaign = Campaign::funded(world, asset, mode, id);
                let seeds = [SEED_DISTRIBUTOR, campaign.addresses.owner.as_ref(), &id.to_le_bytes()];
                let of_other = Pubkey::find_program_address(&seeds, &program).0;
                let distributor = if other_distributor { of_other } else { campaign.addresses.distributor };
                let seeds = [SEED_EPOCH, distributor.as_ref(), &0_u32.to_le_bytes()];
                let epoch = Pubkey::find_program_address(&seeds, &program).0;
                assert_ne!(epoch, campaign.addresses.epoch(0));
                let (wallets, payments) = payments(5);
                let tree = tree(&epoch, &payments);
                let list = Allocations { epoch: 0, wallets, payments, tree };
                world.pass(EPOCH);
                open(world, &[(&campaign, &list)]);
                refuse_all(world, &campaign, 0, &list);
                expect_paid(world, &campaign, &list, &[]);
            }
        }
    });
}

/// C-027, the cluster. The rule: a leaf has no cluster tag, since a program cannot know its cluster. Two clusters on
/// which one owner uses one number have the same addresses and so the same leaves; but a leaf opens only under a root
/// that the publisher posted on that very cluster.
#[test]
fn c_027_a_leaf_of_another_cluster_opens_only_under_a_root_posted_on_this_one() {
    let mut other = World::new();
    let (_, of_other) = Campaign::open(&mut other, Asset::SOL, Mode::Claim, 3);
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(EPOCH);
    expect_unchanged_by(&mut world, |world| campaign.claim(world, &of_other, 0));
    let list = campaign.allocations(0, 2);
    open(&mut world, &[(&campaign, &list)]);
    refuse_all_but_length(&mut world, &campaign, &of_other);
    expect_success(campaign.claim(&mut world, &list, 1));
    expect_paid(&world, &campaign, &list, &[1]);
}

/// Refuses every leaf of a list with another number of leaves.
#[track_caller]
fn refuse_all_but_length(world: &mut World, campaign: &Campaign, list: &Allocations) {
    for index in 0..list.payments.len() as u32 {
        let code = expect_unchanged_by(world, |world| campaign.claim(world, list, index));
        let refusals =
            [TorqueError::ProofInvalid, TorqueError::ProofLength, TorqueError::LeafIndexOutOfRange].map(u32::from);
        assert!(code.is_some_and(|code| refusals.contains(&code)), "leaf {index}: {code:?}");
    }
}
