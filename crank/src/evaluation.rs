//! From measured rows to amounts: who qualifies, in which rank, and how much each is allotted.
//!
//! Pure: no clock, no files, no network, no floats, no query engine, and the order and number of threads do not matter.
//! The rows come from `activity` or from a campaign's allocations; `bundle` writes the result down and explains it.

mod amount;
mod audience;
mod circumstances;
mod curve;
mod error;
mod evaluate;
mod raffle;
mod row;
mod terms;

pub use audience::Audience;
pub use circumstances::Circumstances;
pub use curve::{Curve, Tier, Trend};
pub use error::EvaluationError;
pub use evaluate::{Allocation, DecidedRow, Decision, Evaluation, Rejection, evaluate};
pub use raffle::{Bucket, Raffle, Weighting};
pub use row::{Row, sort_by_rank};
pub use terms::{Kind, MAX_DECIMALS, Shape, Terms, sum_of_given};

#[cfg(test)]
mod tests;
