//! Converts times of several units, and distances between times beside intervals, to one unit that can hold all of
//! them.
//!
//! The engine would take the finest unit, and a time after the year 2262 is an error in nanoseconds.

use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{Result, ScalarValue, plan_err};
use datafusion::logical_expr::{Expr, cast, lit};

use super::scope::{Scope, type_of};

/// A unit that can hold all times of events and of literals.
pub(super) const MICROSECONDS: DataType = DataType::Timestamp(TimeUnit::Microsecond, None);

/// The expressions with all times in one unit, if times of several units, or times and literal texts, are mixed.
pub(super) fn together(expressions: Vec<Expr>, scope: &Scope<'_>) -> Result<Vec<Expr>> {
    let types = expressions.iter().map(|expression| type_of(expression, scope)).collect::<Result<Vec<_>>>()?;
    let mut times = types.iter().filter(|data_type| matches!(data_type, DataType::Timestamp(_, None)));
    let Some(first) = times.next().cloned() else { return Ok(expressions) };
    let are_times = expressions.iter().zip(&types).all(|(expression, data_type)| match data_type {
        DataType::Timestamp(_, None) | DataType::Null => true,
        text => text.is_string() && matches!(expression, Expr::Literal(..)),
    });
    if !are_times || types.iter().all(|data_type| *data_type == first) {
        return Ok(expressions);
    }
    let of_rows = expressions.iter().zip(&types).filter(|(expression, _)| !matches!(expression, Expr::Literal(..)));
    let of_rows: Vec<&DataType> =
        of_rows.map(|(_, data_type)| data_type).filter(|data_type| !data_type.is_null()).collect();
    let unit = match of_rows.as_slice() {
        [unit, others @ ..] if others.iter().all(|other| other == unit) => (*unit).clone(),
        _ => MICROSECONDS,
    };
    expressions.into_iter().zip(types).map(|(expression, from)| in_unit(expression, &from, &unit)).collect()
}

/// Makes a literal interval that is compared with a distance between times a distance too. The engine would make the
/// distance an interval, which has room only for 292 years.
pub(super) fn distances(expressions: Vec<Expr>, scope: &Scope<'_>) -> Result<Vec<Expr>> {
    let types = expressions.iter().map(|expression| type_of(expression, scope)).collect::<Result<Vec<_>>>()?;
    let Some(DataType::Duration(unit)) = types.iter().find(|data_type| matches!(data_type, DataType::Duration(_)))
    else {
        return Ok(expressions);
    };
    expressions.into_iter().map(|expression| as_distance(expression, *unit)).collect()
}

fn as_distance(expression: Expr, unit: TimeUnit) -> Result<Expr> {
    let interval = match &expression {
        Expr::Literal(ScalarValue::IntervalMonthDayNano(Some(interval)), _) => *interval,
        _ => return Ok(expression),
    };
    let day = 86_400_000_000_000_i128;
    let nanoseconds = i128::from(interval.days).saturating_mul(day).saturating_add(interval.nanoseconds.into());
    let each = match unit {
        TimeUnit::Second => 1_000_000_000,
        TimeUnit::Millisecond => 1_000_000,
        TimeUnit::Microsecond => 1_000,
        TimeUnit::Nanosecond => 1,
    };
    let units = i64::try_from(nanoseconds.div_euclid(each)).ok();
    match units.filter(|_| interval.months == 0 && nanoseconds.rem_euclid(each) == 0) {
        None => plan_err!("a distance between times is not compared with months or parts of a millisecond: write days"),
        Some(units) => Ok(lit(match unit {
            TimeUnit::Second => ScalarValue::DurationSecond(Some(units)),
            TimeUnit::Millisecond => ScalarValue::DurationMillisecond(Some(units)),
            TimeUnit::Microsecond => ScalarValue::DurationMicrosecond(Some(units)),
            TimeUnit::Nanosecond => ScalarValue::DurationNanosecond(Some(units)),
        })),
    }
}

/// An expression in another unit. A literal that would lose digits is refused, because the engine would compare with
/// the shortened one.
fn in_unit(expression: Expr, from: &DataType, unit: &DataType) -> Result<Expr> {
    let literal = match expression {
        same if from == unit => return Ok(same),
        Expr::Literal(literal, _) => literal,
        other => return Ok(cast(other, unit.clone())),
    };
    let finest = DataType::Timestamp(TimeUnit::Nanosecond, None);
    let time = literal.cast_to(&finest).or_else(|_| literal.cast_to(&MICROSECONDS))?;
    let short = literal.cast_to(&MICROSECONDS)?.cast_to(unit)?;
    if short.cast_to(&time.data_type())? != time {
        return plan_err!(
            "the time '{literal}' is not valid: events have milliseconds; write three digits behind the second"
        );
    }
    Ok(lit(short))
}
