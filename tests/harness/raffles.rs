//! Campaigns that are raffles, at any stage of a draw, and the slots and hashes that decide it.
//!
//! Slots pass only when a test says so. The hash of a slot is its number, so that a test can say which one decided.

use crank_cluster::address::{self, Asset};
use crank_cluster::instruction::{self, raffle};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::constants::{RAFFLE_DELAY, RAFFLE_REVEAL_WINDOW};
use torque::instructions::{DistributorCreateArgs, RaffleCommitArgs};
use torque::merkle::Hash;
use torque::state::{Kind, Mode, Raffle};

use crate::assertions::{Sent, expect_success};
use crate::campaign::{Allocations, Campaign, EPOCH};
use crate::world::World;

/// How many slots the sysvar lists at most.
pub const LISTED: u64 = 512;
/// The secret of the fixture's publisher.
pub const SECRET: [u8; 32] = [5; 32];

/// The hash of slot `slot`.
#[must_use]
pub fn hash_of(slot: u64) -> Hash {
    let mut hash = [0xee; 32];
    hash[..8].copy_from_slice(&slot.to_le_bytes());
    hash
}

impl World {
    /// The slot in which transactions are executed.
    #[must_use]
    pub fn slot(&self) -> u64 {
        self.cluster.slot()
    }

    /// Goes to slot `slot`, before which all but the slots `skipped` had a block.
    pub fn go_to_slot(&mut self, slot: u64, skipped: &[u64]) {
        let slots = (0..slot).rev().filter(|past| !skipped.contains(past)).take(LISTED as usize);
        let hashes: Vec<_> = slots.map(|past| (past, hash_of(past))).collect();
        self.cluster.set_slot(slot, &hashes);
    }
}

impl Campaign {
    /// The arguments for creating a raffle with the world's usual terms.
    #[must_use]
    pub fn raffle_args(world: &World, mode: Mode, id: u64) -> DistributorCreateArgs {
        DistributorCreateArgs { kind: Kind::Raffle, ..Self::create_args(world, mode, id) }
    }

    /// A funded raffle whose epoch 0 has ended.
    pub fn raffle(world: &mut World, asset: Asset, mode: Mode, id: u64) -> Self {
        let args = Self::raffle_args(world, mode, id);
        let campaign = Self::created_with(world, asset, args);
        expect_success(campaign.fund(world, crate::campaign::FUNDING));
        world.pass(EPOCH);
        campaign
    }

    /// A raffle whose epoch 0 is drawn, with its secret or without.
    pub fn drawn_raffle(world: &mut World, asset: Asset, secret: Option<[u8; 32]>) -> Self {
        let campaign = Self::raffle(world, asset, Mode::Claim, 1);
        expect_success(campaign.commit(world, 0));
        campaign.finish_draw(world, 0, secret);
        campaign
    }

    /// Draws epoch `index`, which is committed, with its secret or without.
    pub fn finish_draw(&self, world: &mut World, index: u32, secret: Option<[u8; 32]>) {
        world.go_to_slot(self.raffle_account(world, index).target_slot + 1, &[]);
        expect_success(self.draw(world, index, None));
        if secret.is_none() {
            world.pass(RAFFLE_REVEAL_WINDOW);
        }
        expect_success(self.draw(world, index, secret));
    }

    /// The address of the raffle for epoch `index`.
    #[must_use]
    pub fn raffle_address(&self, index: u32) -> Pubkey {
        address::raffle(&self.addresses.distributor, index)
    }

    /// The raffle for epoch `index`.
    #[must_use]
    pub fn raffle_account(&self, world: &World, index: u32) -> Raffle {
        world.cluster.decode(&self.raffle_address(index), "raffle").unwrap()
    }

    /// The arguments of the fixture's commitment for epoch `index`, which any money is enough for.
    #[must_use]
    pub fn commit_args(&self, index: u32) -> RaffleCommitArgs {
        let secret_hash = Raffle::secret_hash_of(&self.raffle_address(index), &SECRET);
        RaffleCommitArgs { index, tickets_root: [3; 32], tickets_total: 1_000, secret_hash, min_escrowed: 1 }
    }

    /// Commits for epoch `index`; the publisher pays the rent.
    pub fn commit(&self, world: &mut World, index: u32) -> Sent {
        self.commit_with(world, self.commit_args(index))
    }

    /// Commits with `args`.
    pub fn commit_with(&self, world: &mut World, args: RaffleCommitArgs) -> Sent {
        let publisher = self.publisher.pubkey();
        let commit = raffle::commit(self.addresses.distributor, publisher, publisher, args);
        world.send(commit, &[&self.publisher])
    }

    /// Brings the raffle for epoch `index` one step further; a stranger signs.
    pub fn draw(&self, world: &mut World, index: u32, secret: Option<[u8; 32]>) -> Sent {
        let stranger = world.stranger.insecure_clone();
        world.send(raffle::draw(self.raffle_address(index), secret), &[&stranger])
    }

    /// Keeps the hash of the slot that decides epoch `index`, for `keeper`; a stranger signs.
    pub fn capture(&self, world: &mut World, index: u32, keeper: Pubkey) -> Sent {
        let stranger = world.stranger.insecure_clone();
        world.send(raffle::capture(self.raffle_address(index), keeper), &[&stranger])
    }

    /// Lets the hash of the slot that decides epoch `index` go, and asks for the next step.
    pub fn lose_hash(&self, world: &mut World, index: u32) -> Sent {
        let target = self.raffle_account(world, index).target_slot;
        world.go_to_slot(target + LISTED + 1, &[]);
        self.draw(world, index, None)
    }

    /// Removes the raffle for epoch `index`; its payer signs.
    pub fn close_raffle(&self, world: &mut World, index: u32) -> Sent {
        let close = raffle::close(self.addresses.distributor, index, self.publisher.pubkey());
        world.send(close, &[&self.publisher])
    }

    /// Posts `allocations` with the raffle at `decided_by`.
    pub fn post_drawn(&self, world: &mut World, allocations: &Allocations, decided_by: Pubkey) -> Sent {
        let post = self.post_instruction(self.post_args(allocations));
        world.send(raffle::decided_by(post, decided_by), &[&self.publisher])
    }

    /// Reposts `allocations` with the raffle at `decided_by`.
    pub fn repost_drawn(&self, world: &mut World, allocations: &Allocations, decided_by: Pubkey) -> Sent {
        let (publisher, args) = (self.publisher.pubkey(), self.post_args(allocations));
        let repost = instruction::epoch_repost(&self.addresses, publisher, publisher, publisher, args);
        world.send(raffle::decided_by(repost, decided_by), &[&self.publisher])
    }
}

/// The slot that decides a raffle that is committed in slot `slot`.
#[must_use]
pub fn target_after(slot: u64) -> u64 {
    slot + RAFFLE_DELAY
}
