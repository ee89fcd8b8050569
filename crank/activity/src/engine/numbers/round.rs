//! `round`, `floor`, `ceil`, `trunc` and `abs` for every kind of number. The engine's own functions fail near the ends
//! of their types and do not take fractions.

use std::result::Result as Outcome;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DECIMAL256_MAX_PRECISION, DataType, Int64Type, i256};
use datafusion::common::{Result, internal_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::fraction::Direction;
use super::number_type::UNKNOWN;
use super::read::{by_rows, fraction_column, wide_column};
use super::{Fault, NumberType, Numbers, name, read_wide};

/// Rounding to more places than this leaves every number unchanged, and to more tens than this gives 0.
const MOST_PLACES: i64 = 1_000;

/// How a number is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::engine) enum Rounding {
    /// To the nearest, halves away from zero.
    Round,
    Floor,
    Ceil,
    Trunc,
    /// Not rounded, only without its sign.
    Abs,
}

impl Rounding {
    const fn name(self) -> &'static str {
        match self {
            Self::Round => "round",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
            Self::Trunc => "trunc",
            Self::Abs => "abs",
        }
    }

    const fn direction(self) -> Direction {
        match self {
            Self::Round => Direction::NearestAway,
            Self::Floor => Direction::Down,
            Self::Ceil => Direction::Up,
            Self::Trunc | Self::Abs => Direction::TowardsZero,
        }
    }

    /// The type of the results. A number that is rounded up can have one digit more.
    const fn result(self, numbers: NumberType) -> NumberType {
        match (self, numbers) {
            (Self::Abs, NumberType::Plain { .. }) => numbers,
            (_, NumberType::Plain { whole, scale }) => match whole.saturating_add(1) {
                whole if whole.saturating_add(scale) < DECIMAL256_MAX_PRECISION => NumberType::Plain { whole, scale },
                _ => NumberType::Wide { scale },
            },
            _ => numbers,
        }
    }
}

/// Numbers in 256 bits or fractions, rounded to so many places (`Int64`).
pub(in crate::engine) fn round(rounding: Rounding, numbers: Expr, places: Expr) -> Expr {
    ScalarUDF::new_from_impl(Rounded::new(rounding, false)).call(vec![numbers, places])
}

/// The functions as a query calls them: placeholders until the types of their numbers are known.
pub(in crate::engine) fn planned_roundings() -> Vec<Arc<ScalarUDF>> {
    let all = [Rounding::Round, Rounding::Floor, Rounding::Ceil, Rounding::Trunc, Rounding::Abs];
    all.map(|rounding| Arc::new(ScalarUDF::new_from_impl(Rounded::new(rounding, true)))).into()
}

/// The rounding that a placeholder stands for.
pub(in crate::engine) fn planned_rounding(function: &ScalarUDF) -> Option<Rounding> {
    function.inner().downcast_ref::<Rounded>().filter(|rounded| rounded.is_planned).map(|rounded| rounded.rounding)
}

pub(super) fn is_rounding(function: &ScalarUDF) -> bool {
    function.inner().is::<Rounded>()
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Rounded {
    rounding: Rounding,
    /// Whether this is a placeholder, whose numbers are not known yet.
    is_planned: bool,
    signature: Signature,
}

impl Rounded {
    fn new(rounding: Rounding, is_planned: bool) -> Self {
        Self { rounding, is_planned, signature: Signature::variadic_any(Volatility::Immutable) }
    }

    /// The type of the result while the engine plans: that of unknown decimals.
    fn planned_type(&self, arguments: &[DataType]) -> Result<DataType> {
        let name = self.name();
        let most = if matches!(self.rounding, Rounding::Round | Rounding::Trunc) { 2 } else { 1 };
        match arguments {
            [] => plan_err!("`{name}` takes a number"),
            more if more.len() > most => plan_err!("`{name}` takes {most} at most, not {} arguments", more.len()),
            [float, ..] if float.is_floating() => Ok(float.clone()),
            [number, ..] if NumberType::of(number).is_none() => {
                plan_err!("`{name}` takes numbers, not {number}: write {name}(cast(… as decimal(38, 9)))")
            }
            _ => Ok(UNKNOWN),
        }
    }
}

impl ScalarUDFImpl for Rounded {
    fn name(&self) -> &str {
        self.rounding.name()
    }

    fn schema_name(&self, arguments: &[Expr]) -> Result<String> {
        name::of_call(self.name(), arguments)
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        if self.is_planned {
            return self.planned_type(arguments);
        }
        match arguments.first().and_then(NumberType::of) {
            Some(numbers) => Ok(self.rounding.result(numbers).in_256_bits()),
            None => internal_err!("{} did not get numbers", self.name()),
        }
    }

    fn invoke_with_args(&self, call: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let result = call.return_type().clone();
        by_rows(&call, |columns| {
            let [numbers, places] = columns else { return internal_err!("{} has two arguments", self.name()) };
            let rounded = rounded(self.rounding, numbers, places)?;
            // Rounding does not turn plain numbers into faults, so they fit their plain type.
            if rounded.data_type() == &result { Ok(rounded) } else { Ok(cast(&rounded, &result)?) }
        })
    }
}

fn rounded(rounding: Rounding, column: &ArrayRef, places: &ArrayRef) -> Result<ArrayRef> {
    let Some(places) = places.as_primitive_opt::<Int64Type>() else {
        return internal_err!("the places of a rounding are not whole numbers");
    };
    let places = places.iter().map(|places| places.map(|places| places.clamp(-MOST_PLACES, MOST_PLACES)));
    let rows = (0..column.len()).zip(places);
    match Numbers::of(column)? {
        Numbers::Decimals(decimals, scale) => {
            let row = |(row, places): (usize, Option<i64>)| {
                let places = places.filter(|_| decimals.is_valid(row))?;
                Some(read_wide(decimals.value(row)).and_then(|number| decimal(rounding, number, scale, places)))
            };
            wide_column(rows.map(row), scale)
        }
        numbers @ Numbers::Fractions(_) => {
            let row = |(row, places): (usize, Option<i64>)| {
                let places = i32::try_from(places?).unwrap_or_default();
                let rounded = numbers.get(row)?.map(|number| match rounding {
                    Rounding::Abs => number.magnitude(),
                    _ => number.rounded(places, rounding.direction()),
                });
                Some(rounded)
            };
            Ok(fraction_column(rows.map(row)))
        }
    }
}

/// Rounds a decimal and keeps its scale.
fn decimal(rounding: Rounding, number: i256, scale: u8, places: i64) -> Outcome<i256, Fault> {
    if rounding == Rounding::Abs {
        return Ok(number.wrapping_abs());
    }
    let digits = i64::from(scale).saturating_sub(places);
    if digits <= 0 {
        return Ok(number);
    }
    let digits = u32::try_from(digits).unwrap_or(u32::MAX);
    if let (Some(number), Some(unit)) = (number.to_i128(), 10_i128.checked_pow(digits)) {
        return short_decimal(rounding, number, unit);
    }
    let Some(unit) = i256::from(10_i64).checked_pow(digits) else { return beyond(rounding, number) };
    let rest = number.wrapping_rem(unit);
    let below = number.wrapping_sub(rest);
    let is_farther = match rounding.direction() {
        Direction::NearestAway => rest.wrapping_abs() >= unit.wrapping_sub(rest.wrapping_abs()),
        Direction::Down => rest.is_negative(),
        Direction::Up => rest.is_positive(),
        Direction::NearestEven | Direction::TowardsZero => false,
    };
    let step = if number.is_negative() { unit.wrapping_neg() } else { unit };
    super::fitting(if is_farther { below.checked_add(step) } else { Some(below) })
}

/// The same in 128 bits, which nearly all numbers fit and which is much quicker.
fn short_decimal(rounding: Rounding, number: i128, unit: i128) -> Outcome<i256, Fault> {
    let rest = number.checked_rem(unit).unwrap_or_default();
    let below = i256::from_i128(number.wrapping_sub(rest));
    let distance = rest.unsigned_abs();
    let is_farther = match rounding.direction() {
        Direction::NearestAway => distance >= unit.unsigned_abs().wrapping_sub(distance),
        Direction::Down => rest < 0,
        Direction::Up => rest > 0,
        Direction::NearestEven | Direction::TowardsZero => false,
    };
    let step = i256::from_i128(if number < 0 { unit.wrapping_neg() } else { unit });
    super::fitting(if is_farther { below.checked_add(step) } else { Some(below) })
}

/// The same where the unit is larger than every number.
const fn beyond(rounding: Rounding, number: i256) -> Outcome<i256, Fault> {
    match rounding {
        Rounding::Floor if number.is_negative() => Err(Fault::TooManyDigits),
        Rounding::Ceil if number.is_positive() => Err(Fault::TooManyDigits),
        _ => Ok(i256::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_rounded_where_the_function_says() {
        let round = |rounding, number: i64, places| {
            decimal(rounding, number.into(), 2, places).map(|number| number.to_string())
        };
        for (rounding, number, places, expected) in [
            (Rounding::Round, 745, 1, "750"),
            (Rounding::Round, -745, 1, "-750"),
            (Rounding::Round, 744, 1, "740"),
            (Rounding::Round, 49, 0, "0"),
            (Rounding::Round, -50, 0, "-100"),
            (Rounding::Round, 74_500, -2, "70000"),
            (Rounding::Round, 5, 7, "5"),
            (Rounding::Floor, -701, 0, "-800"),
            (Rounding::Floor, 799, 0, "700"),
            (Rounding::Ceil, -799, 0, "-700"),
            (Rounding::Ceil, 701, 0, "800"),
            (Rounding::Ceil, 700, 0, "700"),
            (Rounding::Trunc, -799, 1, "-790"),
            (Rounding::Abs, -799, 0, "799"),
        ] {
            assert_eq!(round(rounding, number, places).unwrap(), expected, "{rounding:?} {number} {places}");
        }
        // In 256 bits as in 128.
        let long = i256::from_i128(i128::MAX).wrapping_mul(i256::from(100_i64));
        let rounded = |rounding, number| decimal(rounding, number, 2, 0).unwrap().wrapping_sub(long).to_string();
        let (half, less) = (i256::from(50_i64), i256::from(49_i64));
        assert_eq!(rounded(Rounding::Round, long.wrapping_add(half)), "100");
        assert_eq!(rounded(Rounding::Round, long.wrapping_add(less)), "0");
        assert_eq!(rounded(Rounding::Floor, long.wrapping_add(less)), "0");
        assert_eq!(rounded(Rounding::Ceil, long.wrapping_add(less)), "100");
        assert_eq!(round(Rounding::Ceil, 1, -900), Err(Fault::TooManyDigits));
        assert_eq!(round(Rounding::Round, 1, -900).unwrap(), "0");
        let largest = i256::from(10_i64).wrapping_pow(76).wrapping_sub(i256::ONE);
        assert_eq!(decimal(Rounding::Ceil, largest, 2, 0), Err(Fault::TooManyDigits));
    }
}
