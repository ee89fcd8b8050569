//! Random formulas as trees: their text, and their results by exact arithmetic alone.
//!
//! Only operations with rational results; roots and logarithms have tests beside the formula language itself.

use std::fmt;

use dashu::base::{Abs, BitTest, Signed};
use dashu::integer::IBig;
use dashu::rational::RBig;

use crate::choices::Choices;

/// The variables of a formula.
pub(crate) const VARIABLES: [&str; 7] =
    ["VALUE", "N", "RANK", "INDEX", "TOTAL_PARTICIPANTS", "TOTAL_REWARD_POOL", "TOTAL_VALUE"];

/// A formula, or a part of one.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    Literal(u64, u32),
    Variable(usize),
    Negative(Box<Expression>),
    Operation(char, Box<[Expression; 2]>),
    Function(&'static str, Vec<Expression>),
    Power(Box<Expression>, i8),
    Choice(Box<Condition>, Box<[Expression; 2]>),
}

/// The condition that decides between two parts.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Comparison(&'static str, Box<[Expression; 2]>),
    Not(Box<Condition>),
    Both(&'static str, Box<[Condition; 2]>),
}

/// Why there is no result.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Failure {
    /// The operation has no result.
    NoResult,
    /// The exact result is so long that the formula language may round it.
    TooLongToTell,
}

impl Expression {
    /// A random formula, at most so deep.
    pub(crate) fn random(choices: &mut Choices<'_>, depth: u8) -> Self {
        let kinds = if depth == 0 { 2 } else { 9 };
        let part = |choices: &mut Choices<'_>| Self::random(choices, depth.saturating_sub(1));
        match choices.below(kinds) {
            0 => Self::Variable(usize::from(choices.below(7))),
            1 => {
                let length = *choices.one_of(&[1, 2]);
                Self::Literal(choices.number(length), u32::from(choices.below(4)))
            }
            2 => Self::Negative(Box::new(part(choices))),
            3..=5 => {
                let operator = *choices.one_of(&['*', '+', '-', '/', '%']);
                Self::Operation(operator, Box::new([part(choices), part(choices)]))
            }
            6 => match *choices.one_of(&["min", "max", "abs", "floor", "ceil", "round"]) {
                function @ ("min" | "max") => Self::Function(function, vec![part(choices), part(choices)]),
                function => Self::Function(function, vec![part(choices)]),
            },
            7 => Self::Power(Box::new(part(choices)), i8::try_from(choices.below(6)).unwrap() - 2),
            _ => {
                let condition = Condition::random(choices, depth.saturating_sub(1));
                Self::Choice(Box::new(condition), Box::new([part(choices), part(choices)]))
            }
        }
    }

    /// The result, where `variables` are the values of [`VARIABLES`].
    pub(crate) fn evaluate(&self, variables: &[RBig; 7]) -> Result<RBig, Failure> {
        match self {
            Self::Literal(mantissa, decimals) => Ok(RBig::from_parts((*mantissa).into(), 10_u64.pow(*decimals).into())),
            Self::Variable(index) => in_range(variables[*index].clone()),
            Self::Negative(part) => Ok(-part.evaluate(variables)?),
            Self::Operation(operator, parts) => {
                let (left, right) = (parts[0].evaluate(variables)?, parts[1].evaluate(variables)?);
                operation(*operator, left, right)
            }
            Self::Function(name, parts) => {
                let parts = parts.iter().map(|part| part.evaluate(variables)).collect::<Result<Vec<_>, _>>()?;
                function(name, &parts)
            }
            Self::Power(base, exponent) => power(&base.evaluate(variables)?, *exponent),
            Self::Choice(condition, parts) => {
                let is_true = condition.holds(variables)?;
                parts[usize::from(!is_true)].evaluate(variables)
            }
        }
    }
}

impl Condition {
    fn random(choices: &mut Choices<'_>, depth: u8) -> Self {
        let part = |choices: &mut Choices<'_>| Expression::random(choices, depth.saturating_sub(1));
        match choices.below(if depth == 0 { 3 } else { 5 }) {
            3 => Self::Not(Box::new(Self::random(choices, depth - 1))),
            4 => {
                let operator = *choices.one_of(&["&&", "||", "==", "!="]);
                Self::Both(operator, Box::new([Self::random(choices, depth - 1), Self::random(choices, depth - 1)]))
            }
            _ => {
                let operator = *choices.one_of(&["<", "<=", "==", "!=", ">=", ">"]);
                Self::Comparison(operator, Box::new([part(choices), part(choices)]))
            }
        }
    }

    fn holds(&self, variables: &[RBig; 7]) -> Result<bool, Failure> {
        match self {
            Self::Comparison(operator, parts) => {
                let (left, right) = (parts[0].evaluate(variables)?, parts[1].evaluate(variables)?);
                Ok(match *operator {
                    "<" => left < right,
                    "<=" => left <= right,
                    "==" => left == right,
                    "!=" => left != right,
                    ">=" => left >= right,
                    _ => left > right,
                })
            }
            Self::Not(inner) => Ok(!inner.holds(variables)?),
            Self::Both(operator, parts) => match (*operator, parts[0].holds(variables)?) {
                ("&&", false) => Ok(false),
                ("||", true) => Ok(true),
                ("&&" | "||", _) => parts[1].holds(variables),
                ("==", left) => Ok(left == parts[1].holds(variables)?),
                (_, left) => Ok(left != parts[1].holds(variables)?),
            },
        }
    }
}

fn operation(operator: char, left: RBig, right: RBig) -> Result<RBig, Failure> {
    if "/%".contains(operator) && right.is_zero() {
        return Err(Failure::NoResult);
    }
    in_range(match operator {
        '+' => left + right,
        '-' => left - right,
        '*' => left * right,
        '/' => left / right,
        _ => {
            let times = (&left / &right).trunc();
            left - right * times
        }
    })
}

fn function(name: &str, parts: &[RBig]) -> Result<RBig, Failure> {
    let first = parts[0].clone();
    match name {
        "min" => Ok(first.min(parts[1].clone())),
        "max" => Ok(first.max(parts[1].clone())),
        "abs" => Ok(first.abs()),
        "floor" => in_range(RBig::from(first.floor())),
        "ceil" => in_range(RBig::from(first.ceil())),
        _ => {
            let half = RBig::from_parts(1.into(), 2_u8.into());
            let away_from_zero = (first.clone().abs() + half).floor();
            in_range(RBig::from(if first.is_negative() { -away_from_zero } else { away_from_zero }))
        }
    }
}

fn power(base: &RBig, exponent: i8) -> Result<RBig, Failure> {
    if base.is_zero() && exponent < 0 {
        return Err(Failure::NoResult);
    }
    if length(base) * usize::from(exponent.unsigned_abs()) >= 4000 {
        return Err(Failure::TooLongToTell);
    }
    let power = (0..exponent.unsigned_abs()).fold(RBig::ONE, |product, _| product * base);
    in_range(if exponent < 0 { RBig::ONE / power } else { power })
}

/// Results are below 2^127 and have at most 4,096 bits above and below the line.
fn in_range(number: RBig) -> Result<RBig, Failure> {
    let limit = RBig::from(IBig::ONE << 127);
    if number.clone().abs() >= limit || length(&number) > 4096 { Err(Failure::NoResult) } else { Ok(number) }
}

fn length(number: &RBig) -> usize {
    number.numerator().bit_len().max(number.denominator().bit_len())
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(mantissa, decimals) => write!(formatter, "{mantissa}e-{decimals}"),
            Self::Variable(index) => formatter.write_str(VARIABLES[*index]),
            Self::Negative(part) => write!(formatter, "(-{part})"),
            Self::Operation(operator, parts) => write!(formatter, "({} {operator} {})", parts[0], parts[1]),
            Self::Function(name, parts) => {
                let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
                write!(formatter, "{name}({})", parts.join(", "))
            }
            Self::Power(base, exponent) => write!(formatter, "pow({base}, {exponent})"),
            Self::Choice(condition, parts) => write!(formatter, "({condition} ? {} : {})", parts[0], parts[1]),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comparison(operator, parts) => write!(formatter, "({} {operator} {})", parts[0], parts[1]),
            Self::Not(inner) => write!(formatter, "(!{inner})"),
            Self::Both(operator, parts) => write!(formatter, "({} {operator} {})", parts[0], parts[1]),
        }
    }
}
