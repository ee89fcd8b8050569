//! The calls that set up the protocol, actions and campaigns, and that close them.

use anchor_spl::token::spl_token;
use crank_cluster::address::{self, DistributorAddresses};
use crank_cluster::instruction;
use solana_instruction::Instruction;
use solana_signer::Signer as _;
use torque::state::Mode;

use super::{Row, SOL, action_args};
use crate::campaign::{Campaign, FUNDING, creation};
use crate::stages::{self, Side};
use crate::world::{FEE_BASIS_POINTS, World};

/// The calls of this file.
pub(super) const CALLS: [Row; 10] = [
    ("action_create", stages::posted, action_create, spl_token::ID),
    ("config_initialize", stages::bare, config_initialize, SOL),
    ("distributor_close", stages::finished, distributor_close, spl_token::ID),
    ("distributor_close of SOL", stages::finished, distributor_close, SOL),
    ("distributor_create", stages::posted, distributor_create, spl_token::ID),
    ("distributor_create of SOL", stages::posted, distributor_create, SOL),
    ("distributor_end", stages::posted, distributor_end, spl_token::ID),
    ("distributor_fund", stages::posted, distributor_fund, spl_token::ID),
    ("distributor_fund of SOL", stages::posted, distributor_fund, SOL),
    ("link_create", stages::posted, link_create, spl_token::ID),
];

fn action_create(world: &World, side: &Side) -> Instruction {
    instruction::action_create(world.owner.pubkey(), action_args(side.unused_id()))
}

fn config_initialize(world: &World, _: &Side) -> Instruction {
    instruction::config_initialize(world.admin.pubkey(), world.treasury, FEE_BASIS_POINTS)
}

fn distributor_close(world: &World, side: &Side) -> Instruction {
    instruction::distributor_close(&side.campaign.addresses, &world.treasury)
}

fn distributor_create(world: &World, side: &Side) -> Instruction {
    let id = side.unused_id();
    let addresses = DistributorAddresses::new(world.owner.pubkey(), id, side.campaign.addresses.asset);
    creation(world, &addresses, Campaign::create_args(world, Mode::Claim, id))
}

fn distributor_end(_: &World, side: &Side) -> Instruction {
    instruction::distributor_end(&side.campaign.addresses)
}

fn distributor_fund(_: &World, side: &Side) -> Instruction {
    instruction::distributor_fund(&side.campaign.addresses, FUNDING)
}

fn link_create(world: &World, side: &Side) -> Instruction {
    let action = address::action(&world.owner.pubkey(), side.unlinked_action());
    instruction::link_create(&side.campaign.addresses, action, 1)
}
