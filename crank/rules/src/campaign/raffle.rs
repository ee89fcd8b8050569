//! `raffleBuckets` and `raffleWeighting`: the prizes of a raffle, and how its tickets are given out.

use super::{
    CampaignError,
    fields::{self, Fields, wrong},
};
use crate::evaluation::{Bucket, MAX_PRIZES, Raffle, Weighting};

const NAME: &str = "raffleBuckets";
/// How many sizes of prizes there may be.
const MAX_BUCKETS: usize = 100;
const BUCKETS: &str = "prizes such as [{\"amount\": 100, \"count\": 1}, {\"amount\": 10, \"count\": 20}]";

/// Reads the terms of a raffle.
pub(super) fn read(fields: &Fields<'_>, decimals: u8) -> Result<Raffle, CampaignError> {
    let list = fields.required_elements(NAME, BUCKETS, MAX_BUCKETS)?;
    let mut buckets = Vec::with_capacity(list.len());
    for (place, value) in list {
        let expected = "an object with `amount` and `count`";
        let bucket = Fields::of_object(&place, value, &["amount", "count"], expected)?;
        let amount = bucket.required_amount("amount", decimals)?;
        let expected = format!("how many such prizes, a whole number from 1 to {MAX_PRIZES}");
        let count = bucket.required("count", &expected, |value| {
            u32::try_from(fields::whole_number(value)?).ok().filter(|count| (1..=MAX_PRIZES).contains(count))
        })?;
        buckets.push(Bucket { amount, count });
    }
    let words = [("WEIGHTED_BY_METRIC", Weighting::WeightedByMetric), ("EQUAL_CHANCES", Weighting::EqualChances)];
    let weighting = fields.choice("raffleWeighting", &words)?.unwrap_or(Weighting::WeightedByMetric);
    Raffle::new(buckets, weighting).map_err(|problem| wrong(&fields.place(NAME), problem.found, &problem.expected))
}
