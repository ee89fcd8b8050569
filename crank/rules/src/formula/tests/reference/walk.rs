//! The reference's walk over the tree of a formula: the same tree as the real one's, in rational numbers.

use super::{
    EvaluationCause, EvaluationError, Rational, Variables,
    arithmetic::{self, Outcome, shown},
    expression::{Choice, Comparison, Condition, Number, Step},
    names::{FunctionOfMany, FunctionOfOne, Variable},
    power, transcendental,
};

/// The value of a number.
pub(super) fn number(number: &Number, variables: &Variables) -> Result<Rational, EvaluationError> {
    match number {
        Number::Literal(value) => Ok(value.to_rational()),
        Number::Variable { variable, column } => {
            let value = value_of(*variable, variables);
            arithmetic::limited(value.clone())
                .map_err(failed(*column, || format!("{} = {}", variable.name(), shown(&value))))
        }
        Number::Negative(inner) => Ok(arithmetic::negative(self::number(inner, variables)?)),
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
fn holds(condition: &Condition, variables: &Variables) -> Result<bool, EvaluationError> {
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

/// The branch of the first tier whose condition holds.
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
fn advance(left: &Rational, step: &Step, variables: &Variables) -> Result<Rational, EvaluationError> {
    let right = number(&step.operand, variables)?;
    arithmetic::apply(step.operator, left, &right)
        .map_err(failed(step.column, || format!("{} {} {}", shown(left), step.operator.symbol(), shown(&right))))
}

fn value_of(variable: Variable, variables: &Variables) -> Rational {
    match variable {
        Variable::Value => variables.value.to_rational(),
        Variable::Rank => variables.rank.into(),
        Variable::Index => arithmetic::one_less(variables.rank),
        Variable::TotalParticipants => variables.total_participants.into(),
        Variable::TotalRewardPool => variables.total_reward_pool.to_rational(),
        Variable::TotalValue => variables.total_value.to_rational(),
    }
}

fn of_one(function: FunctionOfOne, value: &Rational) -> Outcome {
    match function {
        FunctionOfOne::SquareRoot => power::square_root(value),
        FunctionOfOne::Absolute => Ok(arithmetic::absolute(value)),
        FunctionOfOne::Floor => arithmetic::floor(value),
        FunctionOfOne::Ceiling => arithmetic::ceiling(value),
        FunctionOfOne::Round => arithmetic::nearest_whole(value),
        FunctionOfOne::Logarithm => transcendental::logarithm(value),
        FunctionOfOne::Exponential => transcendental::exponential(value),
    }
}

fn compares(comparison: Comparison, left: &Rational, right: &Rational) -> bool {
    match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => left < right,
        Comparison::LessOrEqual => left <= right,
        Comparison::Greater => left > right,
        Comparison::GreaterOrEqual => left >= right,
    }
}

/// Turns the cause of a failure into an error that shows the operation; the text is made only for an error.
fn failed(column: usize, operation: impl FnOnce() -> String) -> impl FnOnce(EvaluationCause) -> EvaluationError {
    move |cause| EvaluationError { column, operation: operation(), cause }
}
