//! Tests of which questions are asked and how their answers are combined; the answers are made up.

use std::cell::RefCell;

use super::{Answers, Inquiry, MeasurementError};
use crate::engine::{AnswerShape, QueryError, Question, ResultRow};
use crank_rules::{
    campaign::{Action, Filter, FilterRule},
    evaluation::{Kind, Row},
    values::period::Period,
};
use solana_pubkey::Pubkey;

const DAY: i64 = 86_400;
/// The second day of the campaign.
const SECOND_DAY: Period = Period { start: DAY, end: 2 * DAY };

fn address(byte: u8) -> Pubkey {
    Pubkey::new_from_array([byte; 32])
}

fn row(byte: u8, value: &str) -> Row {
    Row { address: address(byte), value: value.parse().unwrap() }
}

fn action(name: &str, weight_basis_points: u32) -> Action {
    Action { name: name.to_owned(), sql: format!("{name}?"), weight_basis_points }
}

fn no_wallets(sql: &str) -> Filter {
    Filter::new("no".to_owned(), FilterRule::ExcludeWallets { sql: sql.to_owned() }).unwrap()
}

fn no_events() -> Filter {
    let table = "events.trade".parse().unwrap();
    Filter::new("no".to_owned(), FilterRule::ExcludeEvents { table, condition: "usd < 1".to_owned() }).unwrap()
}

fn inquiry<'a>(actions: &'a [Action], filters: &'a [Filter]) -> Inquiry<'a> {
    let kind = Kind::Leaderboard;
    Inquiry { actions, filters, kind, period: SECOND_DAY, campaign_start: 0, has_milestone: false }
}

/// Measures with made-up answers: `answers` gets a query, whether it has views, and whether it covers only the epoch.
/// Also returns the questions in order, each as its text with `*` for views and `<` for the whole time before.
fn measure(
    inquiry: Inquiry<'_>,
    answers: impl Fn(&str) -> Vec<Row>,
) -> (Result<Answers, MeasurementError>, Vec<String>) {
    let asked = RefCell::new(Vec::new());
    let measurement = inquiry.answers(&|question: &Question| {
        let expected = if inquiry.kind == Kind::Curve && question.sql.ends_with('?') {
            AnswerShape::Conversions
        } else {
            AnswerShape::Values
        };
        assert_eq!((question.answer, question.campaign_start, question.period.end), (expected, 0, SECOND_DAY.end));
        let views = if question.views.is_empty() { "" } else { "*" };
        let before = if question.period.start == 0 { "<" } else { "" };
        let text = format!("{}{views}{before}", question.sql);
        asked.borrow_mut().push(text.clone());
        if text.starts_with("broken") {
            return Err(QueryError::Refused("no".to_owned()));
        }
        Ok(answers(&text).into_iter().map(|row| ResultRow { address: row.address, value: row.value }).collect())
    });
    (measurement, asked.into_inner())
}

#[test]
fn one_action_is_asked_once_and_left_as_it_is() {
    let (measurement, asked) = measure(inquiry(&[action("", 10_000)], &[]), |_| vec![row(1, "5"), row(2, "-1")]);
    let measurement = measurement.unwrap();
    assert_eq!(measurement.rows, [row(1, "5"), row(2, "-1")]);
    assert_eq!((measurement.unfiltered, measurement.milestone_total), (None, None));
    assert_eq!(asked, ["?"]);
}

#[test]
fn several_actions_are_summed_with_their_weights() {
    let actions = [action("buy", 20_000), action("vote", 5_000)];
    let (measurement, asked) = measure(inquiry(&actions, &[]), |text| match text {
        "buy?" => vec![row(1, "5"), row(2, "1")],
        _ => vec![row(2, "3"), row(3, "1")],
    });
    let measurement = measurement.unwrap();
    assert_eq!(measurement.rows, [row(1, "10"), row(2, "3.5"), row(3, "0.5")]);
    assert_eq!(measurement.per_action[1], [row(2, "3"), row(3, "1")]);
    assert_eq!(asked, ["buy?", "vote?"]);
}

#[test]
fn filtered_and_unfiltered_stand_side_by_side() {
    let (measurement, asked) = measure(inquiry(&[action("", 10_000)], &[no_events()]), |text| match text {
        "?*" => vec![row(1, "4")],
        _ => vec![row(1, "5"), row(2, "1")],
    });
    let measurement = measurement.unwrap();
    assert_eq!(measurement.rows, [row(1, "4")]);
    assert_eq!(measurement.unfiltered.unwrap(), [row(1, "5"), row(2, "1")]);
    assert_eq!(asked, ["?*", "?"]);
}

#[test]
fn a_wallet_is_excluded_by_the_first_filter_that_names_it() {
    let filters = [no_wallets("first"), no_events(), no_wallets("second")];
    let (measurement, asked) = measure(inquiry(&[action("", 10_000)], &filters), |text| match text {
        "first" => vec![row(1, "0"), row(9, "1")],
        "second*" => vec![row(1, "1"), row(2, "1")],
        "?*" => vec![row(1, "4"), row(3, "1")],
        _ => vec![row(1, "5"), row(2, "1"), row(3, "1")],
    });
    let excluded = [(address(1), 0), (address(2), 2), (address(9), 0)];
    assert_eq!(measurement.unwrap().excluded, excluded.into());
    assert_eq!(asked, ["?*", "?", "first", "second*"], "the later filter sees what the earlier ones left");
}

#[test]
fn without_event_filters_nothing_is_asked_twice() {
    let filters = [no_wallets("first")];
    let (measurement, asked) = measure(inquiry(&[action("", 10_000)], &filters), |_| vec![row(1, "5")]);
    assert_eq!(measurement.unwrap().unfiltered.unwrap(), [row(1, "5")]);
    assert_eq!(asked, ["?", "first"]);
}

#[test]
fn a_milestone_counts_all_that_was_measured_since_the_campaign_s_start() {
    let actions = [action("buy", 20_000), action("vote", 10_000)];
    let filters = [no_wallets("first")];
    let mut inquiry = inquiry(&actions, &filters);
    inquiry.has_milestone = true;
    let answers = |text: &str| match text {
        "buy?<" => vec![row(1, "10"), row(2, "0.25"), row(3, "-1")],
        "vote?<" => vec![row(2, "100"), row(4, "1.5")],
        "first<" => vec![row(1, "1")],
        _ => vec![row(7, "5")],
    };
    let (measurement, asked) = measure(inquiry, answers);
    // 2 * 0.25 + 100 - 2 * 1 + 1.5, without the wallet that is excluded over that time.
    assert_eq!(measurement.unwrap().milestone_total, Some("100".parse().unwrap()));
    assert_eq!(asked, ["buy?", "vote?", "first", "buy?<", "vote?<", "first<"]);
}

#[test]
fn in_the_first_epoch_the_milestone_counts_what_is_known() {
    let actions = [action("", 10_000)];
    let mut inquiry = inquiry(&actions, &[]);
    (inquiry.has_milestone, inquiry.period.start) = (true, 0);
    let (measurement, asked) = measure(inquiry, |_| vec![row(1, "5"), row(2, "2")]);
    assert_eq!(measurement.unwrap().milestone_total, Some("7".parse().unwrap()));
    assert_eq!(asked, ["?<"]);
}

#[test]
fn a_curve_s_conversions_are_kept_one_by_one_and_counted() {
    let actions = [action("buy", 10_000), action("stake", 10_000)];
    let filters = [no_wallets("first")];
    let mut inquiry = inquiry(&actions, &filters);
    (inquiry.kind, inquiry.has_milestone) = (Kind::Curve, true);
    let (measurement, _) = measure(inquiry, |text| match text {
        "buy?" | "buy?<" => vec![row(1, "1000"), row(1, "1001"), row(2, "1002")],
        "first" | "first<" => vec![row(2, "1")],
        _ => vec![row(1, "999")],
    });
    let measurement = measurement.unwrap();
    assert_eq!(measurement.rows, [row(1, "1000"), row(1, "1001"), row(2, "1002"), row(1, "999")]);
    assert_eq!(measurement.milestone_total, Some("3".parse().unwrap()));
}

#[test]
fn a_query_may_read_the_tables_that_it_names() {
    let actions = [Action { sql: "select * from events.stake".to_owned(), ..action("", 10_000) }];
    let filters = [no_wallets("select * from chain.swaps"), no_events()];
    let may_read = |name: &str| inquiry(&actions, &filters).may_read(&name.parse().unwrap());
    assert!(["events.stake", "chain.swaps", "events.trade"].into_iter().all(may_read));
    assert!(!may_read("events.unstaked") && !may_read("chain.balances"));
}

#[test]
fn a_fault_is_named_by_the_query_it_is_in() {
    let error = |actions: &[Action], filters: &[Filter]| {
        measure(inquiry(actions, filters), |_| vec![]).0.unwrap_err().to_string()
    };
    let unnamed = Action { sql: "broken".to_owned(), ..action("", 10_000) };
    let named = Action { name: "buy".to_owned(), ..unnamed.clone() };
    assert_eq!(error(&[unnamed], &[]), "`sqlQuery`: no");
    assert_eq!(error(&[named], &[]), "action `buy`: `sqlQuery`: no");
    let filters = [no_wallets("fine"), no_wallets("broken")];
    assert_eq!(error(&[action("", 10_000)], &filters), "`filters[1]`: no");
}

#[test]
fn a_sum_that_is_too_long_is_refused() {
    let actions = [action("", 10_000)];
    let mut inquiry = inquiry(&actions, &[]);
    inquiry.has_milestone = true;
    let longest = "9".repeat(38);
    let (measurement, _) = measure(inquiry, |_| vec![row(1, &longest), row(2, "1")]);
    assert!(matches!(measurement, Err(MeasurementError::MilestoneTotal)), "{measurement:?}");
}
