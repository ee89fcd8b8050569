//! Lets an action feed a distributor. The distributor's owner decides, whose money it is; the action may be anybody's.

use anchor_lang::prelude::*;

use crate::constants::{ACCOUNT_VERSION, SEED_LINK};
use crate::error::TorqueError;
use crate::events::LinkCreated;
use crate::state::{Action, Distributor, Link};

/// Accounts of `link_create`.
#[derive(Accounts)]
pub struct LinkCreate<'info> {
    /// The distributor's owner; pays the rent and gets it back, whoever closes the link.
    #[account(mut)]
    pub owner: Signer<'info>,
    /// What is measured.
    pub action: Box<Account<'info, Action>>,
    /// What pays for it.
    #[account(has_one = owner @ TorqueError::NotOwner)]
    pub distributor: Box<Account<'info, Distributor>>,
    /// The link to create.
    #[account(
        init, payer = owner, space = 8 + Link::INIT_SPACE,
        seeds = [SEED_LINK, action.key().as_ref(), distributor.key().as_ref()], bump
    )]
    pub link: Account<'info, Link>,
    /// Creates the account.
    pub system_program: Program<'info, System>,
}

impl LinkCreate<'_> {
    pub(crate) fn handler(ctx: Context<Self>, weight_basis_points: u32) -> Result<()> {
        ensure!(weight_basis_points > 0, TorqueError::WeightZero);
        let action = ctx.accounts.action.key();
        let distributor = ctx.accounts.distributor.key();
        ctx.accounts.link.set_inner(Link {
            version: ACCOUNT_VERSION,
            bump: ctx.bumps.link,
            action,
            distributor,
            weight_basis_points,
            rent_payer: ctx.accounts.owner.key(),
        });
        emit!(LinkCreated { action, distributor, weight_basis_points });
        Ok(())
    }
}
