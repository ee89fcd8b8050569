//! Sets the protocol up, once, by the key that deployed it, so that nobody can run ahead of the deployer.

use anchor_lang::prelude::*;

use crate::constants::{ACCOUNT_VERSION, SEED_CONFIG};
use crate::error::TorqueError;
use crate::events::ConfigInitialized;
use crate::program::Torque;
use crate::program_data::{ProgramData, address_of_data};
use crate::state::{Config, Downtime};

/// Accounts of `config_initialize`.
#[derive(Accounts)]
pub struct ConfigInitialize<'info> {
    /// The program's upgrade authority; becomes the admin and pays the rent.
    #[account(mut)]
    pub admin: Signer<'info>,
    /// The settings to create.
    #[account(init, payer = admin, space = 8 + Config::INIT_SPACE, seeds = [SEED_CONFIG], bump)]
    pub config: Account<'info, Config>,
    /// The wallet that is to receive earned fees. A program or a sysvar could not.
    pub treasury: SystemAccount<'info>,
    /// This program, which names its data account.
    #[account(constraint = address_of_data(&program)? == Some(program_data.key()) @ TorqueError::NotUpgradeAuthority)]
    pub program: Program<'info, Torque>,
    /// The program's data account, which names the upgrade authority.
    #[account(constraint = program_data.upgrade_authority == Some(admin.key()) @ TorqueError::NotUpgradeAuthority)]
    pub program_data: Account<'info, ProgramData>,
    /// Creates the account.
    pub system_program: Program<'info, System>,
}

impl ConfigInitialize<'_> {
    pub(crate) fn handler(ctx: Context<Self>, fee_basis_points: u16) -> Result<()> {
        let (admin, treasury) = (ctx.accounts.admin.key(), ctx.accounts.treasury.key());
        ctx.accounts.config.set_inner(Config {
            version: ACCOUNT_VERSION,
            bump: ctx.bumps.config,
            admin,
            pending_admin: Pubkey::default(),
            treasury,
            fee_basis_points,
            downtime: Downtime::default(),
            pauser: Pubkey::default(),
            spare: [0; 68],
        });
        ctx.accounts.config.invariant()?;
        emit!(ConfigInitialized { admin, treasury, fee_basis_points });
        Ok(())
    }
}
