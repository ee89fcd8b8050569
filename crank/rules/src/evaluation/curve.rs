//! A bonding curve: what a conversion is worth, by how many there were before it in the whole campaign.
//!
//! The functions and their parameters are those of Torque's `distributionFunction`; `x` is the conversion's index,
//! counted from 0 and on from epoch to epoch.

pub(super) mod reward;

use serde::{Deserialize, Serialize};

use crate::values::decimal::Decimal;

/// The reward of a conversion, in display units, as a function of its index `x`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "UPPERCASE", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Curve {
    /// `CONSTANT`: `yIntercept`.
    Constant {
        /// The reward.
        y_intercept: Decimal,
    },
    /// `LINEAR`: `yIntercept + slope * x`, or minus with the trend `NEGATIVE`.
    Linear {
        /// The reward of the first conversion.
        y_intercept: Decimal,
        /// What each conversion adds or takes away, at least 0.
        slope: Decimal,
        /// Which of the two.
        trend: Trend,
    },
    /// `STEP`: the output of the last tier whose input is at most `x`; before the first tier, nothing.
    Step {
        /// The tiers, their inputs rising.
        tiers: Vec<Tier>,
    },
    /// `EXPONENTIAL`: `yIntercept * (1 + x / curveWidth)^(-curveDepth)`.
    Exponential {
        /// The reward of the first conversion.
        y_intercept: Decimal,
        /// How steeply it falls, above 0.
        curve_depth: Decimal,
        /// How many conversions it takes to fall by `2^curveDepth`, above 0.
        curve_width: Decimal,
    },
}

/// Whether a line rises or falls.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Trend {
    /// It rises.
    Positive,
    /// It falls.
    Negative,
}

/// A step of a curve.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// The first index it applies to.
    pub input: u64,
    /// The reward from there on, in display units, at least 0.
    pub output: Decimal,
}

impl Curve {
    /// What is wrong with the parameters; none if every index has a reward.
    #[must_use]
    pub fn problem(&self) -> Option<&'static str> {
        let must = |is_right: bool, rule| (!is_right).then_some(rule);
        match self {
            Self::Constant { .. } => None,
            Self::Linear { slope, .. } => must(!slope.is_negative(), "`slope` must be at least 0: `trend` is its sign"),
            Self::Step { tiers } => must(!tiers.is_empty(), "`tiers` must have at least one")
                .or_else(|| must(tiers.is_sorted_by(|a, b| a.input < b.input), "the inputs of `tiers` must rise"))
                .or_else(|| must(!tiers.iter().any(|tier| tier.output.is_negative()), "an output must be at least 0")),
            Self::Exponential { curve_depth, curve_width, .. } => {
                must(*curve_depth > Decimal::ZERO, "`curveDepth` must be above 0")
                    .or_else(|| must(*curve_width > Decimal::ZERO, "`curveWidth` must be above 0"))
            }
        }
    }
}
