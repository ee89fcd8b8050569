//! Tells whether a leaf is paid. Changes nothing: to be simulated, or called by another program.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::state::Epoch;

/// Accounts of `view_leaf`.
#[derive(Accounts)]
pub struct ViewLeaf<'info> {
    /// The epoch with the leaf.
    pub epoch: AccountLoader<'info, Epoch>,
}

/// What the epoch's account says of a leaf.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, PartialEq)]
pub struct LeafView {
    /// Its paid-mark.
    pub mark: LeafMark,
    /// Whether its subtree's root is kept, so that a path to that is enough. Never so in an epoch of a single subtree.
    pub is_subtree_proven: bool,
}

/// The paid-mark of a leaf.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, PartialEq)]
pub enum LeafMark {
    /// The account has to be grown by `epoch_extend` before the leaf can be paid.
    Missing,
    /// Nothing is paid for it.
    Unpaid,
    /// It is paid, or was struck before the epoch opened: it is never paid again.
    Settled,
}

impl ViewLeaf<'_> {
    pub(crate) fn handler(ctx: &Context<Self>, index: u32) -> Result<LeafView> {
        let account = ctx.accounts.epoch.to_account_info();
        // Borrowed to be read only: one type gives access to the marks, for those who change them too.
        let mut data = account.try_borrow_mut_data()?;
        let (epoch, mut marks) = Epoch::split(&mut data)?;
        ensure!(index < epoch.leaf_count, TorqueError::LeafIndexOutOfRange);
        let mark = match marks.is_paid(index) {
            Err(_) => LeafMark::Missing,
            Ok(false) => LeafMark::Unpaid,
            Ok(true) => LeafMark::Settled,
        };
        Ok(LeafView { mark, is_subtree_proven: marks.is_subtree_proven(index) })
    }
}
