//! The names a formula may use, and the known name that an unknown one resembles.
//!
//! What the functions compute is in `evaluation`; where a name may stand is in `parser`.

use crate::wording::near_names;

/// The variables, as an error lists them.
pub(super) const VARIABLE_NAMES: [&str; 7] =
    ["N", "VALUE", "RANK", "INDEX", "TOTAL_PARTICIPANTS", "TOTAL_REWARD_POOL", "TOTAL_VALUE"];

/// The functions, as an error lists them.
pub(super) const FUNCTION_NAMES: [&str; 10] =
    ["sqrt", "pow", "abs", "floor", "ceil", "round", "min", "max", "log", "exp"];

/// A value that the row or the epoch gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variable {
    Value,
    Rank,
    Index,
    TotalParticipants,
    TotalRewardPool,
    TotalValue,
}

impl Variable {
    /// The variable of this name; `N` and `VALUE` are the same one.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "N" | "VALUE" => Self::Value,
            "RANK" => Self::Rank,
            "INDEX" => Self::Index,
            "TOTAL_PARTICIPANTS" => Self::TotalParticipants,
            "TOTAL_REWARD_POOL" => Self::TotalRewardPool,
            "TOTAL_VALUE" => Self::TotalValue,
            _ => return None,
        })
    }

    /// The name that an error shows.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Value => "VALUE",
            Self::Rank => "RANK",
            Self::Index => "INDEX",
            Self::TotalParticipants => "TOTAL_PARTICIPANTS",
            Self::TotalRewardPool => "TOTAL_REWARD_POOL",
            Self::TotalValue => "TOTAL_VALUE",
        }
    }
}

/// A function by the arguments it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    OfOne(FunctionOfOne),
    Power,
    OfMany(FunctionOfMany),
}

/// A function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FunctionOfOne {
    SquareRoot,
    Absolute,
    Floor,
    Ceiling,
    Round,
    Logarithm,
    Exponential,
}

/// A function of two or more numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FunctionOfMany {
    Minimum,
    Maximum,
}

impl Function {
    /// The function of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "sqrt" => Self::OfOne(FunctionOfOne::SquareRoot),
            "abs" => Self::OfOne(FunctionOfOne::Absolute),
            "floor" => Self::OfOne(FunctionOfOne::Floor),
            "ceil" => Self::OfOne(FunctionOfOne::Ceiling),
            "round" => Self::OfOne(FunctionOfOne::Round),
            "log" => Self::OfOne(FunctionOfOne::Logarithm),
            "exp" => Self::OfOne(FunctionOfOne::Exponential),
            "pow" => Self::Power,
            "min" => Self::OfMany(FunctionOfMany::Minimum),
            "max" => Self::OfMany(FunctionOfMany::Maximum),
            _ => return None,
        })
    }

    /// The name that an error shows.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::OfOne(function) => function.name(),
            Self::Power => "pow",
            Self::OfMany(FunctionOfMany::Minimum) => "min",
            Self::OfMany(FunctionOfMany::Maximum) => "max",
        }
    }

    /// How many arguments the function takes, in words.
    pub(super) fn takes(self) -> &'static str {
        match self {
            Self::OfOne(_) => "one argument",
            Self::Power => "two arguments, the base and the exponent,",
            Self::OfMany(_) => "two or more arguments",
        }
    }
}

impl FunctionOfOne {
    /// The name that an error shows.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SquareRoot => "sqrt",
            Self::Absolute => "abs",
            Self::Floor => "floor",
            Self::Ceiling => "ceil",
            Self::Round => "round",
            Self::Logarithm => "log",
            Self::Exponential => "exp",
        }
    }
}

/// The known name that an unknown one probably stands for.
pub(super) fn nearest(unknown: &str) -> Option<&'static str> {
    near_names::nearest(unknown, VARIABLE_NAMES.into_iter().chain(FUNCTION_NAMES))
}
