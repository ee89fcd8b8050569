//! An epoch of 100,000 leaves: it is too large to be created in one piece, and has 25 subtrees.

use std::sync::LazyLock;
use std::thread;

use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::payment::{self, Payment, Push};
use solana_keypair::Keypair;
use solana_signer::Signer as _;
use torque::state::Mode;

use crate::assertions::{Sent, expect_success};
use crate::campaign::{Allocations, Campaign, DELAY, EPOCH, tree};
use crate::world::{World, keypair};

/// How many leaves the epoch has.
pub const LEAF_COUNT: u32 = 100_000;
/// Bytes of the whole account: the header, 25 roots, and a bit for each leaf.
pub const FULL_SIZE: usize = 336 + 25 * 32 + 12_500;
/// Bytes with which the account is created: the most that the runtime allows in one instruction.
pub const INITIAL_SIZE: usize = 10_240;
/// The first leaf whose paid-mark is beyond the bytes with which the account is created.
pub const FIRST_MISSING_LEAF: u32 = (INITIAL_SIZE as u32 - 336 - 25 * 32) * 8;

/// How many wallets share the leaves: leaf `i` belongs to wallet `i` modulo this.
const WALLETS: u32 = 64;

/// The allocations of epoch 0 of the owner's distributor 1, which are the same in every world.
///
/// The tree is hashed on a rayon pool. Some callers are workers of the common pool, and a worker that waits there takes
/// up another test, which may ask for the same tree and so wait for itself. A thread and a pool of its own avoid that
/// deadlock.
static ALLOCATIONS: LazyLock<Allocations> = LazyLock::new(|| {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    thread::scope(|scope| scope.spawn(|| pool.install(allocate)).join()).unwrap()
});

fn allocate() -> Allocations {
    let owners: Vec<Keypair> = (0..WALLETS).map(|number| keypair(20_000 + number)).collect();
    let wallets: Vec<Keypair> = owners.iter().cycle().take(LEAF_COUNT as usize).map(Keypair::insecure_clone).collect();
    let payments: Vec<Payment> = wallets
        .iter()
        .zip(0..)
        .map(|(wallet, index)| Payment { recipient: wallet.pubkey(), amount: 1 + index % 1_000 })
        .collect();
    let epoch = DistributorAddresses::new(keypair(2).pubkey(), 1, Asset::SOL).epoch(0);
    let tree = tree(&epoch, &payments);
    Allocations { epoch: 0, wallets, payments, tree }
}

/// The allocations of the large epoch.
#[must_use]
pub fn allocations() -> &'static Allocations {
    &ALLOCATIONS
}

/// A distributor whose large epoch 0 is open; its account has not grown yet.
pub fn open_large_epoch(world: &mut World, asset: Asset, mode: Mode) -> (Campaign, &'static Allocations) {
    let campaign = Campaign::funded(world, asset, mode, 1);
    world.pass(EPOCH);
    expect_success(campaign.post(world, &ALLOCATIONS));
    for payment in ALLOCATIONS.payments.iter().take(WALLETS as usize) {
        world.open_account(&asset, &payment.recipient);
    }
    world.pass(DELAY);
    (campaign, &ALLOCATIONS)
}

impl Campaign {
    /// Keeps the roots of every subtree of `allocations`, as far as the account has room; a stranger asks.
    pub fn prove_subtrees(&self, world: &mut World, allocations: &Allocations) {
        for proof in payment::subtree_proofs(&allocations.tree) {
            expect_success(self.prove_subtree(world, proof));
        }
    }

    /// Keeps the roots of `proof`.
    pub fn prove_subtree(&self, world: &mut World, proof: payment::SubtreeProof) -> Sent {
        let stranger = world.stranger.insecure_clone();
        let payment::SubtreeProof { first, roots, path } = proof;
        let epoch = self.addresses.epoch(0);
        let prove = crank_cluster::instruction::subtree_prove(epoch, first, payment::PROVE_LEVEL, roots, path);
        world.send(prove, &[&stranger])
    }

    /// Claims leaf `index` with the path below its subtree only.
    pub fn claim_below_subtree(&self, world: &mut World, allocations: &Allocations, index: u32) -> Sent {
        let mut leaf = allocations.leaf(index);
        leaf.path = payment::path(&allocations.tree, 0, index, true);
        let wallet = &allocations.wallets[index as usize];
        let destination = self.addresses.asset.account_of(&wallet.pubkey());
        let claim = crank_cluster::instruction::claim(&self.addresses, wallet.pubkey(), destination, leaf);
        world.send(claim, &[&self.publisher, wallet])
    }

    /// The push of the block of 2^`level` leaves from `first` on, with the path below its subtree only.
    #[must_use]
    pub fn plan_push_below_subtree(&self, allocations: &Allocations, first: u32, level: u8) -> Push {
        let asset = &self.addresses.asset;
        payment::push(&allocations.payments, &allocations.tree, asset, (first, level), |_| true, true)
    }
}
