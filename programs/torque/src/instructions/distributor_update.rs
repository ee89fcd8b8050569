//! Changes a distributor's budget, delay and window from the first epoch on that has not begun, and may add epochs.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::DistributorUpdated;
use crate::state::Distributor;

/// The terms of later epochs.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug)]
pub struct DistributorUpdateArgs {
    /// The most base units that one epoch may pay.
    pub epoch_budget: u64,
    /// Seconds from posting to opening.
    pub activation_delay: u32,
    /// Seconds from opening to the end of payments.
    pub claim_window: u32,
    /// How many epochs there are: as many as now, or more.
    pub epoch_count: u32,
}

/// Accounts of `distributor_update`.
#[derive(Accounts)]
pub struct DistributorUpdate<'info> {
    /// The owner.
    pub owner: Signer<'info>,
    /// The distributor to change.
    #[account(mut, has_one = owner @ TorqueError::NotOwner)]
    pub distributor: Box<Account<'info, Distributor>>,
}

impl DistributorUpdate<'_> {
    pub(crate) fn handler(ctx: Context<Self>, args: DistributorUpdateArgs) -> Result<()> {
        let distributor = &mut ctx.accounts.distributor;
        let before = distributor.terms.epoch_count;
        let next = distributor.update(&args, Clock::get()?.unix_timestamp)?;
        let epoch_count = [before, distributor.terms.epoch_count];
        emit!(DistributorUpdated { distributor: distributor.key(), next, epoch_count });
        Ok(())
    }
}
