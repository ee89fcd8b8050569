//! The result of an evaluation: the decision about every row, and the leaves.
//!
//! Only the types are here. `evaluate` and the modules it names decide how much each wallet gets.

use std::fmt;

use solana_pubkey::Pubkey;

use super::{Row, TicketTable};
use crate::values::decimal::Decimal;

/// Why a row is not paid.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rejection {
    /// The campaign's milestone is not reached.
    MilestoneNotReached,
    /// The campaign admits only listed wallets, and this wallet is not listed.
    NotInAllowList,
    /// The campaign excludes this wallet.
    InDenyList,
    /// The filter with this place in the campaign's list excludes this wallet.
    Filtered(u16),
    /// The value is zero or less.
    ValueNotPositive,
    /// The formula or the curve gives less than one base unit.
    AmountIsZero,
    /// The value is too small for a single ticket of the raffle.
    NoTicket,
    /// The raffle has no prize left for this wallet.
    NotDrawn,
    /// The wallet's earlier conversions earned as much as one wallet may get.
    CapIsReached,
    /// The rows before it used up the pool.
    PoolIsExhausted,
    /// In a correction: the wallet was allotted exactly its amount before.
    AllottedBefore,
    /// In a correction: the wallet was allotted more than its amount before, and keeps it.
    AllottedMoreBefore,
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Filtered(place) => return write!(formatter, "excluded by filter {place}"),
            Self::MilestoneNotReached => "milestone is not reached",
            Self::NotInAllowList => "not in the allow list",
            Self::InDenyList => "in the deny list",
            Self::ValueNotPositive => "value is not positive",
            Self::AmountIsZero => "amount is zero",
            Self::NoTicket => "value is below one ticket",
            Self::NotDrawn => "not drawn",
            Self::CapIsReached => "maximum per participant is reached",
            Self::PoolIsExhausted => "pool is exhausted",
            Self::AllottedBefore => "allotted before",
            Self::AllottedMoreBefore => "allotted more before",
        })
    }
}

/// The decision about a row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// The row is paid by this leaf: its own, or for a curve the leaf with the sum of its wallet's conversions.
    Allotted {
        /// The leaf's index, from 0: the place of its allocation.
        index: u32,
    },
    /// The row is not paid.
    Rejected(Rejection),
}

/// A row and the decision about it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DecidedRow {
    /// The row.
    pub row: Row,
    /// The decision.
    pub decision: Decision,
}

/// One leaf of the epoch's tree.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Allocation {
    /// The leaf's index, from 0.
    pub index: u32,
    /// The wallet that is paid.
    pub address: Pubkey,
    /// The measured value; for a curve, how many conversions of the wallet were counted.
    pub value: Decimal,
    /// The rank among the qualifying rows, from 1; for a curve, among the wallets by their first conversion.
    pub rank: u64,
    /// Base units, above 0.
    pub amount: u64,
}

/// The decision about every row, and the leaves.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Evaluation {
    pub(super) rows: Vec<DecidedRow>,
    pub(super) allocations: Vec<Allocation>,
    pub(super) total: u64,
    pub(super) conversions: u64,
    pub(super) tickets: Option<TicketTable>,
}

impl Evaluation {
    /// All rows, ordered by value, the largest first; for a curve by time, the earliest first.
    #[must_use]
    pub fn rows(&self) -> &[DecidedRow] {
        &self.rows
    }

    /// The leaves in the order of their indexes, which is by rank, or for a raffle by draw.
    pub fn allocations(&self) -> impl ExactSizeIterator<Item = Allocation> {
        self.allocations.iter().copied()
    }

    /// The rows that are not paid, in the order of [`Self::rows`], each with the reason.
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

    /// How many conversions of this epoch a curve counted; the next epoch goes on from there. 0 for other kinds.
    #[must_use]
    pub fn conversions(&self) -> u64 {
        self.conversions
    }

    /// The tickets of a raffle; `None` for other kinds.
    #[must_use]
    pub fn tickets(&self) -> Option<&TicketTable> {
        self.tickets.as_ref()
    }
}
