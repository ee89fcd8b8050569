//! Walks the tree of a formula with the values of one row.
//!
//! Only the needed parts are evaluated: one branch of a conditional, and the sides of `&&` and `||` until one decides.
//! `arithmetic` keeps the limits of results; this module adds the place and the operands to an error.

use super::{
    EvaluationCause, EvaluationError, Exact, Variables,
    arithmetic::{self, Outcome, shown},
    expression::{Choice, Comparison, Condition, Number, Step},
    names::{FunctionOfMany, FunctionOfOne, Variable},
    power, transcendental,
};

/// The value of a number.
pub(super) fn number(number: &Number, variables: &Variables) -> Result<Exact, EvaluationError> {
    match number {
        Number::Literal(value) => Ok(value.clone()),
        Number::Variable { variable, column } => {
            let value = value_of(*variable, variables);
            arithmetic::limited(value).map_err(failed(*column, || {
                format!("{} = {}", variable.name(), shown(&value_of(*variable, variables)))
            }))
        }
        Number::Negative(inner) => Ok(self::number(inner, variables)?.negated()),
        Number::Chain { first, steps } => {
            steps.iter().try_fold(self::number(first, variables)?, |left, step| advance(&left, step, variables))
        }
        Number::OfOne { function, argument, column } => {
            let value = self::number(argument, variables)?;
            of_one(*function, &value).map_err(failed(*column, || format!("{}({})", function.name(), shown(&value))))
        }
        Number::OfMany { function, first, others } => {
            others.iter().try_fold(self::number(first, variables)?, |best, other| {
                let other = self::number(other, variables)?;
                Ok(match function {
                    FunctionOfMany::Minimum => best.min(other),
                    FunctionOfMany::Maximum => best.max(other),
                })
            })
        }
        Number::Power { base, exponent, column } => {
            let (base, exponent) = (self::number(base, variables)?, self::number(exponent, variables)?);
            power::power(&base, &exponent)
                .map_err(failed(*column, || format!("pow({}, {})", shown(&base), shown(&exponent))))
        }
        Number::Choice(choice) => self::number(chosen(choice, variables)?, variables),
    }
}

/// Whether a condition holds.
pub(super) fn holds(condition: &Condition, variables: &Variables) -> Result<bool, EvaluationError> {
    match condition {
        Condition::Comparison { comparison, left, right } => {
            let (left, right) = (number(left, variables)?, number(right, variables)?);
            Ok(compares(*comparison, &left, &right))
        }
        Condition::Agreement { equal, left, right } => {
            Ok((holds(left, variables)? == holds(right, variables)?) == *equal)
        }
        Condition::Not(inner) => Ok(!holds(inner, variables)?),
        Condition::All(conditions) => any(conditions, false, variables).map(|found| !found),
        Condition::Any(conditions) => any(conditions, true, variables),
        Condition::Choice(choice) => holds(chosen(choice, variables)?, variables),
    }
}

/// Whether one of the conditions is `wanted`; those after the first such one are not evaluated.
fn any(conditions: &[Condition], wanted: bool, variables: &Variables) -> Result<bool, EvaluationError> {
    for condition in conditions {
        if holds(condition, variables)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The branch of the first tier whose condition holds, or the last branch.
fn chosen<'tree, Branch>(
    choice: &'tree Choice<Branch>,
    variables: &Variables,
) -> Result<&'tree Branch, EvaluationError> {
    for (condition, branch) in &choice.tiers {
        if holds(condition, variables)? {
            return Ok(branch);
        }
    }
    Ok(&choice.otherwise)
}

/// One step of a chain.
fn advance(left: &Exact, step: &Step, variables: &Variables) -> Result<Exact, EvaluationError> {
    let right = number(&step.operand, variables)?;
    arithmetic::apply(step.operator, left, &right)
        .map_err(failed(step.column, || format!("{} {} {}", shown(left), step.operator.symbol(), shown(&right))))
}

fn value_of(variable: Variable, variables: &Variables) -> Exact {
    match variable {
        Variable::Value => variables.value.clone(),
        Variable::Rank => variables.rank.into(),
        Variable::Index => index(variables.rank),
        Variable::TotalParticipants => variables.total_participants.into(),
        Variable::TotalRewardPool => variables.total_reward_pool.clone(),
        Variable::TotalValue => variables.total_value.clone(),
    }
}

/// A rank minus one. For rank 0, which no row has, it is -1.
fn index(rank: u64) -> Exact {
    rank.checked_sub(1).map_or_else(|| Exact::from(1_u64).negated(), Exact::from)
}

fn of_one(function: FunctionOfOne, value: &Exact) -> Outcome {
    match function {
        FunctionOfOne::SquareRoot => power::square_root(value),
        FunctionOfOne::Absolute => Ok(value.clone().absolute()),
        FunctionOfOne::Floor => arithmetic::limited(value.floor()),
        FunctionOfOne::Ceiling => arithmetic::limited(value.ceiling()),
        FunctionOfOne::Round => arithmetic::limited(value.nearest_whole()),
        FunctionOfOne::Logarithm => transcendental::logarithm(&value.to_rational()),
        FunctionOfOne::Exponential => transcendental::exponential(&value.to_rational()),
    }
}

fn compares(comparison: Comparison, left: &Exact, right: &Exact) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    }
}

/// Turns a cause into an error that shows the operation. The text is made only if there is an error.
fn failed(column: usize, operation: impl FnOnce() -> String) -> impl FnOnce(EvaluationCause) -> EvaluationError {
    move |cause| EvaluationError { column, operation: operation(), cause }
}
