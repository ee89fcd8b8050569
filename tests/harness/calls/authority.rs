//! The calls that hand authority over, and those by which its holders change existing accounts.

use anchor_spl::token::spl_token;
use crank_cluster::address::{self, Asset, DistributorAddresses};
use crank_cluster::instruction::{self, authority};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::instructions::{DistributorUpdateArgs, LeafStrikeArgs};
use torque::state::{Audience, Limits, Mode, NextRules, Role};

use super::{Row, action_args};
use crate::assertions::expect_success;
use crate::campaign::{Allocations, BUDGET, Campaign, DELAY, EPOCH, LIMITS, WINDOW};
use crate::stages::{self, Scene, Side};
use crate::world::{BEGINNING, World, keypair};

/// The calls of this file.
pub(super) const CALLS: [Row; 16] = [
    ("action_accept", offered, action_accept, spl_token::ID),
    ("action_close", offered, action_close, spl_token::ID),
    ("action_transfer", offered, action_transfer, spl_token::ID),
    ("action_update", offered, action_update, spl_token::ID),
    ("config_accept", offered, config_accept, spl_token::ID),
    ("config_transfer", offered, config_transfer, spl_token::ID),
    ("distributor_pause", offered, distributor_pause, spl_token::ID),
    ("distributor_unpause", paused, distributor_unpause, spl_token::ID),
    ("distributor_update", offered, distributor_update, spl_token::ID),
    ("leaf_strike", offered, leaf_strike, spl_token::ID),
    ("link_close", offered, link_close, spl_token::ID),
    ("link_close of a closed distributor", closed_beside, link_close_of_closed, spl_token::ID),
    ("role_transfer", offered, role_transfer, spl_token::ID),
    ("role_accept of owner", offered, role_accept_of_owner, spl_token::ID),
    ("role_accept of publisher", offered, role_accept_of_publisher, spl_token::ID),
    ("role_accept of guardian", offered, role_accept_of_guardian, spl_token::ID),
];

/// Owns the action of the calls about actions, and no distributor.
#[must_use]
pub fn action_owner() -> Keypair {
    keypair(8)
}

/// That action.
#[must_use]
pub fn owned_action() -> Pubkey {
    action_beside(1)
}

/// The action of [`action_owner`] that belongs to campaign `id`.
fn action_beside(id: u64) -> Pubkey {
    address::action(&action_owner().pubkey(), id)
}

/// The distributor of the calls, for any asset.
#[must_use]
pub fn called_distributor() -> DistributorAddresses {
    DistributorAddresses::new(keypair(2).pubkey(), 1, Asset::SOL)
}

/// The keys that take over from admin, owner, publisher, guardian and the action's owner.
#[must_use]
pub fn next_holders() -> [Keypair; 5] {
    [61, 62, 63, 64, 68].map(keypair)
}

impl World {
    /// Names [`next_holders`] for every authority in this world.
    pub fn offer_everything(&mut self) {
        let [admin, owner, publisher, guardian, launcher] = next_holders().map(|key| key.pubkey());
        let addresses = called_distributor();
        let holders = [&self.admin, &self.owner, &self.guardian].map(Keypair::insecure_clone);
        let signers: Vec<Keypair> = holders.into_iter().chain([action_owner()]).collect();
        let mut offers = vec![authority::config_transfer(signers[0].pubkey(), admin)];
        for (role, to) in [(Role::Owner, owner), (Role::Publisher, publisher)] {
            offers.push(authority::role_transfer(&addresses, role, to));
        }
        let has_sponsors = self.distributor(&addresses).sponsorships_open > 0;
        let by = if has_sponsors { self.guardian.pubkey() } else { addresses.owner };
        offers.push(authority::role_transfer(&addresses.owned_by(by), Role::Guardian, guardian));
        if self.cluster.account(&owned_action()).is_some_and(|account| !account.data.is_empty()) {
            offers.push(authority::action_transfer(action_owner().pubkey(), owned_action(), launcher));
        }
        self.send_all(offers, &signers);
    }

    /// Lets [`next_holders`] accept their offers, the owner last, because a new owner inherits no offers.
    pub fn accept_everything(&mut self) {
        let keys = next_holders();
        let [admin, owner, publisher, guardian, launcher] = keys.each_ref().map(|key| key.pubkey());
        let distributor = called_distributor().distributor;
        let mut acceptances = vec![authority::config_accept(admin)];
        for (role, by) in [(Role::Publisher, publisher), (Role::Guardian, guardian), (Role::Owner, owner)] {
            acceptances.push(authority::role_accept(distributor, role, by));
        }
        if self.cluster.account(&owned_action()).is_some_and(|account| !account.data.is_empty()) {
            acceptances.push(authority::action_accept(owned_action(), launcher));
        }
        self.send_all(acceptances, &keys);
        // As if the new publisher's notice were over. To let it pass would open and end the epochs of the calls.
        self.edit_distributor(&distributor, |it| it.publisher_since = 0);
    }

    fn send_all(&mut self, instructions: Vec<Instruction>, signers: &[Keypair]) {
        let payer = self.stranger.insecure_clone();
        for instruction in instructions {
            let is_signer = |key: &&Keypair| instruction.accounts[0].pubkey == key.pubkey();
            let signer = signers.iter().find(is_signer).unwrap();
            expect_success(self.send(instruction.clone(), &[&payer, signer]));
        }
    }
}

/// The arguments of a change of the action's rules: an allow list from `from` on.
#[must_use]
pub fn next_rules(from: i64) -> NextRules {
    let audience = Audience::AllowList { root: [3; 32] };
    NextRules { from, audience, query_hash: [4; 32], metadata_hash: [5; 32] }
}

/// The arguments of a change of the fixture's terms: everything doubled, and one more epoch.
#[must_use]
pub fn doubled_terms() -> DistributorUpdateArgs {
    DistributorUpdateArgs {
        epoch_budget: 2 * BUDGET,
        activation_delay: 2 * DELAY as u32,
        claim_window: 2 * WINDOW as u32,
        epoch_count: 11,
        limits: Limits { absolute: 2 * BUDGET, window: 2 * LIMITS.window, ..LIMITS },
    }
}

/// The arguments for striking leaf `index`.
#[must_use]
pub fn strike_args(allocations: &Allocations, index: u32) -> LeafStrikeArgs {
    let leaf = allocations.leaf(index);
    let recipient = allocations.payments[index as usize].recipient;
    LeafStrikeArgs { index, recipient, amount: leaf.amount, path: leaf.path, reason: 7, evidence_hash: [6; 32] }
}

/// As `posted`, with an action of its own owner beside each campaign, and an offer of every authority.
fn offered(token_program: Pubkey) -> Scene {
    let mut scene = stages::posted(token_program);
    let owner = action_owner();
    scene.world.cluster.airdrop(&owner.pubkey(), 1_000_000_000).unwrap();
    for side in &scene.sides {
        let create = instruction::action_create(owner.pubkey(), action_args(side.id));
        expect_success(scene.world.send(create, &[&owner]));
    }
    scene.world.offer_everything();
    scene
}

/// As `offered`, and the guardian has paused both campaigns.
fn paused(token_program: Pubkey) -> Scene {
    let mut scene = offered(token_program);
    let guardian = scene.world.guardian.insecure_clone();
    for side in &scene.sides {
        expect_success(side.campaign.pause(&mut scene.world, &guardian));
    }
    scene
}

/// As `offered`, and beside each campaign a distributor that its action feeds and that was closed before it began.
fn closed_beside(token_program: Pubkey) -> Scene {
    let mut scene = offered(token_program);
    let world = &mut scene.world;
    let owner = world.owner.insecure_clone();
    for side in &scene.sides {
        let mut args = Campaign::create_args(world, Mode::Claim, side.id + 2);
        args.terms.start = world.cluster.time() + EPOCH;
        let campaign = Campaign::created_with(world, Asset::SOL, args);
        let action = address::action(&owner.pubkey(), side.id);
        expect_success(world.send(instruction::link_create(&campaign.addresses, action, 10_000), &[&owner]));
        expect_success(campaign.end(world));
        expect_success(campaign.close(world));
    }
    scene
}

fn config_transfer(world: &World, _: &Side) -> Instruction {
    authority::config_transfer(world.admin.pubkey(), world.stranger.pubkey())
}

fn config_accept(_: &World, _: &Side) -> Instruction {
    let [next, ..] = next_holders();
    authority::config_accept(next.pubkey())
}

fn role_transfer(world: &World, side: &Side) -> Instruction {
    authority::role_transfer(&side.campaign.addresses, Role::Publisher, world.stranger.pubkey())
}

fn role_accept_of_owner(_: &World, side: &Side) -> Instruction {
    let [_, next, ..] = next_holders();
    authority::role_accept(side.campaign.addresses.distributor, Role::Owner, next.pubkey())
}

fn role_accept_of_publisher(_: &World, side: &Side) -> Instruction {
    let [_, _, next, ..] = next_holders();
    authority::role_accept(side.campaign.addresses.distributor, Role::Publisher, next.pubkey())
}

fn role_accept_of_guardian(_: &World, side: &Side) -> Instruction {
    let [_, _, _, next, _] = next_holders();
    authority::role_accept(side.campaign.addresses.distributor, Role::Guardian, next.pubkey())
}

fn action_transfer(world: &World, side: &Side) -> Instruction {
    authority::action_transfer(action_owner().pubkey(), action_beside(side.id), world.stranger.pubkey())
}

fn action_accept(_: &World, side: &Side) -> Instruction {
    let [.., next] = next_holders();
    authority::action_accept(action_beside(side.id), next.pubkey())
}

fn action_update(_: &World, side: &Side) -> Instruction {
    let rules = next_rules(BEGINNING + 2 * EPOCH);
    authority::action_update(action_owner().pubkey(), action_beside(side.id), rules)
}

fn action_close(_: &World, side: &Side) -> Instruction {
    authority::action_close(action_owner().pubkey(), action_beside(side.id))
}

fn link_close(world: &World, side: &Side) -> Instruction {
    let (distributor, owner) = (side.campaign.addresses.distributor, world.owner.pubkey());
    authority::link_close(distributor, address::action(&owner, side.id), owner, owner)
}

/// Of a distributor that `closed_beside` has closed.
fn link_close_of_closed(world: &World, side: &Side) -> Instruction {
    let (owner, stranger) = (world.owner.pubkey(), world.stranger.pubkey());
    let distributor = address::distributor(&owner, side.id + 2);
    authority::link_close(distributor, address::action(&owner, side.id), stranger, owner)
}

fn distributor_update(_: &World, side: &Side) -> Instruction {
    authority::distributor_update(&side.campaign.addresses, doubled_terms())
}

fn distributor_pause(world: &World, side: &Side) -> Instruction {
    authority::distributor_pause(&side.campaign.addresses, world.guardian.pubkey())
}

fn distributor_unpause(world: &World, side: &Side) -> Instruction {
    authority::distributor_unpause(&side.campaign.addresses, world.owner.pubkey())
}

fn leaf_strike(world: &World, side: &Side) -> Instruction {
    let args = strike_args(&side.allocations, 1);
    authority::leaf_strike(&side.campaign.addresses, world.guardian.pubkey(), 0, args)
}
