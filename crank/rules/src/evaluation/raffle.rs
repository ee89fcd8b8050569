//! A raffle: which prizes there are and how tickets are given out.

use serde::{Deserialize, Serialize};

/// The terms of a raffle.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Raffle {
    /// `raffleBuckets`: the prizes, in the order in which they are drawn. Their sum is the pool.
    pub buckets: Vec<Bucket>,
    /// `raffleWeighting`: how tickets are given out.
    pub weighting: Weighting,
}

/// Some prizes of the same size.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bucket {
    /// One prize, in base units, above 0.
    pub amount: u64,
    /// How many of them, above 0.
    pub count: u32,
}

/// How tickets are given out.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Weighting {
    /// A wallet has its value in millionths, rounded down, as tickets.
    WeightedByMetric,
    /// Every wallet has one ticket.
    EqualChances,
}
