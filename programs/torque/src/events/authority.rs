//! The events of authority: who may do what from now on, and what those who may have changed of what exists.

use anchor_lang::prelude::*;

use crate::state::{Audience, NextRules, NextTerms, Role};

/// What an account lets one key do.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Eq, PartialEq)]
pub enum Authority {
    /// Of the protocol's settings.
    Admin,
    /// Of a distributor.
    Owner,
    /// Of a distributor.
    Publisher,
    /// Of a distributor.
    Guardian,
    /// Of an action.
    ActionOwner,
}

impl From<Role> for Authority {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Publisher => Self::Publisher,
            Role::Guardian => Self::Guardian,
        }
    }
}

/// The next holder of an authority was named, or the name withdrawn; nothing changes until it accepts.
#[event]
pub struct AuthorityOffered {
    /// The settings, the distributor or the action.
    pub account: Pubkey,
    /// Which authority.
    pub authority: Authority,
    /// Who holds it.
    pub holder: Pubkey,
    /// Who was named before and is now; zero for nobody.
    pub pending: [Pubkey; 2],
}

/// An authority passed to the account that was named.
#[event]
pub struct AuthorityAccepted {
    /// The settings, the distributor or the action.
    pub account: Pubkey,
    /// Which authority.
    pub authority: Authority,
    /// Who held it and who holds it now.
    pub holder: [Pubkey; 2],
}

/// Another key may pause the protocol, beside the admin.
#[event]
pub struct PauserChanged {
    /// Who changed it.
    pub admin: Pubkey,
    /// The key before and after; zero for nobody.
    pub pauser: [Pubkey; 2],
}

/// The protocol was paused.
#[event]
pub struct ProtocolPaused {
    /// The admin or the pauser.
    pub authority: Pubkey,
    /// Unix seconds at which the pause began, by which it is ended.
    pub since: i64,
}

/// The protocol runs again.
#[event]
pub struct ProtocolUnpaused {
    /// Who ended the pause.
    pub authority: Pubkey,
    /// Unix seconds at which the pause began.
    pub since: i64,
    /// Unix seconds at which it ended.
    pub until: i64,
}

/// An action changes at a time in the future.
#[event]
pub struct ActionUpdated {
    /// The action.
    pub action: Pubkey,
    /// Who may do it until then.
    pub audience: Audience,
    /// What is in force from then on.
    pub next: NextRules,
}

/// An action was closed for ever; its address cannot be used again.
#[event]
pub struct ActionClosed {
    /// The action.
    pub action: Pubkey,
    /// Its owner.
    pub owner: Pubkey,
}

/// The terms of later epochs changed.
#[event]
pub struct DistributorUpdated {
    /// The distributor.
    pub distributor: Pubkey,
    /// The terms, and the first epoch under them.
    pub next: NextTerms,
    /// The number of epochs before and after.
    pub epoch_count: [u32; 2],
}

/// A distributor was paused.
#[event]
pub struct DistributorPaused {
    /// The distributor.
    pub distributor: Pubkey,
    /// The owner or the guardian.
    pub authority: Pubkey,
    /// Unix seconds at which the pause began.
    pub since: i64,
}

/// A distributor runs again.
#[event]
pub struct DistributorUnpaused {
    /// The distributor.
    pub distributor: Pubkey,
    /// Unix seconds at which the pause began.
    pub since: i64,
    /// Unix seconds at which it ended.
    pub until: i64,
}

/// An action no longer feeds a distributor.
#[event]
pub struct LinkClosed {
    /// The action.
    pub action: Pubkey,
    /// The distributor.
    pub distributor: Pubkey,
    /// What a value of the action counted for, in basis points.
    pub weight_basis_points: u32,
}

/// A leaf was struck before its epoch opened, and is never paid.
#[event]
pub struct LeafStruck {
    /// The distributor.
    pub distributor: Pubkey,
    /// The epoch's address.
    pub epoch: Pubkey,
    /// The leaf.
    pub index: u32,
    /// The wallet that the leaf names.
    pub recipient: Pubkey,
    /// Base units no longer reserved.
    pub amount: u64,
    /// Base units still reserved for the epoch.
    pub total: u64,
    /// Why, by a number of the guardian's own.
    pub reason: u8,
    /// SHA-256 of what shows it.
    pub evidence_hash: [u8; 32],
}
