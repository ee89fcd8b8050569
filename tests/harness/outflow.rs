//! I13 of the threat model, checked on the sums that were paid: in no span of time does more leave than the limiter's
//! bucket holds and receives meanwhile.

/// The total that had left a bucket at every moment at which it was recorded.
#[derive(Clone, Default)]
pub struct OutflowRecord {
    /// Unix seconds, and base units paid by then.
    sums: Vec<(i64, u64)>,
}

impl OutflowRecord {
    /// Records that `paid` base units had left by `now`, and checks every span of time that ends here.
    ///
    /// The bucket holds `capacity` and fills up in `window` seconds. A payment larger than that, of at most `largest`,
    /// may leave a full bucket.
    #[track_caller]
    pub fn note(&mut self, now: i64, paid: u64, (capacity, window): (u64, u32), largest: u64) {
        for (from, before) in &self.sums {
            let seconds = u128::try_from(now - from).unwrap_or(0);
            let refill = (u128::from(capacity) * seconds).div_ceil(u128::from(window));
            let most = u128::from(capacity.max(largest)) + refill;
            assert!(u128::from(paid - before) <= most, "I13: {} left within {seconds} seconds", paid - before);
        }
        self.sums.push((now, paid));
    }
}
