//! The type check. An operand is a piece of a formula that is either a number or a condition.
//!
//! `parser` makes operands and asks each for the type that its place needs; a wrong type is refused with its column.

use super::{
    FormulaError, FormulaProblem,
    expression::{Choice, Condition, Number},
};

/// A number or a condition, and where it begins.
pub(super) struct Operand {
    pub(super) expression: Expression,
    pub(super) column: usize,
}

/// The expression of an operand.
pub(super) enum Expression {
    Number(Number),
    Condition(Condition),
}

impl Expression {
    /// The expression as an operand that begins at a column.
    pub(super) fn at(self, column: usize) -> Operand {
        Operand { expression: self, column }
    }
}

impl Operand {
    /// The operand as a number; `place` says for the error where a number is needed.
    pub(super) fn number(self, place: impl Into<String>) -> Result<Number, FormulaError> {
        match self.expression {
            Expression::Number(number) => Ok(number),
            Expression::Condition(_) => {
                Err(FormulaError { column: self.column, problem: FormulaProblem::NumberNeeded(place.into()) })
            }
        }
    }

    /// The operand as a condition; `place` says for the error where a condition is needed.
    pub(super) fn condition(self, place: impl Into<String>) -> Result<Condition, FormulaError> {
        match self.expression {
            Expression::Condition(condition) => Ok(condition),
            Expression::Number(_) => {
                Err(FormulaError { column: self.column, problem: FormulaProblem::ConditionNeeded(place.into()) })
            }
        }
    }
}

/// Joins the tiers of a conditional to one operand; every branch must have the type of the first.
pub(super) fn choice(tiers: Vec<(Condition, Operand)>, otherwise: Operand) -> Result<Expression, FormulaError> {
    let first = tiers.first().map(|(_, branch)| &branch.expression);
    Ok(if matches!(first, Some(Expression::Condition(_))) {
        let convert = |branch: Operand| branch.condition("each branch, like the first,");
        Expression::Condition(Condition::Choice(converted(tiers, otherwise, convert)?))
    } else {
        let convert = |branch: Operand| branch.number("each branch, like the first,");
        Expression::Number(Number::Choice(converted(tiers, otherwise, convert)?))
    })
}

/// The same tiers with branches of one type.
fn converted<Branch>(
    tiers: Vec<(Condition, Operand)>,
    otherwise: Operand,
    convert: fn(Operand) -> Result<Branch, FormulaError>,
) -> Result<Choice<Branch>, FormulaError> {
    let columns = tiers.iter().map(|(_, branch)| branch.column).chain([otherwise.column]).collect();
    let tiers = tiers.into_iter().map(|(condition, branch)| Ok((condition, convert(branch)?)));
    Ok(Choice { tiers: tiers.collect::<Result<_, _>>()?, otherwise: Box::new(convert(otherwise)?), columns })
}
