//! Reads a number's text as units of a number column, exactly; a number that would lose digits is refused.

use super::limits::{NUMBER_PRECISION, NUMBER_SCALE};
use crank_rules::values::decimal::Decimal;

/// Reads the text of a JSON number in units of 10^-9, or `None` if it has too many digits on either side of the point.
pub(super) fn number_units(text: &str) -> Option<i128> {
    let units = Decimal::read(text.as_bytes())?.mantissa_at(NUMBER_SCALE)?;
    (units.unsigned_abs() < 10_u128.pow(u32::from(NUMBER_PRECISION))).then_some(units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_nine_digits_behind_the_point_and_twenty_nine_before() {
        let (most, least) = ("9".repeat(29), "0.000000001");
        for (text, units) in [
            ("0", Some(0)),
            ("-12.5", Some(-12_500_000_000)),
            ("1.10", Some(1_100_000_000)),
            ("1.0000000000", Some(1_000_000_000)),
            ("1e3", Some(1_000_000_000_000)),
            (least, Some(1)),
            (&format!("{most}.999999999"), Some(10_i128.pow(38) - 1)),
            (&format!("-{most}.999999999"), Some(1 - 10_i128.pow(38))),
            ("1e29", None),
            ("0.0000000001", None),
            ("01", None),
            ("", None),
        ] {
            assert_eq!(number_units(text), units, "{text}");
        }
    }
}
