//! Sets the wallet that receives the fees that are collected from now on.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::TreasuryChanged;
use crate::state::Config;

/// Accounts of `config_set_treasury`.
#[derive(Accounts)]
pub struct ConfigSetTreasury<'info> {
    /// The protocol's admin.
    pub admin: Signer<'info>,
    /// The settings to change.
    #[account(mut, has_one = admin @ TorqueError::NotAdmin)]
    pub config: Box<Account<'info, Config>>,
    /// The wallet that is to receive earned fees. A program or a sysvar could not.
    pub treasury: SystemAccount<'info>,
}

impl ConfigSetTreasury<'_> {
    pub(crate) fn handler(ctx: Context<Self>) -> Result<()> {
        let (config, treasury) = (&mut ctx.accounts.config, ctx.accounts.treasury.key());
        let before = std::mem::replace(&mut config.treasury, treasury);
        config.invariant()?;
        emit!(TreasuryChanged { admin: config.admin, treasury: [before, treasury] });
        Ok(())
    }
}
