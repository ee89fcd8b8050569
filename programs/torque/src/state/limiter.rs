//! How fast money may leave a distributor, whoever asks and whatever proves it.

use anchor_lang::prelude::*;

/// Two buckets that payments drain and time refills: one of the distributor, one of each epoch.
#[derive(AnchorDeserialize, AnchorSerialize, Clone, Copy, Debug, Default, Eq, InitSpace, PartialEq)]
pub struct Limiter {
    /// Seconds in which an empty bucket is full again.
    pub window: u32,
    /// What the distributor's bucket holds, in base units.
    pub absolute: u64,
    /// What an epoch's bucket holds, in basis points of the epoch's total.
    pub epoch_basis_points: u16,
    /// What is missing in the distributor's bucket.
    pub drained: u64,
    /// Unix seconds at which that was so.
    pub drained_at: i64,
}
