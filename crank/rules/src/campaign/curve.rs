//! `distributionFunction`: what a conversion is worth, as a function of how many there were before it.

use super::{
    CampaignError,
    fields::{self, Fields, wrong},
};
use crate::{
    evaluation::{Curve, Tier, Trend},
    values::decimal::Decimal,
};

const NAME: &str = "distributionFunction";
/// How many steps there may be.
const MOST_TIERS: usize = 100;
/// A steeper curve than this is a mistake: its second conversion would be worth nothing.
const MOST_DEPTH: u64 = 100;
const FUNCTION: &str =
    "an object such as {\"type\": \"LINEAR\", \"yIntercept\": 100, \"slope\": 0.5, \"trend\": \"NEGATIVE\"}";
const ABOVE_ZERO: &str = "a number above 0";
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
    let above_zero = |name| fields.required(name, ABOVE_ZERO, fields::positive_number);
    match function.shape {
        FunctionShape::Constant => Ok(Curve::Constant { y_intercept: above_zero("yIntercept")? }),
        FunctionShape::Linear => linear(&fields),
        FunctionShape::Step => tiers(&fields).map(|tiers| Curve::Step { tiers }),
        FunctionShape::Exponential => Ok(Curve::Exponential {
            y_intercept: above_zero("yIntercept")?,
            curve_depth: fields.required("curveDepth", &format!("{ABOVE_ZERO} and at most {MOST_DEPTH}"), |value| {
                fields::positive_number(value).filter(|depth| *depth <= Decimal::from(MOST_DEPTH))
            })?,
            curve_width: above_zero("curveWidth")?,
        }),
    }
}

fn linear(fields: &Fields<'_>) -> Result<Curve, CampaignError> {
    let not_negative =
        |name| fields.required(name, "a number from 0 on", |value| fields::number(value).filter(|n| !n.is_negative()));
    Ok(Curve::Linear {
        y_intercept: not_negative("yIntercept")?,
        slope: not_negative("slope")?,
        trend: fields.required_choice("trend", &[("POSITIVE", Trend::Positive), ("NEGATIVE", Trend::Negative)])?,
    })
}

fn tiers(fields: &Fields<'_>) -> Result<Vec<Tier>, CampaignError> {
    let mut tiers: Vec<Tier> = Vec::new();
    for (place, value) in fields.required_elements("tiers", TIERS, MOST_TIERS)? {
        let tier = Fields::of_object(&place, value, &["input", "output"], "an object with `input` and `output`")?;
        let input = tier.required("input", "the first index it applies to, a whole number", fields::whole_number)?;
        let output = tier.required("output", "a reward, a number from 0 on", |value| {
            fields::number(value).filter(|output| !output.is_negative())
        })?;
        if let Some(before) = tiers.last().filter(|before| before.input >= input) {
            let expected = format!("more than {}, the input of the tier before", before.input);
            return Err(wrong(&tier.place("input"), format!("the number {input}"), &expected));
        }
        tiers.push(Tier { input, output });
    }
    Ok(tiers)
}
