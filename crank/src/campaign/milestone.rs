//! A community milestone: nothing is paid before all wallets together have reached a target.

use crate::decimal::Decimal;

/// `milestone`: the campaign pays only in epochs by whose end the target is reached.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Milestone {
    /// `target`: the sum of all measured values since the campaign's start, above 0.
    pub target: Decimal,
}
