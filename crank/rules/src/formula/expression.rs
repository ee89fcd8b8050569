//! A formula as a tree, in which only what has a type can be written: numbers and conditions are different enums.
//!
//! A chain of one precedence is one flat node, so a tree is never deeper than `Formula::MAX_DEPTH` allows and may
//! be evaluated, cloned and dropped by recursion. `parser` grows it, `evaluation` walks it.

use super::{
    Exact,
    names::{FunctionOfMany, FunctionOfOne, Variable},
};

/// Something that gives a number.
#[derive(Clone, Debug)]
pub(super) enum Number {
    Literal(Exact),
    Variable {
        variable: Variable,
        column: usize,
    },
    Negative(Box<Number>),
    /// Operators of one precedence, applied left to right.
    Chain {
        first: Box<Number>,
        steps: Vec<Step>,
    },
    OfOne {
        function: FunctionOfOne,
        argument: Box<Number>,
        column: usize,
    },
    OfMany {
        function: FunctionOfMany,
        first: Box<Number>,
        others: Vec<Number>,
    },
    Power {
        base: Box<Number>,
        exponent: Box<Number>,
        column: usize,
    },
    Choice(Choice<Number>),
}

/// Something that gives true or false.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    Comparison {
        comparison: Comparison,
        left: Box<Number>,
        right: Box<Number>,
    },
    /// Whether two conditions are both true or both false, or, where not `equal`, the contrary.
    Agreement {
        equal: bool,
        left: Box<Condition>,
        right: Box<Condition>,
    },
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Choice(Choice<Condition>),
}

/// A chain `condition ? branch : condition ? branch : otherwise`.
#[derive(Clone, Debug)]
pub(super) struct Choice<Branch> {
    pub(super) tiers: Vec<(Condition, Branch)>,
    pub(super) otherwise: Box<Branch>,
    /// Where each branch begins, that of `otherwise` last.
    pub(super) columns: Vec<usize>,
}

/// What a chain does next with the number it has.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) operator: Operator,
    pub(super) operand: Number,
    /// The column of the operator.
    pub(super) column: usize,
}

/// An operator between two numbers that gives a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
}

impl Operator {
    /// How the operator is written.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// An operator between two numbers that gives a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
