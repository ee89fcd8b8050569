//! Why rows cannot be evaluated.

use solana_pubkey::Pubkey;

use crate::{decimal::Decimal, formula};

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
    /// The kind is known and not supported yet.
    #[error("{0:?} cannot be evaluated yet")]
    Unsupported(super::Kind),
    /// An index has 32 bits.
    #[error("{0} rows qualify, and an epoch pays at most 4294967295")]
    TooManyRows(usize),
}
