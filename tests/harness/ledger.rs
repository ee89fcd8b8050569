//! Every account of the cluster at one moment, to check later that a refusal changed none of them.

use std::collections::{BTreeMap, BTreeSet};

use anchor_lang::system_program;
use crank_cluster::error::ChainError;
use solana_account::{AccountSharedData, ReadableAccount as _};
use solana_pubkey::Pubkey;
use torque::error::TorqueError;

use crate::assertions::{Sent, expect_error, expect_refused};
use crate::world::World;

/// Lamports for each signature of a transaction, refused or not.
const SIGNATURE_FEE: u64 = 5_000;
/// Owns the accounts in which the cluster itself keeps time and blocks.
pub const SYSVARS: Pubkey = Pubkey::from_str_const("Sysvar1111111111111111111111111111111111111");
/// The most signers that a test has in one transaction.
const MOST_SIGNATURES: u64 = 4;

/// All accounts at that moment.
pub struct Ledger(BTreeMap<Pubkey, AccountSharedData>);

impl Ledger {
    /// The accounts as they are now.
    #[must_use]
    pub fn of(world: &World) -> Self {
        Self(world.cluster.accounts())
    }

    /// The accounts that have changed, except for the cluster's own and one that paid a fee.
    #[must_use]
    pub fn changes(&self, world: &World) -> Vec<Pubkey> {
        let after = Self::of(world);
        let is_own = |address: &Pubkey| after.0.get(address).is_some_and(|account| *account.owner() == SYSVARS);
        let mut changed = self.differences(&after);
        changed.retain(|address| !is_own(address));
        if let [alone] = changed[..]
            && self.has_paid_a_fee(&after, &alone)
        {
            changed.clear();
        }
        changed
    }

    /// The accounts that differ from those of `other`.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<Pubkey> {
        let addresses: BTreeSet<&Pubkey> = self.0.keys().chain(other.0.keys()).collect();
        let differs = |address: &&Pubkey| self.0.get(*address) != other.0.get(*address);
        addresses.into_iter().filter(differs).copied().collect()
    }

    /// Whether the account is a wallet that only paid for signatures.
    fn has_paid_a_fee(&self, after: &Self, address: &Pubkey) -> bool {
        let Some((before, after)) = self.0.get(address).zip(after.0.get(address)) else {
            return false;
        };
        let fee = before.lamports().saturating_sub(after.lamports());
        let is_wallet = [before, after].iter().all(|it| *it.owner() == system_program::ID && it.data().is_empty());
        is_wallet && fee > 0 && fee % SIGNATURE_FEE == 0 && fee <= MOST_SIGNATURES * SIGNATURE_FEE
    }
}

/// Checks that the program refuses `send` with `expected`, and that no account changes.
#[track_caller]
pub fn expect_unchanged(world: &mut World, expected: TorqueError, send: impl FnOnce(&mut World) -> Sent) {
    let before = Ledger::of(world);
    expect_error(send(world), expected);
    assert_eq!(before.changes(world), [], "accounts changed");
}

/// Checks that `send` is refused, and that no account changes. Returns the number of the error, if it has one.
#[track_caller]
pub fn expect_unchanged_by(world: &mut World, send: impl FnOnce(&mut World) -> Sent) -> Option<u32> {
    let before = Ledger::of(world);
    let sent = send(world);
    let code = if let Err(ChainError::Refused { code, .. }) = &sent { *code } else { None };
    expect_refused(sent);
    assert_eq!(before.changes(world), [], "accounts changed");
    code
}
