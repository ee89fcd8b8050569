//! The instructions that change the protocol's settings, one for each, and that pause it. Handing the protocol over is
//! in `authority`.

use solana_instruction::Instruction;
use solana_pubkey::Pubkey;
use torque::{accounts, instruction};

use super::build;
use crate::address;

/// Sets the fee of later distributors.
#[must_use]
pub fn set_fee(admin: Pubkey, fee_basis_points: u16) -> Instruction {
    let accounts = accounts::ConfigSetFee { admin, config: address::config() };
    build(&accounts, &instruction::ConfigSetFee { fee_basis_points })
}

/// Sets the wallet that receives earned fees.
#[must_use]
pub fn set_treasury(admin: Pubkey, treasury: Pubkey) -> Instruction {
    let accounts = accounts::ConfigSetTreasury { admin, config: address::config(), treasury };
    build(&accounts, &instruction::ConfigSetTreasury {})
}

/// Names the key that may pause beside the admin; the zero address names nobody.
#[must_use]
pub fn set_pauser(admin: Pubkey, pauser: Pubkey) -> Instruction {
    let accounts = accounts::ConfigSetPauser { admin, config: address::config() };
    build(&accounts, &instruction::ConfigSetPauser { pauser })
}

/// Pauses the protocol; `authority` is the admin or the pauser.
#[must_use]
pub fn pause(authority: Pubkey) -> Instruction {
    build(&accounts::ConfigPause { authority, config: address::config() }, &instruction::ConfigPause {})
}

/// Ends the pause of the protocol that began at `since`, unix seconds, as the settings state.
#[must_use]
pub fn unpause(authority: Pubkey, since: i64) -> Instruction {
    build(&accounts::ConfigUnpause { authority, config: address::config() }, &instruction::ConfigUnpause { since })
}
