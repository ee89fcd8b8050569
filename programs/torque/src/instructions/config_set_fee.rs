//! Sets the fee of the distributors that are created from now on; those that exist keep theirs.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::ProtocolFeeChanged;
use crate::state::Config;

/// Accounts of `config_set_fee`.
#[derive(Accounts)]
pub struct ConfigSetFee<'info> {
    /// The protocol's admin.
    pub admin: Signer<'info>,
    /// The settings to change.
    #[account(mut, has_one = admin @ TorqueError::NotAdmin)]
    pub config: Box<Account<'info, Config>>,
}

impl ConfigSetFee<'_> {
    pub(crate) fn handler(ctx: Context<Self>, fee_basis_points: u16) -> Result<()> {
        let config = &mut ctx.accounts.config;
        let before = std::mem::replace(&mut config.fee_basis_points, fee_basis_points);
        config.invariant()?;
        emit!(ProtocolFeeChanged { admin: config.admin, fee_basis_points: [before, fee_basis_points] });
        Ok(())
    }
}
