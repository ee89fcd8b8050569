//! Where the runtime enters the program. A claim and a push are read where the runtime has put them; every other
//! instruction goes to Anchor.
//!
//! Claims and pushes are made by the million and paid for by each wallet, and what Anchor does before their handlers
//! took more than the handlers. They have no other way in, so that money leaves for a leaf in one way only: Anchor
//! knows of the two but their interface (`lib.rs`). Their handlers check all that Anchor would and refuse by its
//! errors.
#![expect(unsafe_code, reason = "the runtime passes everything as one address")]

use std::mem::MaybeUninit;
use std::slice;

use anchor_lang::prelude::*;
use anchor_lang::solana_program::entrypoint::{self, SUCCESS};
use pinocchio::AccountView;

use crate::arguments::Arguments;
use crate::instructions::{Claim, MAX_PUSH_ACCOUNTS, Push};

/// One more than either takes, so that it is seen when there are too many.
const MAX_ACCOUNTS: usize = MAX_PUSH_ACCOUNTS + 1;

/// How a claim begins, and how a push does.
const DISCRIMINATORS: [[u8; 8]; 2] = [[62, 198, 214, 193, 213, 159, 108, 210], [143, 34, 101, 78, 188, 184, 199, 63]];

anchor_lang::solana_program::entrypoint::custom_panic_default!();

/// Executes an instruction.
///
/// # Safety
/// `input` is what the runtime passes to a program: its accounts and data, encoded for loader v3.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn entrypoint(input: *mut u8) -> u64 {
    let mut places = [const { MaybeUninit::<AccountView>::uninit() }; MAX_ACCOUNTS];
    // SAFETY: the runtime made `input`.
    let (program_id, count, data) = unsafe { pinocchio::entrypoint::deserialize(input, &mut places) };
    // SAFETY: as many are written as are counted.
    let accounts = unsafe { slice::from_raw_parts_mut(places.as_mut_ptr().cast::<AccountView>(), count) };
    match pay(program_id, accounts, data) {
        Some(Ok(())) => SUCCESS,
        Some(Err(error)) => refuse(error),
        // SAFETY: nothing of `input` was changed.
        None => unsafe { process(input) },
    }
}

/// Executes a claim or a push; none if it is neither.
fn pay(program_id: &Pubkey, accounts: &mut [AccountView], data: &[u8]) -> Option<Result<()>> {
    let (discriminator, arguments) = data.split_first_chunk()?;
    let [claim, push] = DISCRIMINATORS.map(u64::from_le_bytes);
    let handler = match u64::from_le_bytes(*discriminator) {
        number if number == claim => Claim::handler,
        number if number == push => Push::handler,
        _ => return None,
    };
    if *program_id != crate::ID {
        return Some(refuse!(ErrorCode::DeclaredProgramIdMismatch));
    }
    Some(handler(accounts, Arguments::new(arguments)))
}

/// Executes an instruction as Anchor's own entrypoint would.
///
/// # Safety
/// That of [`entrypoint()`].
#[inline(never)]
unsafe fn process(input: *mut u8) -> u64 {
    // SAFETY: the runtime made `input`.
    let (program_id, accounts, data) = unsafe { entrypoint::deserialize(input) };
    match crate::entry(program_id, &accounts, data) {
        Ok(()) => SUCCESS,
        Err(error) => error.into(),
    }
}

/// Says in the log what is wrong, as Anchor does.
#[cold]
#[inline(never)]
fn refuse(error: Error) -> u64 {
    error.log();
    ProgramError::from(error).into()
}

#[cfg(test)]
mod tests {
    use anchor_lang::Discriminator;

    use super::*;

    #[test]
    fn a_claim_and_a_push_are_told_by_the_names_that_anchor_gives_them() {
        assert_eq!(DISCRIMINATORS[0], crate::instruction::Claim::DISCRIMINATOR);
        assert_eq!(DISCRIMINATORS[1], crate::instruction::Push::DISCRIMINATOR);
    }

    #[test]
    fn a_copy_of_the_program_at_another_address_pays_nothing() {
        for discriminator in DISCRIMINATORS {
            let refusal = pay(&Pubkey::default(), &mut [], &discriminator);
            assert_eq!(refusal, Some(Err(ErrorCode::DeclaredProgramIdMismatch.into())));
        }
    }

    #[test]
    fn anything_else_is_left_to_anchor() {
        for data in [&[][..], &[1; 7], &[1; 8], crate::instruction::ViewLeaf::DISCRIMINATOR] {
            assert!(pay(&crate::ID, &mut [], data).is_none(), "{data:?}");
        }
    }
}
