//! Evaluates expressions over small tables with `RBig`, without any code of the engine.

use std::cmp::Ordering;

use dashu::base::{Abs as _, Gcd as _, Signed as _, UnsignedAbs as _};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;

use super::generator::{Aggregate, Condition, Number};

/// Why a number cannot be computed. Of several faults in one expression the last in this order wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    DivisionByZero,
    DoesNotFit,
}

/// A number, a fault, or `None` for null.
pub(super) type Value = Option<Result<RBig, Fault>>;

/// A user and three numbers.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) user: u8,
    pub(super) numbers: [Option<RBig>; 3],
}

/// A decimal of at most two digits behind the point.
pub(super) fn decimal(number: &RBig) -> String {
    let hundredths = i64::try_from((number * RBig::from(100)).trunc()).unwrap();
    let sign = if hundredths < 0 { "-" } else { "" };
    match hundredths % 100 {
        0 => (hundredths / 100).to_string(),
        rest => format!("{sign}{}.{:02}", (hundredths / 100).abs(), rest.abs()),
    }
}

/// Whether a number is a finite decimal of more than 38 digits.
pub(super) fn is_long_decimal(value: &RBig) -> bool {
    let places = (0..200).find(|places| (value * ten_to(*places)).is_int());
    places.is_some_and(|places| (value * ten_to(places)).trunc().unsigned_abs() >= UBig::from(10_u8).pow(38))
}

pub(super) fn ten_to(places: usize) -> RBig {
    RBig::from(UBig::from(10_u8).pow(places))
}

pub(super) fn halves_to_even(value: &RBig) -> IBig {
    let below = value.floor();
    match (value - RBig::from(below.clone())).cmp(&RBig::from_parts(1.into(), 2_u8.into())) {
        Ordering::Less => below,
        Ordering::Greater => below + 1,
        Ordering::Equal if (&below % 2) == 0 => below,
        Ordering::Equal => below + 1,
    }
}

fn halves_away(value: &RBig) -> IBig {
    let magnitude = (value.clone().abs() + RBig::from_parts(1.into(), 2_u8.into())).floor();
    if value.is_negative() { -magnitude } else { magnitude }
}

/// The last fault among several values, or nothing.
fn fault<'a>(values: impl IntoIterator<Item = &'a Value>) -> Option<Fault> {
    values.into_iter().flatten().filter_map(|value| value.as_ref().err().copied()).max()
}

fn operation(operator: &str, left: Value, right: Value) -> Value {
    let (left, right) = (left?, right?);
    let (left, right) = match (left, right) {
        (Ok(left), Ok(right)) => (left, right),
        (left, right) => return Some(Err(left.err().max(right.err()).unwrap())),
    };
    Some(match operator {
        "+" => Ok(left + right),
        "-" => Ok(left - right),
        "*" => Ok(left * right),
        _ if right.is_zero() => Err(Fault::DivisionByZero),
        "/" => Ok(left / right),
        _ => {
            let whole = RBig::from((&left / &right).trunc());
            Ok(left - whole * right)
        }
    })
}

/// Evaluates an expression over the rows of a group, or over one row if it has no aggregates. `all` are the table's
/// rows.
pub(super) fn number(expression: &Number, rows: &[Row], all: &[Row]) -> Value {
    let of = |expression: &Number| number(expression, rows, all);
    match expression {
        Number::Column(column) => rows.first().and_then(|row| row.numbers[*column].clone()).map(Ok),
        Number::Literal(value) => Some(Ok(value.clone())),
        Number::Null => None,
        Number::Operation(operator, left, right) => operation(operator, of(left), of(right)),
        Number::Negative(inner) => operation("-", Some(Ok(RBig::ZERO)), of(inner)),
        Number::Case(branches, last) => {
            let taken = branches.iter().find(|(when, _)| condition(when, rows, all) == Some(true));
            taken.map(|(_, then)| then).or(last.as_deref()).and_then(of)
        }
        Number::Coalesce(options) => options.iter().find_map(of),
        Number::Nullif(left, right) => {
            let (left, right) = (of(left), of(right));
            if compared(&left, &right) == Some(Ordering::Equal) { None } else { left }
        }
        Number::Extreme(is_greatest, options) => extreme(*is_greatest, &options.iter().map(of).collect::<Vec<_>>()),
        Number::Rounded(function, inner, places) => {
            let unit = if *places < 0 {
                RBig::ONE / ten_to(places.unsigned_abs().into())
            } else {
                ten_to(places.unsigned_abs().into())
            };
            of(inner).map(|value| value.map(|value| rounded(function, &value, &unit)))
        }
        Number::Decimal(inner, scale) => of(inner).map(|value| {
            let units = halves_away(&(value? * ten_to(*scale)));
            let fits = units.clone().unsigned_abs() < UBig::from(10_u8).pow(38);
            if fits { Ok(RBig::from(units) / ten_to(*scale)) } else { Err(Fault::DoesNotFit) }
        }),
        Number::Whole(inner) => of(inner).map(|value| {
            let whole = value?.trunc();
            i64::try_from(&whole).map(|_| RBig::from(whole)).map_err(|_| Fault::DoesNotFit)
        }),
        Number::Aggregate(kind, inner, filter) => {
            let kept = rows.iter().filter(|row| {
                filter.as_ref().is_none_or(|filter| condition(filter, std::slice::from_ref(row), all) == Some(true))
            });
            aggregate(*kind, &kept.map(|row| number(inner, std::slice::from_ref(row), all)).collect::<Vec<_>>())
        }
        Number::OfAll(inner) => number(inner, all, all),
    }
}

fn rounded(function: &str, value: &RBig, unit: &RBig) -> RBig {
    let units = value * unit;
    let rounded = match function {
        "abs" => return value.clone().abs(),
        "floor" => units.floor(),
        "ceil" => units.ceil(),
        "trunc" => units.trunc(),
        _ => halves_away(&units),
    };
    RBig::from(rounded) / unit
}

fn extreme(is_greatest: bool, values: &[Value]) -> Value {
    if let Some(fault) = fault(values) {
        return Some(Err(fault));
    }
    let numbers = values.iter().flatten().flatten();
    if is_greatest { numbers.max() } else { numbers.min() }.cloned().map(Ok)
}

pub(super) fn aggregate(kind: Aggregate, values: &[Value]) -> Value {
    let count = RBig::from(values.iter().flatten().count());
    match kind {
        Aggregate::Count => return Some(Ok(count)),
        Aggregate::Max => return extreme(true, values),
        Aggregate::Min => return extreme(false, values),
        Aggregate::Sum | Aggregate::Average if count.is_zero() => return None,
        Aggregate::Sum | Aggregate::Average => {}
    }
    if let Some(fault) = fault(values) {
        return Some(Err(fault));
    }
    let total = sum(&values.iter().flatten().flatten().collect::<Vec<_>>());
    Some(Ok(if kind == Aggregate::Average { total / count } else { total }))
}

/// The sum, exact unless the common denominator of all summands has more than 512 bits.
fn sum(numbers: &[&RBig]) -> RBig {
    let common = numbers.iter().fold(UBig::ONE, |common, number| {
        let denominator = number.denominator();
        &common / (&common).gcd(denominator) * denominator
    });
    if common < UBig::ONE << 512 {
        return numbers.iter().fold(RBig::ZERO, |total, number| total + *number);
    }
    let total: IBig = numbers.iter().map(|number| halves_to_even(&(*number * ten_to(60)))).sum();
    RBig::from(halves_to_even(&(RBig::from(total) / ten_to(15)))) / ten_to(45)
}

fn compared(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Some(Ok(left)), Some(Ok(right))) => Some(left.cmp(right)),
        _ => None,
    }
}

fn holds(operator: &str, left: &Value, right: &Value) -> Option<bool> {
    let order = compared(left, right)?;
    Some(match operator {
        "=" => order.is_eq(),
        "<>" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    })
}

fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

pub(super) fn condition(expression: &Condition, rows: &[Row], all: &[Row]) -> Option<bool> {
    let not = |value: Option<bool>| value.map(|value| !value);
    match expression {
        Condition::Comparison(operator, left, right) => {
            holds(operator, &number(left, rows, all), &number(right, rows, all))
        }
        Condition::And(left, right) => and(condition(left, rows, all), condition(right, rows, all)),
        Condition::Or(left, right) => not(and(not(condition(left, rows, all)), not(condition(right, rows, all)))),
        Condition::Not(inner) => not(condition(inner, rows, all)),
        Condition::IsNull(inner) => Some(number(inner, rows, all).is_none()),
        Condition::Between(value, low, high) => {
            let value = number(value, rows, all);
            and(holds(">=", &value, &number(low, rows, all)), holds("<=", &value, &number(high, rows, all)))
        }
        Condition::In(value, list) => {
            let value = number(value, rows, all);
            let equal = list.iter().map(|other| holds("=", &value, &number(other, rows, all)));
            not(equal.map(not).fold(Some(true), and))
        }
    }
}

/// The engine's order: faults, then numbers, then nulls; a later kind of fault comes before an earlier one.
pub(super) fn in_order(left: &Value, right: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Some(Err(_)) => 0,
        Some(Ok(_)) => 1,
        None => 2,
    };
    rank(left).cmp(&rank(right)).then_with(|| match (left, right) {
        (Some(Err(left)), Some(Err(right))) => right.cmp(left),
        (Some(Ok(left)), Some(Ok(right))) => left.cmp(right),
        _ => Ordering::Equal,
    })
}
