//! `+ - * / %`: the engine computes where no result can be too long, `numbers` where a result can be a fault.

use dashu::integer::UBig;
use datafusion::arrow::datatypes::{DECIMAL256_MAX_PRECISION, i256};
use datafusion::common::{Result, ScalarValue, internal_err};
use datafusion::logical_expr::{Expr, Operator as EngineOperator, binary_expr, cast, lit};

use super::meeting::{in_256_bits, number_type};
use super::scope::{Scope, type_of};
use crate::engine::numbers::{MOST_PLAIN_DIGITS, NumberType, Operator, operate, read_wide, scaled};

/// The most digits behind the point of a wide decimal: those of a product of four fields. With more, a decimal would
/// have too little room before the point, and a fraction is used.
const MOST_WIDE_SCALE: u8 = 36;

/// An operation on numbers.
pub(super) fn operation(operator: Operator, left: Expr, right: Expr, scope: &Scope<'_>) -> Result<Expr> {
    if operator == Operator::Over
        && let Some(factor) = reciprocal(&right)
        && result(Operator::Times, &left, &factor, scope)? != NumberType::Fraction
    {
        return operation(Operator::Times, left, factor, scope);
    }
    if let Some(literal) = folded(operator, &left, &right) {
        return Ok(literal);
    }
    let result = result(operator, &left, &right, scope)?;
    let (left_type, right_type) = (type_of(&left, scope)?, type_of(&right, scope)?);
    let engine_operator = match operator {
        Operator::Plus => EngineOperator::Plus,
        Operator::Minus => EngineOperator::Minus,
        _ => EngineOperator::Multiply,
    };
    match result {
        NumberType::Null => Ok(cast(lit(ScalarValue::Null), NumberType::Plain { whole: 1, scale: 0 }.data_type())),
        NumberType::Plain { .. } => {
            let (left, right) = (shortly_in_256_bits(left, scope)?, shortly_in_256_bits(right, scope)?);
            let binary = binary_expr(left, engine_operator, right);
            // The engine simplifies `x * 1` to `x`, which has a different type; the cast keeps the type.
            let data_type = type_of(&binary, scope)?;
            Ok(cast(binary, data_type))
        }
        _ => Ok(operate(operator, result, in_256_bits(left, &left_type), in_256_bits(right, &right_type))),
    }
}

/// The type of the result. It is plain where the engine computes, because no number there has more than 76 digits.
fn result(operator: Operator, left: &Expr, right: &Expr, scope: &Scope<'_>) -> Result<NumberType> {
    let (Some(left), Some(right)) = (number_type(left, scope)?, number_type(right, scope)?) else {
        return internal_err!("an operation is not on numbers");
    };
    let (Some((left_whole, left_scale)), Some((right_whole, right_scale))) = (left.digits(), right.digits()) else {
        return Ok(if left == NumberType::Null || right == NumberType::Null {
            NumberType::Null
        } else {
            NumberType::Fraction
        });
    };
    let is_plain = !left.may_be_fault() && !right.may_be_fault();
    let common = left.common(right);
    Ok(match operator {
        Operator::Over => NumberType::Fraction,
        Operator::Remainder => match common {
            NumberType::Plain { scale, .. } => NumberType::Wide { scale },
            other => other,
        },
        Operator::Plus | Operator::Minus => match common {
            NumberType::Plain { whole, scale } if whole.saturating_add(scale) < MOST_PLAIN_DIGITS => common,
            NumberType::Plain { scale, .. } => NumberType::Wide { scale },
            other => other,
        },
        Operator::Times => {
            let scale = left_scale.saturating_add(right_scale);
            let whole = left_whole.saturating_add(right_whole);
            match whole.saturating_add(scale) {
                digits if digits <= DECIMAL256_MAX_PRECISION && is_plain => NumberType::Plain { whole, scale },
                _ if scale <= MOST_WIDE_SCALE => NumberType::Wide { scale },
                _ => NumberType::Fraction,
            }
        }
    })
}

/// A plain operand as the engine's 256-bit decimal, with no more digits than its numbers can have.
fn shortly_in_256_bits(operand: Expr, scope: &Scope<'_>) -> Result<Expr> {
    let data_type = type_of(&operand, scope)?;
    Ok(match number_type(&operand, scope)? {
        Some(numbers) if numbers.in_256_bits() != data_type => cast(operand, numbers.in_256_bits()),
        _ => operand,
    })
}

/// The result for two literals as a literal with no extra digits, so that a division by `10 * 100` is one by 1000.
fn folded(operator: Operator, left: &Expr, right: &Expr) -> Option<Expr> {
    let ((left, left_scale), (right, right_scale)) = (decimal_of(left)?, decimal_of(right)?);
    let scale = match operator {
        Operator::Times => left_scale.checked_add(right_scale)?,
        Operator::Plus | Operator::Minus | Operator::Remainder => left_scale.max(right_scale),
        Operator::Over => return None,
    };
    let zeros = |of: u8| if operator == Operator::Times { 0 } else { u32::from(scale.saturating_sub(of)) };
    let (left, right) = (scaled(left, zeros(left_scale)).ok()?, scaled(right, zeros(right_scale)).ok()?);
    let number = operator.of_decimals(left, right).ok()?;
    literal(number, scale).filter(|_| scale <= MOST_WIDE_SCALE)
}

/// The number of a literal, and its digits behind the point.
fn decimal_of(expression: &Expr) -> Option<(i256, u8)> {
    let Expr::Literal(literal, _) = expression else { return None };
    match literal {
        ScalarValue::Int64(Some(number)) => Some((i256::from(*number), 0)),
        ScalarValue::UInt64(Some(number)) => Some((i256::from_i128((*number).into()), 0)),
        ScalarValue::Decimal128(Some(number), _, scale) => Some((i256::from_i128(*number), u8::try_from(*scale).ok()?)),
        ScalarValue::Decimal256(Some(number), _, scale) => Some((read_wide(*number).ok()?, u8::try_from(*scale).ok()?)),
        _ => None,
    }
}

/// A number as a literal that cannot be a fault.
fn literal(number: i256, scale: u8) -> Option<Expr> {
    let digits = u8::try_from(number.to_string().trim_start_matches('-').len()).ok()?.max(scale);
    let scale = i8::try_from(scale).ok()?;
    (digits <= MOST_PLAIN_DIGITS).then(|| lit(ScalarValue::Decimal256(Some(number), digits, scale)))
}

/// `1 / divisor`, if the divisor is a literal that has a reciprocal with few digits behind the point.
fn reciprocal(divisor: &Expr) -> Option<Expr> {
    let (number, scale) = decimal_of(divisor)?;
    let (number, scale) = (number.to_i128()?, u32::from(scale));
    let mut rest = UBig::from(number.unsigned_abs());
    let (twos, fives) = (rest.remove(&UBig::from(2_u8))?, rest.remove(&UBig::from(5_u8))?);
    let places = u32::try_from(twos.max(fives)).ok().filter(|_| rest.is_one())?;
    // `10^scale / (2^twos 5^fives) = factor / 10^places`.
    let (twos, fives) =
        (places.checked_sub(u32::try_from(twos).ok()?)?, places.checked_sub(u32::try_from(fives).ok()?)?);
    let factor = 2_i128.checked_pow(twos)?.checked_mul(5_i128.checked_pow(fives)?)?;
    let (zeros, places) = (scale.saturating_sub(places), places.saturating_sub(scale));
    let factor = factor.checked_mul(10_i128.checked_pow(zeros)?)?.checked_mul(number.signum())?;
    literal(i256::from_i128(factor), u8::try_from(places).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_divisor_of_twos_and_fives_has_a_reciprocal() {
        let of = |number, scale| match reciprocal(&lit(ScalarValue::Decimal128(Some(number), 38, scale))) {
            Some(Expr::Literal(ScalarValue::Decimal256(Some(number), _, scale), _)) => {
                Some((number.to_i128().unwrap(), scale))
            }
            _ => None,
        };
        for (number, scale, expected) in [
            (1_000_000, 0, Some((1, 6))),
            (4, 0, Some((25, 2))),
            (-8, 0, Some((-125, 3))),
            (25, 2, Some((4, 0))),
            (1, 3, Some((1_000, 0))),
            (1, 0, Some((1, 0))),
            (3, 0, None),
            (0, 0, None),
            (70, 0, None),
        ] {
            assert_eq!(of(number, scale), expected, "{number}e-{scale}");
        }
        assert!(reciprocal(&lit(ScalarValue::Int64(None))).is_none());
    }
}
