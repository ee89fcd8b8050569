//! Tests of the decimal number: its grammar, its order and its exactness at the edges of 38 digits.

use std::cmp::Ordering;
use std::str::FromStr;

use dashu::rational::RBig;

use super::{Decimal, DecimalError};

const LARGEST: &str = "99999999999999999999999999999999999999";
const SMALLEST_STEP: &str = "0.00000000000000000000000000000000000001";

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A deterministic spread of numbers over signs, sizes and scales.
fn sample() -> Vec<Decimal> {
    let mut numbers = vec![Decimal::ZERO, decimal(LARGEST), decimal(&format!("-{LARGEST}")), decimal(SMALLEST_STEP)];
    let mut state: u128 = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C834;
    for round in 0..200_u32 {
        state = state.wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645).wrapping_add(1);
        let magnitude = i128::try_from(state.rem_euclid(10_u128.pow(round % 39))).unwrap();
        let mantissa = if round % 2 == 0 { magnitude } else { 0 - magnitude };
        numbers.push(Decimal::new(mantissa, round % 39).unwrap());
    }
    numbers
}

#[test]
fn text_is_read_and_written_canonically() {
    let cases = [
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("0e999999999999", "0"),
        ("12.50", "12.5"),
        ("100", "100"),
        ("-0.001", "-0.001"),
        ("1e3", "1000"),
        ("1E+3", "1000"),
        ("1.5e1", "15"),
        ("1.5e-1", "0.15"),
        ("25e-1", "2.5"),
        ("100e-2", "1"),
        ("0.00000000000000000000000000000000000000000001e10", "0.0000000000000000000000000000000001"),
        (LARGEST, LARGEST),
        (SMALLEST_STEP, SMALLEST_STEP),
        ("1e37", "10000000000000000000000000000000000000"),
        ("1e-38", SMALLEST_STEP),
        ("1.00000000000000000000000000000000000000000000000000000000000000000000000000000", "1"),
    ];
    for (text, expected) in cases {
        assert_eq!(decimal(text).to_string(), expected, "{text}");
    }
}

#[test]
fn a_text_that_is_not_a_json_number_is_refused() {
    let refused = [
        "+1",
        "01",
        "-01",
        "00",
        ".5",
        "5.",
        "1.",
        "-",
        "--1",
        "1e",
        "1e+",
        "1e1.5",
        "1.2.3",
        "1,5",
        "1_000",
        " 1",
        "1 ",
        "NaN",
        "nan",
        "inf",
        "-Infinity",
        "0x10",
        "1f",
        "e5",
        "١",
        "1e5e5",
        "½",
        "1\n",
    ];
    for text in refused {
        let shown = text.replace('\n', "\\n");
        assert_eq!(Decimal::from_str(text), Err(DecimalError::Syntax(shown)), "{text:?}");
    }
    assert_eq!(Decimal::from_str(""), Err(DecimalError::Empty));
}

#[test]
fn numbers_past_38_digits_are_refused() {
    let one_digit_more = format!("{LARGEST}.5");
    let refused = [
        "1e38",
        "1e-39",
        "1e99999999999999999999",
        "1e-99999999999999999999",
        &one_digit_more,
        "1e9223372036854775807",
    ];
    for text in refused {
        assert_eq!(Decimal::from_str(text), Err(DecimalError::TooManyDigits(text.to_owned())), "{text}");
    }
    assert_eq!(
        DecimalError::TooManyDigits("1e38".to_owned()).to_string(),
        "`1e38` does not fit a decimal of 38 digits"
    );
}

#[test]
fn a_long_text_is_cut_in_its_error() {
    let message = Decimal::from_str(&"9".repeat(100_000)).unwrap_err().to_string();
    assert!(message.len() < 150, "{message}");
}

#[test]
fn parts_are_normalised_or_refused() {
    assert_eq!(Decimal::new(1_500, 2).unwrap(), decimal("15"));
    assert_eq!(Decimal::new(0, u32::MAX).unwrap(), Decimal::ZERO);
    assert_eq!(Decimal::new(10, 39).unwrap(), decimal(SMALLEST_STEP));
    for (mantissa, scale) in [(i128::MAX, 0), (i128::MIN, 0), (10_i128.pow(38), 0), (1, 39), (1, u32::MAX)] {
        assert!(Decimal::new(mantissa, scale).is_err(), "{mantissa}e-{scale}");
    }
}

#[test]
fn every_number_survives_its_own_text() {
    for number in sample() {
        assert_eq!(decimal(&number.to_string()), number);
    }
}

#[test]
fn the_order_is_that_of_the_rationals() {
    let numbers = sample();
    for left in &numbers {
        for right in &numbers {
            let expected = left.to_rational().cmp(&right.to_rational());
            assert_eq!(left.cmp(right), expected, "{left} and {right}");
            assert_eq!(left == right, expected == Ordering::Equal, "{left} and {right}");
        }
    }
}

#[test]
fn a_text_is_the_rational_it_says_around_the_length_of_machine_numbers() {
    for digits in 1..=24 {
        let all = "9876543210123456789012345".get(..digits).unwrap();
        for point in 0..=digits {
            let (whole, fraction) = all.split_at(point);
            let unsigned = match (whole, fraction) {
                (whole, "") => whole.to_owned(),
                ("", fraction) => format!("0.{fraction}"),
                (whole, fraction) => format!("{whole}.{fraction}"),
            };
            for text in [unsigned.clone(), format!("-{unsigned}"), format!("{unsigned}e3")] {
                assert_eq!(decimal(&text).to_rational(), RBig::from_str_decimal(&text).unwrap(), "{text}");
            }
            let trimmed =
                if fraction.is_empty() { &unsigned } else { unsigned.trim_end_matches('0').trim_end_matches('.') };
            assert_eq!(decimal(&unsigned).to_string(), trimmed);
        }
    }
}

#[test]
fn the_rational_is_the_same_number() {
    assert_eq!(decimal("-12.5").to_rational(), RBig::from_str("-25/2").unwrap());
    assert_eq!(decimal("0").to_rational(), RBig::ZERO);
}

#[test]
fn signs_are_known() {
    assert!(decimal("-0.1").is_negative());
    assert!(!decimal("0").is_negative());
    assert!(decimal("-0").is_zero());
    assert!(!decimal("0.1").is_zero());
}

#[test]
fn whole_base_units_are_exact() {
    assert_eq!(decimal("0").to_base_units_exact(255), Ok(0));
    assert_eq!(decimal("12.5").to_base_units_exact(6), Ok(12_500_000));
    assert_eq!(decimal("18446744073709551615").to_base_units_exact(0), Ok(u64::MAX));
    assert_eq!(decimal("18446744073.709551615").to_base_units_exact(9), Ok(u64::MAX));
    assert_eq!(Decimal::from(7).to_base_units_exact(0), Ok(7));
}

#[test]
fn base_units_that_are_not_exact_are_refused() {
    let cases = [
        ("-1", 6, "-1 is negative: an amount is at least 0"),
        ("0.0000001", 6, "0.0000001 has more than the 6 decimals of the token"),
        (
            "18446744073709551616",
            0,
            "18446744073709551616 with 0 decimals is more than 18446744073709551615 base units",
        ),
        ("1", 39, "1 with 39 decimals is more than 18446744073709551615 base units"),
        ("1", 255, "1 with 255 decimals is more than 18446744073709551615 base units"),
    ];
    for (text, decimals, message) in cases {
        assert_eq!(decimal(text).to_base_units_exact(decimals).unwrap_err().to_string(), message);
    }
}

#[test]
fn padding_applies_to_the_text() {
    assert_eq!(format!("{:>8}", decimal("-1.5")), "    -1.5");
}
