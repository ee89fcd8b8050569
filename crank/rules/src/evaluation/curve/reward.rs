//! The reward of the conversion with index `x`, in base units.

use std::ops::{Add, Mul};

use dashu::integer::IBig;

use super::{Curve, CurveFunction, Tier, Trend};
use crate::{
    evaluation::{EvaluationError, amount::base_units_rounded_down},
    formula::{Exact, Formula, Rational, Variables},
    values::decimal::Decimal,
};

/// A curve, prepared for computing many rewards.
#[derive(Debug)]
pub(in crate::evaluation) struct Rewards {
    function: Function,
    decimals: u8,
}

#[derive(Debug)]
enum Function {
    /// `intercept + slope * x`.
    Line { intercept: Rational, slope: Rational },
    /// The first index and the base units of each step.
    Steps(Vec<(u64, u64)>),
    /// `intercept` times a power that the formula language computes.
    Power { intercept: Rational, power: Formula },
}

impl Rewards {
    /// The rewards of a curve, in a reward with so many decimals.
    pub(in crate::evaluation) fn new(curve: &Curve, decimals: u8) -> Result<Self, EvaluationError> {
        let function = match curve.function() {
            CurveFunction::Constant { y_intercept } => {
                Function::Line { intercept: y_intercept.to_rational(), slope: Rational::ZERO }
            }
            CurveFunction::Linear { y_intercept, slope, trend } => {
                let sign = IBig::from(if *trend == Trend::Negative { -1 } else { 1 });
                Function::Line { intercept: y_intercept.to_rational(), slope: slope.to_rational().mul(sign) }
            }
            CurveFunction::Step { tiers } => Function::Steps(tiers.iter().map(|tier| step(tier, decimals)).collect()),
            CurveFunction::Exponential { y_intercept, curve_depth, curve_width } => {
                Function::Power { intercept: y_intercept.to_rational(), power: power(*curve_depth, *curve_width)? }
            }
        };
        Ok(Self { function, decimals })
    }

    /// The reward of the conversion with `index` others before it, in base units, rounded down; a negative one is 0.
    pub(in crate::evaluation) fn base_units(&self, index: u64) -> Result<u64, EvaluationError> {
        let reward = match &self.function {
            Function::Line { intercept, slope } => intercept.add(slope.mul(IBig::from(index))),
            Function::Steps(steps) => {
                let reached = steps.partition_point(|(input, _)| *input <= index);
                return Ok(steps.iter().take(reached).next_back().map_or(0, |(_, output)| *output));
            }
            Function::Power { intercept, power } => {
                let variables = Variables {
                    value: index.into(),
                    rank: 1,
                    total_participants: 0,
                    total_reward_pool: Exact::ZERO,
                    total_value: Exact::ZERO,
                };
                let power = power.evaluate(&variables);
                let power = power.map_err(|_| EvaluationError::Curve("its power has no result"))?;
                intercept.mul(power.to_rational())
            }
        };
        Ok(base_units_rounded_down(&reward, self.decimals))
    }
}

fn step(tier: &Tier, decimals: u8) -> (u64, u64) {
    (tier.input, base_units_rounded_down(&tier.output.to_rational(), decimals))
}

/// `(1 + x / width)^(-depth)`, written so that no part of it exceeds 1 or gets too long for a formula.
fn power(depth: Decimal, width: Decimal) -> Result<Formula, EvaluationError> {
    Formula::parse(&format!("pow({width} / ({width} + N), {depth})"))
        .map_err(|_| EvaluationError::Curve("its parameters are no numbers of a formula"))
}
