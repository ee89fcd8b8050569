//! Fractions against dashu's, and their codes against their order.

use dashu::rational::RBig;
use proptest::prelude::*;

use super::*;

impl Fraction {
    fn to_rational(&self) -> RBig {
        RBig::from_parts(self.numerator.clone(), self.denominator.clone())
    }
}

fn of_text(text: &str) -> Fraction {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    Fraction::new(numerator.parse().unwrap(), denominator.parse().unwrap())
}

fn code(fraction: &Fraction) -> Vec<u8> {
    let mut code = vec![7];
    Fraction::write(Ok(fraction), &mut code);
    code
}

/// Small and large fractions, close together and far apart.
fn fraction() -> impl Strategy<Value = Fraction> {
    let part = || {
        prop_oneof![
            (0_u64..20).prop_map(UBig::from),
            any::<u64>().prop_map(UBig::from),
            any::<u128>().prop_map(UBig::from),
            (any::<u128>(), 0_usize..700).prop_map(|(number, bits)| UBig::from(number) << bits),
            (0_usize..60).prop_map(|power| UBig::from(10_u8).pow(power)),
        ]
    };
    (any::<bool>(), part(), part()).prop_map(|(is_negative, numerator, denominator)| {
        let sign = if is_negative { Sign::Negative } else { Sign::Positive };
        Fraction::new(IBig::from_parts(sign, numerator), denominator + UBig::ONE)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_code_is_read_as_the_number_that_was_written(number in fraction()) {
        prop_assert_eq!(Fraction::read(&code(&number)).unwrap().to_rational(), number.to_rational());
    }

    #[test]
    fn codes_are_in_the_order_of_the_numbers(left in fraction(), right in fraction()) {
        prop_assert_eq!(code(&left).cmp(&code(&right)), left.to_rational().cmp(&right.to_rational()));
        // The codes of neighbours, which begin with many equal bytes.
        let near = left.plus(&Fraction::new(IBig::ONE, right.denominator().clone() * left.denominator()));
        prop_assert!(code(&left) < code(&near));
    }

    #[test]
    fn equal_numbers_have_equal_codes(number in fraction(), factor in 1_u64..) {
        let factor = UBig::from(factor);
        let longer = Fraction::new(number.numerator() * IBig::from(factor.clone()), number.denominator() * factor);
        prop_assert_eq!(code(&longer), code(&number));
    }

    #[test]
    fn no_code_begins_another(left in fraction(), right in fraction()) {
        prop_assert!(left == right || !code(&left).starts_with(&code(&right)));
    }

    #[test]
    fn arithmetic_is_that_of_rationals(left in fraction(), right in fraction()) {
        let (a, b) = (left.to_rational(), right.to_rational());
        prop_assert_eq!(left.plus(&right).to_rational(), &a + &b);
        prop_assert_eq!(left.minus(&right).to_rational(), &a - &b);
        prop_assert_eq!(left.times(&right).to_rational(), &a * &b);
        match left.over(&right) {
            Ok(quotient) => {
                prop_assert_eq!(quotient.to_rational(), &a / &b);
                let whole = RBig::from((&a / &b).trunc());
                prop_assert_eq!(left.remainder(&right).unwrap().to_rational(), &a - whole * &b);
            }
            Err(fault) => {
                prop_assert_eq!((fault, b.is_zero()), (Fault::DivisionByZero, true));
                prop_assert_eq!(left.remainder(&right).unwrap_err(), Fault::DivisionByZero);
            }
        }
    }
}

#[test]
fn whole_numbers_and_decimals_have_short_codes() {
    assert_eq!(code(&of_text("0")), [0x80, 0x00, 0x00]);
    assert_eq!(code(&of_text("5")), [0x80, 0x01, 5, 0x00]);
    assert_eq!(code(&of_text("-1")), [0x7f, 0xff, 0xfe, 0x00]);
    assert_eq!(code(&of_text("7/2")), [0x80, 0x01, 3, !2, 0xff]);
}

#[test]
fn a_fault_is_below_or_above_all_numbers() {
    for fault in [Fault::DivisionByZero, Fault::TooManyDigits, Fault::DoesNotFit] {
        let mut first = Vec::new();
        Fraction::write(Err(fault), &mut first);
        let last = Fraction::last(fault);
        assert_eq!((Fraction::read(&first).unwrap_err(), Fraction::read(&last).unwrap_err()), (fault, fault));
        for number in ["0", "-99999999999999999999999999", "99999999999999999999999999", "1/99999999999999"] {
            assert!(first < code(&of_text(number)) && code(&of_text(number)) < last.to_vec());
        }
    }
}

#[test]
fn a_number_with_too_long_a_code_is_a_fault() {
    let (mut longest, mut last) = (Fraction::new(IBig::ONE, UBig::ONE), Vec::new());
    let ratio = of_text("14142135623730950488016887242096980785696/10000000000000000000000000000000000000003");
    for _ in 0..40 {
        longest = longest.times(&ratio);
        last = code(&longest);
    }
    assert_eq!(Fraction::read(&last).unwrap_err(), Fault::TooManyDigits);
    assert_eq!(
        Fraction::read(&code(&Fraction::new(IBig::ONE << 20_000, UBig::ONE))).unwrap_err(),
        Fault::TooManyDigits
    );
    assert_eq!(
        Fraction::read(&code(&Fraction::new(IBig::ONE, UBig::ONE << 20_000))).unwrap_err(),
        Fault::TooManyDigits
    );
    assert!(Fraction::read(&code(&Fraction::new(IBig::ONE, UBig::ONE << 10_000))).is_ok());
}

#[test]
fn rounding_goes_where_its_name_says() {
    use Direction::{Down, NearestAway, NearestEven, TowardsZero, Up};
    for (number, places, direction, expected) in [
        ("5/2", 0, NearestEven, "2"),
        ("7/2", 0, NearestEven, "4"),
        ("-5/2", 0, NearestEven, "-2"),
        ("26/10", 0, NearestEven, "3"),
        ("5/2", 0, NearestAway, "3"),
        ("-5/2", 0, NearestAway, "-3"),
        ("24/10", 0, NearestAway, "2"),
        ("-1/3", 0, Down, "-1"),
        ("1/3", 0, Down, "0"),
        ("-1/3", 0, Up, "0"),
        ("1/3", 0, Up, "1"),
        ("-7/4", 0, TowardsZero, "-1"),
        ("2/3", 4, NearestAway, "6667/10000"),
        ("1250", -2, NearestAway, "1300"),
        ("-1250", -2, NearestEven, "-1200"),
        ("1249", -4, NearestAway, "0"),
        ("3", 5, Up, "3"),
    ] {
        assert_eq!(of_text(number).rounded(places, direction), of_text(expected), "{number} {places} {direction:?}");
    }
}

#[test]
fn a_decimal_becomes_a_fraction_and_back() {
    let number = i256::from_i128(-1_234_567);
    let fraction = Fraction::of_decimal(number, 3);
    assert_eq!(fraction, of_text("-1234567/1000"));
    assert_eq!(fraction.to_wide(3, Direction::NearestAway), Ok(number));
    assert_eq!(fraction.to_wide(1, Direction::NearestAway), Ok(i256::from_i128(-12_346)));
    assert_eq!(fraction.to_wide(76, Direction::NearestAway), Err(Fault::TooManyDigits));
    let long = i256::from_i128(i128::MAX).wrapping_mul(i256::from_i128(-1_000_000));
    assert_eq!(Fraction::of_decimal(long, 0).to_wide(0, Direction::Down), Ok(long));
}
