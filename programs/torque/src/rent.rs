//! Who pays the rent of an account, and who gets it when the account shrinks or goes.
//!
//! Its payer gets it. But an account that is a program now cannot be credited, nor can one that would hold less than
//! its own rent afterwards, and neither may keep a root from being cancelled or a distributor from being closed. Then
//! the distributor's account takes the lamports, and its owner in the end.

use anchor_lang::prelude::*;
use anchor_lang::system_program::{self, Transfer, transfer};

/// Moves to `account` what it lacks of `lamports`, from `payer`, who signs.
///
/// # Errors
/// Those of the system program, above all where the payer has less.
pub fn top_up<'info>(account: &AccountInfo<'info>, payer: &AccountInfo<'info>, lamports: u64) -> Result<()> {
    let missing = lamports.saturating_sub(account.lamports());
    transfer(CpiContext::new(system_program::ID, Transfer { from: payer.clone(), to: account.clone() }), missing)
}

/// `payer`, if `lamports` can be credited to it, else `distributor`.
///
/// # Errors
/// Those of the runtime.
pub fn receiver<'a, 'info>(
    payer: &'a AccountInfo<'info>,
    distributor: &'a AccountInfo<'info>,
    lamports: u64,
) -> Result<&'a AccountInfo<'info>> {
    let balance = payer.lamports().saturating_add(lamports);
    let is_creditable = !payer.executable && balance >= Rent::get()?.minimum_balance(payer.data_len());
    Ok(if is_creditable { payer } else { distributor })
}

/// What `account` holds above the rent of `size` bytes.
///
/// # Errors
/// Those of the runtime.
pub fn surplus(account: &AccountInfo<'_>, size: usize) -> Result<u64> {
    Ok(account.lamports().saturating_sub(Rent::get()?.minimum_balance(size)))
}

/// Shrinks `account` to `size` bytes and moves `lamports`, its surplus, to `receiver`.
///
/// # Errors
/// Those of the runtime.
pub fn shrink(account: &AccountInfo<'_>, size: usize, lamports: u64, receiver: &AccountInfo<'_>) -> Result<()> {
    account.resize(size)?;
    account.sub_lamports(lamports)?;
    receiver.add_lamports(lamports)?;
    Ok(())
}
