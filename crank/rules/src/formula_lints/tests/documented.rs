//! The formulas of the documentation, and the findings about each.

use super::{Code, Shape, check, check_text, found, leaderboard, parsed, terms};

const CAN: &str = "note can-pay-more-than-pool";

#[test]
fn fixed_prizes_that_fit_the_pool_are_fine() {
    check("RANK == 1 ? 10000 : RANK == 2 ? 5000 : RANK == 3 ? 2000 : 0", &[]);
    check("RANK <= 3 ? 1000 : RANK <= 10 ? 250 : RANK <= 50 ? 50 : 0", &[]);
}

#[test]
fn shares_of_the_pool_are_fine() {
    check("TOTAL_REWARD_POOL * VALUE / TOTAL_VALUE", &[]);
    check("VALUE / TOTAL_VALUE * TOTAL_REWARD_POOL", &[]);
    check("TOTAL_REWARD_POOL / TOTAL_PARTICIPANTS", &["note same-for-everyone"]);
}

#[test]
fn a_competition_can_pay_its_fourth_more_than_its_third() {
    let competition = "RANK == 1 ? 10000 : RANK == 2 ? 5000 : RANK == 3 ? 2000 : 33000 * VALUE / TOTAL_VALUE";
    check(competition, &["warning more-for-a-worse-rank"]);
    let text = "warning more-for-a-worse-rank: rank 3 gets 2000 and a worse rank more (rank 4 of 4, value 1000: 8250)";
    check_text(&leaderboard(competition), None, Code::MoreForAWorseRank, text);
}

#[test]
fn the_default_pays_people_their_own_volume() {
    for formula in ["N", "VALUE", "N * 1", "RANK > 0 ? N : N"] {
        let findings = found(&leaderboard(formula), None);
        assert!(findings.contains(&"warning pays-own-value".to_owned()), "{formula}: {findings:?}");
    }
    check("N", &["warning pays-own-value", CAN]);
    let text = "warning pays-own-value: everybody is paid what was measured of them, a trader their own volume; without \
        a `customFormula` it is `N` (rank 1 of 2, value 1000: 1000)";
    check_text(&leaderboard("N"), None, Code::PaysOwnValue, text);
}

#[test]
fn a_share_that_diminishes_by_the_root_of_the_rank_is_more_than_the_pool_for_two() {
    check("TOTAL_REWARD_POOL / pow(RANK, 0.5)", &["warning can-pay-more-than-pool"]);
    let text = "warning can-pay-more-than-pool: 2 participants of value 1000 are due 85355.339059 and the pool is 50000: \
        from rank 2 on there is not enough, whatever the values (rank 2 of 2, value 1000: 35355.339059)";
    check_text(&leaderboard("TOTAL_REWARD_POOL / pow(RANK, 0.5)"), None, Code::CanPayMoreThanPool, text);
}

#[test]
fn a_reward_that_grows_with_the_values_can_exceed_the_pool_and_that_is_a_note() {
    for formula in [
        "min(N*0.1, 500)",
        "min(N, 500)",
        "VALUE * 0.05",
        "min(VALUE >= 10000 ? VALUE * 0.1 : VALUE >= 1000 ? VALUE * 0.05 : 0, 2500)",
        "sqrt(N)",
        "log(N)",
        "log(N + 1)",
        "TOTAL_REWARD_POOL * sqrt(VALUE) / 1000",
        "RANK <= ceil(TOTAL_PARTICIPANTS * 0.1) ? 100 : 0",
    ] {
        check(formula, &[CAN]);
    }
}

#[test]
fn a_rebate_is_noted_to_need_a_pool_and_a_direct_payment_is_fine() {
    let rebate = terms(Shape::Rebate(parsed("VALUE * (5 / 100)")));
    assert_eq!(found(&rebate, None), [CAN]);
    for formula in ["N", "min(N, 500)"] {
        assert_eq!(found(&terms(Shape::Direct(parsed(formula))), None), [""; 0], "{formula}");
    }
}
