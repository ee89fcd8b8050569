//! The program's questions: instructions that change nothing and answer by return data. Any client can simulate them.
//!
//! Each answer is a type of `torque::instructions`. Instructions that change something are in `instruction`.

use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use torque::{accounts, instruction};

use super::{ClaimedLeaf, build};
use crate::address::{self, DistributorAddresses};

/// Asks whether leaf `index` of the epoch at `epoch` is paid.
#[must_use]
pub fn leaf(epoch: Pubkey, index: u32) -> Instruction {
    build(&accounts::ViewLeaf { epoch }, &instruction::ViewLeaf { index })
}

/// Asks what `wallet` would get by claiming a leaf now.
#[must_use]
pub fn claimable(addresses: &DistributorAddresses, wallet: Pubkey, leaf: ClaimedLeaf) -> Instruction {
    let ClaimedLeaf { epoch, index, amount, path } = leaf;
    let accounts = accounts::ViewClaimable {
        config: address::config(),
        distributor: addresses.distributor,
        epoch: addresses.epoch(epoch),
        vault: addresses.vault,
        mint: addresses.asset.mint,
    };
    build(&accounts, &instruction::ViewClaimable { index, amount, wallet, path })
}

/// Asks what closing a distributor would send now; the fee goes to `treasury`'s account.
#[must_use]
pub fn refund(addresses: &DistributorAddresses, treasury: &Pubkey) -> Instruction {
    let accounts = accounts::ViewRefund {
        config: address::config(),
        distributor: addresses.distributor,
        vault: addresses.vault,
        treasury: addresses.asset.account_of(treasury),
        mint: addresses.asset.mint,
        token_program: addresses.asset.token_program,
    };
    build(&accounts, &instruction::ViewRefund {})
}
