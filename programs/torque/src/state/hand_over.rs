//! How a key passes on what it may do: it names the next one, and stays what it is until that one accepts.
//!
//! So no authority is ever lost to a mistyped address, and none is taken without being offered.

use anchor_lang::prelude::*;

use crate::error::TorqueError;
use crate::state::{Action, Config, Distributor};

/// Which of a distributor's authorities is meant.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// Funds it, and gets back what it does not pay.
    Owner,
    /// Posts roots.
    Publisher,
    /// Cancels roots, strikes leaves and pauses.
    Guardian,
}

/// Names `to` in `pending`, or nobody if it is zero. Returns who was named before.
fn offer(pending: &mut Pubkey, to: Pubkey) -> Result<Pubkey> {
    // Zero takes back an offer. Without an offer it can only be meant as the next key, and no such key exists.
    require!(to != Pubkey::default() || *pending != Pubkey::default(), TorqueError::RoleMissing);
    Ok(std::mem::replace(pending, to))
}

/// Makes `by`, if it is named in `pending`, the `holder`. Returns the holder before.
fn accept(holder: &mut Pubkey, pending: &mut Pubkey, by: Pubkey) -> Result<Pubkey> {
    require!(by != Pubkey::default() && by == *pending, TorqueError::NotPending);
    *pending = Pubkey::default();
    Ok(std::mem::replace(holder, by))
}

impl Config {
    /// Names the next admin; zero withdraws. Returns who was named before.
    ///
    /// # Errors
    /// `RoleMissing`.
    pub fn offer(&mut self, to: Pubkey) -> Result<Pubkey> {
        offer(&mut self.pending_admin, to)
    }

    /// Makes `by` the admin. Returns the one before.
    ///
    /// # Errors
    /// `NotPending`.
    pub fn accept(&mut self, by: Pubkey) -> Result<Pubkey> {
        accept(&mut self.admin, &mut self.pending_admin, by)
    }
}

impl Action {
    /// Names the next owner; zero withdraws. Returns who was named before.
    ///
    /// # Errors
    /// `RoleMissing`.
    pub fn offer(&mut self, to: Pubkey) -> Result<Pubkey> {
        offer(&mut self.pending_owner, to)
    }

    /// Makes `by` the owner. Returns the one before.
    ///
    /// # Errors
    /// `NotPending`.
    pub fn accept(&mut self, by: Pubkey) -> Result<Pubkey> {
        accept(&mut self.owner, &mut self.pending_owner, by)
    }
}

impl Distributor {
    /// Names the next holder of `role`; zero withdraws. Returns who was named before.
    ///
    /// # Errors
    /// `RoleMissing`.
    pub fn offer(&mut self, role: Role, to: Pubkey) -> Result<Pubkey> {
        offer(self.holder_and_pending(role).1, to)
    }

    /// Makes `by` the holder of `role`. Returns the one before. A new owner finds nothing that the old one has offered.
    ///
    /// # Errors
    /// `NotPending`.
    pub fn accept(&mut self, role: Role, by: Pubkey) -> Result<Pubkey> {
        let (holder, pending) = self.holder_and_pending(role);
        let before = accept(holder, pending, by)?;
        if role == Role::Owner {
            self.pending_publisher = Pubkey::default();
            self.pending_guardian = Pubkey::default();
        }
        Ok(before)
    }

    fn holder_and_pending(&mut self, role: Role) -> (&mut Pubkey, &mut Pubkey) {
        match role {
            Role::Owner => (&mut self.owner, &mut self.pending_owner),
            Role::Publisher => (&mut self.publisher, &mut self.pending_publisher),
            Role::Guardian => (&mut self.guardian, &mut self.pending_guardian),
        }
    }
}
