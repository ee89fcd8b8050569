//! A formula as a typed tree: numbers and conditions are different enums, so a tree never has a type error.
//!
//! A chain of operators of one precedence is one flat node, so a tree is never deeper than `Formula::MAX_DEPTH` allows
//! and can be evaluated, cloned and dropped by recursion. `parser` builds it, `evaluation` walks it.

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
    /// Whether two conditions agree, or if not `equal`, whether they differ.
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

/// The next operation of a chain.
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
