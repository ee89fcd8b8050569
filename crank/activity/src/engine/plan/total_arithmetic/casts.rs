//! The rules for casts: the engine does those that always fit, and `numbers` replaces the others.
//!
//! A literal is cast at once and refuses the query if it does not fit, because that depends on the query alone.

use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{Expr, cast as engine_cast, lit, try_cast};

use super::meeting::{fitting_cast, in_256_bits};
use super::scope::{Scope, type_of};
use super::times::MICROSECONDS;
use crate::engine::numbers::{NumberType, Target, convert, known};

/// `cast(… as …)`, or `try_cast`, which gives null for what does not fit.
pub(super) fn cast(inner: Expr, target: &DataType, is_try: bool, scope: &Scope<'_>) -> Result<Expr> {
    let source = type_of(&inner, scope)?;
    if let (Expr::Literal(literal, _), false) = (&inner, target.is_floating()) {
        return match literal.cast_to(target) {
            Ok(literal) => Ok(lit(literal)),
            Err(_) if is_try => Ok(lit(datafusion::common::ScalarValue::try_from(target)?)),
            Err(error) => Err(error),
        };
    }
    let plain = |inner| if is_try { try_cast(inner, target.clone()) } else { engine_cast(inner, target.clone()) };
    if target.is_floating() || source.is_floating() || source == *target {
        return Ok(plain(inner));
    }
    if let (DataType::Timestamp(..), DataType::Timestamp(_, None)) = (&source, target) {
        // Times keep their unit, because a finer unit has no room for all of them.
        return Ok(inner);
    }
    if let (DataType::Timestamp(..), true) = (&source, target.is_integer()) {
        return to_number(engine_cast(inner, DataType::Int64), &DataType::Int64, target, is_try);
    }
    if let (Some(numbers), DataType::Boolean) = (NumberType::of(&source), target) {
        return match numbers.may_be_fault() {
            true => plan_err!("a result of a calculation is not true or false: compare it, as in `x <> 0`"),
            false => Ok(plain(inner)),
        };
    }
    if Target::of_cast(target).is_some() && (NumberType::of(&source).is_some() || source.is_string()) {
        return to_number(inner, &source, target, is_try);
    }
    match (always_fits(&source, target), is_try) {
        (true, _) => Ok(plain(inner)),
        (false, true) => {
            Ok(try_cast(inner, if target.is_temporal() && source.is_string() { &MICROSECONDS } else { target }.clone()))
        }
        (false, false) => refused(&source, target),
    }
}

/// A number or a text as a number of another type; values that do not fit become faults.
fn to_number(inner: Expr, source: &DataType, target: &DataType, is_try: bool) -> Result<Expr> {
    if always_fits(source, target) {
        return Ok(fitting_cast(inner, source, target));
    }
    let Some(target) = Target::of_cast(target) else { return refused(source, target) };
    let converted = convert(in_256_bits(inner, source), target);
    Ok(if is_try { known(converted) } else { converted })
}

fn refused(source: &DataType, target: &DataType) -> Result<Expr> {
    let shown = |data_type: &DataType| match data_type {
        text if text.is_string() => "a text".to_owned(),
        DataType::LargeBinary => "a fraction".to_owned(),
        other => other.to_string(),
    };
    let advice = match (source, target) {
        (text, _) if text.is_string() => "write try_cast, which is null where it does not fit",
        (_, text) if text.is_string() => "write cast(… as decimal(38, 9)) around the number, and try_cast around that",
        _ => "compare the values as they are",
    };
    plan_err!("`cast` from {} to {} does not fit every value: {advice}", shown(source), shown(target))
}

/// Whether every value of the source fits the target, so that the engine's cast cannot fail.
pub(super) fn always_fits(source: &DataType, target: &DataType) -> bool {
    if source == target {
        return true;
    }
    if let (Some(numbers), Some(target_numbers)) = (NumberType::of(source), NumberType::of(target)) {
        return fits_number(numbers, target, target_numbers);
    }
    match (source, target) {
        _ if source.is_null() => true,
        (numbers, text) if text.is_string() => NumberType::of(numbers).is_none_or(|numbers| !numbers.may_be_fault()),
        (DataType::Boolean, numbers) => numbers.is_integer() || numbers.is_decimal(),
        (DataType::Timestamp(from, _), DataType::Timestamp(to, _)) => from >= to || to == &TimeUnit::Microsecond,
        (DataType::Timestamp(..), DataType::Date32 | DataType::Int64) => true,
        (
            DataType::Date32,
            DataType::Timestamp(TimeUnit::Second | TimeUnit::Millisecond | TimeUnit::Microsecond, _),
        ) => true,
        (text, DataType::Binary | DataType::BinaryView) => text.is_string(),
        (numbers, DataType::Boolean) => NumberType::of(numbers).is_some_and(|numbers| !numbers.may_be_fault()),
        _ => false,
    }
}

fn fits_number(numbers: NumberType, target: &DataType, target_numbers: NumberType) -> bool {
    let (NumberType::Plain { whole, scale }, Some((most_whole, target_scale))) = (numbers, target_numbers.digits())
    else {
        return numbers == NumberType::Null;
    };
    if target.is_integer() {
        // The integer type holds all numbers with fewer digits than its largest, but not all with as many.
        return scale == 0 && whole < most_whole || numbers == target_numbers;
    }
    let rounded_up = if scale > target_scale { 1 } else { 0 };
    whole.saturating_add(rounded_up) <= most_whole
}

/// A text beside a number is read as a number.
pub(super) fn as_number_beside(text: Expr, other: &DataType, scope: &Scope<'_>) -> Result<Expr> {
    let source = type_of(&text, scope)?;
    if !source.is_string() || NumberType::of(other).is_none_or(|numbers| numbers == NumberType::Null) {
        return Ok(text);
    }
    match &text {
        Expr::Literal(literal, _) => {
            let written = literal.cast_to(&DataType::Utf8)?;
            let digits = written.to_string();
            let number = digits.trim().parse::<crank_rules::values::decimal::Decimal>();
            match number {
                Ok(number) => decimal_literal(number),
                Err(_) if literal.is_null() => Ok(lit(datafusion::common::ScalarValue::Null)),
                Err(error) => plan_err!("the text '{digits}' stands beside a number: {error}"),
            }
        }
        _ => Ok(convert(text, Target::Decimal { digits: 76, scale: 9 })),
    }
}

fn decimal_literal(number: crank_rules::values::decimal::Decimal) -> Result<Expr> {
    let scale = i8::try_from(number.scale()).unwrap_or(i8::MAX);
    Ok(lit(datafusion::common::ScalarValue::Decimal128(Some(number.mantissa()), 38, scale)))
}

/// A whole number of at most 64 bits as BIGINT.
pub(super) fn to_bigint(whole: Expr) -> Expr {
    engine_cast(whole, DataType::Int64)
}

/// A call of a function on texts or times, with its number arguments as whole numbers.
pub(super) fn with_plain_arguments(mut call: ScalarFunction, scope: &Scope<'_>) -> Result<ScalarFunction> {
    let is_unit = matches!(call.func.name(), "date_part" | "date_trunc");
    if is_unit && !matches!(call.args.first(), Some(Expr::Literal(..))) {
        return plan_err!("`{}` takes a literal for its unit, such as 'day'", call.func.name());
    }
    if call.func.name() == "date_trunc"
        && let Some(time) = call.args.get_mut(1)
        && matches!(type_of(time, scope)?, DataType::Timestamp(TimeUnit::Millisecond | TimeUnit::Microsecond, None))
        && !matches!(time, Expr::Literal(..))
    {
        // The engine computes in nanoseconds and fails at times after the year 2262.
        *time = try_cast(std::mem::take(time), DataType::Timestamp(TimeUnit::Nanosecond, None));
    }
    if call.func.name() == "substr"
        && let Some(count) = call.args.get_mut(2)
    {
        let data_type = type_of(count, scope)?;
        let is_negative = match count {
            Expr::Literal(literal, _) => literal
                .cast_to(&DataType::Int64)
                .is_ok_and(|count| count < datafusion::common::ScalarValue::Int64(Some(0))),
            _ => !data_type.is_integer() || data_type == DataType::Int64,
        };
        if is_negative {
            return plan_err!("`substring` takes a length that is a literal of at least 0 or a `length(…)`");
        }
    }
    Ok(call)
}
