//! Finds probable mistakes in the terms of a campaign, each with a row that shows it.
//!
//! Pure, and without influence: a finding never changes how an epoch is evaluated. It tries made-up rows (`situations`,
//! always the same ones for the same formula) and measured rows, if there are any. `formula` and `evaluation` compute
//! amounts; a preview shows the findings.

mod board;
mod checks;
mod curve;
mod failures;
mod pool;
mod raffle;
mod situations;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::{
    evaluation::{RewardTerms, Row, Shape, sort_by_rank},
    formula,
    values::decimal::Decimal,
};

/// A probable mistake.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lint {
    /// The kind of mistake, with a name that never changes.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence without a full stop.
    pub message: String,
    /// A row that shows it, if a row can.
    pub example: Option<Example>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// An epoch cannot be evaluated, or pays nothing.
    Error,
    /// It pays differently from what most people would expect.
    Warning,
    /// Worth knowing.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// The kinds of mistakes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Code {
    /// A row makes the formula divide by zero.
    DividesByZero,
    /// A row makes the formula fail for another reason.
    FailsForARow,
    /// Nobody gets anything.
    PaysNothing,
    /// Everything that is paid is less than a base unit.
    BelowBaseUnit,
    /// Everybody gets the measured value, or more.
    PaysOwnValue,
    /// The measured rows, or prizes, are due more than the pool.
    PaysMoreThanPool,
    /// Some rows would be due more than the pool.
    CanPayMoreThanPool,
    /// A higher value gets less.
    LessForAHigherValue,
    /// A worse rank gets more.
    MoreForAWorseRank,
    /// A branch of the formula is never taken.
    UnreachableBranch,
    /// Neither the rank nor the value matters.
    SameForEveryone,
    /// The cap is above the pool and never matters.
    CapAbovePool,
    /// There are more prizes than participants.
    FewerParticipantsThanPrizes,
    /// Some participants have no ticket.
    NoTickets,
    /// One participant has more than half of the tickets.
    MostTicketsInOneHand,
    /// From some conversion on, or up to one, nothing is paid.
    PaysNothingForSomeConversions,
}

impl Code {
    /// The name for messages and for other programs, which may rely on it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DividesByZero => "divides-by-zero",
            Self::FailsForARow => "fails-for-a-row",
            Self::PaysNothing => "pays-nothing",
            Self::BelowBaseUnit => "below-base-unit",
            Self::PaysOwnValue => "pays-own-value",
            Self::PaysMoreThanPool => "pays-more-than-pool",
            Self::CanPayMoreThanPool => "can-pay-more-than-pool",
            Self::LessForAHigherValue => "less-for-a-higher-value",
            Self::MoreForAWorseRank => "more-for-a-worse-rank",
            Self::UnreachableBranch => "unreachable-branch",
            Self::SameForEveryone => "same-for-everyone",
            Self::CapAbovePool => "cap-above-pool",
            Self::FewerParticipantsThanPrizes => "fewer-participants-than-prizes",
            Self::NoTickets => "no-tickets",
            Self::MostTicketsInOneHand => "most-tickets-in-one-hand",
            Self::PaysNothingForSomeConversions => "pays-nothing-for-some-conversions",
        }
    }
}

/// A row that shows a finding: made up, or one of the measured ones.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Example {
    /// Its rank, from 1; of a curve, the conversion's number, from 1.
    pub rank: u64,
    /// How many participate; of a curve, the conversions so far.
    pub participants: u64,
    /// Its value; of a curve it does not matter and is zero.
    pub value: Decimal,
    /// The result for it.
    pub outcome: Outcome,
}

/// The result for an example.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It is due this much, in display units, before the pool runs out.
    Amount(Decimal),
    /// The formula has no result for it.
    Failure(formula::EvaluationError),
    /// It has this many tickets of a raffle.
    Tickets(u64),
}

impl fmt::Display for Lint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: {}", self.severity, self.code.name(), self.message)?;
        match &self.example {
            Some(example) => write!(formatter, " ({example})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Example {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "rank {} of {}, value {}: ", self.rank, self.participants, self.value)?;
        match &self.outcome {
            Outcome::Amount(amount) => write!(formatter, "{amount}"),
            Outcome::Failure(error) => write!(formatter, "{error}"),
            Outcome::Tickets(tickets) => write!(formatter, "{tickets} tickets"),
        }
    }
}

/// The probable mistakes in the terms, the gravest first; with measured rows, also those that these rows show.
///
/// Each code is found at most once. For a curve, the rows are conversions.
#[must_use]
pub fn lint(terms: &RewardTerms, rows: Option<&[Row]>) -> Vec<Lint> {
    let mut lints = match &terms.shape {
        Shape::Leaderboard(formula) | Shape::Rebate(formula) | Shape::Direct(formula) => {
            checks::formula(formula, terms, rows.map(|rows| qualifying(rows, terms)).as_deref())
        }
        Shape::Raffle(terms_of_raffle) => {
            raffle::lints(terms_of_raffle, terms, rows.map(|rows| qualifying(rows, terms)).as_deref())
        }
        Shape::Curve(curve) => curve::lints(curve, terms, rows.map(<[Row]>::len)),
    };
    lints.extend(pool::cap_above_pool(terms));
    lints.sort_by_key(|lint| (lint.severity, lint.code));
    lints
}

/// The rows that get a rank, in rank order. Filters were applied already, when the rows were measured.
fn qualifying(rows: &[Row], terms: &RewardTerms) -> Vec<Row> {
    let qualifies = |row: &&Row| row.value > Decimal::ZERO && terms.audience.admits(&row.address);
    let mut rows: Vec<Row> = rows.iter().filter(qualifies).copied().collect();
    sort_by_rank(&mut rows);
    rows
}
