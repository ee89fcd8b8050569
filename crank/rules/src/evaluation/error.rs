//! Why rows cannot be evaluated.

use solana_pubkey::Pubkey;
use torque::merkle::Hash;

use super::Kind;
use crate::{formula, values::decimal::Decimal};

/// Why rows cannot be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// A wallet has two rows, so it would be paid twice.
    #[error("address {0} stands in more than one row, and each wallet must have one: group the query by address")]
    RepeatedAddress(Pubkey),
    /// A given amount is not above zero.
    #[error("the amount given to {address} is {value}, and a direct amount must be above 0")]
    GivenAmountNotPositive {
        /// The wallet.
        address: Pubkey,
        /// The amount given to it.
        value: Decimal,
    },
    /// The formula has no result for a row.
    #[error("the formula has no result for rank {rank}, address {address}, value {value}: {source}")]
    Formula {
        /// The row's rank.
        rank: u64,
        /// The wallet.
        address: Pubkey,
        /// The measured value.
        value: Decimal,
        /// What went wrong.
        source: formula::EvaluationError,
    },
    /// A raffle has no seed, or another kind has one.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// Only a raffle has tickets.
    #[error("there are no tickets: the kind is {0:?}, and only a raffle has tickets")]
    TicketsWithoutRaffle(Kind),
    /// A raffle cannot be corrected: its winners are final.
    #[error("a raffle cannot be corrected: its draw is final, whatever becomes known later")]
    RaffleIsFinal,
    /// The tickets of a raffle are numbered with 128 bits.
    #[error(
        "with {address}, whose value is {value}, the raffle has 2^128 tickets or more: a ticket is a millionth of the \
         value, so let the query measure in a larger unit"
    )]
    TooManyTickets {
        /// The wallet of the best rank at which there are too many tickets.
        address: Pubkey,
        /// Its value.
        value: Decimal,
    },
    /// The parameters of a curve are not valid.
    #[error("the curve has no rewards: {0}")]
    Curve(&'static str),
    /// A weighted sum over the actions needs more digits than a number has.
    #[error("the weighted sum over the actions of {0} has more than 38 digits: round what the queries return")]
    WeightedSumTooLong(Pubkey),
    /// More rows qualify than a 32-bit index can count.
    #[error("{0} rows qualify, and an epoch pays at most 4294967295")]
    TooManyRows(usize),
}

/// A raffle without a seed, or another kind with one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SeedError {
    /// A raffle needs a seed.
    #[error("a raffle is drawn by a seed and none is given: give the 32 bytes that decide it")]
    Missing,
    /// Another kind has no draws, so it has no seed.
    #[error("a seed is given and nothing is drawn: the kind is {0:?}, and only a raffle has a seed")]
    WithoutRaffle(Kind),
}

impl SeedError {
    /// Checks that a raffle has a seed, and that no other kind has one.
    ///
    /// # Errors
    /// The rule that does not hold.
    pub const fn check(kind: Kind, seed: Option<&Hash>) -> Result<(), Self> {
        match (kind, seed) {
            (Kind::Raffle, None) => Err(Self::Missing),
            (Kind::Raffle, Some(_)) | (_, None) => Ok(()),
            (kind, Some(_)) => Err(Self::WithoutRaffle(kind)),
        }
    }
}

impl EvaluationError {
    /// The wallet of the row at which the evaluation stopped, if it stopped at a row.
    #[must_use]
    pub fn address(&self) -> Option<&Pubkey> {
        match self {
            Self::RepeatedAddress(address)
            | Self::WeightedSumTooLong(address)
            | Self::GivenAmountNotPositive { address, .. }
            | Self::Formula { address, .. }
            | Self::TooManyTickets { address, .. } => Some(address),
            Self::Seed(_)
            | Self::TicketsWithoutRaffle(_)
            | Self::RaffleIsFinal
            | Self::Curve(_)
            | Self::TooManyRows(_) => None,
        }
    }
}
