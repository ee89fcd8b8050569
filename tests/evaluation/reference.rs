//! The slow and obvious evaluation: exact fractions, lists and linear searches, in the order of the design's text.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crank_rules::evaluation::{
    Audience, Circumstances, Curve, CurveFunction, Kind, Raffle, RewardTerms, Row, Shape, Trend, Weighting,
};
use crank_rules::values::decimal::Decimal;
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
use sha2::{Digest, Sha256};
use solana_pubkey::Pubkey;

use crate::epoch::Epoch;
use crate::expression::{Expression, Failure};

/// Wallet, value, rank and amount.
type Leaf = (Pubkey, Decimal, usize, u64);

/// The leaf's index of each wallet, or why it has none.
type Fates = BTreeMap<Pubkey, Result<usize, String>>;

/// The result of an epoch.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Outcome {
    /// Every row with its leaf's index or the reason.
    pub(crate) rows: Vec<(Row, Result<usize, String>)>,
    /// The leaves, in index order.
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) conversions: usize,
}

/// Why an epoch has no result.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Refusal {
    Repeated(Pubkey),
    NotPositive(Pubkey),
    Formula {
        rank: usize,
        address: Pubkey,
    },
    Tickets(Pubkey),
    /// A case that the reference cannot decide.
    Unknown,
}

/// A wallet's turn: its address, value, rank and its amount if the pool were unlimited.
struct Turn(Pubkey, Decimal, usize, UBig);

pub(crate) fn evaluate(epoch: &Epoch) -> Result<Outcome, Refusal> {
    let (terms, circumstances) = (&epoch.terms, &epoch.circumstances);
    match &terms.shape {
        Shape::Curve(curve) => Ok(of_conversions(&epoch.rows, curve, terms, circumstances)),
        shape => of_wallets(&epoch.rows, shape.kind(), epoch.formula.as_ref(), terms, circumstances),
    }
}

fn of_wallets(
    rows: &[Row],
    kind: Kind,
    formula: Option<&Expression>,
    terms: &RewardTerms,
    circumstances: &Circumstances,
) -> Result<Outcome, Refusal> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| row.address);
    if let Some(pair) = rows.windows(2).find(|pair| pair[0].address == pair[1].address) {
        return Err(Refusal::Repeated(pair[0].address));
    }
    rows.sort_by_key(|row| (Reverse(fraction(row.value)), row.address));
    if let Some(row) = rows.iter().find(|row| kind == Kind::Direct && fraction(row.value) <= RBig::ZERO) {
        return Err(Refusal::NotPositive(row.address));
    }
    let unranked: Vec<Option<String>> = rows.iter().map(|row| unranked(row, terms, circumstances)).collect();
    let ranked: Vec<Row> =
        (0..rows.len()).filter(|place| unranked[*place].is_none()).map(|place| rows[place]).collect();
    let (turns, without_turn) = match (&terms.shape, formula) {
        (Shape::Raffle(raffle), _) => drawn(&ranked, raffle, terms, &circumstances.raffle_seed.unwrap())?,
        (_, Some(formula)) => (rewarded(&ranked, formula, terms)?, BTreeMap::new()),
        _ => unreachable!("every other kind has a formula"),
    };
    let (leaves, decided) = hand_out(turns, terms, circumstances);
    let fate = |row: &Row| decided.get(&row.address).or_else(|| without_turn.get(&row.address)).unwrap().clone();
    let fates = rows.iter().zip(unranked).map(|(row, unranked)| (*row, unranked.map_or_else(|| fate(row), Err)));
    Ok(Outcome { rows: fates.collect(), leaves, conversions: 0 })
}

fn unranked(row: &Row, terms: &RewardTerms, circumstances: &Circumstances) -> Option<String> {
    let is_positive = fraction(row.value) > RBig::ZERO;
    wallet_refused(&row.address, terms, circumstances)
        .or_else(|| (!is_positive).then(|| "value is not positive".to_owned()))
}

fn wallet_refused(address: &Pubkey, terms: &RewardTerms, circumstances: &Circumstances) -> Option<String> {
    match &terms.audience {
        Audience::AllowList(list) if !list.contains(address) => return Some("not in the allow list".to_owned()),
        Audience::DenyList(list) if list.contains(address) => return Some("in the deny list".to_owned()),
        _ => {}
    }
    circumstances.excluded.get(address).map(|filter| format!("excluded by filter {filter}"))
}

fn rewarded(ranked: &[Row], formula: &Expression, terms: &RewardTerms) -> Result<Vec<Turn>, Refusal> {
    let unit = RBig::from(power_of_ten(terms.decimals.into()));
    let total: RBig = ranked.iter().map(|row| fraction(row.value)).fold(RBig::ZERO, |sum, value| sum + value);
    let mut turns = Vec::new();
    for (index, row) in ranked.iter().enumerate() {
        let value = fraction(row.value);
        let [rank, index, count] = [index + 1, index, ranked.len()].map(RBig::from);
        let pool = RBig::from(terms.pool) / &unit;
        let variables = [value.clone(), value, rank, index, count, pool, total.clone()];
        let rank = turns.len() + 1;
        let reward = formula.evaluate(&variables).map_err(|failure| match failure {
            Failure::NoResult => Refusal::Formula { rank, address: row.address },
            Failure::TooLongToTell => Refusal::Unknown,
        })?;
        turns.push(Turn(row.address, row.value, rank, capped(whole(reward * &unit), terms)));
    }
    Ok(turns)
}

/// The winners in the order of the draws, and why the others have not won.
fn drawn(ranked: &[Row], raffle: &Raffle, terms: &RewardTerms, seed: &[u8; 32]) -> Result<(Vec<Turn>, Fates), Refusal> {
    let tickets = |row: &Row| match raffle.weighting() {
        Weighting::EqualChances => UBig::ONE,
        Weighting::WeightedByMetric => whole(fraction(row.value) * RBig::from(power_of_ten(6))),
    };
    let mut waiting: Vec<(usize, Row, UBig)> =
        ranked.iter().enumerate().map(|(index, row)| (index + 1, *row, tickets(row))).collect();
    let mut total = UBig::ZERO;
    for (_, row, tickets) in &waiting {
        total += tickets;
        if total >= UBig::ONE << 128 {
            return Err(Refusal::Tickets(row.address));
        }
    }
    let mut turns = Vec::new();
    for prize in raffle.buckets().iter().flat_map(|bucket| vec![bucket.amount; bucket.count.try_into().unwrap()]) {
        let left: UBig = waiting.iter().map(|(_, _, tickets)| tickets.clone()).sum();
        if left.is_zero() {
            break;
        }
        let mut ticket = winning_ticket(seed, turns.len(), &left);
        let winner = waiting.iter().position(|(_, _, tickets)| {
            let is_here = ticket < *tickets;
            if !is_here {
                ticket -= tickets;
            }
            is_here
        });
        let (rank, row, _) = waiting.remove(winner.unwrap());
        turns.push(Turn(row.address, row.value, rank, capped(prize.into(), terms)));
    }
    let lost = |tickets: &UBig| if tickets.is_zero() { "value is below one ticket" } else { "not drawn" };
    Ok((turns, waiting.iter().map(|(_, row, tickets)| (row.address, Err(lost(tickets).to_owned()))).collect()))
}

fn winning_ticket(seed: &[u8; 32], draw: usize, left: &UBig) -> UBig {
    let all = UBig::ONE << 128;
    let limit = &all - &all % left;
    for attempt in 0_u32.. {
        let draw = u32::try_from(draw).unwrap().to_le_bytes();
        let hash = Sha256::digest([&seed[..], &draw, &attempt.to_le_bytes()].concat());
        let number = UBig::from_le_bytes(&hash[..16]);
        if number < limit {
            return number % left;
        }
    }
    unreachable!("an attempt succeeds")
}

/// Pays the turns one after another from the pool: the leaves, and the decision about each wallet.
fn hand_out(turns: Vec<Turn>, terms: &RewardTerms, circumstances: &Circumstances) -> (Vec<Leaf>, Fates) {
    let before = circumstances.allotted_before.clone().unwrap_or_default();
    let allotted: IBig = before.values().map(|amount| IBig::from(*amount)).sum();
    let mut pool = UBig::from(terms.pool);
    let mut unspent = UBig::try_from(IBig::from(terms.pool) - allotted).unwrap_or_default();
    let (mut leaves, mut fates) = (Vec::new(), BTreeMap::new());
    for Turn(address, value, rank, wanted) in turns {
        let due = wanted.clone().min(pool.clone());
        pool -= &due;
        let had = UBig::from(before.get(&address).copied().unwrap_or(0));
        let missing = if due > had { (&due - &had).min(unspent.clone()) } else { UBig::ZERO };
        unspent -= &missing;
        let reason = match () {
            () if !missing.is_zero() => {
                fates.insert(address, Ok(leaves.len()));
                leaves.push((address, value, rank, u64::try_from(missing).unwrap()));
                continue;
            }
            () if had > due => "allotted more before",
            () if !had.is_zero() && had == due => "allotted before",
            () if wanted.is_zero() => "amount is zero",
            () => "pool is exhausted",
        };
        fates.insert(address, Err(reason.to_owned()));
    }
    (leaves, fates)
}

fn of_conversions(rows: &[Row], curve: &Curve, terms: &RewardTerms, circumstances: &Circumstances) -> Outcome {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| (fraction(row.value), row.address));
    let mut index = circumstances.first_conversion;
    let mut pool = UBig::from(terms.pool);
    let mut order: Vec<Pubkey> = Vec::new();
    let mut earned: BTreeMap<Pubkey, (u64, UBig)> = BTreeMap::new();
    let mut own: Vec<Option<String>> = Vec::new();
    for row in &rows {
        if let Some(reason) = wallet_refused(&row.address, terms, circumstances) {
            own.push(Some(reason));
            continue;
        }
        let reward = curve_reward(curve, index, terms.decimals);
        index += 1;
        if !order.contains(&row.address) {
            order.push(row.address);
        }
        let (conversions, amount) = earned.entry(row.address).or_default();
        *conversions += 1;
        let room = terms.max_per_participant.map_or_else(|| reward.clone(), |cap| UBig::from(cap) - &*amount);
        own.push(match () {
            () if reward.is_zero() => Some("amount is zero".to_owned()),
            () if room.is_zero() => Some("maximum per participant is reached".to_owned()),
            () if pool.is_zero() => Some("pool is exhausted".to_owned()),
            () => None,
        });
        let part = reward.min(room).min(pool.clone());
        pool -= &part;
        *amount += part;
    }
    let turn = |(rank, address): (usize, &Pubkey)| {
        let (conversions, amount) = &earned[address];
        Turn(*address, (*conversions).into(), rank + 1, amount.clone())
    };
    let (leaves, fates) = hand_out(order.iter().enumerate().map(turn).collect(), terms, circumstances);
    let keeps_too_much: BTreeSet<&Pubkey> =
        fates.iter().filter(|(_, fate)| **fate == Err("allotted more before".to_owned())).map(|(key, _)| key).collect();
    let fate = |row: &Row, own: Option<String>| match own {
        Some(reason) if !keeps_too_much.contains(&row.address) => Err(reason),
        _ => fates[&row.address].clone(),
    };
    let rows = rows.iter().zip(own).map(|(row, own)| (*row, fate(row, own))).collect();
    Outcome { rows, leaves, conversions: usize::try_from(index - circumstances.first_conversion).unwrap() }
}

fn curve_reward(curve: &Curve, index: u64, decimals: u8) -> UBig {
    let unit = RBig::from(power_of_ten(decimals.into()));
    let index = RBig::from(index);
    match curve.function() {
        CurveFunction::Constant { y_intercept } => whole(fraction(*y_intercept) * unit),
        CurveFunction::Linear { y_intercept, slope, trend } => {
            let change = fraction(*slope) * index;
            let intercept = fraction(*y_intercept);
            whole((if *trend == Trend::Positive { intercept + change } else { intercept - change }) * unit)
        }
        CurveFunction::Step { tiers } => {
            let reached = tiers.iter().rev().find(|tier| RBig::from(tier.input) <= index);
            reached.map_or(UBig::ZERO, |tier| whole(fraction(tier.output) * unit))
        }
        CurveFunction::Exponential { y_intercept, curve_depth, curve_width } => {
            // With a depth of p / q, the reward to the q is a fraction: its whole root is the reward rounded down.
            let (depth, width) = (fraction(*curve_depth), fraction(*curve_width));
            let [p, q] = [depth.numerator().clone(), depth.denominator().clone().into()];
            let [p, q] = [p, q].map(|part| usize::try_from(part).unwrap());
            let falling = width.clone() / (width + index);
            let reward =
                (fraction(*y_intercept) * unit).pow(q.try_into().unwrap()) * falling.pow(p.try_into().unwrap());
            whole(reward).nth_root(q)
        }
    }
}

fn capped(amount: UBig, terms: &RewardTerms) -> UBig {
    terms.max_per_participant.map_or(amount.clone(), |cap| amount.min(cap.into()))
}

/// Rounded down, and nothing for less than nothing.
fn whole(number: RBig) -> UBig {
    UBig::try_from(number.floor()).unwrap_or_default()
}

fn fraction(value: Decimal) -> RBig {
    RBig::from_parts(value.mantissa().into(), power_of_ten(value.scale()))
}

fn power_of_ten(zeros: u32) -> UBig {
    UBig::from(10_u8).pow(usize::try_from(zeros).unwrap())
}
