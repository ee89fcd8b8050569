//! Allots the pool, wallet by wallet in the order of the leaves; a correction allots only what earlier bundles did not.
//!
//! A correction evaluates the whole epoch again over more events, and allots to each wallet the part of its amount that
//! earlier bundles did not allot. Nothing is taken back, so a wallet may keep more than its amount; the excess is
//! missing from the pool, and the last ranks get less. So all bundles of an epoch together never exceed its pool,
//! unless the earlier ones already did; then nothing more is allotted.

use std::collections::BTreeMap;

use solana_pubkey::Pubkey;

use super::{Allocation, Decision, Rejection};
use crate::values::decimal::Decimal;

/// The amount of a wallet if the pool were unlimited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) address: Pubkey,
    pub(super) value: Decimal,
    pub(super) rank: u64,
    /// Base units, capped by `max_per_participant`.
    pub(super) amount: u64,
}

/// The pool and the leaves that it has paid for.
#[derive(Debug)]
pub(super) struct Payout<'a> {
    /// What is left of the pool after the full amounts of all ranks so far.
    pool: u64,
    /// What is left of the pool after everything that this and earlier bundles really allotted. It differs from `pool`
    /// only in a correction.
    unspent: u64,
    allotted_before: Option<&'a BTreeMap<Pubkey, u64>>,
    pub(super) allocations: Vec<Allocation>,
    pub(super) total: u64,
}

impl<'a> Payout<'a> {
    pub(super) fn new(pool: u64, allotted_before: Option<&'a BTreeMap<Pubkey, u64>>) -> Self {
        let spent = allotted_before.into_iter().flat_map(BTreeMap::values).fold(0_u64, |sum, x| sum.saturating_add(*x));
        Self { pool, unspent: pool.saturating_sub(spent), allotted_before, allocations: Vec::new(), total: 0 }
    }

    /// Decides about the next claim: the first that does not fit gets the rest.
    pub(super) fn decide(&mut self, claim: &Claim) -> Decision {
        let amount = claim.amount.min(self.pool);
        self.pool = self.pool.saturating_sub(amount);
        let before = self.allotted_before.and_then(|before| before.get(&claim.address)).copied().unwrap_or(0);
        let missing = amount.saturating_sub(before).min(self.unspent);
        if missing > 0 {
            return self.pay(claim, missing);
        }
        Decision::Rejected(match before {
            _ if before > amount => Rejection::AllottedMoreBefore,
            _ if before > 0 && before == amount => Rejection::AllottedBefore,
            _ if claim.amount == 0 => Rejection::AmountIsZero,
            _ => Rejection::PoolIsExhausted,
        })
    }

    fn pay(&mut self, claim: &Claim, amount: u64) -> Decision {
        self.unspent = self.unspent.saturating_sub(amount);
        self.total = self.total.saturating_add(amount);
        // There are at most as many leaves as rows qualify, which `evaluate` has counted.
        let index = u32::try_from(self.allocations.len()).unwrap_or(u32::MAX);
        let Claim { address, value, rank, .. } = *claim;
        self.allocations.push(Allocation { index, address, value, rank, amount });
        Decision::Allotted { index }
    }
}
