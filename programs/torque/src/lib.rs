//! Torque on-chain: rewards escrowed before they are earned, and paid by merkle root, at most once, to the wallet that
//! earned them.
//!
//! This file is the table of contents: every instruction with who may call it and what it does. It holds no logic. The
//! accounts are in `state`, the checks and handlers in `instructions`, the leaf and tree in `merkle`.
#![allow(missing_docs, reason = "Anchor's macros generate items that cannot carry documentation")]
#![allow(clippy::disallowed_types, reason = "Anchor collects accounts in a hash set to find duplicates")]
#![allow(unexpected_cfgs, reason = "Anchor's macros test features of their own")]

#[macro_use]
pub mod refusal;
pub mod announced;
pub mod arguments;
pub mod constants;
pub mod creation;
#[cfg(all(feature = "own-entrypoint", not(feature = "cpi")))]
mod entrypoint;
pub mod error;
pub mod events;
pub mod extension_policy;
pub mod fee;
#[cfg(all(feature = "own-entrypoint", not(feature = "cpi"), any(test, target_os = "solana")))]
mod heap;
pub mod instructions;
pub mod merkle;
pub mod paying_vault;
pub mod powers;
pub mod program_data;
pub mod recipient;
pub mod rent;
mod security;
pub mod sha256;
pub mod slot_hashes;
pub mod state;
pub mod token_account;
pub mod transfer_fee;
pub mod treasury;
pub mod unique_mint;
pub mod varint;
pub mod vault;

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::instructions::*;
use crate::state::{NextRules, Role};

declare_id!("GwHwyn9Sa95tfpvUkdp4HjRvEsRnJV2iL4wSSwWrWy3o");

/// Escrows rewards before they are earned and pays them by merkle root, at most once, to the wallets that earned them.
#[program]
pub mod torque {
    use super::*;

    // The interface of the two that the entrypoint gives to their handlers itself.

    /// Pays leaf `index` of `amount` base units. The wallet that the leaf names, if the mode is claim.
    #[cfg(any(not(target_os = "solana"), feature = "cpi"))]
    pub fn claim(ctx: Context<Claim>, index: u32, amount: u64, path: Vec<[u8; 32]>) -> Result<()> {
        paid_by_the_entrypoint((ctx, index, amount, path))
    }

    /// Pays a block of leaves, each to its wallet. Anybody, if the mode is push.
    #[cfg(any(not(target_os = "solana"), feature = "cpi"))]
    pub fn push<'info>(ctx: Context<'info, Push<'info>>, args: PushArgs) -> Result<()> {
        paid_by_the_entrypoint((ctx, args))
    }

    /// Sets the protocol up. The program's upgrade authority, once.
    pub fn config_initialize(ctx: Context<ConfigInitialize>, fee_basis_points: u16) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ConfigInitialize::handler(ctx, fee_basis_points)
    }

    /// Sets the fee of later distributors. The admin.
    pub fn config_set_fee(ctx: Context<ConfigSetFee>, fee_basis_points: u16) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ConfigSetFee::handler(ctx, fee_basis_points)
    }

    /// Sets the wallet that receives earned fees. The admin.
    pub fn config_set_treasury(ctx: Context<ConfigSetTreasury>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ConfigSetTreasury::handler(ctx)
    }

    /// Names the key that may pause beside the admin; the zero address names nobody. The admin.
    pub fn config_set_pauser(ctx: Context<ConfigSetPauser>, pauser: Pubkey) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ConfigSetPauser::handler(ctx, pauser)
    }

    /// Stops creating, posting, funding and every payment of the protocol. The admin or the pauser.
    pub fn config_pause(ctx: Context<ConfigPause>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ConfigPause::handler(ctx)
    }

    /// Ends the protocol's pause that began at `since`, unix seconds. The admin; after 30 days anybody.
    pub fn config_unpause(ctx: Context<ConfigUnpause>, since: i64) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ConfigUnpause::handler(ctx, since)
    }

    /// Names the next admin; the zero address withdraws the name. The admin.
    pub fn config_transfer(ctx: Context<ConfigTransfer>, to: Pubkey) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ConfigTransfer::handler(ctx, to)
    }

    /// Takes the protocol over. The account that the admin has named.
    pub fn config_accept(ctx: Context<ConfigAccept>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ConfigAccept::handler(ctx)
    }

    /// Launches an action. Anybody, who becomes its owner.
    pub fn action_create(ctx: Context<ActionCreate>, args: ActionCreateArgs) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ActionCreate::handler(ctx, args)
    }

    /// Changes an action's audience and measure from a time in the future on. The action's owner.
    pub fn action_update(ctx: Context<ActionUpdate>, next: NextRules) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ActionUpdate::handler(ctx, next)
    }

    /// Names an action's next owner; the zero address withdraws the name. The action's owner.
    pub fn action_transfer(ctx: Context<ActionTransfer>, to: Pubkey) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ActionTransfer::handler(ctx, to)
    }

    /// Takes an action over. The account that its owner has named.
    pub fn action_accept(ctx: Context<ActionAccept>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ActionAccept::handler(ctx)
    }

    /// Closes an action for ever. The action's owner, who gets the rent.
    pub fn action_close<'info>(ctx: Context<'info, ActionClose<'info>>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        ActionClose::handler(ctx)
    }

    /// Creates a distributor and its empty vault. Anybody, who becomes its owner.
    pub fn distributor_create(ctx: Context<DistributorCreate>, args: DistributorCreateArgs) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        DistributorCreate::handler(ctx, args)
    }

    /// Moves `amount` base units of rewards, and the fee on top, into the vault. The owner, or anybody as a sponsor,
    /// who says to what terms it agrees.
    pub fn distributor_fund(ctx: Context<DistributorFund>, amount: u64, sponsor: Option<SponsorArgs>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        DistributorFund::handler(ctx, amount, sponsor)
    }

    /// Names the next holder of a role; the zero address withdraws the name. The owner; for the guardian, while
    /// sponsors' money is in, the guardian.
    pub fn role_transfer(ctx: Context<RoleTransfer>, role: Role, to: Pubkey) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        RoleTransfer::handler(ctx, role, to)
    }

    /// Takes a role over. The account that was named for it.
    pub fn role_accept(ctx: Context<RoleAccept>, role: Role) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        RoleAccept::handler(ctx, role)
    }

    /// Changes the terms of the epochs that have not begun. The owner.
    pub fn distributor_update(ctx: Context<DistributorUpdate>, args: DistributorUpdateArgs) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        DistributorUpdate::handler(ctx, args)
    }

    /// Stops posting, funding and every payment of a distributor. The owner or the guardian.
    pub fn distributor_pause(ctx: Context<DistributorPause>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        DistributorPause::handler(ctx)
    }

    /// Lets a paused distributor run again. The owner.
    pub fn distributor_unpause(ctx: Context<DistributorUnpause>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        DistributorUnpause::handler(ctx)
    }

    /// Makes the epoch that has begun the last one. The owner, or anybody 90 days after the end of an epoch that nobody
    /// posted.
    pub fn distributor_end(ctx: Context<DistributorEnd>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        DistributorEnd::handler(ctx)
    }

    /// Sends the treasury the earned fee and takes back all that is not a sponsor's, after the last epoch is closed;
    /// again as often as something is left. The owner.
    pub fn distributor_close<'info>(ctx: Context<'info, DistributorClose<'info>>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        DistributorClose::handler(ctx)
    }

    /// Gives a sponsor what was not spent of a sponsorship, after the last epoch is closed. Anybody, to the sponsor's
    /// own account; the sponsor, to any.
    pub fn sponsor_refund(ctx: Context<SponsorRefund>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        SponsorRefund::handler(ctx)
    }

    /// Moves the fee that closed epochs have earned to the treasury. Anybody.
    pub fn fee_collect(ctx: Context<FeeCollect>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        FeeCollect::handler(ctx)
    }

    /// Lets an action feed a distributor. The distributor's owner.
    pub fn link_create(ctx: Context<LinkCreate>, weight_basis_points: u32) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        LinkCreate::handler(ctx, weight_basis_points)
    }

    /// Reports the total that the community has reached, before the deadline and only upwards. The publisher.
    pub fn milestone_report(ctx: Context<MilestoneReport>, total: u64) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        MilestoneReport::handler(ctx, total)
    }

    /// Stops an action from feeding a distributor. The distributor's owner, or anybody once the distributor is closed.
    pub fn link_close(ctx: Context<LinkClose>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        LinkClose::handler(ctx)
    }

    /// Posts the root of the next epoch, once it has ended, reserves its total, and pays the rent of its full size. The
    /// publisher.
    pub fn epoch_post(ctx: Context<EpochPost>, args: EpochPostArgs) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        EpochPost::handler(ctx, args)
    }

    /// Grows a large epoch's account by up to 10,240 bytes, whose rent is there. Anybody.
    pub fn epoch_extend(ctx: Context<EpochExtend>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        EpochExtend::handler(ctx)
    }

    /// Gives an epoch that was cancelled or skipped a root. The publisher.
    pub fn epoch_repost(ctx: Context<EpochRepost>, args: EpochPostArgs) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        EpochRepost::handler(ctx, args)
    }

    /// Passes over the next epoch, once it has ended, because nobody qualified. The publisher.
    pub fn epoch_skip(ctx: Context<EpochSkip>, index: u32) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        EpochSkip::handler(ctx, index)
    }

    /// Takes a root back before it opens. The owner or the guardian.
    pub fn epoch_cancel(ctx: Context<EpochCancel>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        EpochCancel::handler(ctx)
    }

    /// Takes a leaf out of an epoch before it opens. The guardian.
    pub fn leaf_strike(ctx: Context<LeafStrike>, args: LeafStrikeArgs) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        LeafStrike::handler(ctx, args)
    }

    /// Ends an epoch after its window, or once all is paid, or a vacant one after its grace. Anybody.
    pub fn epoch_close(ctx: Context<EpochClose>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        EpochClose::handler(ctx)
    }

    /// Fixes the tickets of a raffle's next epoch, the slot that will decide it, and a secret. The publisher.
    pub fn raffle_commit(ctx: Context<RaffleCommit>, args: RaffleCommitArgs) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        RaffleCommit::handler(ctx, args)
    }

    /// Keeps the hash of a raffle's slot for a bounty, or renews the slot, twice at most; then draws with the secret,
    /// or without it once its time is over. Anybody.
    pub fn raffle_draw(ctx: Context<RaffleDraw>, secret: Option<[u8; 32]>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        RaffleDraw::handler(ctx, secret)
    }

    /// Removes a raffle whose epoch is over. Whoever paid its rent.
    pub fn raffle_close(ctx: Context<RaffleClose>) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        RaffleClose::handler(ctx)
    }

    /// Keeps the roots of 2^level subtrees of a large epoch from `first` on. Anybody.
    pub fn subtree_prove(
        ctx: Context<SubtreeProve>,
        first: u32,
        level: u8,
        roots: Vec<[u8; 32]>,
        path: Vec<[u8; 32]>,
    ) -> Result<()> {
        refuse_surplus(ctx.remaining_accounts)?;
        SubtreeProve::handler(ctx, first, level, &roots, &path)
    }

    /// Tells whether leaf `index` is paid, and whether its subtree is proven. Anybody; changes nothing.
    pub fn view_leaf(ctx: Context<ViewLeaf>, index: u32) -> Result<LeafView> {
        refuse_surplus(ctx.remaining_accounts)?;
        ViewLeaf::handler(&ctx, index)
    }

    /// Tells what `wallet` would get by claiming leaf `index` now, or why nothing. Anybody; changes nothing.
    pub fn view_claimable(
        ctx: Context<ViewClaimable>,
        index: u32,
        amount: u64,
        wallet: Pubkey,
        path: Vec<[u8; 32]>,
    ) -> Result<ClaimableView> {
        refuse_surplus(ctx.remaining_accounts)?;
        ViewClaimable::handler(&ctx, index, amount, &wallet, &path)
    }

    /// Tells whether the distributor can be closed, and what that would send to whom. Anybody; changes nothing.
    pub fn view_refund(ctx: Context<ViewRefund>) -> Result<RefundView> {
        refuse_surplus(ctx.remaining_accounts)?;
        ViewRefund::handler(&ctx)
    }
}

/// Anchor has no handler for these.
#[cfg(any(not(target_os = "solana"), feature = "cpi"))]
fn paid_by_the_entrypoint<T>(_: T) -> Result<()> {
    refuse!(ErrorCode::InstructionFallbackNotFound)
}

/// An account that an instruction does not take is a mistake or a trick.
fn refuse_surplus(remaining_accounts: &[AccountInfo<'_>]) -> Result<()> {
    ensure!(remaining_accounts.is_empty(), TorqueError::SurplusAccount);
    Ok(())
}
