//! Facts about a formula that do not depend on measured rows: its names, numbers and branches, and its turning points.
//!
//! It makes no judgement: `formula_lints` does, and uses these facts to choose the rows that it tries.

use std::collections::BTreeSet;

use super::{
    Exact, Formula, Variables, evaluation,
    expression::{Choice, Condition, Number, Operator},
    names::{FunctionOfOne, Variable},
};

impl Formula {
    /// Whether the formula uses a variable.
    pub(crate) fn mentions(&self, wanted: Variable) -> bool {
        let mut found = false;
        each_number(&self.root, &mut |number| {
            found |= matches!(number, Number::Variable { variable, .. } if *variable == wanted);
        });
        found
    }

    /// The numbers that are written in the formula, in order.
    pub(crate) fn literals(&self) -> Vec<Exact> {
        let mut literals = Vec::new();
        each_number(&self.root, &mut |number| {
            if let Number::Literal(value) = number {
                literals.push(value.clone());
            }
        });
        literals
    }

    /// Where each branch of each conditional begins, in characters, the first of the text being 1.
    pub(crate) fn branches(&self) -> BTreeSet<usize> {
        let mut columns = BTreeSet::new();
        each_number(&self.root, &mut |number| {
            if let Number::Choice(choice) = number {
                columns.extend(&choice.columns);
            }
        });
        columns
    }

    /// Adds the branches that a row takes.
    pub(crate) fn take_branches(&self, variables: &Variables, taken: &mut BTreeSet<usize>) {
        take_branches(&self.root, variables, taken);
    }

    /// The differences that matter when they become zero, each at two rows: divisors, the difference of a comparison's
    /// sides, arguments of roots and logarithms. One without a value at one of the rows is left out.
    pub(crate) fn distances(&self, first: &Variables, second: &Variables) -> Vec<(Exact, Exact)> {
        let mut pairs = Vec::new();
        each_turn(&self.root, &mut |left, right| {
            let at = |variables| distance(left, right, variables);
            pairs.extend(at(first).zip(at(second)));
        });
        pairs
    }
}

impl Exact {
    /// The place where the line through two points is zero; `None` if it is level.
    pub(crate) fn zero_of_line(first: (u64, &Self), second: (u64, &Self)) -> Option<Self> {
        let rise = Self::combined(Operator::Minus, second.1, first.1);
        if rise.is_zero() {
            return None;
        }
        let (start, end) = (Self::from(first.0), Self::from(second.0));
        let run = Self::combined(Operator::Minus, &end, &start);
        let back = Self::combined(Operator::Divide, &Self::combined(Operator::Times, first.1, &run), &rise);
        Some(Self::combined(Operator::Minus, &start, &back))
    }
}

/// How far the left side is above the right one, or above zero if there is no right side.
fn distance(left: &Number, right: Option<&Number>, variables: &Variables) -> Option<Exact> {
    let left = evaluation::number(left, variables).ok()?;
    let Some(right) = right else { return Some(left) };
    let right = evaluation::number(right, variables).ok()?;
    Some(Exact::combined(Operator::Minus, &left, &right))
}

/// Calls `visit` with a number and every number inside it.
fn each_number<'tree>(number: &'tree Number, visit: &mut dyn FnMut(&'tree Number)) {
    visit(number);
    match number {
        Number::Literal(_) | Number::Variable { .. } => {}
        Number::Negative(inner) | Number::OfOne { argument: inner, .. } => each_number(inner, visit),
        Number::Chain { first, steps } => {
            each_number(first, visit);
            steps.iter().for_each(|step| each_number(&step.operand, visit));
        }
        Number::OfMany { first, others, .. } => {
            each_number(first, visit);
            others.iter().for_each(|other| each_number(other, visit));
        }
        Number::Power { base, exponent, .. } => {
            each_number(base, visit);
            each_number(exponent, visit);
        }
        Number::Choice(Choice { tiers, otherwise, .. }) => {
            for (condition, branch) in tiers {
                each_comparison(condition, &mut |left, right| {
                    each_number(left, visit);
                    each_number(right, visit);
                });
                each_number(branch, visit);
            }
            each_number(otherwise, visit);
        }
    }
}

/// Calls `visit` with the sides of every comparison in a condition.
fn each_comparison<'tree>(condition: &'tree Condition, visit: &mut dyn FnMut(&'tree Number, &'tree Number)) {
    match condition {
        Condition::Comparison { left, right, .. } => visit(left, right),
        Condition::Agreement { left, right, .. } => {
            each_comparison(left, visit);
            each_comparison(right, visit);
        }
        Condition::Not(inner) => each_comparison(inner, visit),
        Condition::All(conditions) | Condition::Any(conditions) => {
            conditions.iter().for_each(|inner| each_comparison(inner, visit));
        }
        Condition::Choice(Choice { tiers, otherwise, .. }) => {
            for (inner, branch) in tiers {
                each_comparison(inner, visit);
                each_comparison(branch, visit);
            }
            each_comparison(otherwise, visit);
        }
    }
}

/// Calls `visit` with every number that matters when it is zero, and with every pair that matters when it is equal.
fn each_turn<'tree>(number: &'tree Number, visit: &mut dyn FnMut(&'tree Number, Option<&'tree Number>)) {
    each_number(number, &mut |number| match number {
        Number::Chain { steps, .. } => {
            let divides = |operator| matches!(operator, Operator::Divide | Operator::Remainder);
            steps.iter().filter(|step| divides(step.operator)).for_each(|step| visit(&step.operand, None));
        }
        Number::OfOne { function: FunctionOfOne::SquareRoot | FunctionOfOne::Logarithm, argument, .. } => {
            visit(argument, None);
        }
        Number::Power { base, .. } => visit(base, None),
        Number::Choice(Choice { tiers, .. }) => {
            for (condition, _) in tiers {
                each_comparison(condition, &mut |left, right| visit(left, Some(right)));
            }
        }
        _ => {}
    });
}

/// Adds the branches that the evaluation of a number takes, as far as it gets.
fn take_branches(number: &Number, variables: &Variables, taken: &mut BTreeSet<usize>) {
    match number {
        Number::Literal(_) | Number::Variable { .. } => {}
        Number::Negative(inner) | Number::OfOne { argument: inner, .. } => take_branches(inner, variables, taken),
        Number::Chain { first, steps } => {
            take_branches(first, variables, taken);
            steps.iter().for_each(|step| take_branches(&step.operand, variables, taken));
        }
        Number::OfMany { first, others, .. } => {
            take_branches(first, variables, taken);
            others.iter().for_each(|other| take_branches(other, variables, taken));
        }
        Number::Power { base, exponent, .. } => {
            take_branches(base, variables, taken);
            take_branches(exponent, variables, taken);
        }
        Number::Choice(choice) => take_branch(choice, variables, taken),
    }
}

/// Adds the branch that a conditional takes, those inside that branch, and those inside the conditions before it.
fn take_branch(choice: &Choice<Number>, variables: &Variables, taken: &mut BTreeSet<usize>) {
    for ((condition, branch), column) in choice.tiers.iter().zip(&choice.columns) {
        each_comparison(condition, &mut |left, right| {
            take_branches(left, variables, taken);
            take_branches(right, variables, taken);
        });
        match evaluation::holds(condition, variables) {
            Ok(false) => {}
            Err(_) => return,
            Ok(true) => {
                taken.insert(*column);
                return take_branches(branch, variables, taken);
            }
        }
    }
    taken.extend(choice.columns.last());
    take_branches(&choice.otherwise, variables, taken);
}
