//! From measured rows to amounts: which wallets qualify, in which rank, and how much each is allotted.
//!
//! Pure: no clock, no files, no network, no floats, no query engine, and the number and timing of threads do not
//! matter. The rows come from queries or from a campaign's allocations; `bundle` writes the result and explains it.

mod amount;
mod audience;
mod circumstances;
mod conversion;
mod curve;
mod decision;
mod draw;
mod error;
mod evaluate;
mod payout;
mod qualification;
mod raffle;
mod row;
mod terms;
mod ticket_table;
mod tickets;
mod weighted_sum;

pub use audience::Audience;
pub use circumstances::Circumstances;
pub use curve::{Curve, CurveFunction, CurveProblem, Tier, Trend};
pub use decision::{Allocation, DecidedRow, Decision, Evaluation, Rejection};
pub use error::{EvaluationError, SeedError};
pub use evaluate::evaluate;
pub use raffle::{Bucket, MAX_PRIZES, Raffle, RaffleProblem, Weighting};
pub use row::{Row, sort_by_rank};
pub use terms::{Kind, MAX_DECIMALS, RewardTerms, Shape, sum_of_given};
pub use ticket_table::{TicketHolder, TicketTable};
pub use weighted_sum::{WEIGHT_DECIMALS, weighted_sum};

#[cfg(test)]
mod tests;
