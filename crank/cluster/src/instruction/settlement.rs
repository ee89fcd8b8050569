//! The instructions that anybody may submit once money is due: a sponsor's refund and the protocol's fee. The others
//! are in `instruction`.

use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use torque::{accounts, instruction};

use super::build;
use crate::address::{self, DistributorAddresses};

/// Pays the sponsor `wallet` what was not spent of its sponsorship `number`, into its own account.
#[must_use]
pub fn sponsor_refund(addresses: &DistributorAddresses, wallet: &Pubkey, number: u32) -> Instruction {
    let accounts = accounts::SponsorRefund {
        wallet: *wallet,
        config: address::config(),
        distributor: addresses.distributor,
        sponsorship: address::sponsorship(&addresses.distributor, wallet, number),
        vault: addresses.vault,
        destination: addresses.asset.account_of(wallet),
        mint: addresses.asset.mint,
        token_program: addresses.asset.token_program,
    };
    build(&accounts, &instruction::SponsorRefund {})
}

/// Moves the fee that closed epochs have earned to the account of `treasury`.
#[must_use]
pub fn fee_collect(addresses: &DistributorAddresses, treasury: &Pubkey) -> Instruction {
    let accounts = accounts::FeeCollect {
        config: address::config(),
        distributor: addresses.distributor,
        vault: addresses.vault,
        treasury: addresses.asset.account_of(treasury),
        mint: addresses.asset.mint,
        token_program: addresses.asset.token_program,
    };
    build(&accounts, &instruction::FeeCollect {})
}
