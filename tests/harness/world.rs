//! A cluster on which the protocol is set up, and the people who act on it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crank_cluster::address::{Asset, DistributorAddresses};
use crank_cluster::embedded::Embedded;
use crank_cluster::{instruction, mint};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::extension_policy::PayableMint;
use torque::powers::Powers;
use torque::state::{Distributor, Epoch};

use crate::assertions::{Sent, expect_success};
use crate::memory::epoch_address;

/// The world's time at its beginning, unix seconds: 2026-01-01.
pub const BEGINNING: i64 = 1_767_225_600;
/// The protocol's fee: 5 %.
pub const FEE_BASIS_POINTS: u16 = 500;
/// Base units of every token that the owner has at the beginning.
pub const OWNER_TOKENS: u64 = 1_000_000_000_000;

/// The world before anybody acts. Starting a cluster verifies the program, which takes longer than most tests, so that
/// it is done once and copied.
static BEFORE_ANYBODY_ACTS: LazyLock<World> = LazyLock::new(World::start);

/// Key number `number`; the same in every run.
#[must_use]
pub fn keypair(number: u32) -> Keypair {
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&number.to_le_bytes());
    Keypair::new_from_array(seed)
}

/// The numbers of keys that tests sign with: people, those who take over from them, wallets of small epochs, and
/// wallets of the large one.
static KNOWN_KEYS: LazyLock<BTreeMap<Pubkey, u32>> = LazyLock::new(|| {
    let numbers = (1..=9).chain(61..=68).chain(10_000..10_032).chain(20_000..20_064);
    numbers.map(|number| (keypair(number).pubkey(), number)).collect()
});

/// The key of `address`, if a person or wallet of the world has it.
#[must_use]
pub fn known_key(address: &Pubkey) -> Option<Keypair> {
    KNOWN_KEYS.get(address).map(|number| keypair(*number))
}

/// A cluster with the protocol set up, and its people, who all have SOL.
pub struct World {
    /// The cluster.
    pub cluster: Embedded,
    /// Deployed the program and set the protocol up.
    pub admin: Keypair,
    /// May pause the protocol and nothing else.
    pub pauser: Keypair,
    /// Owns the campaigns.
    pub owner: Keypair,
    /// Posts roots.
    pub publisher: Keypair,
    /// Cancels roots.
    pub guardian: Keypair,
    /// Has no role.
    pub stranger: Keypair,
    /// Receives fees.
    pub treasury: Pubkey,
    next_mint: u32,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A world with the protocol set up.
    #[must_use]
    pub fn new() -> Self {
        let mut world = Self::without_config();
        let instruction = instruction::config_initialize(world.admin.pubkey(), world.treasury, FEE_BASIS_POINTS);
        let admin = world.admin.insecure_clone();
        expect_success(world.cluster.send(&[instruction], &[&admin]));
        expect_success(world.set_pauser(world.pauser.pubkey()));
        world
    }

    /// A world in which the program is deployed and nothing else.
    #[must_use]
    pub fn without_config() -> Self {
        BEFORE_ANYBODY_ACTS.fork()
    }

    fn start() -> Self {
        let [admin, owner, publisher, guardian, stranger, treasury, pauser] = [1, 2, 3, 4, 5, 6, 9].map(keypair);
        let cluster = Embedded::start(&admin.pubkey(), BEGINNING).unwrap();
        for person in [&admin, &owner, &publisher, &guardian, &stranger, &treasury, &pauser] {
            cluster.airdrop(&person.pubkey(), 1_000_000_000_000).unwrap();
        }
        let treasury = treasury.pubkey();
        Self { cluster, admin, pauser, owner, publisher, guardian, stranger, treasury, next_mint: 1_000 }
    }

    /// A copy of this world, independent from now on.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            cluster: self.cluster.fork(),
            admin: self.admin.insecure_clone(),
            pauser: self.pauser.insecure_clone(),
            owner: self.owner.insecure_clone(),
            publisher: self.publisher.insecure_clone(),
            guardian: self.guardian.insecure_clone(),
            stranger: self.stranger.insecure_clone(),
            treasury: self.treasury,
            next_mint: self.next_mint,
        }
    }

    /// Sends, with the first of `signers` paying.
    pub fn send(&mut self, instruction: Instruction, signers: &[&Keypair]) -> Sent {
        self.cluster.send(&[instruction], signers)
    }

    /// A new mint with 6 decimals under `token_program`, whose freeze authority is the owner; owner and treasury have
    /// accounts of it.
    pub fn create_token(&mut self, token_program: Pubkey) -> Asset {
        self.next_mint += 1;
        let mint_key = keypair(self.next_mint);
        let asset = Asset { mint: mint_key.pubkey(), token_program };
        let owner = self.owner.insecure_clone();
        let rent = self.cluster.rent(82);
        let create = mint::create(&asset, &owner.pubkey(), &owner.pubkey(), Some(&owner.pubkey()), 6, rent).unwrap();
        expect_success(self.cluster.send(&create, &[&owner, &mint_key]));
        self.open_account(&asset, &owner.pubkey());
        self.open_account(&asset, &self.treasury.clone());
        let issue = mint::issue(&asset, &owner.pubkey(), &owner.pubkey(), OWNER_TOKENS).unwrap();
        expect_success(self.send(issue, &[&owner]));
        asset
    }

    /// Creates the associated account of `wallet`, if it does not exist.
    pub fn open_account(&mut self, asset: &Asset, wallet: &Pubkey) {
        if !asset.is_native() {
            let owner = self.owner.insecure_clone();
            expect_success(self.send(mint::open_account(asset, &owner.pubkey(), wallet), &[&owner]));
        }
    }

    /// What somebody can do to the mint of `asset`, and what `owner` can; nothing where no mint can be paid.
    #[must_use]
    pub fn powers_over(&self, asset: &Asset, owner: &Pubkey) -> Powers {
        let mint = self.cluster.account(&asset.mint).filter(|_| !asset.is_native());
        let payable = mint.and_then(|mint| PayableMint::of_data(&mint.data, &[*owner]).ok());
        payable.map_or(Powers::NONE, |mint| mint.powers)
    }

    /// Base units of `asset` that `wallet` holds.
    #[must_use]
    pub fn balance(&self, asset: &Asset, wallet: &Pubkey) -> u64 {
        self.cluster.balance(asset, wallet)
    }

    /// Base units in a vault, without a SOL vault's rent.
    #[must_use]
    pub fn vault_balance(&self, addresses: &DistributorAddresses) -> u64 {
        self.cluster.vault_balance(addresses)
    }

    /// The distributor.
    #[must_use]
    pub fn distributor(&self, addresses: &DistributorAddresses) -> Distributor {
        self.cluster.decode(&addresses.distributor, "distributor").unwrap()
    }

    /// The header of an epoch.
    #[must_use]
    pub fn epoch(&self, addresses: &DistributorAddresses, index: u32) -> Epoch {
        self.cluster.epoch(&epoch_address(&addresses.distributor, index)).unwrap()
    }

    /// Moves the time on by `seconds`.
    pub fn pass(&mut self, seconds: i64) {
        let now = self.cluster.time();
        self.cluster.set_time(now + seconds);
    }
}
