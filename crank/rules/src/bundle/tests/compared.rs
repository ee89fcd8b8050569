//! Two bundles compared, and a bundle compared with another measurement.

use super::{Bundle, address, curve, direct, filtered, leaderboard, leaderboard_of, rows, statement};
use crate::{
    bundle::{Change, Comparison, Measured},
    evaluation::{Row, Shape},
    formula::Formula,
};

fn bundle_of(formula: &str, rows: Vec<Row>) -> Bundle {
    Bundle::new(statement(Shape::Leaderboard(Formula::parse(formula).unwrap())), Measured::of_rows(rows)).unwrap()
}

fn change<V>(number: u8, before: Option<V>, after: Option<V>) -> Change<solana_pubkey::Pubkey, V> {
    Change { key: address(number), before, after }
}

#[test]
fn a_bundle_and_itself_are_the_same() {
    for bundle in super::all() {
        assert_eq!(Comparison::of(&bundle, &bundle), Comparison::default());
    }
}

#[test]
fn changed_terms_are_named_field_by_field() {
    let (before, after) = (leaderboard_of(None), leaderboard());
    let comparison = Comparison::of(&before, &after);
    let names: Vec<&str> = comparison.fields.iter().map(|change| change.key.as_str()).collect();
    assert_eq!(names, ["distributor", "epochAddress", "root"]);
    assert_eq!(comparison.fields[0].before, None);
    assert_eq!(comparison.fields[0].after, Some(address(200).to_string()));
    assert!(!comparison.is_empty());
    assert_eq!(comparison.rows, crate::bundle::RowChanges::default());
}

#[test]
fn every_sort_of_change_of_a_wallet_is_found() {
    let before = bundle_of("N", rows(&[(1, "5"), (2, "4"), (3, "3"), (4, "2")]));
    let after = bundle_of("N", rows(&[(1, "5"), (2, "-4"), (3, "6"), (5, "2")]));
    let changes = Comparison::of(&before, &after).rows;
    let number = |value: &str| Some(value.parse().unwrap());
    assert_eq!(sorted(changes.measured), [change(4, number("2"), None), change(5, None, number("2"))]);
    assert_eq!(sorted(changes.values), [change(2, number("4"), number("-4")), change(3, number("3"), number("6"))]);
    let ranks = [
        change(1, Some(1), Some(2)),
        change(2, Some(2), None),
        change(3, Some(3), Some(1)),
        change(4, Some(4), None),
        change(5, None, Some(3)),
    ];
    assert_eq!(sorted(changes.ranks), ranks);
    let amounts = [
        change(2, Some(4_000_000), None),
        change(3, Some(3_000_000), Some(6_000_000)),
        change(4, Some(2_000_000), None),
        change(5, None, Some(2_000_000)),
    ];
    assert_eq!(sorted(changes.amounts), amounts);
    assert_eq!(changes.reasons, [change(2, None, Some("value is not positive".to_owned()))]);
}

fn sorted<V>(mut changes: Vec<Change<solana_pubkey::Pubkey, V>>) -> Vec<Change<solana_pubkey::Pubkey, V>> {
    changes.sort_by_key(|change| change.key);
    changes
}

#[test]
fn a_curve_s_wallets_are_compared_by_their_conversions() {
    let mut fewer = rows(&[(1, "1768780800001"), (2, "1768780800000"), (3, "1768780900001")]);
    fewer.reverse();
    let after = Bundle::new(curve().statement().clone(), Measured::of_rows(fewer)).unwrap();
    let changes = Comparison::of(&curve(), &after).rows;
    assert_eq!(changes.values, [change(1, Some(2_u64.into()), Some(1_u64.into()))]);
}

#[test]
fn the_same_measurement_in_another_order_agrees() {
    let mut again = rows(&[(3, "0.5"), (1, "0.25"), (2, "1")]);
    assert_eq!(direct().compare_measurement(Measured::of_rows(again.clone())), Ok(()));
    again.pop();
    assert!(direct().compare_measurement(Measured::of_rows(again)).is_err());
}

#[test]
fn another_measurement_is_placed() {
    let right = rows(&[(1, "1768780800001"), (2, "1768780800000"), (1, "1768780900000"), (3, "1768780900001")]);
    assert_eq!(curve().compare_measurement(Measured::of_rows(right)), Ok(()));
    let wrong = rows(&[(1, "1768780800001"), (2, "1768780800000"), (1, "1768780900000")]);
    let difference = curve().compare_measurement(Measured::of_rows(wrong)).unwrap_err();
    assert_eq!((difference.file.as_str(), difference.line), ("results.csv", Some(5)));
    assert_eq!(difference.expected, "the end of the file");
}

#[test]
fn a_milestone_measured_otherwise_is_found() {
    let other = super::filtered_with_total("1000.5");
    let measured = Measured {
        rows: filtered().evaluation().rows().iter().map(|decided| decided.row).collect(),
        per_action: vec![rows(&[(1, "1"), (2, "2"), (3, "7")]), rows(&[(2, "4"), (4, "0.5")])],
        milestone_total: Some("1000".parse().unwrap()),
        ..Measured::default()
    };
    let unfiltered = rows(&[(1, "1"), (2, "15"), (3, "7"), (4, "1.25"), (5, "6")]);
    let kind = crate::evaluation::Kind::Leaderboard;
    let measured = measured.with_filters(kind, &unfiltered, &[(address(3), 1)].into());
    assert_eq!(filtered().compare_measurement(measured.clone()), Ok(()));
    let difference = other.compare_measurement(measured).unwrap_err();
    assert!(difference.found.contains("1000.5"), "{difference}");
}
