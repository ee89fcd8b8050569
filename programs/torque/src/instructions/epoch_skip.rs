//! Passes over an epoch in which nobody qualified: a tree without leaves cannot be posted, and the next one must be.
//!
//! It leaves a vacant epoch, so that a skip by mistake or malice can be made good by `epoch_repost`.

use anchor_lang::prelude::*;

use crate::constants::SEED_EPOCH;
use crate::error::TorqueError;
use crate::events::EpochSkipped;
use crate::state::{Config, Distributor, Epoch};

/// Accounts of `epoch_skip`.
#[derive(Accounts)]
#[instruction(index: u32)]
pub struct EpochSkip<'info> {
    /// The distributor's publisher.
    pub publisher: Signer<'info>,
    /// Pays the rent and gets it back when the epoch is closed.
    #[account(mut)]
    pub payer: Signer<'info>,
    /// Tells whether the protocol is paused, and for how long it has been.
    pub config: Box<Account<'info, Config>>,
    /// The distributor.
    #[account(mut, has_one = publisher @ TorqueError::NotPublisher)]
    pub distributor: Box<Account<'info, Distributor>>,
    /// The epoch to create, without a root.
    #[account(
        init, payer = payer, space = Epoch::VACANT_SIZE,
        seeds = [SEED_EPOCH, distributor.key().as_ref(), &index.to_le_bytes()], bump
    )]
    pub epoch: AccountLoader<'info, Epoch>,
    /// Creates the account.
    pub system_program: Program<'info, System>,
}

impl EpochSkip<'_> {
    pub(crate) fn handler(ctx: Context<Self>, index: u32) -> Result<()> {
        let distributor = &mut ctx.accounts.distributor;
        distributor.require_running(&ctx.accounts.config)?;
        let moment = distributor.moment(&ctx.accounts.config)?;
        distributor.require_next(index, moment.now, moment.downtime)?;
        distributor.require_publisher_of(index, moment.now)?;
        distributor.open_next(moment.now)?;
        let terms = distributor.terms_of_epoch();
        let rent_payer = ctx.accounts.payer.key();
        *ctx.accounts.epoch.load_init()? =
            Epoch::vacant(distributor.key(), index, ctx.bumps.epoch, rent_payer, terms, moment);
        emit!(EpochSkipped { distributor: distributor.key(), epoch: ctx.accounts.epoch.key(), index });
        Ok(())
    }
}
