//! Formulas with a mistake, the finding, and the row that shows it.

use super::{Code, check, check_text, found, leaderboard};
use crate::evaluation::RewardTerms;

const CAN: &str = "note can-pay-more-than-pool";
const DIVIDES: &str = "error divides-by-zero";
const CAN_DIVIDE: &str = "warning divides-by-zero";
const FAILS: &str = "warning fails-for-a-row";
const LESS: &str = "warning less-for-a-higher-value";

#[test]
fn one_participant_can_make_a_divisor_zero() {
    for formula in
        ["100 * N / (TOTAL_PARTICIPANTS - 1)", "100 * N / (TOTAL_VALUE - VALUE)", "N % (TOTAL_PARTICIPANTS - 1)"]
    {
        let findings = found(&leaderboard(formula), None);
        assert!(findings.contains(&DIVIDES.to_owned()), "{formula}: {findings:?}");
    }
    let text = "error divides-by-zero: the formula divides by zero at rank 1 with 1 participant, whatever the value, and \
        one such row stops the whole epoch (rank 1 of 1, value 1000: column 5: `1000 / 0`: division by zero)";
    check_text(
        &leaderboard("N / (TOTAL_PARTICIPANTS - 1)"),
        None,
        Code::DividesByZero,
        &text.replace("column 5", "column 3"),
    );
}

#[test]
fn the_first_index_is_zero() {
    check("10 / INDEX", &[DIVIDES]);
    check("RANK == 1 ? 100 : 10 / INDEX", &[]);
}

#[test]
fn a_divisor_that_is_zero_for_one_value_is_found_wherever_it_lies() {
    for (formula, value) in [
        ("N / (N - 123)", "123"),
        ("N / (4 * VALUE - 1025)", "256.25"),
        ("N / (RANK - 7)", "1000"),
        ("N / (TOTAL_VALUE - 777)", "777"),
        ("N / (TOTAL_PARTICIPANTS - 55)", "1000"),
        ("N / (3 * TOTAL_PARTICIPANTS - 1000 - 1001 - 1000 + 1)", "1000"),
    ] {
        let lints = super::lint(&leaderboard(formula), None);
        let lint = lints.iter().find(|lint| lint.code == Code::DividesByZero).unwrap_or_else(|| panic!("{formula}"));
        assert_eq!(lint.example.as_ref().unwrap().value.to_string(), value, "{lint}");
    }
    assert!(found(&leaderboard("N / (N - 123)"), None).contains(&CAN_DIVIDE.to_owned()));
    assert!(found(&leaderboard("N / (RANK - 7)"), None).contains(&DIVIDES.to_owned()));
}

#[test]
fn roots_and_logarithms_of_what_is_negative_fail() {
    check("sqrt(N - 1000)", &[FAILS, CAN]);
    check("log(10 - min(N, 20))", &[FAILS, LESS]);
    check("max(0, sqrt(max(0, N - 1000)))", &[CAN]);
    let text = "warning fails-for-a-row: the formula has no result for a value of 1, and one such row stops the whole \
        epoch (rank 1 of 1, value 1: column 1: `sqrt(-999)`: the square root of a negative number is undefined)";
    check_text(&leaderboard("sqrt(N - 1000)"), None, Code::FailsForARow, text);
}

#[test]
fn a_higher_value_that_gets_less_is_found() {
    for formula in ["1000 - N", "N > 500 ? 1 : 2", "min(100, 100 / N)", "N % 10", "N < 1234567 ? 9 : 8"] {
        let findings = found(&leaderboard(formula), None);
        assert!(findings.contains(&LESS.to_owned()), "{formula}: {findings:?}");
    }
    let text = "warning less-for-a-higher-value: a value of 500 gets 2 and a higher one at the same rank less (rank 1 of \
        1, value 500.000000001: 1)";
    check_text(&leaderboard("N > 500 ? 1 : 2"), None, Code::LessForAHigherValue, text);
}

#[test]
fn a_worse_rank_that_gets_more_is_found() {
    check("RANK <= 10 ? RANK : 0", &["warning more-for-a-worse-rank"]);
    check("RANK == 700 ? 5 : 1 / RANK", &["warning more-for-a-worse-rank"]);
    let text = "warning more-for-a-worse-rank: rank 1 gets 1 and a worse rank more (rank 2 of 2, value 1000: 2)";
    check_text(&leaderboard("RANK <= 10 ? RANK : 0"), None, Code::MoreForAWorseRank, text);
}

#[test]
fn nothing_and_less_than_a_base_unit_are_errors() {
    check("-N", &["error pays-nothing"]);
    check("0", &["error pays-nothing", "note same-for-everyone"]);
    check("min(N, 0.0000001)", &["error below-base-unit"]);
    let text = "error below-base-unit: every row is due less than the base unit of 0.000001, and so gets nothing (rank 1 \
        of 1, value 1000: 0)";
    check_text(&leaderboard("min(N, 0.0000001)"), None, Code::BelowBaseUnit, text);
}

#[test]
fn a_branch_that_no_row_takes_is_found_by_its_column() {
    check("RANK <= 50 ? 10 : RANK <= 20 ? 5 : 1", &["warning unreachable-branch"]);
    check("RANK <= 0 ? 10 : RANK > 3 && RANK < 4 ? 5 : 1", &["warning unreachable-branch"]);
    let text = "warning unreachable-branch: no row takes the branch at column 34: another is always taken before";
    check_text(&leaderboard("RANK <= 50 ? 10 : (RANK <= 20) ? (5) : 1"), None, Code::UnreachableBranch, text);
}

#[test]
fn a_long_chain_of_tiers_is_reached_to_its_end() {
    let by_rank: String = (1..=40).map(|rank| format!("RANK == {rank} ? {} : ", 41 - rank)).collect();
    check(&format!("{by_rank}0"), &[]);
    let by_value: String = (1..=40).rev().map(|tier| format!("VALUE >= {} ? {tier} : ", tier * 317)).collect();
    check(&format!("({by_value}0) / 10000"), &[]);
    check("3 * N >= 1000 ? 0.02 : TOTAL_PARTICIPANTS > 123456 ? 0.01 : TOTAL_VALUE < 55 ? 0.005 : 0", &[]);
}

#[test]
fn a_chain_of_very_many_tiers_is_tried_on_fewer_boards() {
    let by_value: String = (1..=110).rev().map(|tier| format!("N >= {} ? {tier} : ", tier * 31)).collect();
    check(&format!("({by_value}0) / 10000"), &[]);
    check(&format!("({by_value}N > 5 ? 2 : 3) / 10000"), &[LESS]);
}

#[test]
fn a_cap_above_the_pool_never_matters() {
    let terms =
        |cap| RewardTerms { max_per_participant: Some(cap), ..leaderboard("TOTAL_REWARD_POOL * VALUE / TOTAL_VALUE") };
    assert_eq!(found(&terms(50_000_000_000), None), [""; 0]);
    let text =
        "note cap-above-pool: `maxPerParticipant` is 50000.000001 and the pool only 50000, so the cap never matters";
    check_text(&terms(50_000_000_001), None, Code::CapAbovePool, text);
}
