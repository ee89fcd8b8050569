//! The calls that pass authority on, and those that only a holder of one may make on what exists.

use anchor_spl::token::spl_token;
use crank::chain::address::{self, Asset, DistributorAddresses};
use crank::chain::{authority, instruction};
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::instructions::{DistributorUpdateArgs, LeafStrikeArgs};
use torque::state::{Audience, Mode, NextRules, Role};

use super::{Builder, Row, Stage, action_args, two_campaigns};
use crate::assertions::expect_success;
use crate::campaign::{Allocations, BUDGET, Campaign, DELAY, EPOCH, WINDOW};
use crate::world::{BEGINNING, World, keypair};

/// The calls of this file, as rows of all calls.
pub(super) const CALLS: [(&str, Builder, Pubkey); 15] = [
    ("action_accept", action_accept, spl_token::ID),
    ("action_close", action_close, spl_token::ID),
    ("action_transfer", action_transfer, spl_token::ID),
    ("action_update", action_update, spl_token::ID),
    ("config_accept", config_accept, spl_token::ID),
    ("config_transfer", config_transfer, spl_token::ID),
    ("distributor_pause", distributor_pause, spl_token::ID),
    ("distributor_unpause", distributor_unpause, spl_token::ID),
    ("distributor_update", distributor_update, spl_token::ID),
    ("leaf_strike", leaf_strike, spl_token::ID),
    ("link_close", link_close, spl_token::ID),
    ("role_transfer", role_transfer, spl_token::ID),
    ("role_accept of owner", role_accept_of_owner, spl_token::ID),
    ("role_accept of publisher", role_accept_of_publisher, spl_token::ID),
    ("role_accept of guardian", role_accept_of_guardian, spl_token::ID),
];

/// Owns the action that the calls about actions are about, and no distributor.
#[must_use]
pub fn action_owner() -> Keypair {
    keypair(8)
}

/// That action.
#[must_use]
pub fn owned_action() -> Pubkey {
    address::action(&action_owner().pubkey(), 3)
}

/// The distributor that the calls are about, whatever it pays.
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
    /// Names [`next_holders`] for every authority that there is in this world.
    pub fn offer_everything(&mut self) {
        let [admin, owner, publisher, guardian, launcher] = next_holders().map(|key| key.pubkey());
        let addresses = called_distributor();
        let signers = [self.admin.insecure_clone(), self.owner.insecure_clone(), action_owner()];
        let mut offers = vec![authority::config_transfer(signers[0].pubkey(), admin)];
        for (role, to) in [(Role::Owner, owner), (Role::Publisher, publisher), (Role::Guardian, guardian)] {
            offers.push(authority::role_transfer(&addresses, role, to));
        }
        if self.cluster.data_len(&owned_action()) > 0 {
            offers.push(authority::action_transfer(signers[2].pubkey(), owned_action(), launcher));
        }
        self.send_all(offers, &signers);
    }

    /// Lets [`next_holders`] accept what was offered, the owner last, since it finds no offers of the old one.
    pub fn accept_everything(&mut self) {
        let keys = next_holders();
        let [admin, owner, publisher, guardian, launcher] = keys.each_ref().map(|key| key.pubkey());
        let distributor = called_distributor().distributor;
        let mut acceptances = vec![authority::config_accept(admin)];
        for (role, by) in [(Role::Publisher, publisher), (Role::Guardian, guardian), (Role::Owner, owner)] {
            acceptances.push(authority::role_accept(distributor, role, by));
        }
        if self.cluster.data_len(&owned_action()) > 0 {
            acceptances.push(authority::action_accept(owned_action(), launcher));
        }
        self.send_all(acceptances, &keys);
    }

    fn send_all(&mut self, instructions: Vec<solana_instruction::Instruction>, signers: &[Keypair]) {
        let payer = self.stranger.insecure_clone();
        for instruction in instructions {
            let is_signer = |key: &&Keypair| instruction.accounts[0].pubkey == key.pubkey();
            let signer = signers.iter().find(is_signer).unwrap();
            expect_success(self.send(instruction.clone(), &[&payer, signer]));
        }
    }
}

/// What a change of the action's rules says: an allow list from `from` on.
#[must_use]
pub fn next_rules(from: i64) -> NextRules {
    let audience = Audience::AllowList { root: [3; 32] };
    NextRules { from, audience, query_hash: [4; 32], metadata_hash: [5; 32] }
}

/// What a change of the fixture's terms says: everything doubled, and an epoch more.
#[must_use]
pub fn doubled_terms() -> DistributorUpdateArgs {
    DistributorUpdateArgs {
        epoch_budget: 2 * BUDGET,
        activation_delay: 2 * DELAY as u32,
        claim_window: 2 * WINDOW as u32,
        epoch_count: 11,
    }
}

/// What striking leaf `index` says.
#[must_use]
pub fn strike_args(allocations: &Allocations, index: u32) -> LeafStrikeArgs {
    let leaf = allocations.leaf(index);
    let recipient = allocations.payments[index as usize].recipient;
    LeafStrikeArgs { index, recipient, amount: leaf.amount, path: leaf.path, reason: 7, evidence_hash: [6; 32] }
}

/// Two posted campaigns, an action of its own owner, and an offer of every authority.
fn offered() -> (World, Campaign, Allocations) {
    let (mut world, campaign, allocations) = two_campaigns(spl_token::ID, Mode::Claim, Stage::Posted);
    let owner = action_owner();
    world.cluster.airdrop(&owner.pubkey(), 1_000_000_000).unwrap();
    expect_success(world.send(instruction::action_create(owner.pubkey(), action_args(3)), &[&owner]));
    world.offer_everything();
    (world, campaign, allocations)
}

fn config_transfer(_: Pubkey) -> Row {
    let (world, ..) = offered();
    let admin = world.admin.insecure_clone();
    let transfer = authority::config_transfer(admin.pubkey(), world.stranger.pubkey());
    (&["admin", "config"], world, transfer, vec![admin])
}

fn config_accept(_: Pubkey) -> Row {
    let ((world, ..), [next, ..]) = (offered(), next_holders());
    (&["pending_admin", "config"], world, authority::config_accept(next.pubkey()), vec![next])
}

fn role_transfer(_: Pubkey) -> Row {
    let (world, campaign, _) = offered();
    let owner = world.owner.insecure_clone();
    let transfer = authority::role_transfer(&campaign.addresses, Role::Publisher, world.stranger.pubkey());
    (&["owner", "distributor"], world, transfer, vec![owner])
}

fn role_accept_of_owner(_: Pubkey) -> Row {
    let [_, next, ..] = next_holders();
    role_accept(Role::Owner, next)
}

fn role_accept_of_publisher(_: Pubkey) -> Row {
    let [_, _, next, ..] = next_holders();
    role_accept(Role::Publisher, next)
}

fn role_accept_of_guardian(_: Pubkey) -> Row {
    let [_, _, _, next, _] = next_holders();
    role_accept(Role::Guardian, next)
}

fn role_accept(role: Role, next: Keypair) -> Row {
    let (world, campaign, _) = offered();
    let accept = authority::role_accept(campaign.addresses.distributor, role, next.pubkey());
    (&["pending", "distributor"], world, accept, vec![next])
}

fn action_transfer(_: Pubkey) -> Row {
    let ((world, ..), owner) = (offered(), action_owner());
    let transfer = authority::action_transfer(owner.pubkey(), owned_action(), world.stranger.pubkey());
    (&["owner", "action"], world, transfer, vec![owner])
}

fn action_accept(_: Pubkey) -> Row {
    let ((world, ..), [.., next]) = (offered(), next_holders());
    (&["pending_owner", "action"], world, authority::action_accept(owned_action(), next.pubkey()), vec![next])
}

fn action_update(_: Pubkey) -> Row {
    let ((world, ..), owner) = (offered(), action_owner());
    let update = authority::action_update(owner.pubkey(), owned_action(), next_rules(BEGINNING + 2 * EPOCH));
    (&["owner", "action"], world, update, vec![owner])
}

fn action_close(_: Pubkey) -> Row {
    let ((world, ..), owner) = (offered(), action_owner());
    (&["owner", "action"], world, authority::action_close(owner.pubkey(), owned_action()), vec![owner])
}

fn link_close(_: Pubkey) -> Row {
    let (world, campaign, _) = offered();
    let owner = world.owner.insecure_clone();
    let close = authority::link_close(&campaign.addresses, address::action(&owner.pubkey(), 1));
    (&["owner", "distributor", "link"], world, close, vec![owner])
}

fn distributor_update(_: Pubkey) -> Row {
    let (world, campaign, _) = offered();
    let owner = world.owner.insecure_clone();
    let update = authority::distributor_update(&campaign.addresses, doubled_terms());
    (&["owner", "distributor"], world, update, vec![owner])
}

fn distributor_pause(_: Pubkey) -> Row {
    let (world, campaign, _) = offered();
    let guardian = world.guardian.insecure_clone();
    let pause = authority::distributor_pause(&campaign.addresses, guardian.pubkey());
    (&["authority", "config", "distributor"], world, pause, vec![guardian])
}

fn distributor_unpause(_: Pubkey) -> Row {
    let (mut world, campaign, _) = offered();
    let (owner, guardian) = (world.owner.insecure_clone(), world.guardian.insecure_clone());
    expect_success(campaign.pause(&mut world, &guardian));
    let unpause = authority::distributor_unpause(&campaign.addresses);
    (&["owner", "config", "distributor"], world, unpause, vec![owner])
}

fn leaf_strike(_: Pubkey) -> Row {
    let (world, campaign, allocations) = offered();
    let guardian = world.guardian.insecure_clone();
    let args = strike_args(&allocations, 1);
    let strike = authority::leaf_strike(&campaign.addresses, guardian.pubkey(), 0, args);
    (&["guardian", "distributor", "epoch"], world, strike, vec![guardian])
}
