//! The decision itself: every row is either allotted an amount or rejected with a reason.

use std::{fmt, iter};

use solana_pubkey::Pubkey;

use super::{Circumstances, EvaluationError, Kind, Row, Terms, amount::amounts, row, sort_by_rank};
use crate::decimal::Decimal;

/// Why a row is not paid.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rejection {
    /// The campaign admits only listed wallets and this is none of them.
    NotInAllowList,
    /// The campaign excludes this wallet.
    InDenyList,
    /// A filter excludes this wallet: the one with this place in the campaign's list.
    Filtered(u16),
    /// Zero and less do not qualify.
    ValueNotPositive,
    /// The formula gives less than one base unit.
    AmountIsZero,
    /// The rows of better rank took everything.
    PoolIsExhausted,
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Filtered(place) => return write!(formatter, "excluded by filter {place}"),
            Self::NotInAllowList => "not in the allow list",
            Self::InDenyList => "in the deny list",
            Self::ValueNotPositive => "value is not positive",
            Self::AmountIsZero => "amount is zero",
            Self::PoolIsExhausted => "pool is exhausted",
        })
    }
}

/// What became of a row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// It is a leaf of the epoch's tree.
    Allotted {
        /// The leaf's index, from 0.
        index: u32,
        /// The rank among the qualifying rows, from 1.
        rank: u64,
        /// Base units, above 0.
        amount: u64,
    },
    /// It is not paid.
    Rejected(Rejection),
}

/// A row and what became of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DecidedRow {
    /// The row.
    pub row: Row,
    /// What became of it.
    pub decision: Decision,
}

/// One leaf of the epoch's tree.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Allocation {
    /// The leaf's index, from 0.
    pub index: u32,
    /// The wallet that is paid.
    pub address: Pubkey,
    /// The measured value.
    pub value: Decimal,
    /// The rank among the qualifying rows, from 1.
    pub rank: u64,
    /// Base units, above 0.
    pub amount: u64,
}

/// What became of every row, in rank order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Evaluation {
    rows: Vec<DecidedRow>,
    total: u64,
}

impl Evaluation {
    /// All rows, by value, the largest first.
    #[must_use]
    pub fn rows(&self) -> &[DecidedRow] {
        &self.rows
    }

    /// The leaves, in index order.
    pub fn allocations(&self) -> impl Iterator<Item = Allocation> {
        self.rows.iter().filter_map(|DecidedRow { row, decision }| match *decision {
            Decision::Allotted { index, rank, amount } => {
                Some(Allocation { index, address: row.address, value: row.value, rank, amount })
            }
            Decision::Rejected(_) => None,
        })
    }

    /// The rows that are not paid, in rank order, each with the reason.
    pub fn rejected(&self) -> impl Iterator<Item = (&Row, Rejection)> {
        self.rows.iter().filter_map(|DecidedRow { row, decision }| match decision {
            Decision::Rejected(reason) => Some((row, *reason)),
            Decision::Allotted { .. } => None,
        })
    }

    /// The sum of the allocations, in base units; never more than the pool.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }
}

/// Decides about every row.
///
/// # Errors
/// When a wallet has two rows, a direct amount is not above zero, the formula has no result for a row, or more rows
/// qualify than an index can count.
pub fn evaluate(
    mut rows: Vec<Row>,
    terms: &Terms,
    circumstances: &Circumstances,
) -> Result<Evaluation, EvaluationError> {
    let formula = terms.shape.formula().ok_or(EvaluationError::Unsupported(terms.shape.kind()))?;
    if let Some(address) = row::repeated_address(&rows) {
        return Err(EvaluationError::RepeatedAddress(address));
    }
    sort_by_rank(&mut rows);
    let refusals: Vec<Option<Rejection>> =
        rows.iter().map(|row| refusal(row, terms, circumstances)).collect::<Result<_, _>>()?;
    let qualifying: Vec<&Row> =
        iter::zip(&rows, &refusals).filter_map(|(row, refusal)| refusal.is_none().then_some(row)).collect();
    if u32::try_from(qualifying.len()).is_err() {
        return Err(EvaluationError::TooManyRows(qualifying.len()));
    }
    let mut amounts = amounts(&qualifying, formula, terms)?.into_iter();
    let mut allotter = Allotter::new(terms.pool);
    let decisions = refusals.into_iter().map(|refusal| match refusal {
        Some(reason) => Decision::Rejected(reason),
        None => allotter.allot(amounts.next().unwrap_or(0)),
    });
    let rows = iter::zip(rows, decisions).map(|(row, decision)| DecidedRow { row, decision }).collect();
    Ok(Evaluation { rows, total: allotter.total })
}

/// Why a row does not even get a rank; none if it does.
fn refusal(row: &Row, terms: &Terms, circumstances: &Circumstances) -> Result<Option<Rejection>, EvaluationError> {
    let is_positive = row.value > Decimal::ZERO;
    if terms.shape.kind() == Kind::Direct && !is_positive {
        return Err(EvaluationError::GivenAmountNotPositive { address: row.address, value: row.value });
    }
    let refusal = terms.audience.refusal(&row.address);
    let filtered = || circumstances.excluded.get(&row.address).copied().map(Rejection::Filtered);
    Ok(refusal.or_else(filtered).or((!is_positive).then_some(Rejection::ValueNotPositive)))
}

/// Walks down the ranks and hands out the pool.
struct Allotter {
    remaining: u64,
    total: u64,
    rank: u64,
    index: u32,
}

impl Allotter {
    fn new(pool: u64) -> Self {
        Self { remaining: pool, total: 0, rank: 0, index: 0 }
    }

    /// Decides about the next rank, whose capped amount is `wanted`: the first that does not fit gets the rest.
    fn allot(&mut self, wanted: u64) -> Decision {
        self.rank = self.rank.saturating_add(1);
        let amount = wanted.min(self.remaining);
        if wanted == 0 {
            return Decision::Rejected(Rejection::AmountIsZero);
        }
        if amount == 0 {
            return Decision::Rejected(Rejection::PoolIsExhausted);
        }
        self.remaining = self.remaining.saturating_sub(amount);
        self.total = self.total.saturating_add(amount);
        let decision = Decision::Allotted { index: self.index, rank: self.rank, amount };
        self.index = self.index.saturating_add(1);
        decision
    }
}
