//! Launches an action: a behaviour, what measures it, and who may do it.

use anchor_lang::prelude::*;

use crate::constants::{ACCOUNT_VERSION, SEED_ACTION};
use crate::events::ActionCreated;
use crate::state::{Action, Audience, NextRules};

/// What an action is.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Debug)]
pub struct ActionCreateArgs {
    /// The owner's number for it.
    pub id: u64,
    /// Who may do it.
    pub audience: Audience,
    /// SHA-256 of the query that measures it; zero where amounts are given directly.
    pub query_hash: [u8; 32],
    /// SHA-256 of its description for people.
    pub metadata_hash: [u8; 32],
    /// Unix seconds from which it counts.
    pub start: i64,
    /// Unix seconds before which it counts; `i64::MAX` for no end.
    pub end: i64,
}

/// Accounts of `action_create`.
#[derive(Accounts)]
#[instruction(args: ActionCreateArgs)]
pub struct ActionCreate<'info> {
    /// Launches it and pays the rent.
    #[account(mut)]
    pub owner: Signer<'info>,
    /// The action to create. The owner is in its address, so nobody else can take it.
    #[account(
        init, payer = owner, space = 8 + Action::INIT_SPACE,
        seeds = [SEED_ACTION, owner.key().as_ref(), &args.id.to_le_bytes()], bump
    )]
    pub action: Box<Account<'info, Action>>,
    /// Creates the account.
    pub system_program: Program<'info, System>,
}

impl ActionCreate<'_> {
    pub(crate) fn handler(ctx: Context<Self>, args: ActionCreateArgs) -> Result<()> {
        let ActionCreateArgs { id, audience, query_hash, metadata_hash, start, end } = args;
        let owner = ctx.accounts.owner.key();
        ctx.accounts.action.set_inner(Action {
            version: ACCOUNT_VERSION,
            bump: ctx.bumps.action,
            creator: owner,
            id,
            owner,
            pending_owner: Pubkey::default(),
            audience,
            query_hash,
            metadata_hash,
            start,
            end,
            next: NextRules::default(),
            spare: [0; 96],
        });
        ctx.accounts.action.invariant()?;
        emit!(ActionCreated { action: ctx.accounts.action.key(), owner, id, audience, query_hash });
        Ok(())
    }
}
