//! Stops an action from feeding a distributor; the rent goes to the distributor's owner.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::LinkClosed;
use crate::state::{Distributor, Link};

/// Accounts of `link_close`.
#[derive(Accounts)]
pub struct LinkClose<'info> {
    /// The distributor's owner, who gets the rent.
    #[account(mut)]
    pub owner: Signer<'info>,
    /// What pays for the action.
    #[account(has_one = owner @ TorqueError::NotOwner)]
    pub distributor: Box<Account<'info, Distributor>>,
    /// The link to remove.
    #[account(mut, close = owner, has_one = distributor @ TorqueError::LinkMismatch)]
    pub link: Account<'info, Link>,
}

impl LinkClose<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let Link { action, distributor, weight_basis_points, .. } = *ctx.accounts.link.as_ref();
        emit!(LinkClosed { action, distributor, weight_basis_points });
        Ok(())
    }
}
