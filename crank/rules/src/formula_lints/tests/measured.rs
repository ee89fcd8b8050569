//! The effect of measured rows: a finding that they show becomes more severe, and one that they do not show a note.

use super::{Code, RewardTerms, Row, Shape, check_text, found, leaderboard, parsed, rows, terms};
use crate::evaluation::Audience;

#[test]
fn rows_that_are_due_more_than_the_pool_are_a_warning() {
    let rows = rows(&["30000", "40000", "7"]);
    let text = "warning pays-more-than-pool: the measured rows are due 70007 and the pool is 50000: from rank 2 on there \
        is not enough (rank 2 of 3, value 30000: 30000)";
    check_text(&leaderboard("N"), Some(&rows), Code::PaysMoreThanPool, text);
    assert!(!found(&leaderboard("N"), Some(&rows)).contains(&"note can-pay-more-than-pool".to_owned()));
}

#[test]
fn rows_that_are_due_the_whole_pool_are_not() {
    let rows = rows(&["30000", "20000"]);
    assert_eq!(found(&terms(Shape::Direct(parsed("N"))), Some(&rows)), [""; 0]);
    let one_more = rows.iter().copied().chain(super::rows(&["0.000001"])).collect::<Vec<Row>>();
    assert_eq!(found(&terms(Shape::Direct(parsed("N"))), Some(&one_more)), ["warning pays-more-than-pool"]);
}

#[test]
fn a_worse_rank_that_gets_more_is_a_note_if_it_does_not_happen() {
    let competition =
        leaderboard("RANK == 1 ? 10000 : RANK == 2 ? 5000 : RANK == 3 ? 2000 : 33000 * VALUE / TOTAL_VALUE");
    let calm = rows(&["1000", "900", "800", "20", "10"]);
    assert_eq!(found(&competition, Some(&calm)), ["note more-for-a-worse-rank"]);
    let close = rows(&["1000", "900", "800", "700", "10"]);
    assert_eq!(found(&competition, Some(&close)), ["warning more-for-a-worse-rank"]);
}

#[test]
fn a_measured_row_that_fails_is_an_error() {
    let text = "error fails-for-a-row: the formula has no result for the measured row of rank 2, and one such row stops \
        the whole epoch (rank 2 of 2, value 0.5: column 1: `log(-0.5)`: the logarithm is defined above zero only)";
    check_text(&leaderboard("log(N - 1)"), Some(&rows(&["7", "0.5"])), Code::FailsForARow, text);
    assert!(found(&leaderboard("log(N - 1)"), None).contains(&"warning fails-for-a-row".to_owned()));
}

#[test]
fn measured_rows_that_are_all_unpaid_are_a_warning() {
    let small = rows(&["0.5", "0.4"]);
    assert!(found(&leaderboard("N >= 1 ? 5 : 0"), Some(&small)).contains(&"warning pays-nothing".to_owned()));
    assert!(found(&leaderboard("N / 1000000"), Some(&small)).contains(&"warning below-base-unit".to_owned()));
    assert!(!found(&leaderboard("N >= 1 ? 5 : 0"), Some(&[])).contains(&"warning pays-nothing".to_owned()));
}

#[test]
fn only_qualifying_rows_count() {
    let rows = rows(&["60000", "-5", "0", "7"]);
    let denied = RewardTerms { audience: Audience::DenyList([rows[0].address].into()), ..leaderboard("min(N, 60000)") };
    assert!(!found(&denied, Some(&rows)).contains(&"warning pays-more-than-pool".to_owned()));
    assert!(found(&leaderboard("min(N, 60000)"), Some(&rows)).contains(&"warning pays-more-than-pool".to_owned()));
    let allowed = RewardTerms { audience: Audience::AllowList([rows[3].address].into()), ..leaderboard("log(6 + N)") };
    assert!(!found(&allowed, Some(&rows)).iter().any(|found| found.starts_with("error")));
}
