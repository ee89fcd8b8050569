//! A campaign at any of its stages: created, funded, posted, open. A test asks for the stage that it needs.

use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::instruction::{self, ClaimedLeaf};
use crank_cluster::payment::{self, Payment, Push};
use crank_rules::tree::MerkleTree;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::constants::MAX_FEE_BASIS_POINTS;
use torque::instructions::{DistributorCreateArgs, EpochPostArgs};
use torque::merkle::leaf_hash;
use torque::powers::Powers;
use torque::state::{Epoch, Kind, Limits, Mode, Terms};

use crate::assertions::{Sent, expect_success};
use crate::memory;
use crate::world::{BEGINNING, World, keypair};

/// Seconds of an epoch.
pub const EPOCH: i64 = 86_400;
/// Seconds from posting to opening.
pub const DELAY: i64 = 3_600;
/// Seconds from opening to the end of payments.
pub const WINDOW: i64 = 7 * 86_400;
/// The most base units that an epoch of the fixture may pay.
pub const BUDGET: u64 = 1_000_000_000;
/// Base units with which the fixture is funded: three epochs' budgets.
pub const FUNDING: u64 = 3 * BUDGET;
/// Where the bundles of all epochs are said to be.
pub const BUNDLE_URI: &str = "https://example.com/bundles/9";

/// The usual limits under the terms of the fixture: a budget within an hour.
pub const LIMITS: Limits = Limits { absolute: BUDGET, window: 3_600, epoch_basis_points: 10_000 };

/// The terms of the fixture: daily epochs from the world's beginning, ten of them.
#[must_use]
pub fn terms() -> Terms {
    Terms {
        start: BEGINNING,
        epoch_duration: EPOCH as u32,
        epoch_count: 10,
        epoch_budget: BUDGET,
        activation_delay: DELAY as u32,
        claim_window: WINDOW as u32,
    }
}

/// A distributor and the allocations of the epochs that it posted.
pub struct Campaign {
    /// Its addresses.
    pub addresses: DistributorAddresses,
    /// How it pays.
    pub mode: Mode,
    /// Its publisher and rent payer.
    pub publisher: Keypair,
}

/// The allocations of one epoch, and their tree.
pub struct Allocations {
    /// The epoch's index.
    pub epoch: u32,
    /// The wallets' keys, in leaf order.
    pub wallets: Vec<Keypair>,
    /// The payments to them, in leaf order.
    pub payments: Vec<Payment>,
    /// The tree over them.
    pub tree: MerkleTree,
}

/// `count` wallets with keys from 10,000 on; leaf `i` is worth `2,000,000 + i` base units, which is above a SOL
/// account's rent.
#[must_use]
pub fn payments(count: u32) -> (Vec<Keypair>, Vec<Payment>) {
    let wallets: Vec<Keypair> = (0..count).map(|number| keypair(10_000 + number)).collect();
    let payments = wallets
        .iter()
        .zip(2_000_000..)
        .map(|(wallet, amount)| Payment { recipient: wallet.pubkey(), amount })
        .collect();
    (wallets, payments)
}

/// The tree over `payments` in the epoch at `epoch`.
#[must_use]
pub fn tree(epoch: &Pubkey, payments: &[Payment]) -> MerkleTree {
    let leaves =
        payments.iter().zip(0..).map(|(payment, index)| leaf_hash(epoch, index, &payment.recipient, payment.amount));
    MerkleTree::from_leaves(leaves.collect()).unwrap()
}

/// The creation of a distributor with `args`, whose creator accepts every power that the mint gives.
#[must_use]
pub fn creation(world: &World, addresses: &DistributorAddresses, args: DistributorCreateArgs) -> Instruction {
    let accepted_powers = world.powers_over(&addresses.asset, &addresses.owner);
    instruction::distributor_create(addresses, DistributorCreateArgs { accepted_powers, ..args })
}

impl Campaign {
    /// A distributor number `id` that is created and not funded.
    pub fn created(world: &mut World, asset: Asset, mode: Mode, id: u64) -> Self {
        let args = Self::create_args(world, mode, id);
        Self::created_with(world, asset, args)
    }

    /// A distributor that is created with `args` and not funded. Its creator accepts the powers over the mint.
    pub fn created_with(world: &mut World, asset: Asset, args: DistributorCreateArgs) -> Self {
        let (addresses, mode) = (DistributorAddresses::new(world.owner.pubkey(), args.id, asset), args.mode);
        let owner = world.owner.insecure_clone();
        let create = creation(world, &addresses, args);
        expect_success(world.send(create, &[&owner]));
        Self { addresses, mode, publisher: world.publisher.insecure_clone() }
    }

    /// The arguments of [`Self::created`], which accept no power yet: [`creation`] does.
    #[must_use]
    pub fn create_args(world: &World, mode: Mode, id: u64) -> DistributorCreateArgs {
        DistributorCreateArgs {
            id,
            kind: Kind::Direct,
            mode,
            publisher: world.publisher.pubkey(),
            guardian: world.guardian.pubkey(),
            terms: terms(),
            milestone: None,
            limits: None,
            draw: None,
            max_fee_basis_points: MAX_FEE_BASIS_POINTS,
            accepted_powers: Powers::NONE,
            minimum_sponsorship: 1,
        }
    }

    /// A distributor that is funded.
    pub fn funded(world: &mut World, asset: Asset, mode: Mode, id: u64) -> Self {
        let campaign = Self::created(world, asset, mode, id);
        let owner = world.owner.insecure_clone();
        expect_success(world.send(instruction::distributor_fund(&campaign.addresses, FUNDING), &[&owner]));
        campaign
    }

    /// A distributor whose epoch 0, with `count` leaves, is posted but not open.
    pub fn posted(world: &mut World, asset: Asset, mode: Mode, count: u32) -> (Self, Allocations) {
        let campaign = Self::funded(world, asset, mode, 1);
        world.pass(EPOCH);
        let allocations = campaign.allocations(0, count);
        expect_success(campaign.post(world, &allocations));
        (campaign, allocations)
    }

    /// A distributor whose epoch 0, with `count` leaves, is open, and whose wallets have accounts.
    pub fn open(world: &mut World, asset: Asset, mode: Mode, count: u32) -> (Self, Allocations) {
        let (campaign, allocations) = Self::posted(world, asset, mode, count);
        for payment in &allocations.payments {
            world.open_account(&asset, &payment.recipient);
        }
        world.pass(DELAY);
        (campaign, allocations)
    }

    /// The address of epoch `index`.
    #[must_use]
    pub fn epoch(&self, index: u32) -> Pubkey {
        memory::epoch_address(&self.addresses.distributor, index)
    }

    /// Allocations of epoch `epoch` to `count` wallets.
    #[must_use]
    pub fn allocations(&self, epoch: u32, count: u32) -> Allocations {
        let (wallets, payments) = payments(count);
        let tree = tree(&self.addresses.epoch(epoch), &payments);
        Allocations { epoch, wallets, payments, tree }
    }

    /// The arguments for posting `allocations`.
    #[must_use]
    pub fn post_args(&self, allocations: &Allocations) -> EpochPostArgs {
        EpochPostArgs {
            index: allocations.epoch,
            root: allocations.tree.root(),
            leaf_count: allocations.payments.len() as u32,
            total: allocations.total(),
            manifest_hash: [9; 32],
            bundle_uri: BUNDLE_URI.to_owned(),
        }
    }

    /// The instruction that posts with `args`.
    #[must_use]
    pub fn post_instruction(&self, args: EpochPostArgs) -> Instruction {
        let publisher = self.publisher.pubkey();
        instruction::epoch_post(&self.addresses, publisher, publisher, args)
    }

    /// Posts `allocations`.
    pub fn post(&self, world: &mut World, allocations: &Allocations) -> Sent {
        self.post_with(world, self.post_args(allocations))
    }

    /// Posts with `args`.
    pub fn post_with(&self, world: &mut World, args: EpochPostArgs) -> Sent {
        world.send(self.post_instruction(args), &[&self.publisher])
    }

    /// The claim of leaf `index` into the wallet's own account, as it should be.
    #[must_use]
    pub fn claim_instruction(&self, allocations: &Allocations, index: u32) -> Instruction {
        let recipient = allocations.payments[index as usize].recipient;
        let destination = self.addresses.asset.account_of(&recipient);
        instruction::claim(&self.addresses, recipient, destination, allocations.leaf(index))
    }

    /// Claims leaf `index`; the publisher pays the fee.
    pub fn claim(&self, world: &mut World, allocations: &Allocations, index: u32) -> Sent {
        let wallet = &allocations.wallets[index as usize];
        world.send(self.claim_instruction(allocations, index), &[&self.publisher, wallet])
    }

    /// The push of the block of 2^`level` leaves from `first` on, with every wallet present.
    #[must_use]
    pub fn plan_push(&self, allocations: &Allocations, first: u32, level: u8) -> Push {
        payment::push(&allocations.payments, &allocations.tree, &self.addresses.asset, (first, level), |_| true, false)
    }

    /// The instruction of `push`.
    #[must_use]
    pub fn push_instruction(&self, allocations: &Allocations, push: Push) -> Instruction {
        instruction::push(&self.addresses, allocations.epoch, push.args, &push.accounts)
    }

    /// Sends `push`; a stranger pays the fee.
    pub fn push(&self, world: &mut World, allocations: &Allocations, push: Push) -> Sent {
        let stranger = world.stranger.insecure_clone();
        world.send(self.push_instruction(allocations, push), &[&stranger])
    }

    /// Ends epoch `index`; a stranger asks for it.
    pub fn close_epoch(&self, world: &mut World, index: u32) -> Sent {
        let stranger = world.stranger.insecure_clone();
        world.send(instruction::epoch_close(&self.addresses, self.publisher.pubkey(), index), &[&stranger])
    }

    /// Whether leaf `index` of epoch `epoch` is paid.
    #[must_use]
    pub fn is_paid(&self, world: &World, epoch: u32, index: u32) -> bool {
        let mut account = world.cluster.account(&self.epoch(epoch)).unwrap();
        Epoch::split(&mut account.data).unwrap().1.is_paid(index).unwrap()
    }
}

impl Allocations {
    /// Their sum in base units.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.payments.iter().map(|payment| payment.amount).sum()
    }

    /// Leaf `index` as its wallet claims it.
    #[must_use]
    pub fn leaf(&self, index: u32) -> ClaimedLeaf {
        ClaimedLeaf {
            epoch: self.epoch,
            index,
            amount: self.payments[index as usize].amount,
            path: self.tree.path(0, index, u8::MAX),
        }
    }
}
