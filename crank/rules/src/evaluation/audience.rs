//! Who may be rewarded.

use std::collections::BTreeSet;

use solana_pubkey::Pubkey;

/// The wallets a campaign admits.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Audience {
    /// Every wallet.
    Everyone,
    /// Only these wallets.
    AllowList(BTreeSet<Pubkey>),
    /// Every wallet but these.
    DenyList(BTreeSet<Pubkey>),
}

impl Audience {
    /// Whether the audience admits the wallet.
    #[must_use]
    pub fn admits(&self, address: &Pubkey) -> bool {
        self.refusal(address).is_none()
    }

    /// Why the audience does not admit `address`; `None` if it does.
    pub(super) fn refusal(&self, address: &Pubkey) -> Option<super::Rejection> {
        match self {
            Self::AllowList(list) if !list.contains(address) => Some(super::Rejection::NotInAllowList),
            Self::DenyList(list) if list.contains(address) => Some(super::Rejection::InDenyList),
            _ => None,
        }
    }
}
