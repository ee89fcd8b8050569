//! A measured row and the order of ranks.

use rayon::prelude::*;
use solana_pubkey::Pubkey;

use crate::decimal::Decimal;

/// What was measured, or given, for one wallet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Row {
    /// The wallet.
    pub address: Pubkey,
    /// The measured value, or for a direct campaign the given amount, in display units.
    pub value: Decimal,
}

/// Sorts by value, the largest first, and equal values by the 32 bytes of the address, the smallest first.
pub fn sort_by_rank(rows: &mut [Row]) {
    rows.par_sort_unstable_by(|left, right| {
        right.value.cmp(&left.value).then_with(|| left.address.as_ref().cmp(right.address.as_ref()))
    });
}

/// An address that stands in more than one row.
pub(super) fn repeated_address(rows: &[Row]) -> Option<Pubkey> {
    let mut addresses: Vec<&Pubkey> = rows.iter().map(|row| &row.address).collect();
    addresses.par_sort_unstable();
    addresses.windows(2).find_map(|pair| match pair {
        [left, right] if left == right => Some(**left),
        _ => None,
    })
}
