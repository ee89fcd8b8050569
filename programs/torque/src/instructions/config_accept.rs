//! Makes the account that the admin has named the admin.

use anchor_lang::prelude::*;

use crate::events::{Authority, AuthorityAccepted};
use crate::state::Config;

/// Accounts of `config_accept`.
#[derive(Accounts)]
pub struct ConfigAccept<'info> {
    /// The account that was named.
    pub pending_admin: Signer<'info>,
    /// The settings.
    #[account(mut)]
    pub config: Box<Account<'info, Config>>,
}

impl ConfigAccept<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let (config, by) = (&mut ctx.accounts.config, ctx.accounts.pending_admin.key());
        let before = config.accept(by)?;
        emit!(AuthorityAccepted { account: config.key(), authority: Authority::Admin, holder: [before, by] });
        Ok(())
    }
}
