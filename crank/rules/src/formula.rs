//! The formula language: how a campaign says what each rank is paid, in exact numbers.
//!
//! A formula is read once and evaluated once per row, without a clock, a network or floating point numbers. It does not
//! sort rows, cap or round an amount: its caller does, and adds the row to an error.
//!
//! | loosest first | means |
//! | --- | --- |
//! | `c ? a : b` | `a` where the condition `c` holds, else `b`; the other branch is not evaluated; right to left |
//! | <code>c &#124;&#124; d</code>, then `c && d` | or, and; the right side only where the left does not decide |
//! | `a == b`, `a != b` | of two numbers or of two conditions; comparisons do not chain |
//! | `a < b`, `<=`, `>`, `>=` | of two numbers |
//! | `a + b`, `a - b` | left to right |
//! | `a * b`, `a / b`, `a % b` | left to right; the remainder keeps the sign of its left side |
//! | `-a`, `!c` | negative, not |
//!
//! Numbers and conditions are different types, checked when the formula is read, and the whole must be a number.
//! Numbers are written `10000`, `0.05`, `.5` or `1.5e3`; names are case sensitive.
//!
//! `+ - * / %`, comparisons, `abs floor ceil round min max` and whole-number powers are exact; `sqrt` is where the root
//! is rational. All other results are rounded to 40 significant decimal digits, and to zero if they are closer to it
//! than 10^-60; so is a whole-number power whose numerator or denominator would need more than 4,096 bits. All of it is
//! integer arithmetic, so it is the same on every machine. `round` goes half away from zero, and `pow(0, 0)` is 1.

mod arithmetic;
mod error;
mod evaluation;
mod exact;
mod expression;
mod lexer;
mod names;
mod operand;
mod outline;
mod parser;
mod power;
mod quick;
mod rounding;
mod series;
#[cfg(test)]
mod tests;
mod transcendental;

pub use dashu::rational::RBig as Rational;
pub use error::{EvaluationCause, EvaluationError, FormulaError, FormulaProblem};
pub use exact::Exact;

use expression::Number;

pub(crate) use names::Variable;

/// A formula that has been read and checked, ready to be evaluated for every row.
#[derive(Clone, Debug)]
pub struct Formula {
    source: String,
    root: Number,
}

impl Formula {
    /// The most characters a formula may have.
    pub const MAX_CHARACTERS: usize = 4096;
    /// The most parentheses, calls, signs and conditional branches that may enclose one another.
    ///
    /// A chain `a ? b : c ? d : e` is flat, however many tiers it has, and so is a chain of one operator.
    pub const MAX_DEPTH: usize = 64;

    /// Reads a formula.
    ///
    /// # Errors
    /// The first thing that is wrong with the text, with its column.
    pub fn parse(source: &str) -> Result<Self, FormulaError> {
        let root = parser::parse(source)?;
        Ok(Self { source: source.to_owned(), root })
    }

    /// The text the formula was read from, unchanged.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The formula's result for one row, in the unit of the reward pool.
    ///
    /// # Errors
    /// The operation that has no result for this row, with its operands and its column.
    pub fn evaluate(&self, variables: &Variables) -> Result<Exact, EvaluationError> {
        evaluation::number(&self.root, variables)
    }
}

/// The values that a formula can use, of its row and its epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variables {
    /// `N` and `VALUE`: the measured value of this row.
    pub value: Exact,
    /// `RANK`: the row's position, the first is 1. `INDEX` is one less.
    pub rank: u64,
    /// `TOTAL_PARTICIPANTS`: how many rows qualify.
    pub total_participants: u64,
    /// `TOTAL_REWARD_POOL`: the pool of the epoch, in display units.
    pub total_reward_pool: Exact,
    /// `TOTAL_VALUE`: the sum of the value over the qualifying rows.
    pub total_value: Exact,
}
