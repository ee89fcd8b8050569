//! Names the next owner of an action, who has no power until it accepts; the zero address withdraws the name.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::{Authority, AuthorityOffered};
use crate::state::Action;

/// Accounts of `action_transfer`.
#[derive(Accounts)]
pub struct ActionTransfer<'info> {
    /// The action's owner.
    pub owner: Signer<'info>,
    /// The action.
    #[account(mut, has_one = owner @ TorqueError::NotOwner)]
    pub action: Box<Account<'info, Action>>,
}

impl ActionTransfer<'_> {
    pub(crate) fn handler(ctx: Context<Self>, to: Pubkey) -> Result<()> {
        let action = &mut ctx.accounts.action;
        let before = action.offer(to)?;
        let (account, holder) = (action.key(), action.owner);
        emit!(AuthorityOffered { account, authority: Authority::ActionOwner, holder, pending: [before, to] });
        Ok(())
    }
}
