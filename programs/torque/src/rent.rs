//! Who gets the rent of an account that shrinks or goes.
//!
//! Whoever paid it; but an account that has become a program cannot be credited, and must not keep a distributor from
//! ever being closed. Then the distributor's account takes the lamports, and its owner in the end.

use anchor_lang::prelude::*;

/// `payer`, if lamports can be credited to it, else `distributor`.
#[must_use]
pub fn receiver<'a, 'info>(
    payer: &'a AccountInfo<'info>,
    distributor: &'a AccountInfo<'info>,
) -> &'a AccountInfo<'info> {
    if payer.executable { distributor } else { payer }
}

/// Shrinks `account` to `size` bytes and moves the rent that this frees to `receiver`.
///
/// # Errors
/// Those of the runtime.
pub fn shrink(account: &AccountInfo<'_>, size: usize, receiver: &AccountInfo<'_>) -> Result<()> {
    account.resize(size)?;
    let surplus = account.lamports().saturating_sub(Rent::get()?.minimum_balance(size));
    account.sub_lamports(surplus)?;
    receiver.add_lamports(surplus)?;
    Ok(())
}
