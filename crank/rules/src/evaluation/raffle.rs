//! A raffle: its prizes, and how tickets are given out.

use serde::{Deserialize, Serialize};

/// How many prizes an epoch may draw.
pub const MAX_PRIZES: u32 = 1_000_000;

/// The terms of a raffle: at least one prize, each above 0, whose sum fits 64 bits.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Raffle {
    buckets: Vec<Bucket>,
    weighting: Weighting,
    prizes: u32,
    pool: u64,
}

/// Why prizes are not valid.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`raffleBuckets`: found {found}, expected {expected}")]
pub struct RaffleProblem {
    /// What was found.
    pub found: String,
    /// What would be right.
    pub expected: String,
}

impl Raffle {
    /// A raffle of prizes in the order in which they are drawn.
    ///
    /// # Errors
    /// When there is no prize, one of 0, more than [`MAX_PRIZES`] or a sum that does not fit.
    pub fn new(buckets: Vec<Bucket>, weighting: Weighting) -> Result<Self, RaffleProblem> {
        let wrong = |found: &str, expected: String| RaffleProblem { found: found.to_owned(), expected };
        if buckets.is_empty() || buckets.iter().any(|bucket| bucket.amount == 0 || bucket.count == 0) {
            return Err(wrong("no prize, or one of 0", "amounts and counts above 0".to_owned()));
        }
        let prizes = buckets.iter().fold(0_u32, |sum, bucket| sum.saturating_add(bucket.count));
        if prizes > MAX_PRIZES {
            return Err(wrong(&format!("{prizes} prizes"), format!("at most {MAX_PRIZES} prizes in all")));
        }
        let pool = buckets.iter().try_fold(0_u64, |sum, bucket| {
            bucket.amount.checked_mul(u64::from(bucket.count)).and_then(|prizes| sum.checked_add(prizes))
        });
        let pool = pool.ok_or_else(|| {
            let expected = format!("prizes that sum up to at most {} base units", u64::MAX);
            wrong("a sum that passes 64 bits of base units", expected)
        })?;
        Ok(Self { buckets, weighting, prizes, pool })
    }

    /// `raffleBuckets`: the prizes, in the order in which they are drawn.
    #[must_use]
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// `raffleWeighting`: how tickets are given out.
    #[must_use]
    pub const fn weighting(&self) -> Weighting {
        self.weighting
    }

    /// How many prizes there are, from 1 to [`MAX_PRIZES`].
    #[must_use]
    pub const fn prizes(&self) -> u32 {
        self.prizes
    }

    /// The sum of the prizes, in base units: the pool of an epoch.
    #[must_use]
    pub const fn pool(&self) -> u64 {
        self.pool
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raffle_has_prizes_above_zero_whose_sum_fits() {
        let raffle = |buckets: &[(u64, u32)]| {
            let buckets = buckets.iter().map(|(amount, count)| Bucket { amount: *amount, count: *count }).collect();
            Raffle::new(buckets, Weighting::EqualChances)
        };
        let right = raffle(&[(u64::MAX - 10, 1), (5, 2)]).unwrap();
        assert_eq!((right.prizes(), right.pool()), (3, u64::MAX));
        assert_eq!(raffle(&[(1, MAX_PRIZES)]).unwrap().pool(), 1_000_000);
        for (buckets, text) in [
            (&[][..], "no prize, or one of 0"),
            (&[(0, 1)], "no prize, or one of 0"),
            (&[(1, 0)], "no prize, or one of 0"),
            (&[(1, MAX_PRIZES), (1, 1)], "found 1000001 prizes, expected at most 1000000"),
            (&[(1, u32::MAX), (1, u32::MAX)], "expected at most 1000000"),
            (&[(u64::MAX / 2 + 1, 2)], "64 bits"),
            (&[(u64::MAX, 1), (1, 1)], "64 bits"),
        ] {
            let problem = raffle(buckets).unwrap_err().to_string();
            assert!(problem.contains(text), "{problem}");
        }
    }
}
