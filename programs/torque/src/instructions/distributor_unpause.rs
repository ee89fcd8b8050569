//! Lets a paused distributor run again. What was open meanwhile stays open as much longer as it was paused.
//!
//! The owner may, even if the guardian has paused it: a stolen guardian's key can stop payments and release none. Once
//! the distributor's pauses are used up anybody may, so that nobody is kept waiting for an owner who is gone.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::DistributorUnpaused;
use crate::state::{Config, Distributor};

/// Accounts of `distributor_unpause`.
#[derive(Accounts)]
pub struct DistributorUnpause<'info> {
    /// The owner, or anybody once the pauses are used up.
    pub authority: Signer<'info>,
    /// Tells for how long the protocol has been paused.
    pub config: Box<Account<'info, Config>>,
    /// The distributor that is paused.
    #[account(mut)]
    pub distributor: Box<Account<'info, Distributor>>,
}

impl DistributorUnpause<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let distributor = &mut ctx.accounts.distributor;
        let (config, now) = (&ctx.accounts.config, Clock::get()?.unix_timestamp);
        let is_owner = ctx.accounts.authority.key() == distributor.owner;
        ensure!(is_owner || distributor.is_pause_used_up(config, now), TorqueError::NotOwner);
        let since = distributor.downtime.since;
        distributor.unpause(config, now)?;
        emit!(DistributorUnpaused { distributor: distributor.key(), since, until: now });
        Ok(())
    }
}
