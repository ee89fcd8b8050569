//! Makes the account that the owner has named the holder of a distributor's role.

use anchor_lang::prelude::*;

use crate::events::{AuthorityAccepted, DistributorUpdated};
use crate::state::{Distributor, Role};

/// Accounts of `role_accept`.
#[derive(Accounts)]
pub struct RoleAccept<'info> {
    /// The account that was named.
    pub pending: Signer<'info>,
    /// The distributor.
    #[account(mut)]
    pub distributor: Box<Account<'info, Distributor>>,
}

impl RoleAccept<'_> {
    pub(crate) fn handler(ctx: Context<Self>, role: Role) -> Result<()> {
        let (distributor, by) = (&mut ctx.accounts.distributor, ctx.accounts.pending.key());
        let before = distributor.accept(role, by, Clock::get()?.unix_timestamp)?;
        emit!(AuthorityAccepted { account: distributor.key(), authority: role.into(), holder: [before, by] });
        if role == Role::Guardian {
            let epoch_count = [distributor.terms.epoch_count; 2];
            emit!(DistributorUpdated { distributor: distributor.key(), next: distributor.latest_terms(), epoch_count });
        }
        Ok(())
    }
}
