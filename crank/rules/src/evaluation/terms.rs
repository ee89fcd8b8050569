//! The terms of an epoch: everything that turns rows into amounts and is known before the epoch begins.

use serde::{Deserialize, Serialize};

use super::{Audience, Curve, Raffle, Row};
use crate::{formula::Formula, values::decimal::Decimal};

/// The most decimals a reward may have: one whole unit of it then still fits 64 bits of base units.
pub const MAX_DECIMALS: u8 = 18;

/// How rewards are shaped, by name.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A query measures the wallets and a formula rewards them.
    Leaderboard,
    /// Each wallet gets back a share of what the query measured.
    Rebate,
    /// Winners are drawn from the wallets that the query measured.
    Raffle,
    /// The rows are given with the campaign.
    Direct,
    /// Each conversion is rewarded by how many there were before it.
    Curve,
}

/// How rewards are shaped, with the parameters of the shape.
#[derive(Clone, Debug)]
pub enum Shape {
    /// `leaderboard`: a row's reward in display units.
    Leaderboard(Formula),
    /// `rebate`: a row's reward in display units, built from `rebatePercentage`.
    Rebate(Formula),
    /// `direct`: the reward for a given amount, in display units.
    Direct(Formula),
    /// `raffle`.
    Raffle(Raffle),
    /// `curve`.
    Curve(Curve),
}

impl Shape {
    /// The shape's name.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Leaderboard(_) => Kind::Leaderboard,
            Self::Rebate(_) => Kind::Rebate,
            Self::Direct(_) => Kind::Direct,
            Self::Raffle(_) => Kind::Raffle,
            Self::Curve(_) => Kind::Curve,
        }
    }

    /// The formula of a row's reward in display units, if the shape has one.
    #[must_use]
    pub const fn formula(&self) -> Option<&Formula> {
        match self {
            Self::Leaderboard(formula) | Self::Rebate(formula) | Self::Direct(formula) => Some(formula),
            Self::Raffle(_) | Self::Curve(_) => None,
        }
    }
}

/// The terms of one epoch.
#[derive(Clone, Debug)]
pub struct RewardTerms {
    /// How rewards are shaped.
    pub shape: Shape,
    /// Decimals of the reward: one display unit is `10^decimals` base units, at most `10^MAX_DECIMALS`.
    pub decimals: u8,
    /// The most that the epoch may pay in all, in base units.
    pub pool: u64,
    /// The most that it may pay to one wallet, in base units; `None` for no cap.
    pub max_per_participant: Option<u64>,
    /// Who may be rewarded.
    pub audience: Audience,
}

/// The pool of a direct campaign, in base units: the sum over its rows.
///
/// # Errors
/// The first row whose value is not above zero, has more than `decimals` decimals or no longer fits 64 bits of base
/// units.
pub fn sum_of_given(rows: &[Row], decimals: u8) -> Result<u64, &Row> {
    let amount = |value: &Decimal| value.to_base_units_exact(decimals).ok().filter(|amount| *amount > 0);
    rows.iter().try_fold(0_u64, |sum, row| amount(&row.value).and_then(|amount| sum.checked_add(amount)).ok_or(row))
}
