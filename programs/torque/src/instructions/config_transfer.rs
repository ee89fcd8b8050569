//! Names the protocol's next admin, who has no power until it accepts; the zero address withdraws the name.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::{Authority, AuthorityOffered};
use crate::state::Config;

/// Accounts of `config_transfer`.
#[derive(Accounts)]
pub struct ConfigTransfer<'info> {
    /// The protocol's admin.
    pub admin: Signer<'info>,
    /// The settings.
    #[account(mut, has_one = admin @ TorqueError::NotAdmin)]
    pub config: Box<Account<'info, Config>>,
}

impl ConfigTransfer<'_> {
    pub(crate) fn handler(ctx: Context<Self>, to: Pubkey) -> Result<()> {
        let config = &mut ctx.accounts.config;
        let before = config.offer(to)?;
        let (account, holder) = (config.key(), config.admin);
        emit!(AuthorityOffered { account, authority: Authority::Admin, holder, pending: [before, to] });
        Ok(())
    }
}
