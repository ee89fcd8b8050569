//! Stops creating, posting, funding and every payment of all distributors. Owners' refunds go on.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::ProtocolPaused;
use crate::state::Config;

/// Accounts of `config_pause`.
#[derive(Accounts)]
pub struct ConfigPause<'info> {
    /// The protocol's admin or pauser.
    pub authority: Signer<'info>,
    /// The settings.
    #[account(
        mut,
        constraint = [config.admin, config.pauser].contains(authority.key) @ TorqueError::NotAdminOrPauser
    )]
    pub config: Box<Account<'info, Config>>,
}

impl ConfigPause<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let config = &mut ctx.accounts.config;
        config.pause(Clock::get()?.unix_timestamp)?;
        emit!(ProtocolPaused { authority: ctx.accounts.authority.key(), since: config.downtime.since });
        Ok(())
    }
}
