//! Lets a paused protocol run again. It names the pause that it ends, so that none ends by what was signed before it.
//!
//! The admin may, and anybody once the pause has lasted as long as a pause may, since the admin's key may be lost.

use anchor_lang::prelude::*;

use crate::constants::MAX_PAUSE;
use crate::error::TorqueError;
use crate::events::ProtocolUnpaused;
use crate::state::Config;

/// Accounts of `config_unpause`.
#[derive(Accounts)]
pub struct ConfigUnpause<'info> {
    /// The protocol's admin, or anybody after [`MAX_PAUSE`].
    pub authority: Signer<'info>,
    /// The settings.
    #[account(mut)]
    pub config: Box<Account<'info, Config>>,
}

impl ConfigUnpause<'_> {
    pub(crate) fn handler(ctx: Context<Self>, since: i64) -> Result<()> {
        let until = Clock::get()?.unix_timestamp;
        let (config, authority) = (&mut ctx.accounts.config, ctx.accounts.authority.key());
        let is_over = config.downtime.lasts(until) >= MAX_PAUSE;
        ensure!(authority == config.admin || is_over, TorqueError::NotAdmin);
        config.unpause(since, until)?;
        emit!(ProtocolUnpaused { authority, since, until });
        Ok(())
    }
}
