//! What can be wrong with a formula: when it is read (`FormulaError`) and when it is evaluated (`EvaluationError`).
//!
//! Both name the column. Neither knows the row: the caller adds it.

use thiserror::Error;

use super::{
    Formula,
    names::{FUNCTION_NAMES, VARIABLE_NAMES},
};
use crate::wording::shown;

/// A text that is not a formula: where, what was found there, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("column {column}: {problem}")]
pub struct FormulaError {
    /// The first character that is wrong; the first of the text is 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: FormulaProblem,
}

/// What is wrong with the text of a formula.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormulaProblem {
    /// The text is only white space.
    #[error("the formula is empty; `N` pays each row its value")]
    Empty,
    /// The text is longer than a formula may be.
    #[error("the formula has {0} characters and may have at most {max}", max = Formula::MAX_CHARACTERS)]
    TooLong(usize),
    /// Parentheses, calls, signs or conditional branches enclose one another too often.
    #[error("more than {max} parentheses, calls, signs or branches inside one another", max = Formula::MAX_DEPTH)]
    TooDeep,
    /// A character that no formula contains.
    #[error("`{}` has no meaning in a formula; it is made of numbers, names, operators and parentheses", shown(&.0.to_string()))]
    UnknownCharacter(char),
    /// An operator of another language.
    #[error("`{found}` is not an operator; write `{instead}`")]
    UnknownOperator {
        /// What was written.
        found: &'static str,
        /// The operator of this language with the same meaning.
        instead: &'static str,
    },
    /// A decimal literal that is cut short or runs into what follows.
    #[error("`{0}` is not a number; write digits, a point if need be and more digits, then an operator")]
    MalformedNumber(String),
    /// A decimal literal that no operation could result in.
    #[error("`{0}` is out of range: numbers are below 2^127 and have at most 1,200 digits")]
    NumberOutOfRange(String),
    /// A name that is neither a variable nor a function.
    #[error(
        "unknown name `{found}`{}; the variables are {variables}, the functions {functions}",
        nearest.map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default(),
        variables = VARIABLE_NAMES.join(" "),
        functions = FUNCTION_NAMES.join(" ")
    )]
    UnknownName {
        /// The name that was written.
        found: String,
        /// The known name it resembles.
        nearest: Option<&'static str>,
    },
    /// A variable is followed by a parenthesis.
    #[error("`{0}` is a variable and takes no arguments; write `{0} * (...)` to multiply")]
    VariableCalled(String),
    /// A function is not followed by its arguments.
    #[error("`{0}` is a function; write its arguments in parentheses, as in `{0}(N)`")]
    FunctionWithoutArguments(&'static str),
    /// A function has too few or too many arguments.
    #[error("`{function}` takes {takes} and has {found}")]
    WrongArgumentCount {
        /// The function's name.
        function: &'static str,
        /// The number of arguments it takes, in words.
        takes: &'static str,
        /// How many were written.
        found: usize,
    },
    /// Something else is needed here.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What would be right.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// A condition stands where a number should.
    #[error("{0} must be a number and this is a condition; `condition ? 1 : 0` makes it one")]
    NumberNeeded(String),
    /// A number stands where a condition should.
    #[error("{0} must be a condition and this is a number; compare it, as in `N > 0`")]
    ConditionNeeded(String),
    /// The result of a comparison is compared again.
    #[error("`{0}` follows another comparison; comparisons do not chain, join them with `&&` or use parentheses")]
    ChainedComparison(&'static str),
}

/// An operation without a result: which, where, and why.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("column {column}: `{operation}`: {cause}")]
pub struct EvaluationError {
    /// The column of the operator or the name in the formula; the first character is 1.
    pub column: usize,
    /// The operation with the values it was given; three points mark where a long one was cut.
    pub operation: String,
    /// Why it has no result.
    pub cause: EvaluationCause,
}

/// Why an operation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EvaluationCause {
    /// `/` or `%` by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// `log` of zero or of a negative number.
    #[error("the logarithm is defined above zero only")]
    LogOfNonPositive,
    /// `sqrt`, or `pow` with 0.5, of a negative number.
    #[error("the square root of a negative number is undefined")]
    SquareRootOfNegative,
    /// `pow` of a negative number with an exponent that is not whole.
    #[error("a negative number has whole-number powers only")]
    PowerOfNegative,
    /// `pow` of zero with a negative exponent.
    #[error("zero has no negative powers")]
    PowerOfZero,
    /// The result is 2^127 or more, or -2^127 or less.
    #[error("the result is past 2^127")]
    TooLarge,
    /// The exact result's numerator or denominator has more than 4,096 bits.
    #[error("the exact result needs more than 4,096 bits; round an operand first")]
    TooManyDigits,
}
