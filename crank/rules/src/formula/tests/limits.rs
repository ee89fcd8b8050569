//! Every limit at its edge and one past it, and what a hostile formula can cost.

use std::{iter, thread};

use dashu::base::BitTest;

use super::{EvaluationCause, Exact, Formula, Variables, check, check_condition, check_fails, check_refused, sample};

/// 2^127 - 1, the largest whole number there is.
const LARGEST: &str = "170141183460469231731687303715884105727";

#[test]
fn a_formula_has_at_most_4096_characters() {
    let padding = "\u{a0}".repeat(4095);
    check(&format!("{padding}7"), "7");
    check_refused(&format!("{padding} 7"), "column 4097: the formula has 4097 characters and may have at most 4096");
}

#[test]
fn nesting_is_at_most_64_deep() {
    for (opening, middle, closing) in [
        ("(", "7", ")"),
        ("abs(", "7", ")"),
        ("max(1,", "7", ")"),
        ("-", "7", ""),
        ("1==1?", "7", ":1"),
        ("(1==1?", "7", ":1)"),
    ] {
        let levels = if opening == "(1==1?" { 32 } else { 64 };
        let nested = |levels: usize| format!("{}{middle}{}", opening.repeat(levels), closing.repeat(levels));
        check(&nested(levels), "7");
        let error = Formula::parse(&nested(levels + 1)).unwrap_err();
        let problem = "more than 64 parentheses, calls, signs or branches inside one another";
        assert_eq!(error.problem.to_string(), problem, "{opening}");
    }
    check_condition(&format!("{}(1 == 1)", "!".repeat(62)), true);
}

#[test]
fn too_deep_points_at_what_opens_one_level_too_many() {
    let problem = "more than 64 parentheses, calls, signs or branches inside one another";
    check_refused(&"(".repeat(4096), &format!("column 65: {problem}"));
    check_refused(&"-".repeat(4096), &format!("column 65: {problem}"));
    check_refused(&"abs(".repeat(1024), &format!("column 260: {problem}"));
    check_refused(&"1==1?".repeat(800), &format!("column 325: {problem}"));
}

#[test]
fn depth_counts_what_is_open_and_not_what_was() {
    check(&format!("(1){}", " + (1)".repeat(200)), "201");
    check(&format!("abs(1){}", " + abs(-1)".repeat(200)), "201");
    check(&format!("-1{}", " - -1".repeat(200)), "199");
}

#[test]
fn a_chain_of_a_hundred_tiers_is_flat() {
    let tiers: String = (1..=100).map(|rank| format!("RANK == {rank} ? {} : ", 1000 - rank)).collect();
    check(&format!("{tiers}0"), "998");
    let last = Variables { rank: 101, ..sample() };
    assert_eq!(super::result(&format!("{tiers}5"), &last), Exact::from(5));
}

#[test]
fn a_chain_of_one_operator_is_flat() {
    check(&format!("1{}", "+1".repeat(2047)), "2048");
    check(&format!("1{}", "*1".repeat(2047)), "1");
    check_condition(&format!("1==1{}", "&&1==1".repeat(600)), true);
    check_condition(&format!("1==2{}", "||1==2".repeat(600)), false);
    check(&format!("max(1{})", ",1".repeat(2000)), "1");
}

#[test]
fn the_deepest_formula_fits_a_small_stack() {
    let deepest = format!("{}7{}", "min(1 == 1 && 2 > 1 ? ".repeat(32), " : 1, 8)".repeat(32));
    let evaluate = move || Formula::parse(&deepest).unwrap().clone().evaluate(&sample()).unwrap();
    let result = thread::Builder::new().stack_size(1 << 20).spawn(evaluate).unwrap().join().unwrap();
    assert_eq!(result, Exact::from(7));
}

#[test]
fn a_result_past_2_to_the_127_is_an_error() {
    check(LARGEST, LARGEST);
    check(&format!("-{LARGEST}"), &format!("-{LARGEST}"));
    check(&format!("{LARGEST} + 0.999"), &format!("{LARGEST}.999"));
    let past = [
        (format!("{LARGEST} + 1"), 41, format!("{LARGEST} + 1")),
        (format!("-{LARGEST} - 1"), 42, format!("-{LARGEST} - 1")),
        (format!("ceil({LARGEST} + 0.5)"), 1, format!("ceil({LARGEST}.5)")),
        (format!("round({LARGEST} + 0.5)"), 1, format!("round({LARGEST}.5)")),
        (format!("floor(-{LARGEST} - 0.5)"), 1, format!("floor(-{LARGEST}.5)")),
        ("1e38 * 2".to_owned(), 6, format!("1{} * 2", "0".repeat(38))),
        ("1e38 / 0.5".to_owned(), 6, format!("1{} / 0.5", "0".repeat(38))),
        ("pow(2, 127)".to_owned(), 1, "pow(2, 127)".to_owned()),
        ("pow(-2, 127)".to_owned(), 1, "pow(-2, 127)".to_owned()),
        ("pow(0.5, -127)".to_owned(), 1, "pow(0.5, -127)".to_owned()),
        ("pow(2, 127.5)".to_owned(), 1, "pow(2, 127.5)".to_owned()),
        ("pow(10, 1e30)".to_owned(), 1, format!("pow(10, 1{})", "0".repeat(30))),
        ("exp(89)".to_owned(), 1, "exp(89)".to_owned()),
        ("exp(1e30)".to_owned(), 1, format!("exp(1{})", "0".repeat(30))),
    ];
    for (source, column, operation) in past {
        check_fails(&source, column, &operation, EvaluationCause::TooLarge);
    }
}

#[test]
fn the_exponential_function_reaches_2_to_the_127() {
    check_condition(&format!("exp(88.029691931113054295988) < {LARGEST}"), true);
    let past = "88.029691931113054295989";
    check_fails(&format!("exp({past})"), 1, "exp(88.029691931113...)", EvaluationCause::TooLarge);
}

#[test]
fn a_variable_past_2_to_the_127_is_an_error() {
    let row = Variables { total_value: super::exact("2e38"), ..sample() };
    let error = Formula::parse("1 + TOTAL_VALUE").unwrap().evaluate(&row).unwrap_err();
    let shown = format!("column 5: `TOTAL_VALUE = 2{}`: the result is past 2^127", "0".repeat(38));
    assert_eq!(error.to_string(), shown);
}

#[test]
fn a_literal_past_the_limits_is_refused() {
    let many_digits = format!("0.{}1", "0".repeat(2000));
    for literal in
        ["170141183460469231731687303715884105728", "1e39", "1e1201", "1e-1201", "1e99999999999", &many_digits]
    {
        let problem = "is out of range: numbers are below 2^127 and have at most 1,200 digits";
        check_refused(&format!("1 + {literal}"), &format!("column 5: `{literal}` {problem}"));
    }
    check_condition("1e-1200 > 0", true);
}

#[test]
fn an_exact_result_has_at_most_4096_bits() {
    check_condition("pow(0.5, 4095) > 0", true);
    check_fails("pow(0.5, 4095) / 2", 16, "0.000000000000... / 2", EvaluationCause::TooManyDigits);
    check_fails(
        "pow(0.5, 4095) * pow(0.5, 4095)",
        16,
        "0.000000000000... * 0.000000000000...",
        EvaluationCause::TooManyDigits,
    );
}

#[test]
fn a_power_of_more_than_4096_bits_is_rounded() {
    check_condition("pow(0.5, 4095) > 0 && pow(0.5, 4096) == 0", true);
    check_condition("pow(1 / 3, 2584) > 0 && pow(1 / 3, 2585) == 0", true);
    check("pow(2 / 3, 200) * pow(3 / 2, 200)", "1");
}

#[test]
fn a_hostile_formula_ends() {
    let repeated = |part: &str, times: usize| iter::repeat_n(part, times).collect::<Vec<_>>().join("+");
    for source in [
        repeated("pow(3,1/7)", 370),
        repeated("pow(.7,999)", 340),
        repeated("exp(1/3)", 450),
        repeated("log(1/7)", 450),
        repeated("sqrt(.1)", 450),
        format!("1{}", "/1.0000001".repeat(400)),
        format!("{}1.5{}", "pow(".repeat(60), ",999999)".repeat(60)),
        format!("{}2{}", "pow(1/".repeat(60), ",-.999)".repeat(60)),
        "pow(1.0000001, 1e37)".to_owned(),
        "pow(1 - 1e-1200, 1e38)".to_owned(),
        "pow(1 + 1e-1200, 1e38 + 0.5)".to_owned(),
        "log(1 + 1e-1200)".to_owned(),
        "1e38 % 1e-1200".to_owned(),
    ] {
        // Whether it has a result or not, it must come to an end, and no result may break the limits.
        let outcome = Formula::parse(&source).unwrap().evaluate(&sample());
        if let Ok(value) = outcome {
            assert!(value < super::exact(LARGEST) && value.to_rational().denominator().bit_len() <= 4096, "{source}");
        }
    }
}

#[test]
fn no_text_makes_the_parser_or_the_evaluation_panic() {
    const WORDS: &str = "N RANK INDEX TOTAL_VALUE 0 1 2.5 1e38 1e-30 ( ) ( ) , + - * / % < == != >= && || ! ? : \
        sqrt( pow( min( log( exp( é";
    let words: Vec<&str> = WORDS.split(' ').collect();
    let mut state = 7_u64;
    let mut evaluated = 0;
    for _ in 0..40_000 {
        let mut source = String::new();
        for _ in 0..=(state >> 40) % 12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let choice = usize::try_from(state >> 33).unwrap() % words.len();
            source.push_str(words[choice]);
        }
        if let Ok(formula) = Formula::parse(&source) {
            evaluated += usize::from(formula.evaluate(&sample()).is_ok());
        }
    }
    assert!(evaluated > 1_000, "only {evaluated} of the texts are formulas");
}
