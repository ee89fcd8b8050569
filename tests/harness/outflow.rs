//! I13 of the threat model, checked on the sums that were paid: in no span of time does more leave than one and a half
//! of the limiter's buckets hold, and one receives meanwhile.

/// The total that had left a bucket at every moment at which it was recorded.
#[derive(Clone, Default)]
pub struct OutflowRecord {
    notes: Vec<Note>,
}

#[derive(Clone, Copy)]
struct Note {
    /// Unix seconds.
    now: i64,
    /// Base units paid by then.
    paid: u64,
    /// What the bucket holds, and the seconds in which it fills up.
    bucket: (u64, u32),
    /// The most that a single payment may have taken.
    largest: u64,
}

impl OutflowRecord {
    /// Records that `paid` base units had left by `now`, and checks every span of time that ends here.
    ///
    /// The bucket holds `capacity` and fills up in `window` seconds. While half of it is there, a payment may take more
    /// than the rest, but at most `largest`. If the bucket changed within a span, the span may see the larger and the
    /// faster one.
    #[track_caller]
    pub fn note(&mut self, now: i64, paid: u64, (capacity, window): (u64, u32), largest: u64) {
        self.notes.push(Note { now, paid, bucket: (capacity, window), largest });
        let [mut at_once, mut refills] = [0_u128; 2];
        for (place, note) in self.notes.iter().enumerate().rev() {
            let (capacity, window) = note.bucket;
            let most = capacity.max((capacity / 2).saturating_add(note.largest));
            at_once = at_once.max(most.into());
            let seconds = u128::try_from(now - note.now).unwrap_or(0);
            let next = self.notes.get(place + 1).map_or(note.bucket, |next| next.bucket);
            let refill = |(capacity, window): (u64, u32)| (u128::from(capacity) * seconds).div_ceil(window.into());
            refills = refills.max(refill((capacity, window))).max(refill(next));
            let left = u128::from(paid - note.paid);
            assert!(left <= at_once + refills, "I13: {left} left within {seconds} seconds");
        }
    }
}
