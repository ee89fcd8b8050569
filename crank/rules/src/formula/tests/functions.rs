//! What the functions compute. The rounded results are compared with 40 digits that mpmath 1.3 gives at 120.

use super::{check, check_condition};

#[test]
fn rounding_functions_give_whole_numbers() {
    for (source, expected) in [
        ("floor(2.9)", "2"),
        ("floor(-2.1)", "-3"),
        ("floor(2)", "2"),
        ("ceil(2.1)", "3"),
        ("ceil(-2.9)", "-2"),
        ("ceil(-2)", "-2"),
        ("round(2.4)", "2"),
        ("round(2.5)", "3"),
        ("round(-2.4)", "-2"),
        ("round(-2.5)", "-3"),
        ("round(0.5)", "1"),
        ("round(-0.5)", "-1"),
        ("round(0.49999999999999999999999)", "0"),
        ("floor(1 / 3 * 3)", "1"),
    ] {
        check(source, expected);
    }
}

#[test]
fn abs_drops_the_sign() {
    check("abs(-2.5)", "2.5");
    check("abs(2.5)", "2.5");
    check("abs(0)", "0");
}

#[test]
fn min_and_max_take_two_arguments_or_more() {
    check("min(3, 2)", "2");
    check("max(3, 2)", "3");
    check("min(3, -2, 1, 7)", "-2");
    check("max(1 / 3, 0.3333, 0.3334, -7)", "0.3334");
    check("max(5, 5)", "5");
}

#[test]
fn whole_number_powers_are_exact() {
    for (source, expected) in [
        ("pow(3, 4)", "81"),
        ("pow(-3, 3)", "-27"),
        ("pow(-3, 2)", "9"),
        ("pow(2 / 3, 3)", "8/27"),
        ("pow(2 / 3, -3)", "27/8"),
        ("pow(-2, -3)", "-1/8"),
        ("pow(7, 0)", "1"),
        ("pow(0, 0)", "1"),
        ("pow(0, 5)", "0"),
        ("pow(7, 1)", "7"),
        ("pow(1.1, 10)", "2.5937424601"),
        ("pow(2, 126)", "85070591730234615865843651857942052864"),
        ("pow(2, 6 / 2)", "8"),
        ("pow(1, 99999999999999999999999999999999)", "1"),
        ("pow(-1, 99999999999999999999999999999999)", "-1"),
        ("pow(-1, -99999999999999999999999999999998)", "1"),
        ("pow(0, 99999999999999999999999999999999)", "0"),
    ] {
        check(source, expected);
    }
}

#[test]
fn the_root_of_a_square_is_exact() {
    for (source, expected) in [
        ("sqrt(0)", "0"),
        ("sqrt(1)", "1"),
        ("sqrt(144)", "12"),
        ("sqrt(0.25)", "0.5"),
        ("sqrt(4 / 9)", "2/3"),
        ("sqrt(1e-100)", "1e-50"),
        ("sqrt(pow(1 / 3, 100)) * pow(3, 50)", "1"),
        ("pow(4 / 9, 0.5)", "2/3"),
        ("pow(49, 1 / 2)", "7"),
    ] {
        check(source, expected);
    }
}

#[test]
fn a_power_that_is_a_short_decimal_is_exact() {
    for (source, expected) in
        [("pow(8, 1 / 3)", "2"), ("pow(4, 1.5)", "8"), ("pow(0.001, 1 / 3)", "0.1"), ("pow(32, -0.2)", "0.5")]
    {
        check(source, expected);
    }
}

#[test]
fn the_functions_are_exact_at_their_origin() {
    check("log(1)", "0");
    check("exp(0)", "1");
    check("pow(1, 0.3)", "1");
    check("pow(0, 0.3)", "0");
}

#[test]
fn roots_have_forty_digits() {
    for (source, expected) in [
        ("sqrt(2)", "1.414213562373095048801688724209698078570"),
        ("sqrt(0.1)", "0.3162277660168379331998893544432718533720"),
        ("sqrt(1 / 3)", "0.5773502691896257645091487805019574556476"),
        ("sqrt(1e37)", "3162277660168379331.998893544432718533720"),
        ("pow(7, -0.5)", "0.3779644730092272272145165362341800608158"),
        ("50000 / pow(7, 0.5) / 50000 * sqrt(7)", "1"),
    ] {
        check(source, expected);
    }
}

#[test]
fn logarithms_have_forty_digits() {
    for (source, expected) in [
        ("log(2)", "0.6931471805599453094172321214581765680755"),
        ("log(0.5)", "-0.6931471805599453094172321214581765680755"),
        ("log(3)", "1.098612288668109691395245236922525704647"),
        ("log(10)", "2.302585092994045684017991454684364207601"),
        ("log(123456.789)", "11.72364648718588098113995898391011158691"),
        ("log(170141183460469231731687303715884105727)", "88.02969193111305429598847942518842414558"),
        ("log(1e-300)", "-690.7755278982137052053974364053092622803"),
    ] {
        check(source, expected);
    }
}

#[test]
fn logarithms_next_to_one_lose_no_digits() {
    for (source, expected) in [
        ("log(0.9999999999)", "-0.0000000001000000000050000000003333333333583333333"),
        ("log(1 + 1e-32)", "0.000000000000000000000000000000009999999999999999999999999999999950000000"),
        ("log(1 - 1e-55)", "-1e-55"),
    ] {
        check(source, expected);
    }
}

#[test]
fn exponentials_have_forty_digits() {
    for (source, expected) in [
        ("exp(1)", "2.718281828459045235360287471352662497757"),
        ("exp(-1)", "0.3678794411714423215955237701614608674458"),
        ("exp(0.5)", "1.648721270700128146848650787814163571654"),
        ("exp(10)", "22026.46579480671651695790064528424436635"),
        ("exp(88.02)", "168500152058165325106471903598434881155.3"),
        ("exp(-100)", "0.00000000000000000000000000000000000000000003720075976020835962959695803863118337359"),
        ("exp(1e-20)", "1.00000000000000000001"),
    ] {
        check(source, expected);
    }
}

#[test]
fn other_powers_have_forty_digits() {
    for (source, expected) in [
        ("pow(2, 0.75)", "1.681792830507429086062250952466429790080"),
        ("pow(10, 1 / 3)", "2.154434690031883721759293566519350495259"),
        ("pow(0.3, 2.5)", "0.04929503017546495021112728045207219205575"),
        ("pow(123456.789, 1.25)", "2314161.805735458903830863455999794654197"),
    ] {
        check(source, expected);
    }
}

#[test]
fn a_whole_number_power_that_is_too_long_has_forty_digits() {
    for (source, expected) in [
        ("pow(1.05, 1000)", "1546318920731927238984.568017162975236013"),
        ("pow(-1.05, 1001) / 1.05 + 1546318920731927238984.568017162975236013 < 1e-18 ? 1 : 0", "1"),
        ("pow(1.0000001, 100000000)", "22026.45478157730663646942812463629595495"),
        (
            "pow(-0.9999999, 1000000001)",
            "-0.00000000000000000000000000000000000000000003720057003680479143138753934586757436679",
        ),
    ] {
        check(source, expected);
    }
}

#[test]
fn a_rounded_result_below_ten_to_the_minus_sixty_is_zero() {
    check("exp(-138.1)", "1.056652169745001690819340716306613819112e-60");
    check("exp(-138.2)", "0");
    check("exp(-1e30)", "0");
    check("pow(0.5, 1e9)", "0");
    check("log(1 + 1e-61)", "0");
    check_condition("sqrt(2e-120) > 0 && sqrt(2e-122) == 0", true);
}

#[test]
fn powers_and_logarithms_undo_one_another_to_forty_digits() {
    for source in ["log(exp(1)) - 1", "log(exp(3)) - 3", "exp(log(2)) - 2", "pow(pow(RANK, 0.3), 10) - 8"] {
        check_condition(&format!("abs({source}) < 1e-37"), true);
    }
}
