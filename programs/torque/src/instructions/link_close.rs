//! Stops an action from feeding a distributor; the rent returns to whoever paid it.
//!
//! As long as the distributor exists, its owner decides, whose money the link spends. Once it is closed, the link means
//! nothing any more and the owner is not known any more; then anybody may, since nothing that moves is the caller's.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::LinkClosed;
use crate::rent;
use crate::state::{Distributor, Link};

/// Accounts of `link_close`.
#[derive(Accounts)]
pub struct LinkClose<'info> {
    /// The distributor's owner; anybody once the distributor is closed.
    pub authority: Signer<'info>,
    /// CHECK: what pays for the action, which may be closed; the handler decodes it if it is not. Takes the rent if its
    /// payer cannot be credited.
    #[account(mut)]
    pub distributor: UncheckedAccount<'info>,
    /// The link to remove.
    #[account(
        mut,
        has_one = distributor @ TorqueError::LinkMismatch,
        has_one = rent_payer @ TorqueError::RentPayerMismatch,
    )]
    pub link: Box<Account<'info, Link>>,
    /// CHECK: gets the rent back; the link names it.
    #[account(mut)]
    pub rent_payer: UncheckedAccount<'info>,
}

impl LinkClose<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let accounts = ctx.accounts;
        if let Some(distributor) = Distributor::unless_closed(&accounts.distributor)? {
            ensure_same!(distributor.owner, accounts.authority.key(), TorqueError::NotOwner);
        }
        let Link { action, distributor, weight_basis_points, .. } = **accounts.link;
        let freed = accounts.link.to_account_info().lamports();
        let receiver = rent::receiver(&accounts.rent_payer, &accounts.distributor, freed)?;
        accounts.link.close(receiver.clone())?;
        emit!(LinkClosed { action, distributor, weight_basis_points });
        Ok(())
    }
}
