//! Texts that are not formulas: what the message says and to which column it points.

use super::{Formula, check_refused};

const KNOWN_NAMES: &str = "the variables are N VALUE RANK INDEX TOTAL_PARTICIPANTS TOTAL_REWARD_POOL TOTAL_VALUE, \
    the functions sqrt pow abs floor ceil round min max log exp";

#[test]
fn an_unknown_name_lists_the_known_ones() {
    for (source, column, name, hint) in [
        ("1 + POOL", 5, "POOL", ""),
        ("RNK == 1 ? 2 : 3", 1, "RNK", " (did you mean `RANK`?)"),
        ("N + rank", 5, "rank", " (did you mean `RANK`?)"),
        ("n", 1, "n", " (did you mean `N`?)"),
        ("X", 1, "X", ""),
        ("TOTAL_PARTICIPANT", 1, "TOTAL_PARTICIPANT", " (did you mean `TOTAL_PARTICIPANTS`?)"),
        ("SQRT(N)", 1, "SQRT", " (did you mean `sqrt`?)"),
        ("2 * flor(N)", 5, "flor", " (did you mean `floor`?)"),
        ("_", 1, "_", ""),
        ("true ? 1 : 0", 1, "true", ""),
    ] {
        check_refused(source, &format!("column {column}: unknown name `{name}`{hint}; {KNOWN_NAMES}"));
    }
}

#[test]
fn an_empty_text_is_refused() {
    for source in ["", " ", "\n\t"] {
        check_refused(source, "column 1: the formula is empty; `N` pays each row its value");
    }
}

#[test]
fn a_character_without_a_meaning_is_refused() {
    for (source, column, character) in [("N $ 2", 3, '$'), ("N;", 2, ';'), ("\u{a0}\u{a0}é", 3, 'é'), ("N . 2", 3, '.')]
    {
        let problem = "has no meaning in a formula; it is made of numbers, names, operators and parentheses";
        check_refused(source, &format!("column {column}: `{character}` {problem}"));
    }
}

#[test]
fn an_operator_of_another_language_is_translated() {
    for (source, column, found, instead) in [
        ("RANK = 1 ? 2 : 3", 6, "=", "=="),
        ("RANK === 1 ? 2 : 3", 6, "===", "=="),
        ("RANK !== 1 ? 2 : 3", 6, "!==", "!="),
        ("RANK <> 1 ? 2 : 3", 6, "<>", "!="),
        ("RANK => 1 ? 2 : 3", 6, "=>", ">="),
        ("RANK =< 1 ? 2 : 3", 6, "=<", "<="),
        ("RANK ≤ 1 ? 2 : 3", 6, "≤", "<="),
        ("RANK == 1 & N > 1 ? 2 : 3", 11, "&", "&&"),
        ("RANK == 1 | N > 1 ? 2 : 3", 11, "|", "||"),
        ("N ^ 2", 3, "^", "pow(base, exponent)"),
        ("N ** 2", 3, "**", "pow(base, exponent)"),
        ("N × 2", 3, "×", "*"),
        ("N − 2", 3, "−", "-"),
    ] {
        check_refused(source, &format!("column {column}: `{found}` is not an operator; write `{instead}`"));
    }
}

#[test]
fn a_malformed_number_is_refused() {
    for (source, column, text) in [
        ("5.", 1, "5."),
        ("1 + 2N", 5, "2N"),
        ("1.2.3", 1, "1.2.3"),
        ("1e", 1, "1e"),
        ("1_000", 1, "1_000"),
        ("0x10", 1, "0x10"),
        ("1e5e5", 1, "1e5e5"),
        ("5.e3", 1, "5.e3"),
    ] {
        let problem = "is not a number; write digits, a point if need be and more digits, then an operator";
        check_refused(source, &format!("column {column}: `{text}` {problem}"));
    }
}

#[test]
fn something_missing_or_left_over_is_refused() {
    for (source, column, expected, found) in [
        ("1 +", 4, "a number, a name or `(`", "the end of the formula"),
        ("+1", 1, "a number, a name or `(`", "`+`"),
        ("5% * N", 4, "a number, a name or `(`", "`*`"),
        ("()", 2, "a number, a name or `(`", "`)`"),
        ("min(1,)", 7, "a number, a name or `(`", "`)`"),
        ("(1", 3, "an operator or `)`", "the end of the formula"),
        ("(1, 2)", 3, "an operator or `)`", "`,`"),
        ("min(1 2)", 7, "an operator, `,` or `)`", "`2`"),
        ("N > 0 ? 1", 10, "an operator or `:` and the other branch", "the end of the formula"),
        ("N > 0 ? 1 , 2", 11, "an operator or `:` and the other branch", "`,`"),
        ("1 2", 3, "an operator or the end of the formula", "`2`"),
        ("1)", 2, "an operator or the end of the formula", "`)`"),
        ("N > 1,000 ? 1 : 0", 6, "an operator or the end of the formula", "`,`"),
        ("1 : 2", 3, "an operator or the end of the formula", "`:`"),
    ] {
        check_refused(source, &format!("column {column}: expected {expected}, found {found}"));
    }
}

#[test]
fn a_function_needs_its_arguments() {
    check_refused("sqrt", "column 1: `sqrt` is a function; write its arguments in parentheses, as in `sqrt(N)`");
    check_refused("2 * max", "column 5: `max` is a function; write its arguments in parentheses, as in `max(N)`");
    for (source, column, function, takes, found) in [
        ("sqrt()", 1, "sqrt", "one argument", 0),
        ("1 + log(2, 3)", 5, "log", "one argument", 2),
        ("pow(2)", 1, "pow", "two arguments, the base and the exponent,", 1),
        ("pow(2, 3, 4)", 1, "pow", "two arguments, the base and the exponent,", 3),
        ("min(1)", 1, "min", "two or more arguments", 1),
        ("max()", 1, "max", "two or more arguments", 0),
        ("exp(1, 2, 3, 4, 5)", 1, "exp", "one argument", 5),
    ] {
        check_refused(source, &format!("column {column}: `{function}` takes {takes} and has {found}"));
    }
}

#[test]
fn a_variable_takes_no_arguments() {
    let problem = "is a variable and takes no arguments; write `N * (...)` to multiply";
    check_refused("1 + N(2)", &format!("column 5: `N` {problem}"));
}

#[test]
fn a_condition_is_not_a_number() {
    for (source, column, place) in [
        ("RANK == 1", 1, "the whole formula"),
        ("(RANK <= 10) * 500", 1, "each side of `*`"),
        ("500 * (RANK <= 10)", 7, "each side of `*`"),
        ("1 + (2 > 1)", 5, "each side of `+`"),
        ("1 == (2 > 1) ? 1 : 0", 6, "each side of `==`"),
        ("1 < (2 > 1) ? 1 : 0", 5, "each side of `<`"),
        ("min(1, N > 2)", 8, "an argument"),
        ("-(1 == 1)", 2, "what the sign `-` stands before"),
        ("N > 0 ? 1 : N > 1", 13, "each branch, like the first,"),
        ("N > 0 ? 1 : N > 1 ? N > 2 : 3", 21, "each branch, like the first,"),
    ] {
        let problem = "must be a number and this is a condition; `condition ? 1 : 0` makes it one";
        check_refused(source, &format!("column {column}: {place} {problem}"));
    }
}

#[test]
fn a_number_is_not_a_condition() {
    for (source, column, place) in [
        ("N ? 1 : 0", 1, "what stands before `?`"),
        ("N > 0 ? 1 : N ? 2 : 3", 13, "what stands before `?`"),
        ("N && 1 == 1 ? 1 : 0", 1, "each side of `&&`"),
        ("1 == 1 || N ? 1 : 0", 11, "each side of `||`"),
        ("!N ? 1 : 0", 2, "what `!` stands before"),
        ("(1 == 1) == 1 ? 1 : 0", 13, "each side of `==`"),
        ("(N > 0 ? N > 1 : 2) ? 1 : 0", 18, "each branch, like the first,"),
    ] {
        let problem = "must be a condition and this is a number; compare it, as in `N > 0`";
        check_refused(source, &format!("column {column}: {place} {problem}"));
    }
}

#[test]
fn comparisons_do_not_chain() {
    for (source, column, symbol) in [
        ("1 < 2 < 3 ? 1 : 0", 7, "<"),
        ("1 <= RANK <= 3 ? 1 : 0", 11, "<="),
        ("1 == 1 == 1 ? 1 : 0", 8, "=="),
        ("1 == 1 != (1 == 1) ? 1 : 0", 8, "!="),
    ] {
        let problem = "follows another comparison; comparisons do not chain, join them with `&&` or use parentheses";
        check_refused(source, &format!("column {column}: `{symbol}` {problem}"));
    }
}

#[test]
fn columns_count_characters_across_lines() {
    let error = Formula::parse("1 +\n  é").unwrap_err();
    assert_eq!(error.column, 7);
}
