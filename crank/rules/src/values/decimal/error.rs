//! Why a text is not a decimal number, or why a decimal is not a whole number of base units.

use super::{Decimal, MAX_DIGITS};

/// Why something is not a [`Decimal`], or why a [`Decimal`] is not a whole number of base units.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// The text is empty.
    #[error("a number is missing: write one such as 12.5")]
    Empty,
    /// The text does not follow the grammar of JSON numbers.
    #[error("`{0}` is not a number: write digits with at most one point, such as 12.5, -3 or 1e6")]
    Syntax(String),
    /// The number has more digits than fit.
    #[error("`{0}` does not fit a decimal of {MAX_DIGITS} digits")]
    TooManyDigits(String),
    /// A negative number cannot be converted to base units.
    #[error("{0} is negative: an amount is at least 0")]
    NegativeAmount(Decimal),
    /// The fraction is finer than the token's smallest unit.
    #[error("{value} has more than the {decimals} decimals of the token")]
    FinerThanBaseUnit {
        /// The refused number.
        value: Decimal,
        /// The decimals the token has.
        decimals: u8,
    },
    /// The number of base units does not fit 64 bits.
    #[error("{value} with {decimals} decimals is more than {max} base units", max = u64::MAX)]
    AmountTooLarge {
        /// The refused number.
        value: Decimal,
        /// The decimals the token has.
        decimals: u8,
    },
}
