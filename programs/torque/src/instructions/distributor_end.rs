//! Cuts the schedule short: the epoch that has begun is the last one. The owner; anybody once nobody has posted for
//! long, so that what sponsors brought does not stay for ever in what its owner has left.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::DistributorEnded;
use crate::state::{Config, Distributor};

/// Accounts of `distributor_end`.
#[derive(Accounts)]
pub struct DistributorEnd<'info> {
    /// The owner, or anybody if the distributor is abandoned.
    pub authority: Signer<'info>,
    /// Tells for how long the protocol has been paused.
    pub config: Box<Account<'info, Config>>,
    /// The distributor to end.
    #[account(mut)]
    pub distributor: Box<Account<'info, Distributor>>,
}

impl DistributorEnd<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let DistributorEnd { authority, config, distributor } = ctx.accounts;
        let (before, now) = (distributor.terms.epoch_count, Clock::get()?.unix_timestamp);
        let is_abandoned = distributor.is_abandoned(now, distributor.downtime_at(config, now))?;
        ensure!(authority.key() == distributor.owner || is_abandoned, TorqueError::NotOwner);
        distributor.end(now)?;
        emit!(DistributorEnded {
            distributor: distributor.key(),
            epoch_count: [before, distributor.terms.epoch_count]
        });
        Ok(())
    }
}
