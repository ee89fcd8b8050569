//! Takes a single leaf out of an epoch before it opens; the others are paid as if it had never been there.
//!
//! The guardian alone, and from the opening on nobody. Works while something is paused: it only ever keeps money in.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::events::LeafStruck;
use crate::merkle::leaf_hash;
use crate::state::{Distributor, Epoch, Moment, layout};

/// Which leaf, and why.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Debug)]
pub struct LeafStrikeArgs {
    /// The leaf.
    pub index: u32,
    /// The wallet that it names.
    pub recipient: Pubkey,
    /// What it is worth, in base units.
    pub amount: u64,
    /// From the leaf to the root, or to the root of its subtree if that is proven.
    pub path: Vec<[u8; 32]>,
    /// Why, by a number of the guardian's own.
    pub reason: u8,
    /// SHA-256 of what shows it.
    pub evidence_hash: [u8; 32],
}

/// Accounts of `leaf_strike`.
#[derive(Accounts)]
pub struct LeafStrike<'info> {
    /// The guardian under whom the epoch began.
    pub guardian: Signer<'info>,
    /// The distributor that no longer owes it.
    #[account(mut)]
    pub distributor: Box<Account<'info, Distributor>>,
    /// The epoch.
    #[account(mut, constraint = layout::read(&epoch)?.distributor == distributor.key() @ TorqueError::EpochMismatch)]
    pub epoch: AccountLoader<'info, Epoch>,
}

impl LeafStrike<'_> {
    pub(crate) fn handler(ctx: Context<Self>, args: LeafStrikeArgs) -> Result<()> {
        let accounts = ctx.accounts;
        let total = accounts.mark(&args)?;
        accounts.distributor.release(args.amount)?;
        let LeafStrikeArgs { index, recipient, amount, reason, evidence_hash, .. } = args;
        emit!(LeafStruck {
            distributor: accounts.distributor.key(),
            epoch: accounts.epoch.key(),
            index,
            recipient,
            amount,
            total,
            reason,
            evidence_hash,
        });
        Ok(())
    }

    /// Proves the leaf and sets its mark, so that it can neither be paid nor struck again. Returns what is still owed.
    fn mark(&self, args: &LeafStrikeArgs) -> Result<u64> {
        let account = self.epoch.to_account_info();
        let mut data = account.try_borrow_mut_data()?;
        let (epoch, mut marks) = Epoch::split(&mut data)?;
        ensure_same!(epoch.terms.guardian, self.guardian.key(), TorqueError::NotGuardian);
        let Clock { unix_timestamp: now, slot, .. } = Clock::get()?;
        epoch.require_cancellable(Moment { now, slot, downtime: 0 })?;
        let leaf = leaf_hash(self.epoch.as_ref().key, args.index, &args.recipient, args.amount);
        marks.require_node(leaf, 0, args.index, &args.path)?;
        marks.set_paid(args.index)?;
        epoch.record_strike(args.amount)?;
        Ok(epoch.total)
    }
}
