//! Converts numbers to a type: exactly where they meet other numbers, rounded in casts; and reads numbers from texts.

use std::result::Result as Outcome;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Decimal128Array};
use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{DataType, Decimal256Type, i256};
use datafusion::arrow::util::display::FormatOptions;
use datafusion::common::{Result, ScalarValue, exec_err, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::fraction::Direction;
use super::read::{by_rows, fraction_column, wide_column};
use super::{Fault, Fraction, NumberType, Numbers, name, read_wide, scaled};

/// What numbers are converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::engine) enum Target {
    /// Fractions, exactly.
    Fraction,
    /// Wide decimals of a scale, exactly.
    Wide { scale: u8 },
    /// The result of `cast(… as decimal(digits, scale))`: the nearest decimal, halves away from zero.
    Decimal { digits: u8, scale: u8 },
    /// The result of a cast to a whole number of so many bits: the digits before the point.
    Whole { bits: u8, is_signed: bool },
    /// A decimal of at most 38 digits that fits all of the numbers, rounded as in a cast. The engine's own cast can
    /// fail at the arbitrary number that a column holds in the place of a null.
    Short { digits: u8, scale: u8 },
}

impl Target {
    /// The target of a cast to a type of the engine.
    pub(in crate::engine) fn of_cast(data_type: &DataType) -> Option<Self> {
        let whole = |bits, is_signed| Some(Self::Whole { bits, is_signed });
        match data_type {
            DataType::Int8 => whole(8, true),
            DataType::Int16 => whole(16, true),
            DataType::Int32 => whole(32, true),
            DataType::Int64 => whole(64, true),
            DataType::UInt8 => whole(8, false),
            DataType::UInt16 => whole(16, false),
            DataType::UInt32 => whole(32, false),
            DataType::UInt64 => whole(64, false),
            DataType::Decimal32(digits, scale)
            | DataType::Decimal64(digits, scale)
            | DataType::Decimal128(digits, scale)
            | DataType::Decimal256(digits, scale) => {
                Some(Self::Decimal { digits: *digits, scale: u8::try_from(*scale).ok()? })
            }
            _ => None,
        }
    }

    const fn result(self) -> NumberType {
        match self {
            Self::Fraction => NumberType::Fraction,
            Self::Wide { scale } | Self::Decimal { scale, .. } => NumberType::Wide { scale },
            Self::Whole { .. } => NumberType::Wide { scale: 0 },
            Self::Short { digits, scale } => NumberType::Plain { whole: digits.saturating_sub(scale), scale },
        }
    }

    /// How digits that have no place are rounded.
    const fn direction(self) -> Direction {
        match self {
            Self::Whole { .. } => Direction::TowardsZero,
            _ => Direction::NearestAway,
        }
    }

    /// The number, or a fault if the target cannot hold it.
    fn holding(self, number: i256) -> Outcome<i256, Fault> {
        let fits = match self {
            Self::Fraction | Self::Wide { .. } | Self::Short { .. } => true,
            Self::Decimal { digits, .. } => {
                let bound = i256::from(10_i64).wrapping_pow(digits.into());
                digits >= 77 || (bound.wrapping_neg() < number && number < bound)
            }
            Self::Whole { bits, is_signed } => {
                let bound = 1_i128 << if is_signed { bits.saturating_sub(1) } else { bits };
                let least = if is_signed { bound.wrapping_neg() } else { 0 };
                number.to_i128().is_some_and(|number| least <= number && number < bound)
            }
        };
        if fits { Ok(number) } else { Err(Fault::DoesNotFit) }
    }
}

/// Numbers in 256 bits, fractions, or texts as another type.
pub(in crate::engine) fn convert(numbers: Expr, target: Target) -> Expr {
    let function = Convert { target, signature: Signature::any(1, Volatility::Immutable) };
    ScalarUDF::new_from_impl(function).call(vec![numbers])
}

/// A literal as a fraction, for places where the engine takes only a literal.
pub(in crate::engine) fn parse_literal(literal: &ScalarValue) -> Result<ScalarValue> {
    let Some(numbers) = NumberType::of(&literal.data_type()) else { return Ok(literal.clone()) };
    let column = literal.cast_to(&numbers.in_256_bits())?.to_array()?;
    ScalarValue::try_from_array(&converted(&column, Target::Fraction)?, 0)
}

pub(super) fn is_conversion(function: &ScalarUDF) -> bool {
    function.inner().is::<Convert>()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Convert {
    target: Target,
    signature: Signature,
}

impl ScalarUDFImpl for Convert {
    fn name(&self) -> &'static str {
        match self.target {
            Target::Fraction => "fraction",
            Target::Wide { .. } => "wide",
            Target::Decimal { .. } => "decimal",
            Target::Whole { .. } => "whole",
            Target::Short { .. } => "short",
        }
    }

    fn schema_name(&self, arguments: &[Expr]) -> Result<String> {
        name::of_call(self.name(), arguments)
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.target.result().data_type())
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        by_rows(&call, |columns| {
            let [column] = columns else { return internal_err!("{} has one argument", self.name()) };
            converted(column, self.target)
        })
    }
}

fn converted(column: &ArrayRef, target: Target) -> Result<ArrayRef> {
    if column.data_type().is_string() {
        return of_texts(column, target);
    }
    let numbers = Numbers::of(column)?;
    if target == Target::Fraction {
        return Ok(fraction_column((0..column.len()).map(|row| numbers.get(row))));
    }
    if let Target::Short { digits, scale } = target {
        return shortened(column, digits, scale);
    }
    let NumberType::Wide { scale } = target.result() else { return internal_err!("{target:?} is not a decimal") };
    match numbers {
        Numbers::Decimals(decimals, from) => {
            let row =
                |pattern| read_wide(pattern).and_then(|number| target.holding(rescaled(number, from, scale, target)?));
            wide_column(decimals.iter().map(|pattern| pattern.map(row)), scale)
        }
        Numbers::Fractions(_) => {
            let row = |number: Outcome<Fraction, Fault>| {
                let number = number?.to_wide(scale, target.direction()).map_err(|_| Fault::DoesNotFit)?;
                target.holding(number)
            };
            wide_column((0..column.len()).map(|place| numbers.get(place).map(row)), scale)
        }
    }
}

/// The nearest decimals of at most 38 digits; all of the numbers must fit.
fn shortened(column: &ArrayRef, digits: u8, scale: u8) -> Result<ArrayRef> {
    let wide = converted(column, Target::Decimal { digits, scale })?;
    let short = wide.as_primitive::<Decimal256Type>().iter().map(|number| match number.map(i256::to_i128) {
        Some(None) => exec_err!("a number of more than {digits} digits was taken for a shorter one"),
        number => Ok(number.flatten()),
    });
    let short = short.collect::<Result<Decimal128Array>>()?;
    Ok(Arc::new(short.with_precision_and_scale(digits, i8::try_from(scale).unwrap_or(i8::MAX))?))
}

fn rescaled(number: i256, from: u8, to: u8, target: Target) -> Outcome<i256, Fault> {
    match to.checked_sub(from) {
        Some(zeros) => match target {
            Target::Wide { .. } => scaled(number, zeros.into()),
            _ => scaled(number, zeros.into()).map_err(|_| Fault::DoesNotFit),
        },
        None => Fraction::of_decimal(number, from).to_wide(to, target.direction()),
    }
}

/// Texts as numbers of the type; a text that is not a number, or does not fit, is a fault.
fn of_texts(texts: &ArrayRef, target: Target) -> Result<ArrayRef> {
    let (read_as, scale) = match target {
        Target::Decimal { digits, scale } => (NumberType::of_digits(digits, scale), scale),
        Target::Whole { bits: 64, is_signed: false } => (DataType::UInt64, 0),
        Target::Whole { .. } => (DataType::Int64, 0),
        // The digits that a number of an event can have.
        Target::Fraction | Target::Wide { .. } | Target::Short { .. } => (NumberType::of_digits(76, 38), 38),
    };
    let options = CastOptions { safe: true, format_options: FormatOptions::default() };
    let numbers = cast_with_options(texts, &read_as, &options)?;
    let widest = DataType::Decimal256(76, i8::try_from(scale).unwrap_or(i8::MAX));
    let numbers = cast_with_options(&numbers, &widest, &options)?;
    let numbers = numbers.as_primitive::<Decimal256Type>();
    let row = |row: usize| {
        texts.is_valid(row).then(|| match numbers.is_valid(row) {
            true => target.holding(numbers.value(row)),
            false => Err(Fault::DoesNotFit),
        })
    };
    let wide = wide_column((0..texts.len()).map(row), scale)?;
    match target {
        Target::Fraction => converted(&wide, target),
        _ => Ok(wide),
    }
}
