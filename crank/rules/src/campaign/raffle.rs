//! `raffleBuckets` and `raffleWeighting`: the prizes of a raffle, and how its tickets are given out.

use super::{
    CampaignError,
    fields::{self, Fields, wrong},
};
use crate::evaluation::{Bucket, Raffle, Weighting};

const NAME: &str = "raffleBuckets";
/// How many sizes of prizes there may be.
const MAX_BUCKETS: usize = 100;
/// How many prizes an epoch may draw.
const MAX_PRIZES: u32 = 1_000_000;
const BUCKETS: &str = "prizes such as [{\"amount\": 100, \"count\": 1}, {\"amount\": 10, \"count\": 20}]";

/// Reads the terms of a raffle.
pub(super) fn read(fields: &Fields<'_>, decimals: u8) -> Result<Raffle, CampaignError> {
    let list = fields.required_elements(NAME, BUCKETS, MAX_BUCKETS)?;
    let mut buckets = Vec::with_capacity(list.len());
    let mut prizes = 0_u32;
    for (place, value) in list {
        let expected = "an object with `amount` and `count`";
        let bucket = Fields::of_object(&place, value, &["amount", "count"], expected)?;
        let amount = bucket.required_amount("amount", decimals)?;
        let expected = format!("how many such prizes, a whole number from 1 to {MAX_PRIZES}");
        let count = bucket.required("count", &expected, |value| {
            u32::try_from(fields::whole_number(value)?).ok().filter(|count| (1..=MAX_PRIZES).contains(count))
        })?;
        prizes = prizes.saturating_add(count);
        buckets.push(Bucket { amount, count });
    }
    if prizes > MAX_PRIZES {
        let expected = format!("at most {MAX_PRIZES} prizes in all");
        return Err(wrong(&fields.place(NAME), format!("{prizes} prizes"), &expected));
    }
    let words = [("WEIGHTED_BY_METRIC", Weighting::WeightedByMetric), ("EQUAL_CHANCES", Weighting::EqualChances)];
    let weighting = fields.choice("raffleWeighting", &words)?.unwrap_or(Weighting::WeightedByMetric);
    Ok(Raffle { buckets, weighting })
}

/// The pool of a raffle in base units: the sum of its prizes.
pub(super) fn pool(fields: &Fields<'_>, raffle: &Raffle) -> Result<u64, CampaignError> {
    let sum = raffle.buckets.iter().try_fold(0_u64, |sum, bucket| {
        bucket.amount.checked_mul(u64::from(bucket.count)).and_then(|prizes| sum.checked_add(prizes))
    });
    sum.ok_or_else(|| {
        let expected = format!("prizes that sum up to at most {} base units", u64::MAX);
        wrong(&fields.place(NAME), "a sum that passes 64 bits of base units".to_owned(), &expected)
    })
}
