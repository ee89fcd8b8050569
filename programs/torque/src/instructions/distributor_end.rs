//! Cuts the schedule short: the epoch that has begun is the last one.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::DistributorEnded;
use crate::state::Distributor;

/// Accounts of `distributor_end`.
#[derive(Accounts)]
pub struct DistributorEnd<'info> {
    /// The owner.
    pub owner: Signer<'info>,
    /// The distributor to end.
    #[account(mut, has_one = owner @ TorqueError::NotOwner)]
    pub distributor: Box<Account<'info, Distributor>>,
}

impl DistributorEnd<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let distributor = &mut ctx.accounts.distributor;
        let before = distributor.terms.epoch_count;
        distributor.end(Clock::get()?.unix_timestamp)?;
        emit!(DistributorEnded {
            distributor: distributor.key(),
            epoch_count: [before, distributor.terms.epoch_count]
        });
        Ok(())
    }
}
