//! The instructions of a raffle's draw, with accounts in the order the program takes them. The others are
//! `instruction`.

use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;
use torque::constants::SLOT_HASHES;
use torque::instructions::RaffleCommitArgs;
use torque::{accounts, instruction};

use super::build;
use crate::address;

/// Commits to a draw of `distributor`; `payer` pays the rent and gets it back.
#[must_use]
pub fn commit(distributor: Pubkey, publisher: Pubkey, payer: Pubkey, args: RaffleCommitArgs) -> Instruction {
    let accounts = accounts::RaffleCommit {
        publisher,
        payer,
        config: address::config(),
        distributor,
        epoch: address::epoch(&distributor, args.index),
        raffle: address::raffle(&distributor, args.index),
        system_program: system_program::ID,
    };
    build(&accounts, &instruction::RaffleCommit { args })
}

/// Brings the raffle at `raffle` a step further: without a secret it keeps the hash, renews the slot or draws without
/// the secret, whichever is due.
///
/// Send the secret only once the account has kept the hash and that is final: before, it would tell the makers of
/// blocks what their hashes lead to.
#[must_use]
pub fn draw(raffle: Pubkey, secret: Option<[u8; 32]>) -> Instruction {
    build(&accounts::RaffleDraw { raffle, slot_hashes: SLOT_HASHES }, &instruction::RaffleDraw { secret })
}

/// Removes the account of the raffle for epoch `index`, after it is over; `rent_payer` paid for it.
#[must_use]
pub fn close(distributor: Pubkey, index: u32, rent_payer: Pubkey) -> Instruction {
    let accounts = accounts::RaffleClose {
        rent_payer,
        distributor,
        epoch: address::epoch(&distributor, index),
        raffle: address::raffle(&distributor, index),
    };
    build(&accounts, &instruction::RaffleClose {})
}

/// `posting`, an `epoch_post` or `epoch_repost`, of an epoch that the raffle at `raffle` decides.
#[must_use]
pub fn decided_by(mut posting: Instruction, raffle: Pubkey) -> Instruction {
    // The raffle is the last account of both; the program's own address stands for none.
    if let Some(last) = posting.accounts.last_mut() {
        *last = AccountMeta::new_readonly(raffle, false);
    }
    posting
}
