//! Makes the account that an action's owner has named its owner.

use anchor_lang::prelude::*;

use crate::events::{Authority, AuthorityAccepted};
use crate::state::Action;

/// Accounts of `action_accept`.
#[derive(Accounts)]
pub struct ActionAccept<'info> {
    /// The account that was named.
    pub pending_owner: Signer<'info>,
    /// The action.
    #[account(mut)]
    pub action: Box<Account<'info, Action>>,
}

impl ActionAccept<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let (action, by) = (&mut ctx.accounts.action, ctx.accounts.pending_owner.key());
        let before = action.accept(by)?;
        emit!(AuthorityAccepted { account: action.key(), authority: Authority::ActionOwner, holder: [before, by] });
        Ok(())
    }
}
