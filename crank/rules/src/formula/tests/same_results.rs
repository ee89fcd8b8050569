//! The fast evaluation and the slow one give the same number, the same failure and the same base units.
#![expect(clippy::arithmetic_side_effects, reason = "the generator's numbers are small")]

use dashu::integer::{IBig, UBig};

use super::{Exact, Formula, Rational, Variables, reference};

/// A deterministic stream of choices.
struct Choices(u64);

impl Choices {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn of<'list, T>(&mut self, list: &'list [T]) -> &'list T {
        let choice = self.below(list.len());
        list.get(choice).unwrap()
    }
}

/// Literals at every edge: of 64 and 127 bits, of decimals, of squares.
const LITERALS: [&str; 24] = [
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "0.5",
    "0.1",
    "0.05",
    "1.5",
    "9",
    "144",
    "2.25",
    "1000",
    "33000",
    "1e-9",
    "1e-18",
    "1e-38",
    "1e18",
    "1e37",
    "18446744073709551615",
    "18446744073709551616",
    "170141183460469231731687303715884105727",
    "0.00000000000000000000000000000000000001",
];

const VARIABLES: [&str; 7] = ["N", "VALUE", "RANK", "INDEX", "TOTAL_PARTICIPANTS", "TOTAL_REWARD_POOL", "TOTAL_VALUE"];

/// A random number of the language; roots are rare and the slow functions rarer, since they take most of the time.
fn number(choices: &mut Choices, depth: usize, slow: bool) -> String {
    if depth == 0 {
        return (*if choices.below(2) == 0 { choices.of(&LITERALS) } else { choices.of(&VARIABLES) }).to_owned();
    }
    let kinds = if slow { 16 } else { 13 };
    let inner = |choices: &mut Choices| number(choices, depth - 1, slow);
    let (first, second) = (inner(choices), inner(choices));
    match choices.below(kinds) {
        0 => format!("({first} + {second})"),
        1 => format!("({first} - {second})"),
        2 | 3 => format!("({first} * {second})"),
        4 | 5 => format!("({first} / {second})"),
        6 => format!("({first} % {second})"),
        7 => format!("-{first}"),
        8 => format!("{}({first})", choices.of(&["abs", "floor", "ceil", "round"])),
        9 => format!("{}({first}, {second})", choices.of(&["min", "max"])),
        10 => format!("({first} {} {second} ? {first} : {second})", choices.of(&["==", "!=", "<", "<=", ">", ">="])),
        11 => format!("pow({first}, {})", choices.of(&["0", "1", "2", "3", "-1", "-2", "40", "127", "-300"])),
        12 => format!("{}({second} / 3)", choices.of(&["floor", "ceil", "round"])),
        13 => format!("sqrt({first})"),
        14 => format!("pow({first}, {})", choices.of(&["0.5", "0.75", "1 / 3", "-0.5", "1.25"])),
        _ => format!("{}({first})", choices.of(&["log", "exp"])),
    }
}

fn row(choices: &mut Choices) -> Variables {
    let number = |choices: &mut Choices| super::exact(choices.of::<&str>(&LITERALS));
    let rank = *choices.of(&[1, 2, 3, 10, 1_000_003, u64::MAX]);
    Variables {
        value: number(choices),
        rank,
        total_participants: *choices.of(&[1, rank, 4_000_000_000]),
        total_reward_pool: number(choices),
        total_value: number(choices),
    }
}

/// What both give, compared; whether it is a number.
#[track_caller]
fn check(source: &str, variables: &Variables) -> bool {
    let formula = Formula::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    let (fast, slow) = (formula.evaluate(variables), reference::evaluate(&formula, variables));
    let context = || format!("{source}\nof {variables:?}");
    assert_eq!(fast.as_ref().map(Exact::to_rational).map_err(Clone::clone), slow, "{}", context());
    let Ok((fast, slow)) = fast.and_then(|fast| Ok((fast, slow?))) else { return false };
    for scale in [1, 1_000_000, 1_000_000_000_000_000_000] {
        let scaled = (&slow * Rational::from(UBig::from(scale))).floor();
        let expected = if scaled < IBig::ZERO { 0 } else { u64::try_from(scaled).unwrap_or(u64::MAX) };
        assert_eq!(fast.floor_scaled(scale), expected, "{} at scale {scale}", context());
    }
    true
}

#[test]
fn exact_operations_agree_at_every_edge() {
    let mut choices = Choices(1);
    let mut results = 0_u32;
    for round in 0..cases(15_000) {
        let source = number(&mut choices, 1 + round % 4, false);
        results += u32::from(check(&source, &row(&mut choices)));
    }
    assert!(results > 5_000, "only {results} have a result");
}

#[test]
fn roots_and_powers_agree_to_the_last_digit() {
    let mut choices = Choices(2);
    let mut results = 0_u32;
    for round in 0..cases(1_500) {
        let source = number(&mut choices, 1 + round % 3, true);
        results += u32::from(check(&source, &row(&mut choices)));
    }
    assert!(results > 500, "only {results} have a result");
}

#[test]
fn logarithms_and_exponentials_agree_to_the_last_digit() {
    const FORMULAS: [&str; 10] = [
        "log(N)",
        "log(1 + 1 / N)",
        "exp(N / 1000000)",
        "exp(-N / 50000)",
        "pow(N, 0.75)",
        "pow(N, -1 / 3)",
        "pow(N * N * N, 1 / 3)",
        "pow(1 + 1 / N, RANK + 0.5)",
        "pow(1.000001, 12345 + RANK)",
        "pow(1 + RANK / 7, -1.5)",
    ];
    let mut choices = Choices(4);
    for round in 0..cases(100) {
        let value = 1 + u64::try_from(choices.below(10_usize.pow(1 + u32::try_from(round % 9).unwrap()))).unwrap();
        let rank = 1 + u64::try_from(choices.below(1_000)).unwrap();
        let value = Exact::from_parts(value.into(), *choices.of(&[1, 10, 1_000, 999_999_937])).unwrap();
        for formula in FORMULAS {
            check(formula, &Variables { value: value.clone(), rank, ..super::sample() });
        }
    }
}

#[test]
fn documented_formulas_agree_over_many_values() {
    const FORMULAS: [&str; 6] = [
        "min(N * 0.1, 500)",
        "VALUE * (5 / 100)",
        "RANK == 1 ? 10000 : RANK == 2 ? 5000 : 33000 * VALUE / TOTAL_VALUE",
        "TOTAL_REWARD_POOL * sqrt(VALUE) / 1000",
        "TOTAL_REWARD_POOL / pow(RANK, 0.5)",
        "log(N + 1)",
    ];
    let mut choices = Choices(3);
    for _ in 0..cases(300) {
        let digits = |choices: &mut Choices| i128::try_from(choices.below(1 << 31)).unwrap();
        let mantissa = digits(&mut choices) * *choices.of(&[1, 1_000, 1_000_000_007]) + 1;
        let scale = u32::try_from(choices.below(19)).unwrap();
        let value = Exact::from_parts(mantissa, 10_u128.pow(scale)).unwrap();
        let total_value = Exact::from_parts(mantissa + digits(&mut choices), 10_u128.pow(scale)).unwrap();
        let rank = u64::try_from(choices.below(1 << 20)).unwrap() + 1;
        let variables = Variables { value, rank, total_value, ..super::sample() };
        for formula in FORMULAS {
            assert!(check(formula, &variables), "{formula}");
        }
    }
}

/// So many cases as a test of everyday runs, or as many as `TORQUE_FORMULA_CASES` times that.
fn cases(everyday: usize) -> usize {
    let factor = std::env::var("TORQUE_FORMULA_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    everyday * factor
}
