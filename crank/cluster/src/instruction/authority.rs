//! The instructions that hand authority over, and those by which its holders change existing accounts. Instructions
//! about money are in `instruction`.

use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use torque::instructions::{DistributorUpdateArgs, LeafStrikeArgs};
use torque::state::{NextRules, Role};
use torque::{accounts, instruction};

use super::build;
use crate::address::{self, DistributorAddresses};

/// Names the next admin; the zero address withdraws the name.
#[must_use]
pub fn config_transfer(admin: Pubkey, to: Pubkey) -> Instruction {
    build(&accounts::ConfigTransfer { admin, config: address::config() }, &instruction::ConfigTransfer { to })
}

/// Makes `pending_admin`, which was named, the admin.
#[must_use]
pub fn config_accept(pending_admin: Pubkey) -> Instruction {
    build(&accounts::ConfigAccept { pending_admin, config: address::config() }, &instruction::ConfigAccept {})
}

/// Names the next holder of `role`; the zero address withdraws the name.
#[must_use]
pub fn role_transfer(addresses: &DistributorAddresses, role: Role, to: Pubkey) -> Instruction {
    let accounts = accounts::RoleTransfer { authority: addresses.owner, distributor: addresses.distributor };
    build(&accounts, &instruction::RoleTransfer { role, to })
}

/// Makes `pending`, which was named, the holder of `role`.
#[must_use]
pub fn role_accept(distributor: Pubkey, role: Role, pending: Pubkey) -> Instruction {
    build(&accounts::RoleAccept { pending, distributor }, &instruction::RoleAccept { role })
}

/// Names the next owner of `action`; the zero address withdraws the name.
#[must_use]
pub fn action_transfer(owner: Pubkey, action: Pubkey, to: Pubkey) -> Instruction {
    build(&accounts::ActionTransfer { owner, action }, &instruction::ActionTransfer { to })
}

/// Makes `pending_owner`, which was named, the owner of `action`.
#[must_use]
pub fn action_accept(action: Pubkey, pending_owner: Pubkey) -> Instruction {
    build(&accounts::ActionAccept { pending_owner, action }, &instruction::ActionAccept {})
}

/// Changes `action` from `next.from` on.
#[must_use]
pub fn action_update(owner: Pubkey, action: Pubkey, next: NextRules) -> Instruction {
    build(&accounts::ActionUpdate { owner, action }, &instruction::ActionUpdate { next })
}

/// Closes `action` for ever.
#[must_use]
pub fn action_close(owner: Pubkey, action: Pubkey) -> Instruction {
    build(&accounts::ActionClose { owner, action }, &instruction::ActionClose {})
}

/// Stops `action` from feeding `distributor`; `authority` is the distributor's owner, or anybody once it is closed, and
/// `rent_payer` created the link.
#[must_use]
pub fn link_close(distributor: Pubkey, action: Pubkey, authority: Pubkey, rent_payer: Pubkey) -> Instruction {
    let link = address::link(&action, &distributor);
    build(&accounts::LinkClose { authority, distributor, link, rent_payer }, &instruction::LinkClose {})
}

/// Changes the terms of the epochs that have not begun.
#[must_use]
pub fn distributor_update(addresses: &DistributorAddresses, args: DistributorUpdateArgs) -> Instruction {
    let DistributorAddresses { owner, distributor, asset, .. } = *addresses;
    let accounts = accounts::DistributorUpdate { owner, distributor, mint: asset.mint };
    build(&accounts, &instruction::DistributorUpdate { args })
}

/// Pauses a distributor; `authority` is the owner or the guardian.
#[must_use]
pub fn distributor_pause(addresses: &DistributorAddresses, authority: Pubkey) -> Instruction {
    let accounts =
        accounts::DistributorPause { authority, config: address::config(), distributor: addresses.distributor };
    build(&accounts, &instruction::DistributorPause {})
}

/// Lets a paused distributor run again.
#[must_use]
pub fn distributor_unpause(addresses: &DistributorAddresses, authority: Pubkey) -> Instruction {
    let distributor = addresses.distributor;
    let accounts = accounts::DistributorUnpause { authority, config: address::config(), distributor };
    build(&accounts, &instruction::DistributorUnpause {})
}

/// Takes a leaf out of epoch `epoch`, which has not opened.
#[must_use]
pub fn leaf_strike(
    addresses: &DistributorAddresses,
    guardian: Pubkey,
    epoch: u32,
    args: LeafStrikeArgs,
) -> Instruction {
    let accounts = accounts::LeafStrike { guardian, distributor: addresses.distributor, epoch: addresses.epoch(epoch) };
    build(&accounts, &instruction::LeafStrike { args })
}
