//! The instructions that bring money in: from a distributor's owner, and from its sponsors.

use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;
use torque::instructions::SponsorArgs;
use torque::{accounts, instruction};

use super::build;
use crate::address::{self, DistributorAddresses};

/// Funds a distributor with `amount` base units, and the fee on top, from the owner's own account.
#[must_use]
pub fn distributor_fund(addresses: &DistributorAddresses, amount: u64) -> Instruction {
    fund_from(addresses, addresses.owner, amount, None)
}

/// Funds a distributor with `amount` base units, and the fee on top, from the own account of `wallet`, a sponsor that
/// agrees to what `sponsor` says.
#[must_use]
pub fn distributor_sponsor(
    addresses: &DistributorAddresses,
    wallet: Pubkey,
    amount: u64,
    sponsor: SponsorArgs,
) -> Instruction {
    fund_from(addresses, wallet, amount, Some(sponsor))
}

fn fund_from(
    addresses: &DistributorAddresses,
    funder: Pubkey,
    amount: u64,
    sponsor: Option<SponsorArgs>,
) -> Instruction {
    let accounts = accounts::DistributorFund {
        funder,
        config: address::config(),
        distributor: addresses.distributor,
        vault: addresses.vault,
        source: addresses.asset.account_of(&funder),
        mint: addresses.asset.mint,
        token_program: addresses.asset.token_program,
        sponsorship: sponsor.map(|it| address::sponsorship(&addresses.distributor, &funder, it.number)),
        system_program: system_program::ID,
    };
    build(&accounts, &instruction::DistributorFund { amount, sponsor })
}
