//! Lets a paused distributor run again. What was open meanwhile stays open as long as it was paused, within a bound.
//!
//! Only the owner may, even if the guardian has paused it: a stolen guardian's key can stop payments and release none.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::DistributorUnpaused;
use crate::state::{Config, Distributor};

/// Accounts of `distributor_unpause`.
#[derive(Accounts)]
pub struct DistributorUnpause<'info> {
    /// The owner.
    pub owner: Signer<'info>,
    /// Tells for how long the protocol has been paused.
    pub config: Box<Account<'info, Config>>,
    /// The distributor that is paused.
    #[account(mut, has_one = owner @ TorqueError::NotOwner)]
    pub distributor: Box<Account<'info, Distributor>>,
}

impl DistributorUnpause<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let distributor = &mut ctx.accounts.distributor;
        let since = distributor.downtime.since;
        let now = Clock::get()?.unix_timestamp;
        distributor.unpause(&ctx.accounts.config, now)?;
        emit!(DistributorUnpaused { distributor: distributor.key(), since, until: now });
        Ok(())
    }
}
