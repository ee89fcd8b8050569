//! The tables, fields and reasons to skip of bundles that are not a plain leaderboard.

use super::{Bundle, correction, curve, empty, filtered, filtered_with_total, leaderboard_of, raffle};
use crate::bundle::{ACTIONS, ALLOCATIONS, ALLOTTED, FILTERS, MANIFEST, Previous, REJECTED, RESULTS, Skip};
use crate::evaluation::{Circumstances, TicketTable};

/// A table with the wallets' numbers in place of their addresses.
fn table(bundle: &Bundle, name: &str) -> String {
    let mut text = String::from_utf8(bundle.file(name).to_vec()).unwrap();
    for number in 1..=9 {
        text = text.replace(&super::address(number).to_string(), &number.to_string());
    }
    text
}

fn manifest_of(bundle: &Bundle) -> serde_json::Value {
    serde_json::from_slice(bundle.file(MANIFEST)).unwrap()
}

#[test]
fn several_actions_are_listed_with_their_weights_and_rows() {
    assert_eq!(table(&filtered(), RESULTS), "address,value\n2,12\n3,7\n4,1.25\n1,1\n");
    let expected = "action,address,value\ntrades,3,7\ntrades,2,2\ntrades,1,1\ninvites,2,4\ninvites,4,0.5\n";
    assert_eq!(table(&filtered(), ACTIONS), expected);
    let manifest = manifest_of(&filtered());
    assert!(manifest["query"].is_null());
    let action = |place: usize| manifest["actions"][place].clone();
    assert_eq!(action(0), serde_json::json!({"name": "trades", "weight": "1", "query": "SELECT 1"}));
    assert_eq!(action(1), serde_json::json!({"name": "invites", "weight": "2.5", "query": "SELECT 2"}));
}

#[test]
fn filters_are_listed_with_whom_they_touch() {
    let bundle = filtered();
    let touched = "address,unfiltered,filtered,reason\n5,6,,events are taken out\n3,7,7,filter 1: trades with itself\n\
                   2,15,12,events are taken out\n";
    let mut lines: Vec<&str> = touched.lines().collect();
    let table_of_filters = table(&bundle, FILTERS);
    let mut found: Vec<&str> = table_of_filters.lines().collect();
    assert_eq!(found.first(), lines.first());
    lines.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, lines);
    assert_eq!(table(&bundle, REJECTED), "address,value,reason\n3,7,excluded by filter 1: trades with itself\n");
    let filters = manifest_of(&bundle)["filters"].clone();
    let expected = serde_json::json!([
        {"type": "EXCLUDE_EVENTS", "reason": "dust", "table": "events.trade", "where": "usd < 1"},
        {"type": "EXCLUDE_WALLETS", "reason": "trades with itself", "sqlQuery": "SELECT 3"},
    ]);
    assert_eq!(filters, expected);
}

#[test]
fn an_epoch_before_its_milestone_is_skipped_and_says_so() {
    let bundle = filtered_with_total("999.9");
    assert_eq!((bundle.leaf_count(), bundle.tree()), (0, None));
    assert_eq!(bundle.manifest().skip(), Some(Skip::MilestoneNotReached));
    let manifest = manifest_of(&bundle);
    assert_eq!(manifest["skip"], "the milestone is not reached");
    assert_eq!(manifest["milestone"], serde_json::json!({"target": "1000", "total": "999.9"}));
    assert!(manifest["root"].is_null() && manifest["leafCount"] == 0);
    assert_eq!(table(&bundle, REJECTED).matches("milestone is not reached").count(), 4);
    assert_eq!(filtered().manifest().skip(), None, "reached exactly");
}

#[test]
fn an_epoch_without_anybody_is_skipped_and_says_so() {
    let bundle = empty();
    assert_eq!(bundle.manifest().skip(), Some(Skip::NobodyQualified));
    assert_eq!(manifest_of(&bundle)["skip"], "nobody qualified");
    assert_eq!(bundle.file(ALLOCATIONS), b"index,address,value,rank,amount\n");
}

#[test]
fn a_raffle_has_its_prizes_and_its_seed() {
    let manifest = manifest_of(&raffle());
    let buckets = serde_json::json!([{"amount": "30000000", "count": 1}, {"amount": "15000000", "count": 2}]);
    assert_eq!(manifest["terms"]["raffleBuckets"], buckets);
    assert_eq!(manifest["terms"]["raffleWeighting"], "WEIGHTED_BY_METRIC");
    assert_eq!(manifest["raffleSeed"], hex::encode([7; 32]));
    assert!(manifest["formula"].is_null());
    assert_eq!(raffle().leaf_count(), 3);
}

#[test]
fn a_raffle_states_the_tickets_that_were_committed_to_whatever_the_seed_is() {
    let bundle = raffle();
    let rows = bundle.evaluation().rows().iter().map(|decided| decided.row).collect();
    let terms = &bundle.statement().terms;
    let tickets = TicketTable::new(rows, terms, &Circumstances::default()).unwrap();
    let root = tickets.tree(&bundle.statement().epoch_address()).unwrap().root();
    let stated = serde_json::json!({"root": hex::encode(root), "total": tickets.total.to_string()});
    assert_eq!(manifest_of(&bundle)["raffleTickets"], stated);
    assert!(manifest_of(&leaderboard_of(None))["raffleTickets"].is_null());
}

#[test]
fn a_curve_counts_on_from_the_bundle_before() {
    let bundle = curve();
    assert_eq!(
        table(&bundle, RESULTS),
        "address,value\n2,1768780800000\n1,1768780800001\n1,1768780900000\n3,1768780900001\n"
    );
    assert_eq!(table(&bundle, ALLOCATIONS), "index,address,value,rank,amount\n0,2,1,1,9000000\n1,1,2,2,10000000\n");
    let manifest = manifest_of(&bundle);
    assert_eq!(manifest["previous"], hex::encode([3; 32]));
    assert_eq!((manifest["firstConversion"].clone(), manifest["conversions"].clone()), (11.into(), 4.into()));
    let next = Previous::of(&bundle);
    assert_eq!(next, Previous { manifest_hash: bundle.manifest_hash(), conversions: 15 });
}

#[test]
fn a_correction_pays_the_difference_and_names_what_it_corrects() {
    let bundle = correction();
    let before = leaderboard_of(None);
    assert_eq!(manifest_of(&bundle)["corrects"], hex::encode(before.manifest_hash()));
    assert_eq!(table(&bundle, ALLOTTED), "address,amount\n2,40000000\n6,20000000\n");
    let paid = before.evaluation().total() + bundle.evaluation().total();
    assert!(bundle.evaluation().total() > 0 && paid <= 80_000_000, "{paid}");
}

#[test]
fn a_correction_of_a_correction_knows_both() {
    let first = correction();
    let again = crate::bundle::Correction::of(&first);
    let sum: u64 = again.allotted.values().sum();
    assert_eq!(sum, leaderboard_of(None).evaluation().total() + first.evaluation().total());
    assert_eq!(again.manifest_hash, first.manifest_hash());
}
