//! The exact sum of decimals. How they are measured is in `measurement`.

use std::ops::{AddAssign, DivAssign, Mul, Rem};

use dashu::integer::IBig;

use crate::decimal::Decimal;

/// The sum of all values; none if it has more than 38 digits.
pub(super) fn of(values: impl Iterator<Item = Decimal> + Clone) -> Option<Decimal> {
    let ten = IBig::from(10_u8);
    let mut scale = values.clone().map(Decimal::scale).max().unwrap_or(0);
    let mut sum = IBig::ZERO;
    for value in values {
        let zeros = usize::try_from(scale.checked_sub(value.scale())?).ok()?;
        sum.add_assign(IBig::from(value.mantissa()).mul(ten.pow(zeros)));
    }
    // Zeros at the end must not make a short number look too long.
    while scale > 0 && (&sum).rem(&ten) == IBig::ZERO {
        sum.div_assign(&ten);
        scale = scale.checked_sub(1)?;
    }
    Decimal::new(i128::try_from(&sum).ok()?, scale).ok()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn decimals_of_any_scale_are_summed_exactly() {
        let sum = |values: &[&str]| {
            let values: Vec<_> = values.iter().map(|value| value.parse().unwrap()).collect();
            of(values.into_iter()).map(|sum| sum.to_string())
        };
        let longest = "9".repeat(38);
        assert_eq!(sum(&[]).as_deref(), Some("0"));
        assert_eq!(sum(&["0.5", "2.25", "-1", "0.25"]).as_deref(), Some("2"));
        assert_eq!(sum(&[&longest, &format!("-{longest}"), "0.001"]).as_deref(), Some("0.001"));
        assert_eq!(sum(&[&longest, "0.5", "0.5", "-1"]).as_deref(), Some(longest.as_str()));
        assert_eq!(sum(&[&longest, "1"]), None);
        assert_eq!(sum(&[&longest, "0.1"]), None);
    }
}
