//! The program's instructions, one function each, with accounts in the program's order.
//!
//! `authority` has those that hand authority over or change existing accounts, and `settings` those of the protocol's
//! settings.

pub mod authority;
mod funding;
pub mod raffle;
pub mod settings;
pub mod settlement;
pub mod view;

pub use funding::{distributor_fund, distributor_sponsor};

use anchor_lang::{InstructionData, ToAccountMetas};
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_sdk_ids::{bpf_loader_upgradeable, system_program};
use torque::instructions::{ActionCreateArgs, DistributorCreateArgs, EpochPostArgs, PushArgs};
use torque::merkle::Hash;
use torque::{accounts, instruction};

use super::address::{self, DistributorAddresses};

fn build(accounts: &impl ToAccountMetas, data: &impl InstructionData) -> Instruction {
    Instruction { program_id: torque::ID, accounts: accounts.to_account_metas(None), data: data.data() }
}

/// Sets the protocol up; `admin` must be the upgrade authority.
#[must_use]
pub fn config_initialize(admin: Pubkey, treasury: Pubkey, fee_basis_points: u16) -> Instruction {
    let program_data = Pubkey::find_program_address(&[torque::ID.as_ref()], &bpf_loader_upgradeable::ID).0;
    let accounts = accounts::ConfigInitialize {
        admin,
        config: address::config(),
        treasury,
        program: torque::ID,
        program_data,
        system_program: system_program::ID,
    };
    build(&accounts, &instruction::ConfigInitialize { fee_basis_points })
}

/// Launches an action.
#[must_use]
pub fn action_create(owner: Pubkey, args: ActionCreateArgs) -> Instruction {
    let action = address::action(&owner, args.id);
    let accounts = accounts::ActionCreate { owner, action, system_program: system_program::ID };
    build(&accounts, &instruction::ActionCreate { args })
}

/// Creates a distributor and its vault.
#[must_use]
pub fn distributor_create(addresses: &DistributorAddresses, args: DistributorCreateArgs) -> Instruction {
    let accounts = accounts::DistributorCreate {
        owner: addresses.owner,
        config: address::config(),
        distributor: addresses.distributor,
        vault: addresses.vault,
        mint: addresses.asset.mint,
        token_program: addresses.asset.token_program,
        system_program: system_program::ID,
    };
    build(&accounts, &instruction::DistributorCreate { args })
}

/// Makes the epoch that has begun the last one.
#[must_use]
pub fn distributor_end(addresses: &DistributorAddresses) -> Instruction {
    let accounts = accounts::DistributorEnd {
        authority: addresses.owner,
        config: address::config(),
        distributor: addresses.distributor,
    };
    build(&accounts, &instruction::DistributorEnd {})
}

/// Closes a distributor, or takes back the money that is free; it goes to the owner's own account, the fee to
/// `treasury`'s.
#[must_use]
pub fn distributor_close(addresses: &DistributorAddresses, treasury: &Pubkey) -> Instruction {
    let accounts = accounts::DistributorClose {
        owner: addresses.owner,
        config: address::config(),
        distributor: addresses.distributor,
        vault: addresses.vault,
        treasury: addresses.asset.account_of(treasury),
        destination: addresses.asset.account_of(&addresses.owner),
        mint: addresses.asset.mint,
        token_program: addresses.asset.token_program,
    };
    let mut instruction = build(&accounts, &instruction::DistributorClose {});
    // Transfer fees that the vault withholds go to the mint before the vault is closed. For SOL the account is the
    // system program, which cannot be writable.
    for account in instruction.accounts.iter_mut().filter(|account| account.pubkey == addresses.asset.mint) {
        account.is_writable = !addresses.asset.is_native();
    }
    instruction
}

/// Lets `action` feed a distributor.
#[must_use]
pub fn link_create(addresses: &DistributorAddresses, action: Pubkey, weight_basis_points: u32) -> Instruction {
    let accounts = accounts::LinkCreate {
        owner: addresses.owner,
        action,
        distributor: addresses.distributor,
        link: address::link(&action, &addresses.distributor),
        system_program: system_program::ID,
    };
    build(&accounts, &instruction::LinkCreate { weight_basis_points })
}

/// Reports the total that the community has reached.
#[must_use]
pub fn milestone_report(addresses: &DistributorAddresses, publisher: Pubkey, total: u64) -> Instruction {
    let accounts = accounts::MilestoneReport { publisher, distributor: addresses.distributor };
    build(&accounts, &instruction::MilestoneReport { total })
}

/// Posts a root; `payer` pays the rent of the account's full size and gets it back.
#[must_use]
pub fn epoch_post(
    addresses: &DistributorAddresses,
    publisher: Pubkey,
    payer: Pubkey,
    args: EpochPostArgs,
) -> Instruction {
    let accounts = accounts::EpochPost {
        publisher,
        payer,
        config: address::config(),
        distributor: addresses.distributor,
        epoch: addresses.epoch(args.index),
        mint: addresses.asset.mint,
        system_program: system_program::ID,
        raffle: None,
    };
    build(&accounts, &instruction::EpochPost { args })
}

/// Gives a vacant epoch a root; `payer` takes over the rent from `rent_payer`.
#[must_use]
pub fn epoch_repost(
    addresses: &DistributorAddresses,
    publisher: Pubkey,
    payer: Pubkey,
    rent_payer: Pubkey,
    args: EpochPostArgs,
) -> Instruction {
    let accounts = accounts::EpochRepost {
        publisher,
        payer,
        config: address::config(),
        distributor: addresses.distributor,
        epoch: addresses.epoch(args.index),
        rent_payer,
        mint: addresses.asset.mint,
        system_program: system_program::ID,
        raffle: None,
    };
    build(&accounts, &instruction::EpochRepost { args })
}

/// Grows an epoch's account by one step.
#[must_use]
pub fn epoch_extend(epoch: Pubkey) -> Instruction {
    build(&accounts::EpochExtend { epoch }, &instruction::EpochExtend {})
}

/// Passes over an epoch in which nobody qualified; `payer` pays the rent and gets it back.
#[must_use]
pub fn epoch_skip(addresses: &DistributorAddresses, publisher: Pubkey, payer: Pubkey, index: u32) -> Instruction {
    let accounts = accounts::EpochSkip {
        publisher,
        payer,
        config: address::config(),
        distributor: addresses.distributor,
        epoch: addresses.epoch(index),
        system_program: system_program::ID,
    };
    build(&accounts, &instruction::EpochSkip { index })
}

/// Takes a root back; `authority` is the owner or the guardian.
#[must_use]
pub fn epoch_cancel(
    addresses: &DistributorAddresses,
    authority: Pubkey,
    rent_payer: Pubkey,
    index: u32,
) -> Instruction {
    let accounts = accounts::EpochCancel {
        authority,
        config: address::config(),
        distributor: addresses.distributor,
        epoch: addresses.epoch(index),
        rent_payer,
    };
    build(&accounts, &instruction::EpochCancel {})
}

/// Ends an epoch.
#[must_use]
pub fn epoch_close(addresses: &DistributorAddresses, rent_payer: Pubkey, index: u32) -> Instruction {
    let accounts = accounts::EpochClose {
        config: address::config(),
        distributor: addresses.distributor,
        epoch: addresses.epoch(index),
        rent_payer,
    };
    build(&accounts, &instruction::EpochClose {})
}

/// Keeps the roots of 2^level subtrees from `first` on.
#[must_use]
pub fn subtree_prove(epoch: Pubkey, first: u32, level: u8, roots: Vec<Hash>, path: Vec<Hash>) -> Instruction {
    build(&accounts::SubtreeProve { epoch }, &instruction::SubtreeProve { first, level, roots, path })
}

/// A leaf as its wallet claims it.
#[derive(Clone, Debug)]
pub struct ClaimedLeaf {
    /// The epoch's index.
    pub epoch: u32,
    /// The leaf's index.
    pub index: u32,
    /// Base units.
    pub amount: u64,
    /// The path from the leaf to the root, or to the root of its subtree.
    pub path: Vec<Hash>,
}

/// Claims a leaf of `recipient` into `destination`.
#[must_use]
pub fn claim(
    addresses: &DistributorAddresses,
    recipient: Pubkey,
    destination: Pubkey,
    leaf: ClaimedLeaf,
) -> Instruction {
    let ClaimedLeaf { epoch, index, amount, path } = leaf;
    let accounts = accounts::Claim {
        recipient,
        config: address::config(),
        distributor: addresses.distributor,
        epoch: addresses.epoch(epoch),
        vault: addresses.vault,
        destination,
        mint: addresses.asset.mint,
        token_program: addresses.asset.token_program,
    };
    build(&accounts, &instruction::Claim { index, amount, path })
}

/// Pushes a block of leaves to `recipients`, the accounts to credit.
#[must_use]
pub fn push(addresses: &DistributorAddresses, epoch: u32, args: PushArgs, recipients: &[Pubkey]) -> Instruction {
    let accounts = accounts::Push {
        config: address::config(),
        distributor: addresses.distributor,
        epoch: addresses.epoch(epoch),
        vault: addresses.vault,
        mint: addresses.asset.mint,
        token_program: addresses.asset.token_program,
    };
    let mut instruction = build(&accounts, &instruction::Push { args });
    instruction.accounts.extend(recipients.iter().map(|account| AccountMeta::new(*account, false)));
    instruction
}
