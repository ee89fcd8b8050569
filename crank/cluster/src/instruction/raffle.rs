//! The instructions of a raffle's draw, with accounts in the program's order. The others are in `instruction`.

use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;
use solana_sdk_ids::system_program;
use torque::constants::SLOT_HASHES;
use torque::instructions::RaffleCommitArgs;
use torque::{accounts, instruction};

use super::build;
use crate::address;

/// Commits to a draw of `distributor`; `payer` pays the rent, which returns, and the bounty for who keeps the hash.
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

/// Keeps the hash of the slot of the raffle at `raffle`, for which `keeper` gets the bounty: an account that exists, as
/// the bounty is less than an account's rent. Or renews the slot, if its hash is lost.
#[must_use]
pub fn capture(raffle: Pubkey, keeper: Pubkey) -> Instruction {
    let accounts = accounts::RaffleDraw { raffle, slot_hashes: SLOT_HASHES, keeper: Some(keeper) };
    build(&accounts, &instruction::RaffleDraw { secret: None })
}

/// Brings the raffle at `raffle` one step further: without a secret it keeps the hash, renews the slot or draws without
/// the secret, whichever is due. A bounty stays with the raffle.
///
/// Send the secret only after the account has kept the hash and that is finalized. Earlier it would show block
/// producers the outcome of their hashes.
#[must_use]
pub fn draw(raffle: Pubkey, secret: Option<[u8; 32]>) -> Instruction {
    build(&accounts::RaffleDraw { raffle, slot_hashes: SLOT_HASHES, keeper: None }, &instruction::RaffleDraw { secret })
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

/// `posting`, an `epoch_post` or `epoch_repost`, for an epoch that the raffle at `raffle` decides.
#[must_use]
pub fn decided_by(mut posting: Instruction, raffle: Pubkey) -> Instruction {
    // The raffle is the last account of both; the program's own address there means no raffle.
    if let Some(last) = posting.accounts.last_mut() {
        *last = AccountMeta::new_readonly(raffle, false);
    }
    posting
}
