//! Which operator binds tighter, which side goes first, how numbers are written, and what is not evaluated.

use super::{Formula, Variables, check, check_condition, result, sample};

#[test]
fn a_conditional_binds_looser_than_or() {
    check("1 == 2 || 1 == 1 ? 5 : 6", "5");
    check("1 == 1 ? 5 : 1 == 2 || 1 == 1 ? 6 : 7", "5");
}

#[test]
fn or_binds_looser_than_and() {
    check_condition("1 == 1 || 1 == 1 && 1 == 2", true);
    check_condition("1 == 2 && 1 == 1 || 1 == 1", true);
}

#[test]
fn and_binds_looser_than_equality() {
    check_condition("(1 == 2) && (1 == 2) == (1 == 2)", false);
    check_condition("(1 == 1) != (1 == 2) && (1 == 2)", false);
}

#[test]
fn equality_binds_looser_than_order() {
    check_condition("1 < 2 == 3 < 4", true);
    check_condition("1 < 2 != 3 >= 3", false);
}

#[test]
fn order_binds_looser_than_sums() {
    check_condition("2 - 1 < 1 + 1", true);
    check_condition("1 + 1 >= 3 - 1", true);
}

#[test]
fn sums_bind_looser_than_products() {
    check("1 + 2 * 3", "7");
    check("8 - 6 / 2", "5");
    check("1 + 7 % 4", "4");
}

#[test]
fn products_bind_looser_than_signs() {
    check("2 * -3", "-6");
    check("-2 + 5", "3");
    check("7 % -4", "3");
    check_condition("!(1 == 2) && (1 == 2)", false);
}

#[test]
fn parentheses_bind_tightest() {
    check("(1 + 2) * 3", "9");
    check("-(2 + 5)", "-7");
    check("2 * (1 == 2 ? 3 : 4) + 1", "9");
}

#[test]
fn operators_of_one_precedence_go_left_to_right() {
    check("10 - 4 - 3", "3");
    check("10 - 4 + 3", "9");
    check("100 / 10 / 5", "2");
    check("12 / 2 * 3", "18");
    check("2 * 7 % 4", "2");
}

#[test]
fn conditionals_go_right_to_left() {
    check("1 == 2 ? 1 : 1 == 1 ? 2 : 3", "2");
    check("1 == 1 ? 1 == 2 ? 1 : 2 : 3", "2");
    check("(1 == 1 ? 1 == 2 : 1 == 1) ? 1 : 2", "2");
}

#[test]
fn a_sign_can_be_repeated() {
    check("--1", "1");
    check("1 - -1", "2");
    check("1--1", "2");
    check_condition("!!(1 == 1)", true);
}

#[test]
fn conditions_can_be_compared() {
    check_condition("(RANK == 2) == (VALUE > 100)", true);
    check_condition("RANK > 5 == VALUE > 500", true);
    check_condition("(RANK == 2) != (VALUE > 100)", false);
}

#[test]
fn comparisons_are_exact() {
    for (source, expected) in [
        ("1 / 3 + 1 / 3 + 1 / 3 == 1", true),
        ("0.1 + 0.2 == 0.3", true),
        ("0.1 + 0.2 != 0.3", false),
        ("1 / 3 > 0.333333333333333333333333333333", true),
        ("2 < 2", false),
        ("2 <= 2", true),
        ("2 > 2", false),
        ("2 >= 2", true),
        ("-3 < -2", true),
    ] {
        check_condition(source, expected);
    }
}

#[test]
fn arithmetic_is_exact() {
    for (source, expected) in [
        ("1 / 3 * 3", "1"),
        ("9007199254740993 * 0.05", "450359962737049.65"),
        ("0.1 + 0.2", "0.3"),
        ("2 / 6", "1/3"),
        ("1 - 1 / 3", "2/3"),
        ("99999999999999999999999999999999999999 - 0.000000001", "99999999999999999999999999999999999998.999999999"),
    ] {
        check(source, expected);
    }
}

#[test]
fn a_remainder_keeps_the_sign_of_its_left_side() {
    for (source, expected) in [
        ("7 % 3", "1"),
        ("-7 % 3", "-1"),
        ("7 % -3", "1"),
        ("-7 % -3", "-1"),
        ("6 % 3", "0"),
        ("5.5 % 2", "1.5"),
        ("1 % 0.3", "0.1"),
        ("1 / 2 % (1 / 3)", "1/6"),
    ] {
        check(source, expected);
    }
}

#[test]
fn numbers_are_decimals_with_an_exponent_if_need_be() {
    for (source, expected) in [
        ("0", "0"),
        ("007", "7"),
        ("10000", "10000"),
        ("0.05", "1/20"),
        (".5", "1/2"),
        ("1e3", "1000"),
        ("1.5E3", "1500"),
        ("25e-2", "1/4"),
        ("1e+2", "100"),
        ("0.000000000000000000000000000001", "1e-30"),
    ] {
        check(source, expected);
    }
}

#[test]
fn white_space_does_not_matter() {
    check(" \t1\n+\r\n2\u{a0}", "3");
    check("min(1,2)+min( 3 , 4 )", "4");
}

#[test]
fn every_variable_has_its_value() {
    for (source, expected) in [
        ("N", "250"),
        ("VALUE", "250"),
        ("RANK", "2"),
        ("INDEX", "1"),
        ("TOTAL_PARTICIPANTS", "10"),
        ("TOTAL_REWARD_POOL", "1000"),
        ("TOTAL_VALUE", "4000"),
    ] {
        check(source, expected);
    }
}

#[test]
fn the_largest_counts_are_exact() {
    let row = Variables { rank: u64::MAX, total_participants: u64::MAX, ..sample() };
    assert_eq!(result("RANK - INDEX", &row), super::exact("1"));
    assert_eq!(result("TOTAL_PARTICIPANTS + 1", &row), super::exact("18446744073709551616"));
}

#[test]
fn parts_that_do_not_decide_are_not_evaluated() {
    check("RANK == 2 ? 1 : 1 / 0", "1");
    check("RANK == 1 ? 1 / 0 : 1", "1");
    check("RANK == 1 ? 1 / 0 : RANK == 2 ? 1 : log(0)", "1");
    check_condition("1 == 1 || 1 / 0 == 1", true);
    check_condition("1 == 2 && 1 / 0 == 1", false);
    check_condition("1 == 2 || 1 == 1 || 1 / 0 == 1", true);
    check("TOTAL_PARTICIPANTS > 0 && N / TOTAL_PARTICIPANTS > 1 ? 1 : 0", "1");
}

#[test]
fn a_formula_keeps_its_text() {
    assert_eq!(Formula::parse(" N * 2 ").unwrap().source(), " N * 2 ");
}
