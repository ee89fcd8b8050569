//! Creates an account at a derived address by hand, for the accounts that Anchor's `init` cannot create.
//!
//! In three steps, so that lamports sent to the address beforehand cannot block it.

use anchor_lang::prelude::*;
use anchor_lang::system_program::{self, Allocate, Assign, allocate, assign};

use crate::rent;

/// Creates `account` with `space` bytes for the program `owner`, at the address that `seeds` derive; `payer` pays the
/// rent that is missing.
///
/// # Errors
/// Those of the system program.
pub fn create<'info>(
    account: &AccountInfo<'info>,
    payer: &AccountInfo<'info>,
    space: usize,
    owner: &Pubkey,
    seeds: &[&[u8]],
) -> Result<()> {
    rent::top_up(account, payer, Rent::get()?.minimum_balance(space))?;
    let signer: &[&[&[u8]]] = &[seeds];
    let accounts = Allocate { account_to_allocate: account.clone() };
    allocate(CpiContext::new_with_signer(system_program::ID, accounts, signer), space as u64)?;
    let accounts = Assign { account_to_assign: account.clone() };
    assign(CpiContext::new_with_signer(system_program::ID, accounts, signer), owner)
}
