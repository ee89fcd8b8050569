//! Decimals of 76 digits in 256 bits; the bit patterns beyond 76 digits stand for faults.
//!
//! A fault is written below all numbers in results, and above all numbers where `max` needs it. A later fault lies
//! farther from the numbers than an earlier one, so that `min` and `max` choose the same fault as all other functions.

use std::result::Result;

use datafusion::arrow::datatypes::{DECIMAL256_MAX_PRECISION, Decimal256Type, DecimalType, i256};

use super::Fault;

/// The number, or the fault that the pattern stands for.
pub(in crate::engine) fn read(pattern: i256) -> Result<i256, Fault> {
    let (low, high) = pattern.to_parts();
    let code = match high {
        i128::MIN => u128::from(u8::MAX).wrapping_sub(low),
        i128::MAX => u128::from(u8::MAX).wrapping_sub(!low),
        _ => return Ok(pattern),
    };
    Err(Fault::of_code(u8::try_from(code).unwrap_or_default()))
}

/// The pattern of a number, or of a fault below all numbers.
pub(in crate::engine) const fn write(number: Result<i256, Fault>) -> i256 {
    match number {
        Ok(number) => number,
        Err(fault) => i256::from_parts(widened(!fault.code()), i128::MIN),
    }
}

/// The pattern of a fault above all numbers.
pub(super) const fn last(fault: Fault) -> i256 {
    i256::from_parts(!widened(!fault.code()), i128::MAX)
}

const fn widened(code: u8) -> u128 {
    // `u128::from` is not const.
    u128::from_le_bytes([code, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
}

/// A number that has at most 76 digits.
pub(in crate::engine) fn fitting(number: Option<i256>) -> Result<i256, Fault> {
    let fits = |number: &i256| Decimal256Type::is_valid_decimal_precision(*number, DECIMAL256_MAX_PRECISION);
    number.filter(fits).ok_or(Fault::TooManyDigits)
}

/// `number × 10^zeros`.
pub(in crate::engine) fn scaled(number: i256, zeros: u32) -> Result<i256, Fault> {
    if zeros == 0 || number == i256::ZERO {
        return Ok(number);
    }
    fitting(i256::from(10_i64).checked_pow(zeros).and_then(|factor| number.checked_mul(factor)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_apart_from_every_number_on_both_ends() {
        let largest = i256::from(10_i64).wrapping_pow(76).wrapping_sub(i256::ONE);
        for fault in [Fault::DivisionByZero, Fault::TooManyDigits, Fault::DoesNotFit] {
            let (first, last) = (write(Err(fault)), last(fault));
            assert_eq!((read(first), read(last)), (Err(fault), Err(fault)));
            assert!(first < largest.wrapping_neg() && largest < last);
        }
        assert!(write(Err(Fault::DoesNotFit)) < write(Err(Fault::DivisionByZero)));
        assert!(last(Fault::DoesNotFit) > last(Fault::DivisionByZero));
        for number in [largest, largest.wrapping_neg(), i256::ZERO] {
            assert_eq!(read(write(Ok(number))), Ok(number));
        }
    }

    #[test]
    fn a_number_of_77_digits_does_not_fit() {
        let largest = i256::from(10_i64).wrapping_pow(76).wrapping_sub(i256::ONE);
        assert_eq!(fitting(Some(largest)), Ok(largest));
        assert_eq!(fitting(Some(largest.wrapping_add(i256::ONE))), Err(Fault::TooManyDigits));
        assert_eq!(scaled(i256::ONE, 75), Ok(i256::from(10_i64).wrapping_pow(75)));
        assert_eq!(
            (scaled(i256::ONE, 76), scaled(i256::ONE, 999)),
            (Err(Fault::TooManyDigits), Err(Fault::TooManyDigits))
        );
        assert_eq!(scaled(i256::ZERO, 999), Ok(i256::ZERO));
    }
}
