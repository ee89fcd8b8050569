//! Names the next holder of a distributor's role, who has no power until it accepts; the zero address withdraws it.

use anchor_lang::prelude::*;

use crate::events::AuthorityOffered;
use crate::state::{Distributor, Role};

/// Accounts of `role_transfer`.
#[derive(Accounts)]
pub struct RoleTransfer<'info> {
    /// The owner, who decides on every role; for the guardian's, while sponsors' money is in, the guardian.
    pub authority: Signer<'info>,
    /// The distributor.
    #[account(mut)]
    pub distributor: Box<Account<'info, Distributor>>,
}

impl RoleTransfer<'_> {
    pub(crate) fn handler(ctx: Context<Self>, role: Role, to: Pubkey) -> Result<()> {
        let distributor = &mut ctx.accounts.distributor;
        let before = distributor.offer(role, to, ctx.accounts.authority.key())?;
        let holder = distributor.holder(role);
        emit!(AuthorityOffered { account: distributor.key(), authority: role.into(), holder, pending: [before, to] });
        Ok(())
    }
}
