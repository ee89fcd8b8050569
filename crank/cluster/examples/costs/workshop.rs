//! A cluster with the protocol set up and a distributor of tokens at any stage, for measuring.

use std::future::Future;

use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use tokio::runtime::{Builder, Runtime};
use torque::constants::MAX_BUNDLE_URI_LEN;
use torque::instructions::{DistributorCreateArgs, EpochPostArgs};
use torque::merkle::leaf_hash;
use torque::powers::Powers;
use torque::state::{Kind, Mode, Terms};

use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::cluster::Receipt;
use crank_cluster::embedded::Embedded;
use crank_cluster::error::ChainError;
use crank_cluster::payment::Payment;
use crank_cluster::{instruction, mint};
use crank_rules::tree::MerkleTree;

/// The receipts of instructions, by name.
pub(super) type Receipts = Vec<(&'static str, Receipt)>;

/// Unix seconds at which the measurements begin.
const BEGINNING: i64 = 1_767_225_600;
/// Seconds of an epoch.
pub(super) const EPOCH: i64 = 86_400;
/// Base units of the first leaf: a thousand tokens of six decimals, five bytes in a push.
pub(super) const AMOUNT: u64 = 1_000_000_000;

/// Key number `number`.
pub(super) fn keypair(number: u64) -> Keypair {
    let mut seed = [1; 32];
    for (byte, value) in seed.iter_mut().zip(number.to_le_bytes()) {
        *byte = value;
    }
    Keypair::new_from_array(seed)
}

/// The cluster and the people on it.
pub(super) struct Workshop {
    /// The cluster.
    pub(super) cluster: Embedded,
    /// Has every role.
    pub(super) owner: Keypair,
    /// Receives fees.
    pub(super) treasury: Pubkey,
    /// What is paid.
    pub(super) asset: Asset,
    /// What setting the protocol up cost.
    pub(super) setup: Receipt,
    runtime: Runtime,
}

impl Workshop {
    /// A cluster with the protocol set up, and a mint; the owner holds half of the largest possible supply.
    pub(super) fn new() -> Result<Self, ChainError> {
        let [owner, treasury, mint_key] = [1, 2, 3].map(keypair);
        let cluster = Embedded::start(&owner.pubkey(), BEGINNING)?;
        cluster.airdrop(&owner.pubkey(), 1_000_000_000_000)?;
        let treasury = treasury.pubkey();
        let setup = cluster.send(&[instruction::config_initialize(owner.pubkey(), treasury, 500)], &[&owner])?;
        let asset = Asset { mint: mint_key.pubkey(), token_program: spl_token_interface::ID };
        let rent = cluster.rent(mint::MINT_BYTES);
        let create = mint::create(&asset, &owner.pubkey(), &owner.pubkey(), None, 6, rent)?;
        cluster.send(&create, &[&owner, &mint_key])?;
        let accounts = [owner.pubkey(), treasury].map(|wallet| mint::open_account(&asset, &owner.pubkey(), &wallet));
        cluster.send(&accounts, &[&owner])?;
        cluster.send(&[mint::issue(&asset, &owner.pubkey(), &owner.pubkey(), u64::MAX >> 1)?], &[&owner])?;
        let runtime = Builder::new_current_thread().build();
        let runtime = runtime.map_err(|error| ChainError::Unstartable(error.to_string()))?;
        Ok(Self { cluster, owner, treasury, asset, setup, runtime })
    }

    /// Creates distributor `id`, whose epochs begin now.
    pub(super) fn create(&mut self, id: u64, mode: Mode) -> Result<(DistributorAddresses, Receipt), ChainError> {
        self.create_with(self.args(id, mode))
    }

    /// Creates a distributor with `args`.
    pub(super) fn create_with(
        &mut self,
        args: DistributorCreateArgs,
    ) -> Result<(DistributorAddresses, Receipt), ChainError> {
        let addresses = DistributorAddresses::new(self.owner.pubkey(), args.id, self.asset);
        let receipt = self.send(instruction::distributor_create(&addresses, args))?;
        Ok((addresses, receipt))
    }

    /// The arguments for creating distributor `id`, whose epochs begin now.
    pub(super) fn args(&self, id: u64, mode: Mode) -> DistributorCreateArgs {
        let owner = self.owner.pubkey();
        let terms = Terms {
            start: self.cluster.time(),
            epoch_duration: 86_400,
            epoch_count: 10,
            epoch_budget: u64::MAX,
            activation_delay: 3_600,
            claim_window: 86_400,
        };
        DistributorCreateArgs {
            id,
            kind: Kind::Direct,
            mode,
            publisher: owner,
            guardian: owner,
            terms,
            milestone: None,
            limits: None,
            draw: None,
            max_fee_basis_points: 500,
            accepted_powers: Powers::NONE,
            minimum_sponsorship: 1,
        }
    }

    /// A copy of the cluster, for measurements that must not change the original.
    pub(super) fn aside(&self) -> Embedded {
        self.cluster.fork()
    }

    /// Somebody without a role, who has SOL and `amount` base units.
    pub(super) fn new_holder(&mut self, amount: u64) -> Result<Keypair, ChainError> {
        let (holder, owner) = (keypair(4), self.owner.pubkey());
        self.cluster.airdrop(&holder.pubkey(), 1_000_000_000)?;
        let open = mint::open_account(&self.asset, &owner, &holder.pubkey());
        self.cluster.send(&[open, mint::issue(&self.asset, &owner, &holder.pubkey(), amount)?], &[&self.owner])?;
        Ok(holder)
    }

    /// Sends one instruction that only the owner signs.
    pub(super) fn send(&mut self, instruction: solana_instruction::Instruction) -> Result<Receipt, ChainError> {
        self.cluster.send(&[instruction], &[&self.owner])
    }

    /// Waits until a step is done.
    pub(super) fn wait<T>(&self, step: impl Future<Output = T>) -> T {
        self.runtime.block_on(step)
    }

    /// Moves the time on by `seconds`.
    pub(super) fn pass(&mut self, seconds: i64) {
        let now = self.cluster.time();
        self.cluster.set_time(now.saturating_add(seconds));
    }
}

/// The leaves of an epoch; [`wallet`] gives the key of each recipient.
pub(super) struct Leaves {
    /// The leaves.
    pub(super) payments: Vec<Payment>,
    /// The tree over them.
    pub(super) tree: MerkleTree,
}

/// The key of leaf `index`'s wallet. Recipients need real keys, because only addresses on the curve can have associated
/// accounts here.
pub(super) fn wallet(index: u32) -> Keypair {
    keypair(u64::from(index).saturating_add(1_000))
}

impl Leaves {
    /// `count` leaves of the epoch at `epoch`; only the wallets in `real` have keys, as making a million would take a
    /// minute.
    pub(super) fn new(epoch: &Pubkey, count: u32, real: std::ops::Range<u32>) -> Result<Self, ChainError> {
        let recipient = |index: u32| {
            if real.contains(&index) {
                return wallet(index).pubkey();
            }
            let mut bytes = [0xee; 32];
            for (byte, value) in bytes.iter_mut().zip(index.to_le_bytes()) {
                *byte = value;
            }
            Pubkey::new_from_array(bytes)
        };
        let payments: Vec<Payment> = (0..count)
            .map(|index| Payment { recipient: recipient(index), amount: AMOUNT.saturating_add(u64::from(index)) })
            .collect();
        let hashes = payments.iter().zip(0..);
        let hashes = hashes.map(|(payment, index)| leaf_hash(epoch, index, &payment.recipient, payment.amount));
        let tree = MerkleTree::from_leaves(hashes.collect())
            .ok_or_else(|| ChainError::Unbuildable("an epoch has a leaf".to_owned()))?;
        Ok(Self { payments, tree })
    }

    /// What posting them as epoch `index` says.
    pub(super) fn post_args(&self, index: u32) -> EpochPostArgs {
        EpochPostArgs {
            index,
            root: self.tree.root(),
            leaf_count: u32::try_from(self.payments.len()).unwrap_or(u32::MAX),
            total: self.payments.iter().map(|payment| payment.amount).sum(),
            manifest_hash: [9; 32],
            bundle_uri: "u".repeat(MAX_BUNDLE_URI_LEN),
        }
    }
}
