//! `+ - * / %` where a result may be a fault: of wide decimals, and of fractions.

use std::result::Result as Outcome;

use datafusion::arrow::array::{Array, ArrayRef};
use datafusion::arrow::datatypes::{DataType, i256};
use datafusion::common::{Result, exec_err, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::number_type::UNKNOWN;
use super::read::{by_rows, fraction_column, wide_column};
use super::{Fault, Fraction, NumberType, Numbers, fitting, name, read_wide, scaled};

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::engine) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
    Remainder,
}

impl Operator {
    const fn name(self) -> &'static str {
        match self {
            Self::Plus => "plus",
            Self::Minus => "minus",
            Self::Times => "times",
            Self::Over => "over",
            Self::Remainder => "remainder",
        }
    }

    const fn symbol(self) -> char {
        match self {
            Self::Plus => '+',
            Self::Minus => '-',
            Self::Times => '*',
            Self::Over => '/',
            Self::Remainder => '%',
        }
    }

    /// The result for decimals that are already at the scale that the operation needs.
    pub(in crate::engine) fn of_decimals(self, left: i256, right: i256) -> Outcome<i256, Fault> {
        match self {
            Self::Plus => fitting(left.checked_add(right)),
            Self::Minus => fitting(left.checked_sub(right)),
            Self::Times => fitting(left.checked_mul(right)),
            Self::Over | Self::Remainder if right == i256::ZERO => Err(Fault::DivisionByZero),
            Self::Over => fitting(left.checked_div(right)),
            Self::Remainder => {
                // Nearly all numbers fit 128 bits, which is much quicker.
                let short = left.to_i128().zip(right.to_i128()).and_then(|(left, right)| left.checked_rem(right));
                fitting(short.map(i256::from_i128).or_else(|| left.checked_rem(right)))
            }
        }
    }

    fn of_fractions(self, left: &Fraction, right: &Fraction) -> Outcome<Fraction, Fault> {
        match self {
            Self::Plus => Ok(left.plus(right)),
            Self::Minus => Ok(left.minus(right)),
            Self::Times => Ok(left.times(right)),
            Self::Over => left.over(right),
            Self::Remainder => left.remainder(right),
        }
    }
}

/// An operation on 256-bit decimals or fractions that gives a wide decimal or a fraction.
pub(in crate::engine) fn operate(operator: Operator, result: NumberType, left: Expr, right: Expr) -> Expr {
    ScalarUDF::new_from_impl(Operate::new(operator, Some(result))).call(vec![left, right])
}

/// An operation whose numbers are not known yet; `total_arithmetic` replaces it.
pub(in crate::engine) fn placeholder(operator: Operator, left: Expr, right: Expr) -> Expr {
    ScalarUDF::new_from_impl(Operate::new(operator, None)).call(vec![left, right])
}

/// The operator that a placeholder stands for.
pub(in crate::engine) fn placeholder_operator(function: &ScalarUDF) -> Option<Operator> {
    let operate: &Operate = function.inner().downcast_ref::<Operate>()?;
    operate.result.is_none().then_some(operate.operator)
}

pub(super) fn is_operation(function: &ScalarUDF) -> bool {
    function.inner().is::<Operate>()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Operate {
    operator: Operator,
    result: Option<NumberType>,
    signature: Signature,
}

impl Operate {
    fn new(operator: Operator, result: Option<NumberType>) -> Self {
        Self { operator, result, signature: Signature::any(2, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Operate {
    fn name(&self) -> &str {
        self.operator.name()
    }

    fn schema_name(&self, arguments: &[Expr]) -> Result<String> {
        match arguments {
            [left, right] => Ok(name::of_operation(self.operator.symbol(), left, right)),
            _ => internal_err!("{} has two sides", self.name()),
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.result.map_or(UNKNOWN, NumberType::data_type))
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        by_rows(&call, |columns| {
            let [left, right] = columns else { return internal_err!("{} has two sides", self.name()) };
            match self.result {
                Some(NumberType::Fraction) => fractions(self.operator, left, right),
                Some(NumberType::Wide { scale }) => decimals(self.operator, scale, left, right),
                other => internal_err!("{} does not give {other:?}", self.name()),
            }
        })
    }
}

fn fractions(operator: Operator, left: &ArrayRef, right: &ArrayRef) -> Result<ArrayRef> {
    let (lefts, rights) = (Numbers::of(left)?, Numbers::of(right)?);
    let row = |row| {
        let (left, right) = lefts.get(row).zip(rights.get(row))?;
        Some(both(left, right).and_then(|(left, right)| operator.of_fractions(&left, &right)))
    };
    Ok(fraction_column((0..left.len()).map(row)))
}

fn decimals(operator: Operator, scale: u8, left: &ArrayRef, right: &ArrayRef) -> Result<ArrayRef> {
    let (Numbers::Decimals(lefts, left_scale), Numbers::Decimals(rights, right_scale)) =
        (Numbers::of(left)?, Numbers::of(right)?)
    else {
        return exec_err!("{} of fractions is not a decimal", operator.name());
    };
    let zeros = |of: u8| if operator == Operator::Times { 0 } else { u32::from(scale.saturating_sub(of)) };
    let (left_zeros, right_zeros) = (zeros(left_scale), zeros(right_scale));
    let row = |(left, right): (Option<i256>, Option<i256>)| {
        let (left, right) = left.zip(right)?;
        let numbers = both(read_wide(left), read_wide(right));
        Some(
            numbers
                .and_then(|(left, right)| operator.of_decimals(scaled(left, left_zeros)?, scaled(right, right_zeros)?)),
        )
    };
    wide_column(lefts.iter().zip(rights).map(row), scale)
}

/// Both numbers, or the fault; of two faults, the last in their order.
fn both<T>(left: Outcome<T, Fault>, right: Outcome<T, Fault>) -> Outcome<(T, T), Fault> {
    match (left, right) {
        (Ok(left), Ok(right)) => Ok((left, right)),
        (Err(left), Err(right)) => Err(left.max(right)),
        (Err(fault), _) | (_, Err(fault)) => Err(fault),
    }
}
