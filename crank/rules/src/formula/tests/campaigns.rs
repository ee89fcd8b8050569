//! The formulas that campaigns are documented to use, word for word, over whole leaderboards.

use super::{Exact, Variables, exact, result, sample};

/// Checks what a formula pays rank after rank, for rows that have the same value.
#[track_caller]
fn check_ranks(source: &str, variables: &Variables, expected: &[(u64, &str)]) {
    for (rank, amount) in expected {
        let row = Variables { rank: *rank, ..variables.clone() };
        assert_eq!(result(source, &row), exact(amount), "{source} at rank {rank}");
    }
}

#[test]
fn a_leaderboard_without_a_formula_of_its_own_pays_the_value() {
    check_ranks("N", &sample(), &[(1, "250"), (9, "250")]);
}

#[test]
fn fixed_prizes_go_to_their_ranks() {
    let prizes = "RANK == 1 ? 10000 : RANK == 2 ? 5000 : RANK == 3 ? 2000 : 0";
    check_ranks(prizes, &sample(), &[(1, "10000"), (2, "5000"), (3, "2000"), (4, "0"), (1_000_000, "0")]);
}

#[test]
fn tiers_pay_ranges_of_ranks() {
    let tiers = "RANK <= 3 ? 1000 : RANK <= 10 ? 250 : RANK <= 50 ? 50 : 0";
    let expected = [(1, "1000"), (3, "1000"), (4, "250"), (10, "250"), (11, "50"), (50, "50"), (51, "0")];
    check_ranks(tiers, &sample(), &expected);
}

#[test]
fn an_equal_split_divides_the_pool_without_a_remainder() {
    let thirds = Variables { total_participants: 3, ..sample() };
    check_ranks("TOTAL_REWARD_POOL / TOTAL_PARTICIPANTS", &thirds, &[(1, "1000/3"), (3, "1000/3")]);
}

#[test]
fn a_pool_is_shared_pro_rata() {
    check_ranks("TOTAL_REWARD_POOL * VALUE / TOTAL_VALUE", &sample(), &[(1, "62.5")]);
    check_ranks("VALUE / TOTAL_VALUE * TOTAL_REWARD_POOL", &sample(), &[(1, "62.5")]);
}

#[test]
fn a_share_that_diminishes_by_the_root_of_the_rank_is_exact_at_squares() {
    let expected = [(1, "1000"), (4, "500"), (9, "1000/3"), (16, "250"), (100, "100")];
    check_ranks("TOTAL_REWARD_POOL / pow(RANK, 0.5)", &sample(), &expected);
}

#[test]
fn a_capped_share_stops_at_the_cap() {
    for (value, amount) in [("100", "10"), ("5000", "500"), ("5000.01", "500"), ("1000000", "500")] {
        let row = Variables { value: exact(value), ..sample() };
        assert_eq!(result("min(N*0.1, 500)", &row), exact(amount), "{value}");
    }
}

#[test]
fn a_direct_payment_can_be_capped() {
    let row = Variables { value: Exact::from(501), ..sample() };
    assert_eq!(result("min(N, 500)", &row), Exact::from(500));
}

#[test]
fn a_bonus_goes_to_the_top_tenth_rounded_up() {
    let bonus = "RANK <= ceil(TOTAL_PARTICIPANTS * 0.1) ? 100 : 0";
    let of_eleven = Variables { total_participants: 11, ..sample() };
    check_ranks(bonus, &of_eleven, &[(1, "100"), (2, "100"), (3, "0")]);
    check_ranks(bonus, &sample(), &[(1, "100"), (2, "0")]);
}

#[test]
fn a_rebate_is_a_percentage_of_the_value() {
    let row = Variables { value: exact("9007199254740993"), ..sample() };
    assert_eq!(result("VALUE * 0.05", &row), exact("450359962737049.65"));
    assert_eq!(result("VALUE * (5 / 100)", &row), exact("450359962737049.65"));
}

#[test]
fn a_rebate_can_have_tiers_and_a_cap() {
    let rebate = "min(VALUE >= 10000 ? VALUE * 0.1 : VALUE >= 1000 ? VALUE * 0.05 : 0, 2500)";
    for (value, amount) in [("999.999", "0"), ("1000", "50"), ("10000", "1000"), ("25000", "2500"), ("30000", "2500")] {
        let row = Variables { value: exact(value), ..sample() };
        assert_eq!(result(rebate, &row), exact(amount), "{value}");
    }
}

#[test]
fn roots_and_logarithms_dampen_whales() {
    let row = Variables { value: exact("123456.789"), ..sample() };
    assert_eq!(result("sqrt(N)", &row), exact("351.3641828644462161665823116758077037159"));
    assert_eq!(result("log(N + 1)", &row), exact("11.72365458715314986768950741178900681147"));
}
