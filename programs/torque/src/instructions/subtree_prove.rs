//! Verifies the roots of some subtrees of a large epoch, once, so that pushes and claims need only the path below.
//!
//! Anybody may, any number of times: there is one right value for each root.

use anchor_lang::prelude::*;

use crate::merkle::Hash;
use crate::state::Epoch;

/// Accounts of `subtree_prove`.
#[derive(Accounts)]
pub struct SubtreeProve<'info> {
    /// The epoch that keeps them.
    #[account(mut)]
    pub epoch: AccountLoader<'info, Epoch>,
}

impl SubtreeProve<'_> {
    pub(crate) fn handler(ctx: Context<Self>, first: u32, level: u8, roots: &[Hash], path: &[Hash]) -> Result<()> {
        let account = ctx.accounts.epoch.to_account_info();
        let mut data = account.try_borrow_mut_data()?;
        let (_, mut marks) = Epoch::split(&mut data)?;
        marks.keep_subtrees(first, level, roots, path)
    }
}
