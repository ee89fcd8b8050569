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
    ensure!(to != Pubkey::default() || *pending != Pubkey::default(), TorqueError::RoleMissing);
    Ok(std::mem::replace(pending, to))
}

/// Makes `by`, if it is named in `pending`, the `holder`. Returns the holder before.
fn accept(holder: &mut Pubkey, pending: &mut Pubkey, by: Pubkey) -> Result<Pubkey> {
    ensure!(by != Pubkey::default() && by == *pending, TorqueError::NotPending);
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
    /// The owner decides on every role. But sponsors' money stays until the end and nobody asks them again, so as long
    /// as some is in, a guardian decides alone on who follows it.
    ///
    /// # Errors
    /// `GuardianKept`, `NotOwner`, `RoleMissing`.
    pub fn offer(&mut self, role: Role, to: Pubkey, by: Pubkey) -> Result<Pubkey> {
        if role == Role::Guardian && self.sponsorships_open > 0 {
            ensure_same!(by, self.holder(role), TorqueError::GuardianKept);
        } else {
            ensure_same!(by, self.owner, TorqueError::NotOwner);
        }
        offer(self.pending(role), to)
    }

    /// Makes `by` the holder of `role` at `now`, unix seconds. Returns the one before. A new owner finds nothing that
    /// the old one has offered.
    ///
    /// An old publisher can post nothing any more, and a new one not at once what began under the old one. An old
    /// guardian keeps the epochs that have begun, or an owner could put another in its place and have what it likes
    /// posted.
    ///
    /// # Errors
    /// `NotPending`; for a guardian `NextTermsPending`.
    pub fn accept(&mut self, role: Role, by: Pubkey, now: i64) -> Result<Pubkey> {
        match role {
            Role::Owner => {
                let before = accept(&mut self.owner, &mut self.pending_owner, by)?;
                self.pending_publisher = Pubkey::default();
                self.pending_guardian = Pubkey::default();
                Ok(before)
            }
            Role::Publisher => {
                self.publisher_since = now;
                accept(&mut self.publisher, &mut self.pending_publisher, by)
            }
            Role::Guardian => {
                let mut latest = self.latest_terms().guardian;
                accept(&mut latest, &mut self.pending_guardian, by)?;
                self.change_guardian(latest, now)
            }
        }
    }

    /// Who holds `role`; the latest guardian, who may not have taken over yet.
    #[must_use]
    pub fn holder(&self, role: Role) -> Pubkey {
        match role {
            Role::Owner => self.owner,
            Role::Publisher => self.publisher,
            Role::Guardian => self.latest_terms().guardian,
        }
    }

    fn pending(&mut self, role: Role) -> &mut Pubkey {
        match role {
            Role::Owner => &mut self.pending_owner,
            Role::Publisher => &mut self.pending_publisher,
            Role::Guardian => &mut self.pending_guardian,
        }
    }
}
