//! A bucket that payments drain and time refills: the rule of the outflow limiter, with nothing of where it is kept.
//!
//! What is kept is when the bucket was last full and all that was taken since, not what is missing now. So nothing is
//! rounded away between two payments: however many there are, and however close, they neither speed the refilling up
//! nor hold it up.

use anchor_lang::prelude::*;

use crate::error::TorqueError;

/// A bucket at one moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bucket {
    capacity: u64,
    drained: u64,
    drained_at: i64,
    missing: u64,
}

impl Bucket {
    /// The bucket at `now` that holds `capacity` base units, fills up in `window` seconds, was full at `drained_at` and
    /// lost `drained` since; times in unix seconds. While the clock stands still or goes back it does not refill.
    #[must_use]
    pub fn at(now: i64, capacity: u64, window: u32, drained: u64, drained_at: i64) -> Self {
        let elapsed = u64::try_from(now.saturating_sub(drained_at)).unwrap_or(0);
        let missing = drained.saturating_sub(refill_rounded_down(capacity, window, elapsed));
        if missing == 0 {
            return Self { capacity, drained: 0, drained_at: drained_at.max(now), missing };
        }
        Self { capacity, drained, drained_at, missing }
    }

    /// What was taken since it was full.
    #[must_use]
    pub fn drained(&self) -> u64 {
        self.drained
    }

    /// What is missing until it is full, in base units.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// Unix seconds at which it was full.
    #[must_use]
    pub fn drained_at(&self) -> i64 {
        self.drained_at
    }

    /// Whether `amount` may be taken: it is there, or half of the bucket is.
    ///
    /// Without the second rule a payment larger than the bucket would wait for ever, and one nearly as large for as
    /// long as any other is made before it in every second. It leaves a debt that is refilled before anything else is
    /// paid, so that at most a bucket leaves at once, or half a bucket and one payment that is larger than the other
    /// half.
    #[inline(always)]
    #[must_use]
    pub fn admits(&self, amount: u64) -> bool {
        let needed = amount.min(half_rounded_up(self.capacity));
        amount == 0 || self.missing.checked_add(needed).is_some_and(|missing| missing <= self.capacity)
    }

    /// Takes `amount`, which the bucket [admits](Self::admits).
    ///
    /// # Errors
    /// `ArithmeticOverflow` if more than `u64::MAX` is taken without the bucket ever being full, which is more than a
    /// distributor can be funded with.
    #[inline(always)]
    pub fn take_admitted(&mut self, amount: u64) -> Result<()> {
        self.missing = self.missing.checked_add(amount).ok_or(TorqueError::ArithmeticOverflow)?;
        self.drained = self.drained.checked_add(amount).ok_or(TorqueError::ArithmeticOverflow)?;
        Ok(())
    }
}

/// So that half of a bucket of one unit is not nothing, which would be there when the bucket is empty.
fn half_rounded_up(capacity: u64) -> u64 {
    capacity.div_ceil(2)
}

/// What flows into a bucket in `elapsed` seconds, at most `u64::MAX`.
fn refill_rounded_down(capacity: u64, window: u32, elapsed: u64) -> u64 {
    let window = u64::from(window);
    if let Some(product) = capacity.checked_mul(elapsed) {
        return product.checked_div(window).unwrap_or(0);
    }
    let product = u128::from(capacity).saturating_mul(u128::from(elapsed));
    u64::try_from(product.checked_div(u128::from(window)).unwrap_or(0)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::arithmetic_side_effects, reason = "a panic fails the test, as it should")]
    use proptest::prelude::*;

    use super::*;

    /// Takes `amount` if that may be.
    fn take(bucket: &mut Bucket, amount: u64) -> Result<()> {
        ensure!(bucket.admits(amount), TorqueError::OutflowLimited);
        bucket.take_admitted(amount)
    }

    /// A bucket of 100 that fills up in 50 seconds and was full at second 1,000.
    fn bucket(drained: u64, now: i64) -> Bucket {
        Bucket::at(now, 100, 50, drained, 1_000)
    }

    #[test]
    fn a_full_bucket_gives_all_it_holds_and_then_nothing() {
        let mut bucket = bucket(0, 1_000);
        assert!(take(&mut bucket, 100).is_ok());
        assert_eq!(take(&mut bucket, 1), Err(TorqueError::OutflowLimited.into()));
        assert!(take(&mut bucket, 0).is_ok());
        assert_eq!((bucket.drained(), bucket.drained_at()), (100, 1_000));
    }

    #[test]
    fn a_second_refills_two_and_the_last_unit_is_not_given_before() {
        for (seconds, there) in [(0, 0), (1, 2), (2, 4), (24, 48)] {
            let bucket = bucket(100, 1_000 + seconds);
            assert!(bucket.admits(there) && !bucket.admits(there + 1), "after {seconds} seconds");
        }
        assert!(bucket(100, 1_025).admits(u64::MAX), "half full again");
    }

    #[test]
    fn what_is_larger_than_half_the_bucket_waits_for_half_of_it_and_leaves_a_debt() {
        let mut paid = bucket(0, 1_000);
        assert!(take(&mut paid, 350).is_ok());
        for (seconds, there) in [(0, None), (124, None), (125, Some(0)), (126, Some(2)), (149, Some(48))] {
            let later = bucket(paid.drained(), 1_000 + seconds);
            assert_eq!(later.admits(1), there.is_some_and(|amount| amount > 0), "after {seconds} seconds");
            assert!(there.is_none_or(|amount| later.admits(amount) && !later.admits(amount + 1)));
            assert!(!later.admits(101), "the next large one after {seconds} seconds");
        }
        assert!(bucket(paid.drained(), 1_150).admits(101));
    }

    #[test]
    fn a_clock_that_stands_still_or_goes_back_refills_nothing() {
        for now in [1_000, 999, 0, i64::MIN] {
            let bucket = bucket(60, now);
            assert!(bucket.admits(40) && !bucket.admits(41), "at {now}");
            assert_eq!(bucket.drained_at(), 1_000);
        }
        // A full bucket stays full, and what is taken is refilled only from the later of the two times on.
        assert_eq!(bucket(0, 900).drained_at(), 1_000);
        assert_eq!(bucket(0, 1_100).drained_at(), 1_100);
    }

    #[test]
    fn a_bucket_that_fills_slower_than_a_unit_a_second_is_not_held_up_by_frequent_payments() {
        // Seven units in 60 seconds; one unit is asked for in every second of an hour.
        let (mut drained, mut drained_at, mut paid) = (0, 0, 0);
        for now in 0..3_600 {
            let mut bucket = Bucket::at(now, 7, 60, drained, drained_at);
            paid += u64::from(take(&mut bucket, 1).is_ok());
            (drained, drained_at) = (bucket.drained(), bucket.drained_at());
        }
        assert_eq!(paid, 7 + 3_599 * 7 / 60);
    }

    #[test]
    fn what_was_taken_without_ever_being_full_must_fit() {
        let mut bucket = Bucket::at(i64::MAX, u64::MAX, 1 << 31, u64::MAX, i64::MAX - (1 << 30));
        assert!(bucket.admits(1));
        assert_eq!(take(&mut bucket, 1), Err(TorqueError::ArithmeticOverflow.into()));
    }

    /// Small numbers, where everything happens, and all of them.
    fn amount() -> impl Strategy<Value = u64> {
        prop_oneof![0..2_000_u64, any::<u64>(), Just(u64::MAX)]
    }

    fn time() -> impl Strategy<Value = i64> {
        prop_oneof![0..5_000_i64, any::<i64>(), Just(i64::MIN), Just(i64::MAX)]
    }

    fn window() -> impl Strategy<Value = u32> {
        prop_oneof![1..5_000_u32, any::<u32>(), Just(0), Just(u32::MAX)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_the_numbers_a_bucket_gives_what_it_has(
            now in time(), capacity in amount(), window in window(), drained in amount(), since in time(), paid in amount()
        ) {
            let mut bucket = Bucket::at(now, capacity, window, drained, since);
            let elapsed = u128::try_from(i128::from(now) - i128::from(since)).unwrap_or(0);
            // Between the ends of the range of times, the difference is cut to the largest.
            let elapsed = elapsed.min(u128::from(u64::MAX >> 1));
            let refilled = (u128::from(capacity) * elapsed).checked_div(u128::from(window)).unwrap_or(0);
            let missing = u128::from(drained).saturating_sub(refilled);
            let needed = u128::from(paid.min(capacity.div_ceil(2)));
            let admitted = paid == 0 || missing + needed <= u128::from(capacity);
            prop_assert_eq!(bucket.admits(paid), admitted);
            let before = bucket;
            match take(&mut bucket, paid) {
                Ok(()) => {
                    prop_assert!(admitted);
                    prop_assert_eq!(bucket.drained(), before.drained() + paid);
                    prop_assert_eq!(bucket.drained_at(), before.drained_at());
                    prop_assert!(bucket.drained_at() >= since);
                }
                Err(_) => prop_assert!(!admitted || before.drained().checked_add(paid).is_none()),
            }
        }

        #[test]
        fn no_window_of_time_sees_more_than_a_bucket_or_half_of_it_and_one_payment_and_its_refill(
            capacity in 1..2_000_u64, window in 1..300_u32,
            steps in prop::collection::vec((0..40_i64, 0..3_000_u64), 1..60)
        ) {
            let (mut now, mut drained, mut drained_at) = (0, 0, 0);
            let mut payments: Vec<(i64, u64)> = Vec::new();
            for (pass, amount) in steps {
                now += pass;
                let mut bucket = Bucket::at(now, capacity, window, drained, drained_at);
                if amount > 0 && take(&mut bucket, amount).is_ok() {
                    payments.push((now, amount));
                }
                (drained, drained_at) = (bucket.drained(), bucket.drained_at());
            }
            for (start, (from, _)) in payments.iter().enumerate() {
                let mut sum = 0;
                for (until, amount) in &payments[start..] {
                    sum += amount;
                    let refill = (capacity * u64::try_from(until - from).unwrap()).div_ceil(u64::from(window));
                    let most = capacity.max((capacity >> 1) + amount) + refill;
                    prop_assert!(sum <= most, "{sum} from {from} to {until}");
                }
            }
        }

        #[test]
        fn whoever_keeps_asking_is_paid_all_in_the_time_that_it_takes_to_refill(
            capacity in 1..500_u64, window in 1..100_u32, mut amounts in prop::collection::vec(1..1_500_u64, 1..30)
        ) {
            let total: u64 = amounts.iter().sum();
            // A payment that waits for a full bucket may find it full for a part of a second already.
            let steps = amounts.len() as u64;
            let most = i64::try_from((total * u64::from(window)).div_ceil(capacity) + steps).unwrap();
            let (mut drained, mut drained_at) = (0, 0);
            for now in 0..=most {
                let mut bucket = Bucket::at(now, capacity, window, drained, drained_at);
                amounts.retain(|amount| take(&mut bucket, *amount).is_err());
                (drained, drained_at) = (bucket.drained(), bucket.drained_at());
            }
            prop_assert!(amounts.is_empty(), "{amounts:?} are not paid after {most} seconds");
        }
    }
}
