//! The life of a campaign after it is created: it is funded, cancelled, reposted, skipped, grown, ended and closed.
//!
//! There is one function for each instruction, sent by the account that should send it. Not here: bringing a campaign
//! to a stage (`campaign`).

use crank_cluster::address::Asset;
use crank_cluster::instruction::{self, authority};
use crank_cluster::payment::{self, Push};
use solana_keypair::Keypair;
use solana_signer::Signer as _;
use torque::constants::POSTING_GRACE;
use torque::instructions::EpochPostArgs;
use torque::state::{Mode, Role};

use crate::assertions::{Sent, expect_success};
use crate::campaign::{Allocations, BUNDLE_URI, Campaign, DELAY, EPOCH, WINDOW, payments, tree};
use crate::world::World;

impl Campaign {
    /// Funds with `amount` base units and the fee on top; the owner pays.
    pub fn fund(&self, world: &mut World, amount: u64) -> Sent {
        let owner = world.owner.insecure_clone();
        world.send(instruction::distributor_fund(&self.addresses, amount), &[&owner])
    }

    /// Skips epoch `index`.
    pub fn skip(&self, world: &mut World, index: u32) -> Sent {
        let publisher = self.publisher.pubkey();
        let skip = instruction::epoch_skip(&self.addresses, publisher, publisher, index);
        world.send(skip, &[&self.publisher])
    }

    /// Cancels epoch `index`; `authority` signs.
    pub fn cancel(&self, world: &mut World, authority: &Keypair, index: u32) -> Sent {
        let cancel = instruction::epoch_cancel(&self.addresses, authority.pubkey(), self.publisher.pubkey(), index);
        world.send(cancel, &[authority])
    }

    /// Gives vacant epoch `allocations.epoch` a root; the publisher keeps paying the rent.
    pub fn repost(&self, world: &mut World, allocations: &Allocations) -> Sent {
        let (publisher, args) = (self.publisher.pubkey(), self.post_args(allocations));
        let repost = instruction::epoch_repost(&self.addresses, publisher, publisher, publisher, args);
        world.send(repost, &[&self.publisher])
    }

    /// Grows the account of epoch `index` by a step; a stranger signs.
    pub fn extend(&self, world: &mut World, index: u32) -> Sent {
        let stranger = world.stranger.insecure_clone();
        world.send(instruction::epoch_extend(self.addresses.epoch(index)), &[&stranger])
    }

    /// Makes the epoch that has begun the last one.
    pub fn end(&self, world: &mut World) -> Sent {
        let owner = world.owner.insecure_clone();
        world.send(instruction::distributor_end(&self.addresses), &[&owner])
    }

    /// The owner names `to` as the holder of `role`, and `to` accepts.
    pub fn hand_over(&self, world: &mut World, role: Role, to: &Keypair) -> Sent {
        let owner = world.owner.insecure_clone();
        expect_success(world.send(authority::role_transfer(&self.addresses, role, to.pubkey()), &[&owner]));
        world.send(authority::role_accept(self.addresses.distributor, role, to.pubkey()), &[to])
    }

    /// Pauses the distributor; `authority` signs.
    pub fn pause(&self, world: &mut World, authority: &Keypair) -> Sent {
        world.send(authority::distributor_pause(&self.addresses, authority.pubkey()), &[authority])
    }

    /// Lets the distributor run again.
    pub fn unpause(&self, world: &mut World) -> Sent {
        let owner = world.owner.insecure_clone();
        self.unpause_by(world, &owner)
    }

    /// Lets the distributor run again; `authority` signs.
    pub fn unpause_by(&self, world: &mut World, authority: &Keypair) -> Sent {
        world.send(authority::distributor_unpause(&self.addresses, authority.pubkey()), &[authority])
    }

    /// Closes the distributor; the refund goes to the owner's own account.
    pub fn close(&self, world: &mut World) -> Sent {
        let owner = world.owner.insecure_clone();
        world.send(instruction::distributor_close(&self.addresses, &world.treasury), &[&owner])
    }

    /// Pushes or claims leaf `index`, depending on the mode.
    pub fn pay(&self, world: &mut World, allocations: &Allocations, index: u32) -> Sent {
        match self.mode {
            Mode::Claim => self.claim(world, allocations, index),
            Mode::Push => {
                let push = self.plan_push(allocations, index, 0);
                self.push(world, allocations, push)
            }
        }
    }

    /// Pays every leaf, closes epoch 0 and ends the schedule, so that the distributor can be closed.
    pub fn finish(&self, world: &mut World, allocations: &Allocations) {
        for index in 0..allocations.payments.len() as u32 {
            expect_success(self.pay(world, allocations, index));
        }
        self.wind_up(world);
    }

    /// Ends the schedule, and closes epoch 0 when its window is over and no other epoch can be posted any more.
    pub fn wind_up(&self, world: &mut World) {
        expect_success(self.end(world));
        world.pass(2 * EPOCH + WINDOW.max(POSTING_GRACE));
        expect_success(self.close_epoch(world, 0));
    }

    /// Allocations of epoch `epoch` in which leaf `i` is worth `amounts[i]` base units.
    #[must_use]
    pub fn allocations_of(&self, epoch: u32, amounts: &[u64]) -> Allocations {
        let (wallets, mut payments) = payments(amounts.len() as u32);
        for (payment, amount) in payments.iter_mut().zip(amounts) {
            payment.amount = *amount;
        }
        let tree = tree(&self.addresses.epoch(epoch), &payments);
        Allocations { epoch, wallets, payments, tree }
    }

    /// A distributor whose epoch 0 is open; it reserved `total` for leaves of `amounts` base units.
    pub fn open_with(world: &mut World, asset: Asset, mode: Mode, amounts: &[u64], total: u64) -> (Self, Allocations) {
        let campaign = Self::funded(world, asset, mode, 1);
        world.pass(EPOCH);
        let allocations = campaign.allocations_of(0, amounts);
        let (root, leaf_count) = (allocations.tree.root(), amounts.len() as u32);
        let args = EpochPostArgs {
            index: 0,
            root,
            leaf_count,
            total,
            manifest_hash: [9; 32],
            bundle_uri: BUNDLE_URI.to_owned(),
        };
        expect_success(campaign.post_with(world, args));
        for payment in &allocations.payments {
            world.open_account(&asset, &payment.recipient);
        }
        world.pass(DELAY);
        (campaign, allocations)
    }

    /// The push of the block of 2^`level` leaves from `first` on, in which the leaves `absent` have no account.
    #[must_use]
    pub fn plan_push_without(&self, allocations: &Allocations, first: u32, level: u8, absent: &[u32]) -> Push {
        let wallets: Vec<_> = absent.iter().map(|index| allocations.payments[*index as usize].recipient).collect();
        let is_present = |wallet: &_| !wallets.contains(wallet);
        let asset = &self.addresses.asset;
        payment::push(&allocations.payments, &allocations.tree, asset, (first, level), is_present, false)
    }
}
