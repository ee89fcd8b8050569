//! Closes an action for ever; its rent goes to its owner.
//!
//! The address stays taken by an empty account of this program: an action that took it over would be fed to the same
//! distributors at once, which is more than its owner may change.

use anchor_lang::Discriminator;
use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::ActionClosed;
use crate::rent;
use crate::state::Action;

/// Accounts of `action_close`.
#[derive(Accounts)]
pub struct ActionClose<'info> {
    /// The action's owner, who gets the rent.
    #[account(mut)]
    pub owner: Signer<'info>,
    /// CHECK: the action; decoded by the handler, since Anchor would write back what is erased here.
    #[account(mut)]
    pub action: UncheckedAccount<'info>,
}

impl<'info> ActionClose<'info> {
    pub(crate) fn handler(ctx: Context<'info, Self>) -> Result<()> {
        let accounts = ctx.accounts;
        let action: Box<Account<'info, Action>> = Box::new(Account::try_from(accounts.action.as_ref())?);
        ensure_same!(action.owner, accounts.owner.key(), TorqueError::NotOwner);
        emit!(ActionClosed { action: action.key(), owner: action.owner });
        let size = Action::DISCRIMINATOR.len();
        rent::shrink(&accounts.action, size, rent::surplus(&accounts.action, size)?, &accounts.owner)
    }
}
