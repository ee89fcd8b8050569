//! Changes the protocol's settings, pause included.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::ConfigUpdated;
use crate::state::Config;

/// Accounts of `config_update`.
#[derive(Accounts)]
pub struct ConfigUpdate<'info> {
    /// The protocol's admin.
    pub admin: Signer<'info>,
    /// The settings to change.
    #[account(mut, has_one = admin @ TorqueError::NotAdmin)]
    pub config: Account<'info, Config>,
    /// The wallet that is to receive earned fees. A program or a sysvar could not.
    pub treasury: SystemAccount<'info>,
}

impl ConfigUpdate<'_> {
    pub(crate) fn handler(ctx: Context<Self>, fee_basis_points: u16, paused: bool) -> Result<()> {
        let treasury = ctx.accounts.treasury.key();
        let config = &mut ctx.accounts.config;
        emit!(ConfigUpdated {
            admin: config.admin,
            treasury: [config.treasury, treasury],
            fee_basis_points: [config.fee_basis_points, fee_basis_points],
            paused: [config.downtime.is_paused(), paused],
        });
        config.treasury = treasury;
        config.fee_basis_points = fee_basis_points;
        config.set_paused(paused, Clock::get()?.unix_timestamp);
        config.invariant()
    }
}
