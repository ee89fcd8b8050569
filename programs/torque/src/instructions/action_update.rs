//! Changes who may do an action and what measures it, from a time in the future on.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::ActionUpdated;
use crate::state::{Action, NextRules};

/// Accounts of `action_update`.
#[derive(Accounts)]
pub struct ActionUpdate<'info> {
    /// The action's owner.
    pub owner: Signer<'info>,
    /// The action.
    #[account(mut, has_one = owner @ TorqueError::NotOwner)]
    pub action: Box<Account<'info, Action>>,
}

impl ActionUpdate<'_> {
    pub(crate) fn handler(ctx: Context<Self>, next: NextRules) -> Result<()> {
        let action = &mut ctx.accounts.action;
        action.update(next, Clock::get()?.unix_timestamp)?;
        emit!(ActionUpdated { action: action.key(), audience: action.audience, next });
        Ok(())
    }
}
