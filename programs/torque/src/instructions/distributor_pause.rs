//! Pauses a distributor: it takes no rewards, posts no roots and pays nothing until its owner lets it run again.
//!
//! The guardian may too, since the first person who sees a mistake must be able to stop it at once.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::DistributorPaused;
use crate::state::{Config, Distributor};

/// Accounts of `distributor_pause`.
#[derive(Accounts)]
pub struct DistributorPause<'info> {
    /// The distributor's owner or latest guardian.
    pub authority: Signer<'info>,
    /// Tells for how long the protocol has been paused.
    pub config: Box<Account<'info, Config>>,
    /// The distributor to pause.
    #[account(mut)]
    pub distributor: Box<Account<'info, Distributor>>,
}

impl DistributorPause<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let distributor = &mut ctx.accounts.distributor;
        let may = [distributor.owner, distributor.latest_terms().guardian];
        ensure!(may.contains(ctx.accounts.authority.key), TorqueError::NotOwnerOrGuardian);
        distributor.pause(&ctx.accounts.config, Clock::get()?.unix_timestamp)?;
        emit!(DistributorPaused {
            distributor: distributor.key(),
            authority: ctx.accounts.authority.key(),
            since: distributor.downtime.since,
        });
        Ok(())
    }
}
