//! C-018: a single bit that is not as it should be, in the leaf, the path, the root, the index or the amount, opens
//! nothing.

use crank_cluster::instruction::{self, ClaimedLeaf};
use crank_rules::tree::MerkleTree;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tests::campaign::{Campaign, EPOCH};
use tests::ledger::{expect_unchanged, expect_unchanged_by};
use torque::error::TorqueError;
use torque::merkle::Hash;
use torque::state::Mode;

use super::in_process::{EpochBytes, Leaf, tree_over};
use super::stage::{expect_paid, open, together, with_each_asset};

/// Bits of a hash, a root or an address.
const HASH_BITS: usize = 256;
/// Random flips in deep trees.
const RANDOM_FLIPS: usize = 10_000;

fn flip_hash(mut hash: Hash, bit: usize) -> Hash {
    hash[bit / 8] ^= 1 << (bit % 8);
    hash
}

fn flip_address(address: Pubkey, bit: usize) -> Pubkey {
    Pubkey::new_from_array(flip_hash(address.to_bytes(), bit))
}

/// An epoch, one of its leaves, and the path that opens it.
struct Proof<'a> {
    epoch: &'a mut EpochBytes,
    leaf: Leaf,
    path: Vec<Hash>,
    /// The first bit, within the account, of the root that the path leads to.
    root: usize,
}

impl Proof<'_> {
    /// How many bits there are to flip.
    fn bits(&self) -> usize {
        // The leaf's hash, its epoch and recipient, the root; its index twice, its amount; the path.
        4 * HASH_BITS + 32 + 32 + 64 + self.path.len() * HASH_BITS
    }

    /// Whether the leaf opens with bit number `bit` flipped.
    fn opens_with_flipped(&mut self, bit: usize) -> bool {
        let Leaf { index, .. } = self.leaf;
        let mut leaf = self.leaf;
        let (field, bit) = (bit / HASH_BITS, bit % HASH_BITS);
        match (field, bit) {
            (0, _) => return self.epoch.accepts(flip_hash(leaf.hash(), bit), index, &self.path),
            (1, _) => leaf.epoch = flip_address(leaf.epoch, bit),
            (2, _) => leaf.recipient = flip_address(leaf.recipient, bit),
            (3, _) => return self.opens_under_flipped_root(bit),
            (4, 0..32) => return self.epoch.accepts(leaf.hash(), index ^ (1 << bit), &self.path),
            (4, 32..64) => leaf.index ^= 1 << (bit - 32),
            (4, 64..128) => leaf.amount ^= 1 << (bit - 64),
            _ => return self.opens_with_flipped_path((field - 4) * HASH_BITS + bit - 128),
        }
        // As an instruction would: the index that is hashed is the index that is looked for.
        self.epoch.accepts(leaf.hash(), leaf.index, &self.path)
    }

    fn opens_under_flipped_root(&mut self, bit: usize) -> bool {
        self.epoch.flip(self.root + bit);
        let opens = self.epoch.accepts(self.leaf.hash(), self.leaf.index, &self.path);
        self.epoch.flip(self.root + bit);
        opens
    }

    fn opens_with_flipped_path(&mut self, bit: usize) -> bool {
        let mut path = self.path.clone();
        path[bit / HASH_BITS] = flip_hash(path[bit / HASH_BITS], bit % HASH_BITS);
        self.epoch.accepts(self.leaf.hash(), self.leaf.index, &path)
    }

    fn opens(&mut self) -> bool {
        self.epoch.accepts(self.leaf.hash(), self.leaf.index, &self.path)
    }
}

/// C-018 for depths up to 4: every bit of everything, for every leaf of every tree of up to 16 leaves.
#[test]
fn c_018_no_leaf_of_a_small_tree_opens_with_a_flipped_bit() {
    for count in 1..=16_u32 {
        let tree = tree_over(count);
        let mut epoch = EpochBytes::of(&tree);
        for index in 0..count {
            let (leaf, path) = (Leaf::at(index), tree.path(0, index, u8::MAX));
            let mut proof = Proof { epoch: &mut epoch, leaf, path, root: EpochBytes::ROOT };
            assert!(proof.opens());
            for bit in 0..proof.bits() {
                assert!(!proof.opens_with_flipped(bit), "leaf {index} of {count}, bit {bit}");
            }
            assert!(proof.opens());
        }
    }
}

/// C-018 for deeper trees: random leaves and random bits, with the path to the root and with that to a kept subtree
/// root.
#[test]
fn c_018_no_leaf_of_a_large_tree_opens_with_a_flipped_bit() {
    let trees = [17, 100, 1_000, 4_097, 20_000].map(tree_over);
    let mut bare = trees.each_ref().map(EpochBytes::of);
    let mut proven = trees.each_ref().map(EpochBytes::of);
    for (epoch, tree) in proven.iter_mut().zip(&trees) {
        epoch.keep_subtrees(tree);
    }
    let mut random = Random(18);
    for flip in 0..RANDOM_FLIPS {
        let which = random.below(trees.len());
        let tree = &trees[which];
        let index = random.below(tree.leaf_count()) as u32;
        let is_short = tree.leaf_count() > 4_096 && random.below(2) == 0;
        let mut proof =
            if is_short { short(&mut proven[which], tree, index) } else { whole(&mut bare[which], tree, index) };
        assert!(proof.opens());
        let bit = random.below(proof.bits());
        assert!(!proof.opens_with_flipped(bit), "flip {flip}: leaf {index} of {}, bit {bit}", tree.leaf_count());
    }
}

/// The leaf with its path to the root.
fn whole<'a>(epoch: &'a mut EpochBytes, tree: &MerkleTree, index: u32) -> Proof<'a> {
    Proof { epoch, leaf: Leaf::at(index), path: tree.path(0, index, u8::MAX), root: EpochBytes::ROOT }
}

/// The leaf with its path to the kept root of its subtree.
fn short<'a>(epoch: &'a mut EpochBytes, tree: &MerkleTree, index: u32) -> Proof<'a> {
    let root = EpochBytes::SUBTREE_ROOTS + (index >> 12) as usize * HASH_BITS;
    Proof { epoch, leaf: Leaf::at(index), path: tree.path(0, index, torque::constants::SUBTREE_LEVEL), root }
}

/// `SplitMix64`: the same flips in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// C-018 by claim: every bit of index and amount, and some of every path element.
#[test]
fn c_018_a_claim_with_a_flipped_bit_is_refused() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Claim, 5);
        for at in [0, 4] {
            let right = allocations.leaf(at);
            let mut wrong: Vec<ClaimedLeaf> = Vec::new();
            wrong.extend((0..32).map(|bit| ClaimedLeaf { index: at ^ (1 << bit), ..right.clone() }));
            wrong.extend((0..64).map(|bit| ClaimedLeaf { amount: right.amount ^ (1 << bit), ..right.clone() }));
            for bit in (0..right.path.len() * HASH_BITS).step_by(37) {
                let mut leaf = right.clone();
                leaf.path[bit / HASH_BITS] = flip_hash(leaf.path[bit / HASH_BITS], bit % HASH_BITS);
                wrong.push(leaf);
            }
            let wallet = &allocations.wallets[at as usize];
            for leaf in wrong {
                let destination = asset.account_of(&wallet.pubkey());
                let claim = instruction::claim(&campaign.addresses, wallet.pubkey(), destination, leaf);
                expect_unchanged_by(world, |world| together(world, &[claim], &[wallet]));
            }
        }
        expect_paid(world, &campaign, &allocations, &[]);
    });
}

/// C-018 by push, where the wallet is data too: bits of amounts, wallets and path.
#[test]
fn c_018_a_push_with_a_flipped_bit_is_refused() {
    with_each_asset(|world, asset| {
        let (campaign, allocations) = Campaign::open(world, asset, Mode::Push, 5);
        let absent = allocations.payments[2].recipient;
        let plan = |payments: &[_], absent: Pubkey| {
            crank_cluster::payment::push(payments, &allocations.tree, &asset, (0, 2), |wallet| *wallet != absent, false)
        };
        let mut wrong = Vec::new();
        for bit in 0..64 {
            let mut payments = allocations.payments.clone();
            payments[bit % 4].amount ^= 1 << bit;
            wrong.push(plan(&payments, absent));
        }
        for bit in (0..HASH_BITS).step_by(5) {
            let mut payments = allocations.payments.clone();
            payments[2].recipient = flip_address(absent, bit);
            wrong.push(plan(&payments, payments[2].recipient));
            let mut push = plan(&allocations.payments, absent);
            push.args.path[0] = flip_hash(push.args.path[0], bit);
            wrong.push(push);
        }
        for push in wrong {
            let refusal = TorqueError::ProofInvalid;
            expect_unchanged(world, refusal, |world| campaign.push(world, &allocations, push));
        }
        expect_paid(world, &campaign, &allocations, &[]);
    });
}

/// C-018 with a flipped bit in the root that is posted.
#[test]
fn c_018_a_root_with_a_flipped_bit_opens_nothing() {
    for bit in [0, 7, 100, 255] {
        with_each_asset(|world, asset| {
            let campaign = Campaign::funded(world, asset, Mode::Claim, 1);
            world.pass(EPOCH);
            let mut allocations = campaign.allocations(0, 5);
            let honest = allocations.tree;
            allocations.tree = MerkleTree::from_leaves(vec![flip_hash(honest.root(), bit)]).unwrap();
            open(world, &[(&campaign, &allocations)]);
            allocations.tree = honest;
            for index in 0..5 {
                let refusal = TorqueError::ProofInvalid;
                expect_unchanged(world, refusal, |world| campaign.claim(world, &allocations, index));
            }
            expect_paid(world, &campaign, &allocations, &[]);
        });
    }
}
