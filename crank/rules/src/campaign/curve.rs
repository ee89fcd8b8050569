//! `distributionFunction`: the reward of a conversion, as a function of the number of conversions before it.
//!
//! [`Curve::new`] checks which functions are valid; this module also refuses values that are probably mistakes.

use super::{
    CampaignError,
    fields::{self, Fields, wrong},
};
use crate::{
    evaluation::{Curve, CurveFunction, Tier, Trend},
    values::decimal::Decimal,
};

const NAME: &str = "distributionFunction";
/// How many steps there may be.
const MAX_TIERS: usize = 100;
/// A steeper curve than this is a mistake: its second conversion would get nothing.
const MAX_DEPTH: u64 = 100;
const FUNCTION: &str =
    "an object such as {\"type\": \"LINEAR\", \"yIntercept\": 100, \"slope\": 0.5, \"trend\": \"NEGATIVE\"}";
const ABOVE_ZERO: &str = "a number above 0";
const FROM_ZERO_ON: &str = "a number from 0 on";
const TIERS: &str = "steps such as [{\"input\": 0, \"output\": 50}, {\"input\": 100, \"output\": 20}]";

/// A function's name and its parameters, besides `type`.
#[derive(Clone, Copy)]
struct Function {
    shape: FunctionShape,
    parameters: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum FunctionShape {
    Constant,
    Linear,
    Step,
    Exponential,
}

const FUNCTIONS: [(&str, Function); 4] = [
    ("CONSTANT", Function { shape: FunctionShape::Constant, parameters: &["yIntercept"] }),
    ("LINEAR", Function { shape: FunctionShape::Linear, parameters: &["yIntercept", "slope", "trend"] }),
    ("STEP", Function { shape: FunctionShape::Step, parameters: &["tiers"] }),
    (
        "EXPONENTIAL",
        Function { shape: FunctionShape::Exponential, parameters: &["yIntercept", "curveDepth", "curveWidth"] },
    ),
];

/// The parameters of all functions, and `type`.
const PARAMETERS: [&str; 7] = ["type", "yIntercept", "slope", "trend", "tiers", "curveDepth", "curveWidth"];

/// Reads the function of a curve.
pub(super) fn read(fields: &Fields<'_>) -> Result<Curve, CampaignError> {
    let value = fields.required(NAME, FUNCTION, Some)?;
    let fields = Fields::of_object(&fields.place(NAME), value, &PARAMETERS, FUNCTION)?;
    let function = fields.required_choice("type", &FUNCTIONS)?;
    for name in PARAMETERS.iter().filter(|name| **name != "type" && !function.parameters.contains(name)) {
        fields.refuse(name, &format!("the parameters of this `type` are {}", function.parameters.join(", ")))?;
    }
    let curve = Curve::new(read_function(&fields, function.shape)?);
    curve.map_err(|problem| wrong(&fields.place(&problem.place), problem.found, &problem.expected))
}

fn read_function(fields: &Fields<'_>, shape: FunctionShape) -> Result<CurveFunction, CampaignError> {
    let number = |name, expected: &str| fields.required(name, expected, fields::number);
    let above_zero = |name| fields.required(name, ABOVE_ZERO, fields::positive_number);
    Ok(match shape {
        FunctionShape::Constant => CurveFunction::Constant { y_intercept: above_zero("yIntercept")? },
        FunctionShape::Linear => CurveFunction::Linear {
            y_intercept: fields.required("yIntercept", FROM_ZERO_ON, |value| {
                fields::number(value).filter(|intercept| !intercept.is_negative())
            })?,
            slope: number("slope", FROM_ZERO_ON)?,
            trend: fields.required_choice("trend", &[("POSITIVE", Trend::Positive), ("NEGATIVE", Trend::Negative)])?,
        },
        FunctionShape::Step => CurveFunction::Step { tiers: tiers(fields)? },
        FunctionShape::Exponential => CurveFunction::Exponential {
            y_intercept: above_zero("yIntercept")?,
            curve_depth: fields.required("curveDepth", &format!("{ABOVE_ZERO} and at most {MAX_DEPTH}"), |value| {
                fields::number(value).filter(|depth| *depth <= Decimal::from(MAX_DEPTH))
            })?,
            curve_width: number("curveWidth", ABOVE_ZERO)?,
        },
    })
}

fn tiers(fields: &Fields<'_>) -> Result<Vec<Tier>, CampaignError> {
    let mut tiers = Vec::new();
    for (place, value) in fields.required_elements("tiers", TIERS, MAX_TIERS)? {
        let tier = Fields::of_object(&place, value, &["input", "output"], "an object with `input` and `output`")?;
        tiers.push(Tier {
            input: tier.required("input", "the first index it applies to, a whole number", fields::whole_number)?,
            output: tier.required("output", "a reward, a number from 0 on", fields::number)?,
        });
    }
    Ok(tiers)
}
