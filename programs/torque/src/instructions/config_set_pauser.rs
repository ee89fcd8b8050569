//! Names the key that may pause the protocol beside the admin, at once; the zero address names nobody.
//!
//! Not in two steps, as other authorities pass: a key that was lost or stolen must go in one transaction, and a
//! mistyped one costs nothing, since it can only pause and the admin names another.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::PauserChanged;
use crate::state::Config;

/// Accounts of `config_set_pauser`.
#[derive(Accounts)]
pub struct ConfigSetPauser<'info> {
    /// The protocol's admin.
    pub admin: Signer<'info>,
    /// The settings to change.
    #[account(mut, has_one = admin @ TorqueError::NotAdmin)]
    pub config: Box<Account<'info, Config>>,
}

impl ConfigSetPauser<'_> {
    pub(crate) fn handler(ctx: Context<Self>, pauser: Pubkey) -> Result<()> {
        let config = &mut ctx.accounts.config;
        let before = std::mem::replace(&mut config.pauser, pauser);
        emit!(PauserChanged { admin: config.admin, pauser: [before, pauser] });
        Ok(())
    }
}
