//! A single value of a result: a decimal as it is, a fraction rounded once to the nearest decimal of 38 digits.

use datafusion::arrow::datatypes::{DECIMAL256_MAX_PRECISION, Decimal256Type, DecimalType, i256};

use crate::engine::numbers::{Direction, Fault, Fraction, read_wide};
use crank_rules::values::decimal::{Decimal, MAX_DIGITS};

/// A value from the engine's columns.
#[derive(Clone, Copy)]
pub(super) enum Number<'a> {
    Decimal(i256, u8),
    Fraction(&'a [u8]),
}

impl Number<'_> {
    /// The exact value of a decimal, `None` if it has more than 38 digits; for a fraction, the nearest decimal of 38
    /// digits.
    pub(super) fn read(self) -> Result<Option<Decimal>, Fault> {
        match self {
            Self::Decimal(pattern, scale) => read_wide(pattern).map(|number| decimal(number, scale)),
            Self::Fraction(code) => Fraction::read(code).map(|fraction| nearest_decimal(&fraction)),
        }
    }

    pub(super) fn shown(self) -> String {
        match self {
            Self::Decimal(number, scale) => shown(number, scale),
            Self::Fraction(code) => match Fraction::read(code) {
                Ok(fraction) => nearest_decimal(&fraction)
                    .map_or_else(|| fraction.units(0, Direction::NearestEven).to_string(), |value| value.to_string()),
                Err(fault) => fault.cause().to_owned(),
            },
        }
    }
}

/// The nearest decimal of 38 digits; of two equally near ones, the even one. `None` if more than 38 digits stand before
/// the point.
fn nearest_decimal(fraction: &Fraction) -> Option<Decimal> {
    let whole = fraction.units(0, Direction::TowardsZero);
    let digits = i128::try_from(whole).ok()?.unsigned_abs().checked_ilog10().map_or(0, |power| power.saturating_add(1));
    let scale = MAX_DIGITS.checked_sub(digits)?;
    let rounded = |scale| Some((i128::try_from(fraction.units(scale, Direction::NearestEven)).ok()?, scale));
    // A number of nines that is rounded up has one digit more.
    let fits = |scale| rounded(scale).and_then(|(mantissa, scale)| Decimal::new(mantissa, scale).ok());
    fits(scale).or_else(|| fits(scale.checked_sub(1)?))
}

/// The number without zeros at its end, if it then fits 38 digits.
fn decimal(mut number: i256, mut scale: u8) -> Option<Decimal> {
    let ten = i256::from(10_i64);
    loop {
        // Most numbers are short, and computing with 256 bits would be slower.
        let short = number.to_i128().and_then(|number| Decimal::new(number, u32::from(scale)).ok());
        if short.is_some() || scale == 0 || number.checked_rem(ten) != Some(i256::ZERO) {
            return short;
        }
        number = number.checked_div(ten)?;
        scale = scale.checked_sub(1)?;
    }
}

fn shown(number: i256, scale: u8) -> String {
    let scale = i8::try_from(scale).unwrap_or_default();
    decimal(number, scale.unsigned_abs()).map_or_else(
        || Decimal256Type::format_decimal(number, DECIMAL256_MAX_PRECISION, scale),
        |value| value.to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(numerator: &str, denominator: &str) -> Option<String> {
        let fraction = Fraction::new(numerator.parse().unwrap(), denominator.parse().unwrap());
        nearest_decimal(&fraction).map(|decimal| decimal.to_string())
    }

    fn ten_to(zeros: usize) -> String {
        format!("1{}", "0".repeat(zeros))
    }

    #[test]
    fn a_fraction_is_rounded_to_the_nearest_of_38_digits_and_the_even_one_of_two() {
        for (numerator, denominator, expected) in [
            ("1".to_owned(), "3".to_owned(), format!("0.{}", "3".repeat(38))),
            ("-2".to_owned(), "3".to_owned(), format!("-0.{}7", "6".repeat(37))),
            ("200".to_owned(), "3".to_owned(), format!("66.{}7", "6".repeat(35))),
            ("100".to_owned(), "1".to_owned(), "100".to_owned()),
            // Halves.
            (format!("{}5", "1".repeat(38)), "10".to_owned(), format!("{}2", "1".repeat(37))),
            (format!("{}25", "1".repeat(37)), "10".to_owned(), format!("{}2", "1".repeat(37))),
            // Nines that become another digit before the point.
            ("9".repeat(40), ten_to(39), "10".to_owned()),
            // A number below half of the last place.
            ("1".to_owned(), ten_to(40), "0".to_owned()),
        ] {
            assert_eq!(nearest(&numerator, &denominator), Some(expected), "{numerator} / {denominator}");
        }
        assert_eq!(nearest(&ten_to(38), "1"), None);
        assert_eq!(nearest(&format!("{}5", "9".repeat(38)), "10"), None);
    }

    #[test]
    fn a_decimal_of_more_digits_is_not_rounded() {
        let long = i256::from_i128(10_i128.pow(38)).wrapping_add(i256::from(5_i64));
        assert_eq!(Number::Decimal(long, 2).read(), Ok(None));
        assert_eq!(
            Number::Decimal(i256::from_i128(10_i128.pow(38)), 2).read().unwrap().unwrap().to_string(),
            ten_to(36)
        );
    }
}
