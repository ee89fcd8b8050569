//! A bonding curve: the reward of a conversion by the number of conversions before it in the whole campaign.
//!
//! The functions and their parameters are those of Torque's `distributionFunction`; `x` is the conversion's index,
//! counted from 0 through all epochs.

pub(super) mod reward;

use serde::{Deserialize, Serialize};

use crate::values::decimal::Decimal;

/// A function that has a reward for every index.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "CurveFunction", into = "CurveFunction")]
pub struct Curve(CurveFunction);

/// The reward of a conversion, in display units, as a function of its index `x`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "UPPERCASE", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum CurveFunction {
    /// `CONSTANT`: `yIntercept`.
    Constant {
        /// The reward.
        y_intercept: Decimal,
    },
    /// `LINEAR`: `yIntercept + slope * x`, or minus with the trend `NEGATIVE`.
    Linear {
        /// The reward of the first conversion.
        y_intercept: Decimal,
        /// How much the reward rises or falls with each conversion, at least 0.
        slope: Decimal,
        /// Whether it rises or falls.
        trend: Trend,
    },
    /// `STEP`: the output of the last tier whose input is at most `x`; before the first tier, nothing.
    Step {
        /// The tiers, in the order of their inputs, which must rise.
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

/// A parameter of a curve that is not valid.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{place}`: found {found}, expected {expected}")]
pub struct CurveProblem {
    /// The parameter, as a campaign's file names it, such as `tiers[1].input`.
    pub place: String,
    /// Its value.
    pub found: String,
    /// What would be right.
    pub expected: String,
}

impl Curve {
    /// A curve, after its parameters are checked.
    ///
    /// # Errors
    /// The first parameter that is not valid.
    pub fn new(function: CurveFunction) -> Result<Self, CurveProblem> {
        match &function {
            CurveFunction::Constant { .. } => {}
            CurveFunction::Linear { slope, .. } => check("slope", *slope, !slope.is_negative(), "a number from 0 on")?,
            CurveFunction::Step { tiers } => check_tiers(tiers)?,
            CurveFunction::Exponential { curve_depth, curve_width, .. } => {
                check("curveDepth", *curve_depth, *curve_depth > Decimal::ZERO, "a number above 0")?;
                check("curveWidth", *curve_width, *curve_width > Decimal::ZERO, "a number above 0")?;
            }
        }
        Ok(Self(function))
    }

    /// The curve's function.
    #[must_use]
    pub const fn function(&self) -> &CurveFunction {
        &self.0
    }
}

impl TryFrom<CurveFunction> for Curve {
    type Error = CurveProblem;

    fn try_from(function: CurveFunction) -> Result<Self, Self::Error> {
        Self::new(function)
    }
}

impl From<Curve> for CurveFunction {
    fn from(curve: Curve) -> Self {
        curve.0
    }
}

/// Refuses an empty list of tiers, inputs that do not rise and outputs below zero.
fn check_tiers(tiers: &[Tier]) -> Result<(), CurveProblem> {
    if tiers.is_empty() {
        let (found, expected) = ("a list of 0".to_owned(), "at least one of them".to_owned());
        return Err(CurveProblem { place: "tiers".to_owned(), found, expected });
    }
    let mut before: Option<u64> = None;
    for (index, Tier { input, output }) in tiers.iter().enumerate() {
        check(&format!("tiers[{index}].output"), *output, !output.is_negative(), "a reward, a number from 0 on")?;
        if let Some(before) = before.filter(|before| before >= input) {
            let expected = format!("more than {before}, the input of the tier before");
            check(&format!("tiers[{index}].input"), *input, false, &expected)?;
        }
        before = Some(*input);
    }
    Ok(())
}

fn check(place: &str, found: impl std::fmt::Display, is_right: bool, expected: &str) -> Result<(), CurveProblem> {
    if is_right {
        return Ok(());
    }
    Err(CurveProblem { place: place.to_owned(), found: format!("the number {found}"), expected: expected.to_owned() })
}
