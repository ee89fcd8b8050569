//! A curve's epoch: conversions in time order are rewarded one by one, and each wallet gets the sum in one leaf.
//!
//! A row is a conversion, its value is the time, and a wallet may have many. The count goes on from the epoch before.
//! It includes every conversion that the audience and the filters admit, even if the pool is empty.

use std::{collections::BTreeMap, iter};

use rayon::prelude::*;
use solana_pubkey::Pubkey;

use super::{
    Circumstances, Curve, DecidedRow, Decision, Evaluation, EvaluationError, Rejection, RewardTerms, Row,
    curve::reward::Rewards,
    payout::{Claim, Payout},
    qualification::{qualifying, refusal_of_wallet},
    row::sort_by_time,
};

/// Fewer conversions than this are not worth handing to another thread.
const CONVERSIONS_PER_TASK: usize = 64;

/// Decides about every conversion.
pub(super) fn evaluate(
    mut rows: Vec<Row>,
    curve: &Curve,
    terms: &RewardTerms,
    circumstances: &Circumstances,
) -> Result<Evaluation, EvaluationError> {
    let rewards = Rewards::new(curve, terms.decimals)?;
    sort_by_time(&mut rows);
    let refusals: Vec<Option<Rejection>> =
        rows.iter().map(|row| refusal_of_wallet(row, terms, circumstances)).collect();
    let admitted = qualifying(&rows, &refusals)?;
    let amounts: Vec<u64> = (0..admitted.len())
        .into_par_iter()
        .with_min_len(CONVERSIONS_PER_TASK)
        .map(|position| {
            let position = u64::try_from(position).unwrap_or(u64::MAX);
            rewards.base_units(circumstances.first_conversion.saturating_add(position))
        })
        .collect::<Result<_, _>>()?;
    let mut wallets = Wallets::new(terms);
    let earned: Vec<Earned> =
        iter::zip(&admitted, amounts).map(|(row, amount)| wallets.convert(row.address, amount)).collect();
    let mut payout = Payout::new(terms.pool, circumstances.allotted_before.as_ref());
    let leaves: Vec<Decision> =
        wallets.in_order.iter().zip(1..).map(|(wallet, rank)| payout.decide(&wallet.claim(rank))).collect();
    let mut decisions = earned.iter().filter_map(|earned| earned.decision(&leaves));
    let decided = iter::zip(&rows, &refusals).filter_map(|(row, refusal)| {
        let decision = refusal.map(Decision::Rejected).or_else(|| decisions.next())?;
        Some(DecidedRow { row: *row, decision })
    });
    Ok(Evaluation {
        rows: decided.collect(),
        allocations: payout.allocations,
        total: payout.total,
        conversions: u64::try_from(admitted.len()).unwrap_or(u64::MAX),
        tickets: None,
    })
}

/// The wallets so far, and what is left of the pool.
struct Wallets {
    cap: Option<u64>,
    pool: u64,
    places: BTreeMap<Pubkey, usize>,
    in_order: Vec<Wallet>,
}

/// A wallet with the sum of its conversions so far.
struct Wallet {
    address: Pubkey,
    conversions: u64,
    amount: u64,
}

/// The result of one conversion.
struct Earned {
    /// The wallet's place in the order of first conversions.
    place: usize,
    /// Why it adds nothing to its wallet's leaf; `None` if it adds something.
    refusal: Option<Rejection>,
}

impl Wallets {
    fn new(terms: &RewardTerms) -> Self {
        Self { cap: terms.max_per_participant, pool: terms.pool, places: BTreeMap::new(), in_order: Vec::new() }
    }

    /// Counts the next conversion and adds `reward` to its wallet, limited by the wallet's cap and the pool.
    fn convert(&mut self, address: Pubkey, reward: u64) -> Earned {
        let place = *self.places.entry(address).or_insert(self.in_order.len());
        if place == self.in_order.len() {
            self.in_order.push(Wallet { address, conversions: 0, amount: 0 });
        }
        let mut refusal = None;
        if let Some(wallet) = self.in_order.get_mut(place) {
            let room = self.cap.map_or(u64::MAX, |cap| cap.saturating_sub(wallet.amount));
            refusal = match (reward, room, self.pool) {
                (0, ..) => Some(Rejection::AmountIsZero),
                (_, 0, _) => Some(Rejection::CapIsReached),
                (.., 0) => Some(Rejection::PoolIsExhausted),
                _ => None,
            };
            let amount = reward.min(room).min(self.pool);
            wallet.conversions = wallet.conversions.saturating_add(1);
            wallet.amount = wallet.amount.saturating_add(amount);
            self.pool = self.pool.saturating_sub(amount);
        }
        Earned { place, refusal }
    }
}

impl Wallet {
    fn claim(&self, rank: u64) -> Claim {
        Claim { address: self.address, value: self.conversions.into(), rank, amount: self.amount }
    }
}

impl Earned {
    /// The decision about the conversion, given the decisions about the wallets.
    fn decision(&self, leaves: &[Decision]) -> Option<Decision> {
        let leaf = *leaves.get(self.place)?;
        match (leaf, self.refusal) {
            // If a wallet keeps more than its amount from before, all of its conversions get that reason.
            (Decision::Rejected(Rejection::AllottedMoreBefore), _) | (_, None) => Some(leaf),
            (_, Some(refusal)) => Some(Decision::Rejected(refusal)),
        }
    }
}
