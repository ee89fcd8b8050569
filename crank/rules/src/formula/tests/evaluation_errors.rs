//! Operations that have no result for a row: which one, with what values, and why.

use super::{EvaluationCause, Formula, check_fails, sample};

#[test]
fn division_by_zero_is_an_error() {
    for (source, column, operation) in [
        ("1 / 0", 3, "1 / 0"),
        ("VALUE / (RANK - 2)", 7, "250 / 0"),
        ("0 / 0", 3, "0 / 0"),
        ("1 + 7.5 % (INDEX - 1)", 9, "7.5 % 0"),
        ("1 / 3 / 0", 7, "0.333333333333... / 0"),
        ("-1 / 3 / 0", 8, "-0.333333333333... / 0"),
        ("1e-15 / 0", 7, "0.000000000000... / 0"),
        ("-1e-15 / 0", 8, "-0.000000000000... / 0"),
    ] {
        check_fails(source, column, operation, EvaluationCause::DivisionByZero);
    }
}

#[test]
fn the_logarithm_of_zero_or_less_is_an_error() {
    check_fails("log(0)", 1, "log(0)", EvaluationCause::LogOfNonPositive);
    check_fails("2 * log(RANK - 2.5)", 5, "log(-0.5)", EvaluationCause::LogOfNonPositive);
}

#[test]
fn the_square_root_of_a_negative_number_is_an_error() {
    check_fails("1 + sqrt(-4)", 5, "sqrt(-4)", EvaluationCause::SquareRootOfNegative);
}

#[test]
fn a_power_that_is_undefined_is_an_error() {
    for (source, operation, cause) in [
        ("pow(0, -1)", "pow(0, -1)", EvaluationCause::PowerOfZero),
        ("pow(0, -0.5)", "pow(0, -0.5)", EvaluationCause::PowerOfZero),
        ("pow(0, -1e30)", "pow(0, -1000000000000000000000000000000)", EvaluationCause::PowerOfZero),
        ("pow(-8, 1 / 3)", "pow(-8, 0.333333333333...)", EvaluationCause::PowerOfNegative),
        ("pow(-8, 0.5)", "pow(-8, 0.5)", EvaluationCause::PowerOfNegative),
    ] {
        check_fails(source, 1, operation, cause);
    }
}

#[test]
fn an_error_is_one_sentence_that_shows_the_operation() {
    let error = Formula::parse("N + VALUE / INDEX % 0").unwrap().evaluate(&sample()).unwrap_err();
    assert_eq!(error.to_string(), "column 19: `250 % 0`: division by zero");
}
