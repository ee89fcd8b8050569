//! What a column's type says about its numbers: how many digits they can have, and whether they can be faults.

use datafusion::arrow::datatypes::{DECIMAL128_MAX_PRECISION, DECIMAL256_MAX_PRECISION, DataType, i256};
use datafusion::common::ScalarValue;

/// The most digits of a number that cannot be a fault.
pub(in crate::engine) const MOST_PLAIN_DIGITS: u8 = DECIMAL256_MAX_PRECISION - 1;

/// The type that the engine plans with while the numbers of an expression are not known yet: it can compare this
/// decimal with every decimal of up to 38 digits, of any scale.
pub(super) const UNKNOWN: DataType = DataType::Decimal256(39, 9);

/// A type of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::engine) enum NumberType {
    /// Only null.
    Null,
    /// Numbers of at most `whole` digits before and exactly `scale` behind the point.
    Plain { whole: u8, scale: u8 },
    /// Decimals of 76 digits, `scale` of them behind the point, and faults.
    Wide { scale: u8 },
    /// Fractions and faults.
    Fraction,
}

impl NumberType {
    /// The type of a column's numbers, if it has any.
    pub(in crate::engine) fn of(data_type: &DataType) -> Option<Self> {
        let whole = |whole| Some(Self::Plain { whole, scale: 0 });
        match data_type {
            DataType::Null => Some(Self::Null),
            DataType::Int8 | DataType::UInt8 => whole(3),
            DataType::Int16 | DataType::UInt16 => whole(5),
            DataType::Int32 | DataType::UInt32 => whole(10),
            DataType::Int64 => whole(19),
            DataType::UInt64 => whole(20),
            DataType::Decimal256(DECIMAL256_MAX_PRECISION, scale) => Some(Self::Wide { scale: scale.unsigned_abs() }),
            DataType::Decimal32(precision, scale)
            | DataType::Decimal64(precision, scale)
            | DataType::Decimal128(precision, scale)
            | DataType::Decimal256(precision, scale) => {
                let scale = u8::try_from(*scale).ok()?;
                Some(Self::Plain { whole: precision.saturating_sub(scale), scale })
            }
            DataType::LargeBinary => Some(Self::Fraction),
            _ => None,
        }
    }

    /// The type of a literal, with only as many digits as the literal has.
    pub(in crate::engine) fn of_literal(literal: &ScalarValue) -> Option<Self> {
        let by_type = Self::of(&literal.data_type())?;
        let Self::Plain { scale, .. } = by_type else { return Some(by_type) };
        let digits = match digits(literal) {
            Some(digits) => digits,
            None => return Some(by_type),
        };
        Some(Self::Plain { whole: digits.saturating_sub(scale), scale })
    }

    /// The type that can hold the numbers of both.
    pub(in crate::engine) fn common(self, other: Self) -> Self {
        let (Some((left, left_scale)), Some((right, right_scale))) = (self.digits(), other.digits()) else {
            return match (self, other) {
                (Self::Null, known) | (known, Self::Null) => known,
                _ => Self::Fraction,
            };
        };
        let (whole, scale) = (left.max(right), left_scale.max(right_scale));
        let may_fail = self.may_be_fault() || other.may_be_fault();
        match whole.saturating_add(scale) {
            digits if digits <= MOST_PLAIN_DIGITS && !may_fail => Self::Plain { whole, scale },
            digits if digits <= DECIMAL256_MAX_PRECISION => Self::Wide { scale },
            _ => Self::Fraction,
        }
    }

    /// The digits before and behind the point, of a decimal.
    pub(in crate::engine) const fn digits(self) -> Option<(u8, u8)> {
        match self {
            Self::Plain { whole, scale } => Some((whole, scale)),
            Self::Wide { scale } => Some((DECIMAL256_MAX_PRECISION.saturating_sub(scale), scale)),
            Self::Null | Self::Fraction => None,
        }
    }

    /// Whether a value may be a fault.
    pub(in crate::engine) const fn may_be_fault(self) -> bool {
        matches!(self, Self::Wide { .. } | Self::Fraction)
    }

    /// The engine's shortest type that holds these numbers.
    pub(in crate::engine) fn data_type(self) -> DataType {
        match self {
            Self::Null => DataType::Null,
            Self::Plain { whole, scale } => match whole.saturating_add(scale).max(1) {
                digits if digits <= DECIMAL128_MAX_PRECISION => DataType::Decimal128(digits, signed(scale)),
                digits => DataType::Decimal256(digits.min(MOST_PLAIN_DIGITS), signed(scale)),
            },
            Self::Wide { scale } => DataType::Decimal256(DECIMAL256_MAX_PRECISION, signed(scale)),
            Self::Fraction => DataType::LargeBinary,
        }
    }

    /// The engine's decimal of so many digits.
    pub(super) const fn of_digits(digits: u8, scale: u8) -> DataType {
        DataType::Decimal256(digits, signed(scale))
    }

    /// The same numbers as `Decimal256`, the form in which functions of this module take decimals.
    pub(in crate::engine) fn in_256_bits(self) -> DataType {
        match self.data_type() {
            DataType::Decimal128(precision, scale) => DataType::Decimal256(precision, scale),
            other => other,
        }
    }
}

/// Scales are at most 76.
const fn signed(scale: u8) -> i8 {
    i8::from_le_bytes([if scale > DECIMAL256_MAX_PRECISION { DECIMAL256_MAX_PRECISION } else { scale }])
}

/// How many digits a literal's mantissa has.
fn digits(literal: &ScalarValue) -> Option<u8> {
    let mantissa = match literal {
        ScalarValue::Decimal128(number, ..) => i256::from_i128((*number)?),
        ScalarValue::Decimal256(number, ..) => (*number)?,
        ScalarValue::Int64(number) => i256::from((*number)?),
        ScalarValue::UInt64(number) => i256::from_i128((*number)?.into()),
        _ => return None,
    };
    u8::try_from(mantissa.to_string().trim_start_matches('-').len()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn plain(whole: u8, scale: u8) -> NumberType {
        NumberType::Plain { whole, scale }
    }

    #[test]
    fn the_type_alone_tells_what_may_be_a_fault() {
        assert_eq!(NumberType::of(&DataType::Decimal128(38, 9)), Some(plain(29, 9)));
        assert_eq!(NumberType::of(&DataType::Decimal256(57, 9)), Some(plain(48, 9)));
        assert_eq!(NumberType::of(&DataType::Decimal256(76, 9)), Some(NumberType::Wide { scale: 9 }));
        assert_eq!(NumberType::of(&DataType::LargeBinary), Some(NumberType::Fraction));
        assert_eq!(NumberType::of(&DataType::Utf8), None);
        for number in [plain(29, 9), plain(40, 20), NumberType::Wide { scale: 3 }, NumberType::Fraction] {
            assert_eq!(NumberType::of(&number.data_type()), Some(number));
        }
    }

    #[test]
    fn two_types_meet_in_the_shortest_that_loses_no_digit() {
        for (left, right, expected) in [
            (plain(29, 9), plain(1, 0), plain(29, 9)),
            (plain(30, 0), plain(2, 20), plain(30, 20)),
            (plain(70, 0), plain(2, 6), NumberType::Wide { scale: 6 }),
            (plain(70, 0), plain(2, 7), NumberType::Fraction),
            (NumberType::Wide { scale: 18 }, plain(29, 9), NumberType::Wide { scale: 18 }),
            (NumberType::Wide { scale: 18 }, NumberType::Wide { scale: 9 }, NumberType::Fraction),
            (NumberType::Null, NumberType::Wide { scale: 9 }, NumberType::Wide { scale: 9 }),
            (NumberType::Fraction, plain(1, 0), NumberType::Fraction),
            (NumberType::Null, NumberType::Null, NumberType::Null),
        ] {
            assert_eq!((left.common(right), right.common(left)), (expected, expected));
        }
    }

    #[test]
    fn a_literal_has_the_digits_that_it_shows() {
        assert_eq!(NumberType::of_literal(&ScalarValue::Int64(Some(-120))), Some(plain(3, 0)));
        assert_eq!(NumberType::of_literal(&ScalarValue::Decimal128(Some(5), 38, 2)), Some(plain(0, 2)));
        assert_eq!(NumberType::of_literal(&ScalarValue::Int64(None)), Some(plain(19, 0)));
    }
}
