//! Lets a paused protocol run again. It names the pause that it ends, so that none ends by what was signed before it.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::ProtocolUnpaused;
use crate::state::Config;

/// Accounts of `config_unpause`.
#[derive(Accounts)]
pub struct ConfigUnpause<'info> {
    /// The protocol's admin.
    pub admin: Signer<'info>,
    /// The settings.
    #[account(mut, has_one = admin @ TorqueError::NotAdmin)]
    pub config: Box<Account<'info, Config>>,
}

impl ConfigUnpause<'_> {
    pub(crate) fn handler(ctx: Context<Self>, since: i64) -> Result<()> {
        let until = Clock::get()?.unix_timestamp;
        let config = &mut ctx.accounts.config;
        config.unpause(since, until)?;
        emit!(ProtocolUnpaused { admin: config.admin, since, until });
        Ok(())
    }
}
