//! Meetings of expressions that must have one type: the branches of a CASE, the sides of a comparison, the rows of a
//! UNION.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{Expr, cast};

use super::scope::{Scope, type_of};
use crate::engine::numbers::{NumberType, Target, convert, known};

/// The type that the numbers of several expressions are converted to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meeting {
    /// `None` if the numbers stay as they are, or if the expressions are not numbers.
    numbers: Option<NumberType>,
    /// Whether faults become null, as in a comparison.
    is_comparison: bool,
}

impl Meeting {
    /// For expressions of which one is the result, such as branches; the engine would use the type of the first.
    pub(super) fn of_branches<'a>(expressions: impl Iterator<Item = &'a Expr>, scope: &Scope<'_>) -> Result<Self> {
        let (types, numbers) = types_and_numbers(expressions, scope)?;
        Ok(Self::of_types_and_numbers(&types, numbers.into_iter()))
    }

    /// For columns of which each row is a result, such as those of a UNION.
    pub(super) fn of_columns<'a>(types: impl Iterator<Item = &'a DataType>) -> Self {
        let types: Vec<DataType> = types.cloned().collect();
        Self::of_types_and_numbers(&types, types.iter().map(NumberType::of))
    }

    fn of_types_and_numbers(types: &[DataType], numbers: impl Iterator<Item = Option<NumberType>>) -> Self {
        let is_one = types.iter().zip(types.iter().skip(1)).all(|(type_, next)| type_ == next);
        let numbers = common(numbers).filter(|common| !is_one && *common != NumberType::Null);
        Self { numbers, is_comparison: false }
    }

    /// For expressions that are compared. Columns of files and short numbers are left to the engine, which then can
    /// skip files by their statistics.
    pub(super) fn of_compared<'a>(expressions: impl Iterator<Item = &'a Expr>, scope: &Scope<'_>) -> Result<Self> {
        let (types, numbers) = types_and_numbers(expressions, scope)?;
        Ok(Self::compared(&types, numbers.into_iter()))
    }

    /// For columns that are compared.
    pub(super) fn of_compared_columns<'a>(types: impl Iterator<Item = &'a DataType>) -> Self {
        let types: Vec<DataType> = types.cloned().collect();
        Self::compared(&types, types.iter().map(NumberType::of))
    }

    fn compared(types: &[DataType], numbers: impl Iterator<Item = Option<NumberType>>) -> Self {
        let is_computed =
            types.iter().any(|data_type| matches!(data_type, DataType::Decimal256(..) | DataType::LargeBinary));
        let is_long = |common: &NumberType| match common.data_type() {
            DataType::Null => false,
            DataType::Decimal128(..) => is_computed,
            _ => true,
        };
        Self { numbers: common(numbers).filter(is_long), is_comparison: true }
    }

    /// Whether a column can stay as it is.
    pub(super) fn is_met_by(self, data_type: &DataType) -> bool {
        self.numbers.is_none_or(|numbers| numbers.data_type() == *data_type)
    }

    /// One of the expressions, converted to the common type.
    pub(super) fn converted(self, expression: Expr, scope: &Scope<'_>) -> Result<Expr> {
        let Some(numbers) = self.numbers else { return Ok(expression) };
        let from = type_of(&expression, scope)?;
        let is_doubtful = NumberType::of(&from).is_some_and(NumberType::may_be_fault);
        let converted = exactly(expression, &from, numbers);
        Ok(if self.is_comparison && is_doubtful { known(converted) } else { converted })
    }
}

/// The type of each expression, and the type of its numbers if it has any.
fn types_and_numbers<'a>(
    expressions: impl Iterator<Item = &'a Expr>,
    scope: &Scope<'_>,
) -> Result<(Vec<DataType>, Vec<Option<NumberType>>)> {
    let both = |expression| Ok((type_of(expression, scope)?, number_type(expression, scope)?));
    expressions.map(both).collect()
}

/// The type that can hold all, if all are numbers.
fn common(numbers: impl Iterator<Item = Option<NumberType>>) -> Option<NumberType> {
    numbers.collect::<Option<Vec<_>>>()?.into_iter().reduce(NumberType::common)
}

/// Converts numbers exactly to a type that can hold all of them.
pub(super) fn exactly(expression: Expr, from: &DataType, to: NumberType) -> Expr {
    let target = to.data_type();
    match (NumberType::of(from), to) {
        _ if *from == target => expression,
        (Some(NumberType::Wide { .. }), NumberType::Wide { scale }) => convert(expression, Target::Wide { scale }),
        (Some(NumberType::Null) | None, _)
        | (_, NumberType::Plain { .. } | NumberType::Wide { .. } | NumberType::Null) => {
            fitting_cast(expression, from, &target)
        }
        (Some(_), NumberType::Fraction) => convert(in_256_bits(expression, from), Target::Fraction),
    }
}

/// A cast to a type that fits all of the numbers.
pub(super) fn fitting_cast(expression: Expr, from: &DataType, to: &DataType) -> Expr {
    match (from, to) {
        (DataType::Decimal256(..), DataType::Decimal128(digits, scale)) if *scale >= 0 => {
            convert(expression, Target::Short { digits: *digits, scale: scale.unsigned_abs() })
        }
        _ => cast(expression, to.clone()),
    }
}

/// Numbers in the form that functions of `numbers` take.
pub(super) fn in_256_bits(expression: Expr, from: &DataType) -> Expr {
    match NumberType::of(from).map(NumberType::in_256_bits) {
        Some(target) if target != *from => cast(expression, target),
        _ => expression,
    }
}

/// The type of an expression's numbers, if it has any; a literal's type has only as many digits as the literal.
pub(super) fn number_type(expression: &Expr, scope: &Scope<'_>) -> Result<Option<NumberType>> {
    match expression {
        Expr::Literal(literal, _) => Ok(NumberType::of_literal(literal)),
        Expr::Alias(alias) => number_type(&alias.expr, scope),
        other => Ok(NumberType::of(&type_of(other, scope)?)),
    }
}
