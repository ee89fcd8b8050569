//! Changes a distributor's budget, delay, window and limits from the first epoch on that has not begun, and may add
//! epochs.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::DistributorUpdated;
use crate::state::{Distributor, Limits};
use crate::transfer_fee;

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
    /// How fast money may leave.
    pub limits: Limits,
}

/// Accounts of `distributor_update`.
#[derive(Accounts)]
pub struct DistributorUpdate<'info> {
    /// The owner.
    pub owner: Signer<'info>,
    /// The distributor to change.
    #[account(mut, has_one = owner @ TorqueError::NotOwner, has_one = mint @ TorqueError::MintMismatch)]
    pub distributor: Box<Account<'info, Distributor>>,
    /// CHECK: tells what moving a budget costs; the distributor names it.
    pub mint: UncheckedAccount<'info>,
}

impl DistributorUpdate<'_> {
    pub(crate) fn handler(ctx: Context<Self>, args: DistributorUpdateArgs) -> Result<()> {
        let gross_budget = transfer_fee::gross_budget(&ctx.accounts.mint, args.epoch_budget)?;
        let distributor = &mut ctx.accounts.distributor;
        let before = distributor.terms.epoch_count;
        let next = distributor.update(&args, gross_budget, Clock::get()?.unix_timestamp)?;
        let epoch_count = [before, distributor.terms.epoch_count];
        emit!(DistributorUpdated { distributor: distributor.key(), next, epoch_count });
        Ok(())
    }
}
