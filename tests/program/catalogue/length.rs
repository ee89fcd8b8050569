//! C-015: a path that is too short or too long is refused for its length, at a price that does not grow with it.

use crank_cluster::address::Asset;
use crank_cluster::error::ChainError;
use crank_cluster::instruction;
use crank_cluster::payment::{PROVE_LEVEL, subtree_proofs};
use crank_cluster::transaction::{self, Format};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer as _;
use tests::campaign::{Allocations, Campaign};
use tests::ledger::{Ledger, expect_unchanged};
use tests::world::World;
use torque::error::TorqueError;
use torque::merkle::Hash;
use torque::state::Mode;

use super::in_process::{EpochBytes, Leaf, expect_refusal, tree_over};
use super::stage::{expect_paid, with_each_asset};

/// Compute units that an instruction may use unless it asks for more.
const COMPUTE_LIMIT: u64 = 200_000;

/// The right path and every wrong length of it: empty, one short, one long with any end.
fn wrong_lengths(path: &[Hash]) -> Vec<Vec<Hash>> {
    let mut wrong = vec![[path, &[[0; 32]]].concat(), [path, &[[0xff; 32]]].concat(), [&[[0; 32]], path].concat()];
    if let (Some((_, without_first)), Some((last, without_last))) = (path.split_first(), path.split_last()) {
        wrong.push([path, &[*last]].concat());
        wrong.extend([Vec::new(), without_first.to_vec(), without_last.to_vec()]);
    }
    wrong
}

/// The claim of leaf `index` with another path.
fn claim_with(campaign: &Campaign, allocations: &Allocations, index: u32, path: Vec<Hash>) -> Instruction {
    let recipient = allocations.payments[index as usize].recipient;
    let destination = campaign.addresses.asset.account_of(&recipient);
    let leaf = instruction::ClaimedLeaf { path, ..allocations.leaf(index) };
    instruction::claim(&campaign.addresses, recipient, destination, leaf)
}

/// C-015 by claim, for trees in which paths have one length and in which they have several.
#[test]
fn c_015_a_claim_with_a_path_of_another_length_is_refused() {
    for count in [1, 2, 5, 8] {
        with_each_asset(|world, asset| {
            let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, count);
            for index in 0..count {
                let signers = [&campaign.publisher, &allocations.wallets[index as usize]];
                for path in wrong_lengths(&allocations.leaf(index).path) {
                    let claim = claim_with(&campaign, &allocations, index, path);
                    expect_unchanged(world, TorqueError::ProofLength, |world| world.send(claim, &signers));
                }
            }
            expect_paid(world, &campaign, &allocations, &[]);
        });
    }
}

/// C-015 by push, for blocks of each size.
#[test]
fn c_015_a_push_with_a_path_of_another_length_is_refused() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 13);
        for (first, level) in [(0, 0), (12, 0), (0, 1), (4, 2), (12, 2), (8, 3), (0, 4)] {
            let right = campaign.plan_push(&allocations, first, level);
            for path in wrong_lengths(&right.args.path) {
                let mut push = right.clone();
                push.args.path = path;
                let refusal = TorqueError::ProofLength;
                expect_unchanged(world, refusal, |world| campaign.push(world, &allocations, push));
            }
        }
        expect_paid(world, &campaign, &allocations, &[]);
    });
}

/// C-015 in process, for every leaf of every small tree, and below kept subtree roots.
#[test]
fn c_015_no_leaf_opens_with_a_path_of_another_length() {
    for count in (1..=33_u32).chain([4_096, 4_097, 5_000, 8_193]) {
        let tree = tree_over(count);
        let mut bare = EpochBytes::of(&tree);
        let mut proven = EpochBytes::of(&tree);
        if count > 4_096 {
            proven.keep_subtrees(&tree);
        }
        for index in (0..count).filter(|index| count <= 33 || index % 997 == 0 || *index == count - 1) {
            let leaf = Leaf::at(index).hash();
            let path = tree.path(0, index, u8::MAX);
            assert!(bare.accepts(leaf, index, &path) && proven.accepts(leaf, index, &path), "leaf {index} of {count}");
            for length in [33, 34, 64, 10_000] {
                let long: Vec<Hash> = path.iter().copied().chain(std::iter::repeat([1; 32])).take(length).collect();
                let refusal = proven.require(leaf, (0, index), &long);
                expect_refusal(refusal, TorqueError::ProofLength, &format!("leaf {index} of {count}, length {length}"));
            }
            for wrong in wrong_lengths(&path) {
                assert!(!bare.accepts(leaf, index, &wrong), "leaf {index} of {count}, length {}", wrong.len());
                // With a kept root, the shorter path is the leaf's other valid path, which ends at that root.
                let is_short = count > 4_096 && wrong == tree.path(0, index, torque::constants::SUBTREE_LEVEL);
                assert_eq!(proven.accepts(leaf, index, &wrong), is_short, "leaf {index} of {count}");
            }
        }
    }
}

/// C-015 with the longest path that fits a transaction. One of 33 does not: a packet has 1,232 bytes.
#[test]
fn c_015_the_longest_path_that_fits_a_transaction_is_refused() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 5);
    let wallet = &allocations.wallets[0];
    world.cluster.airdrop(&wallet.pubkey(), 1_000_000_000).unwrap();
    let mut longest = 0;
    for length in 4..=33 {
        let claim = claim_with(&campaign, &allocations, 0, vec![[1; 32]; length]);
        let before = Ledger::of(&world);
        match world.send(claim, &[wallet]) {
            Err(ChainError::Unbuildable(_)) => break,
            sent => tests::assertions::expect_error(sent, TorqueError::ProofLength),
        }
        assert_eq!(before.changes(&world), []);
        longest = length;
    }
    assert_eq!(longest, 27);
}

/// C-015 past what a packet holds. A program may call with up to 10,240 bytes of data, and one day packets may grow, so
/// the machine is given the transaction as it is: 33 elements, the 318 that a call carries, and the 2,046 that the
/// length of an instruction can say. 10,000 can be put in no transaction; in process they are refused above.
#[test]
fn c_015_paths_longer_than_any_transaction_are_refused_within_the_compute_limit() {
    let mut world = World::new();
    let (campaign, allocations) = Campaign::open(&mut world, Asset::SOL, Mode::Claim, 5);
    let wallet = &allocations.wallets[0];
    for length in [33, 34, 64, 318, 2_046] {
        let claim = claim_with(&campaign, &allocations, 0, vec![[1; 32]; length]);
        let (is_proof_length, units) = send_unlimited(&mut world, claim, &[&campaign.publisher, wallet]);
        assert!(is_proof_length, "{length} elements");
        assert!(units < COMPUTE_LIMIT / 4, "{length} elements take {units} compute units");
    }
    expect_paid(&world, &campaign, &allocations, &[]);
}

/// C-015 for the path from a block of subtree roots.
#[test]
fn c_015_a_subtree_with_a_path_of_another_length_is_refused() {
    let tree = tree_over(70_000);
    let proof = subtree_proofs(&tree).remove(0);
    assert!(!proof.path.is_empty());
    let mut world = World::new();
    let campaign = Campaign::funded(&mut world, Asset::SOL, Mode::Claim, 1);
    world.pass(tests::campaign::EPOCH);
    let allocations = Allocations { epoch: 0, wallets: Vec::new(), payments: Vec::new(), tree };
    let args = campaign.post_args(&allocations);
    let args = torque::instructions::EpochPostArgs { leaf_count: 70_000, total: 1, ..args };
    tests::assertions::expect_success(campaign.post_with(&mut world, args));
    let stranger = world.stranger.insecure_clone();
    let prove =
        |path| instruction::subtree_prove(campaign.addresses.epoch(0), 0, PROVE_LEVEL, proof.roots.clone(), path);
    for path in wrong_lengths(&proof.path) {
        let refusal = TorqueError::ProofLength;
        expect_unchanged(&mut world, refusal, |world| world.send(prove(path), &[&stranger]));
    }
    tests::assertions::expect_success(world.send(prove(proof.path.clone()), &[&stranger]));
    tests::invariants::check(&world, &[&campaign]);
}

/// Sends without the limit on a transaction's bytes, and expects a refusal that changes nothing. Returns whether it was
/// for the path's length, and the compute units.
#[track_caller]
fn send_unlimited(world: &mut World, instruction: Instruction, signers: &[&Keypair]) -> (bool, u64) {
    let before = Ledger::of(world);
    let transaction = transaction::sign(&[instruction], signers, Format::PLAIN, world.cluster.new_blockhash()).unwrap();
    let failed = world.cluster.execute(transaction).unwrap_err();
    assert_eq!(before.changes(world), []);
    let code = format!("Custom({})", u32::from(TorqueError::ProofLength));
    (format!("{:?}", failed.err).contains(&code), failed.meta.compute_units_consumed)
}
