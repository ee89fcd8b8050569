//! Bundles whose hashes all fit but which are wrong, as a dishonest or mistaken publisher might post them.

use super::{correction, curve, direct, empty, files, filtered, filtered_with_total, leaderboard, raffle};
use crate::{
    bundle::{
        ACTIONS, ALLOCATIONS, ALLOTTED, Bundle, Difference, FILTERS, Files, MANIFEST, MANIFEST_HASHES, REJECTED,
        RESULTS, manifest::line_hashes, verify,
    },
    values::hash::sha256,
};

/// Replaces a text in one file and makes every hash fit again.
fn forged(bundle: &Bundle, name: &str, from: &str, to: &str) -> Files {
    let mut files = files(bundle);
    let text = String::from_utf8(files[name].clone()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    files.insert(name.to_owned(), text.replace(from, to).into_bytes());
    let mut manifest = String::from_utf8(files[MANIFEST].clone()).unwrap();
    for table in [RESULTS, ALLOCATIONS, REJECTED, ACTIONS, FILTERS, ALLOTTED] {
        if let Some(file) = files.get(table) {
            manifest = manifest.replace(&hex::encode(sha256(bundle.file(table))), &hex::encode(sha256(file)));
        }
    }
    files.insert(MANIFEST_HASHES.to_owned(), line_hashes(manifest.as_bytes()));
    files.insert(MANIFEST.to_owned(), manifest.into_bytes());
    files
}

fn check(bundle: &Bundle, name: &str, from: &str, to: &str, expected: (&str, &str)) {
    let difference: Difference = verify(&forged(bundle, name, from, to)).map(|_| ()).unwrap_err();
    let (file, text) = expected;
    let message = difference.to_string();
    assert!(
        difference.file == file && difference.line.is_some() && message.contains(text),
        "{from} to {to}: {message}"
    );
}

#[test]
fn a_table_that_does_not_follow_from_the_results_is_found() {
    let bundle = leaderboard();
    check(&bundle, ALLOCATIONS, ",1,40000000", ",1,40000001", (ALLOCATIONS, "expected `0,"));
    check(&bundle, ALLOCATIONS, ",3,20000000", ",3,10000000", (ALLOCATIONS, "line 3: expected `1,"));
    check(&bundle, REJECTED, "value is not positive", "in the deny list", (REJECTED, "expected `"));
    check(&bundle, RESULTS, ",77.000001\n", ",77.000002\n", (ALLOCATIONS, "77.000002"));
    check(&bundle, RESULTS, ",77.000001\n", ",1\n", (RESULTS, "expected `"));
    check(&bundle, RESULTS, ",77.000001\n", ",77.0000010\n", (RESULTS, "expected `"));
    check(&bundle, RESULTS, ",77.000001\n", ",NaN\n", (RESULTS, "a public key, a comma, a number"));
}

#[test]
fn terms_that_give_other_amounts_are_found() {
    let bundle = leaderboard();
    check(&bundle, MANIFEST, "N / 3", "N / 30", (ALLOCATIONS, "expected `"));
    check(&bundle, MANIFEST, "\"pool\": \"60000000\"", "\"pool\": \"50000000\"", (ALLOCATIONS, "10000000"));
    check(
        &bundle,
        MANIFEST,
        "\"maxPerParticipant\": \"40000000\"",
        "\"maxPerParticipant\": null",
        (ALLOCATIONS, "expected `"),
    );
    check(&bundle, MANIFEST, "denyList", "allowList", (ALLOCATIONS, "expected `"));
    check(&direct(), MANIFEST, "\"pool\": \"1750000000\"", "\"pool\": \"1750000001\"", (MANIFEST, "1750000000"));
}

#[test]
fn computed_fields_that_are_wrong_are_found() {
    let bundle = leaderboard();
    let root = hex::encode(bundle.tree().unwrap().root());
    check(&bundle, MANIFEST, &root, &hex::encode([7; 32]), (MANIFEST, &root));
    check(&bundle, MANIFEST, &root, &root.to_uppercase(), (MANIFEST, &root));
    check(&bundle, MANIFEST, "\"leafCount\": 2", "\"leafCount\": 3", (MANIFEST, "\"leafCount\": 2"));
    check(
        &bundle,
        MANIFEST,
        "\"total\": \"60000000\"",
        "\"total\": \"060000000\"",
        (MANIFEST, "\"total\": \"60000000\""),
    );
    check(&bundle, MANIFEST, "\"epoch\": 3", "\"epoch\": 4", (MANIFEST, "\"epochAddress\""));
}

#[test]
fn a_manifest_that_makes_no_sense_is_refused() {
    let bundle = leaderboard();
    check(&bundle, MANIFEST, "\"version\": 3", "\"version\": 2", (MANIFEST, "line 2: expected this crank reads"));
    check(&bundle, MANIFEST, "N / 3", "N / COLUMN", (MANIFEST, "COLUMN"));
    check(&bundle, MANIFEST, "\"SELECT", "\"DELETE\", \"x\": \"SELECT", (MANIFEST, "unknown field"));
    check(&bundle, MANIFEST, "2026-01-26T", "2026-01-19T", (MANIFEST, "period ends after its start"));
    check(&bundle, MANIFEST, "\"decimals\": 6", "\"decimals\": 19", (MANIFEST, "TOKENS"));
    check(&bundle, MANIFEST, "\"type\": \"leaderboard\"", "\"type\": \"direct\"", (MANIFEST, "has no query"));
    check(&bundle, MANIFEST, "\"datafusion\"", "\"sqlite\"", (MANIFEST, "the engine datafusion"));
    check(&direct(), MANIFEST, "\"SOL\"", "\"TOKENS\"", (MANIFEST, "SOL has no mint"));
}

#[test]
fn rows_that_cannot_be_evaluated_are_refused() {
    let one = super::address(1).to_string();
    let two = super::address(2).to_string();
    check(
        &direct(),
        RESULTS,
        &format!("{one},0.25"),
        &format!("{one},0"),
        (RESULTS, "line 4: expected amounts above 0"),
    );
    check(&direct(), RESULTS, &format!("{one},0.25"), &format!("{two},0.25"), (RESULTS, "line 4: expected rows"));
    check(&leaderboard(), MANIFEST, "N / 3", "N / (RANK - 4)", (RESULTS, "line 6: expected rows"));
}

#[test]
fn a_change_that_only_the_chain_can_reveal_changes_the_hash_on_the_chain() {
    let bundle = leaderboard();
    let other = verify(&forged(&bundle, MANIFEST, "events.swap", "events.sale")).unwrap();
    assert_eq!(other.tree(), bundle.tree());
    assert_ne!(other.manifest_hash(), bundle.manifest_hash());
}

#[test]
fn wrong_evidence_is_found() {
    let bundle = filtered();
    let three = super::address(3).to_string();
    let five = super::address(5).to_string();
    check(&bundle, ACTIONS, "trades,8", "trade,8", (ACTIONS, "an action of the manifest"));
    check(&bundle, ACTIONS, &format!("trades,{three},7"), &format!("trades,{three},8"), (RESULTS, "expected `"));
    check(
        &bundle,
        ACTIONS,
        &format!("invites,{}", super::address(4)),
        &format!("trades,{}", super::address(4)),
        (RESULTS, "expected `"),
    );
    check(&bundle, FILTERS, "filter 1: trades with itself", "filter 0: dust", (REJECTED, "filter 0: dust"));
    check(&bundle, FILTERS, "filter 1: trades with itself", "filter 2: dust", (FILTERS, "a filter's reason"));
    check(&bundle, FILTERS, "filter 1: trades with itself", "events are taken out", (FILTERS, "that a filter touches"));
    check(&bundle, FILTERS, &format!("{three},7,7"), &format!("{three},7,6"), (FILTERS, "expected `"));
    check(&bundle, FILTERS, &format!("{five},6,"), &format!("{five},,"), (FILTERS, "that a filter touches"));
    check(&bundle, FILTERS, &five, &three, (FILTERS, "each address once"));
    check(&correction(), ALLOTTED, ",40000000", ",40000001", (REJECTED, "allotted more before"));
    check(&correction(), ALLOTTED, ",40000000", ",0", (ALLOTTED, "an amount above 0"));
}

#[test]
fn terms_of_other_kinds_that_make_no_sense_are_refused() {
    let (raffle, curve, filtered) = (raffle(), curve(), filtered());
    check(&raffle, MANIFEST, "\"count\": 2", "\"count\": 3", (MANIFEST, "whose sum is the pool"));
    check(&raffle, MANIFEST, "\"amount\": \"15000000\"", "\"amount\": \"0\"", (MANIFEST, "prizes above 0"));
    check(&raffle, MANIFEST, "\"WEIGHTED_BY_METRIC\"", "null", (MANIFEST, "a raffle has buckets"));
    check(&raffle, MANIFEST, "\"WEIGHTED_BY_METRIC\"", "\"EQUAL_CHANCES\"", (ALLOCATIONS, "expected `"));
    check(&raffle, MANIFEST, &hex::encode([7; 32]), &hex::encode([8; 32]), (ALLOCATIONS, "expected `"));
    check(&raffle, MANIFEST, "\"type\": \"raffle\"", "\"type\": \"curve\"", (MANIFEST, "distribution function"));
    check(&curve, MANIFEST, "\"firstConversion\": 11", "\"firstConversion\": 12", (ALLOCATIONS, "expected `"));
    check(&curve, MANIFEST, "\"firstConversion\": 11", "\"firstConversion\": null", (MANIFEST, "a count"));
    check(&curve, MANIFEST, &format!("\"{}\"", hex::encode([3; 32])), "null", (MANIFEST, "a count"));
    check(&curve, MANIFEST, "\"conversions\": 4", "\"conversions\": 5", (MANIFEST, "\"conversions\": 4"));
    check(&curve, MANIFEST, "\"output\": \"5\"", "\"output\": \"5.0\"", (MANIFEST, "\"output\": \"5\""));
    check(&curve, MANIFEST, "\"output\": \"5\"", "\"output\": \"6\"", (ALLOCATIONS, "expected `"));
    check(&filtered, MANIFEST, "\"weight\": \"2.5\"", "\"weight\": \"2\"", (RESULTS, "expected `"));
    check(&filtered, MANIFEST, "\"weight\": \"2.5\"", "\"weight\": \"0\"", (MANIFEST, "a weight above 0"));
    check(&filtered, MANIFEST, "\"weight\": \"2.5\"", "\"weight\": \"2.50001\"", (MANIFEST, "a weight above 0"));
    check(&filtered, MANIFEST, "\"name\": \"invites\"", "\"name\": \"trades\"", (MANIFEST, "another word"));
    check(&filtered, MANIFEST, "\"dust\"", "\"dust, mostly\"", (MANIFEST, "without commas"));
    check(&filtered, MANIFEST, "\"SELECT 3\"", "\" \"", (MANIFEST, "`sqlQuery`: expected a query"));
    let one_more = "\"filters\": [{\"type\": \"EXCLUDE_WALLETS\", \"reason\": \"a\", \"sqlQuery\": \"b\"},";
    let many = format!("{one_more}{}", one_more.trim_start_matches("\"filters\": [").repeat(30));
    check(&filtered, MANIFEST, "\"filters\": [", &many, (MANIFEST, "at most 32 filters"));
    check(&filtered, MANIFEST, "\"target\": \"1000\"", "\"target\": \"0\"", (MANIFEST, "a target above 0"));
    check(&filtered, MANIFEST, "\"where\"", "\"condition\"", (MANIFEST, "unknown field"));
    check(&filtered, MANIFEST, "\"name\": \"events\"", "\"name\": \"x\"", (MANIFEST, "sorted by name"));
}

#[test]
fn a_skipped_epoch_cannot_give_another_reason() {
    let before = filtered_with_total("999.9");
    check(&before, MANIFEST, "\"999.9\"", "\"1000\"", (ALLOCATIONS, "expected `"));
    check(&before, MANIFEST, "the milestone is not reached", "nobody qualified", (MANIFEST, "the milestone is not"));
    check(&empty(), MANIFEST, "\"skip\": \"nobody qualified\"", "\"skip\": null", (MANIFEST, "nobody qualified"));
    check(&empty(), MANIFEST, "nobody qualified", "nobody came", (MANIFEST, "unknown variant"));
}

#[test]
fn only_a_direct_campaign_has_no_query() {
    let bundle = leaderboard();
    check(&bundle, MANIFEST, "\"engine\": {", "\"engine\": null, \"x\": {", (MANIFEST, "unknown field"));
    check(&bundle, MANIFEST, "\"actions\": null", "\"actions\": []", (MANIFEST, "either a query or"));
    check(
        &direct(),
        MANIFEST,
        "\"milestone\": null",
        "\"milestone\": {\"target\": \"1\", \"total\": \"1\"}",
        (MANIFEST, "no filters and no milestone"),
    );
    check(&direct(), MANIFEST, "\"query\": null", "\"query\": \"SELECT 1\"", (MANIFEST, "has no query"));
    check(
        &direct(),
        MANIFEST,
        "\"raffleSeed\": null",
        &format!("\"raffleSeed\": \"{}\"", hex::encode([1; 32])),
        (MANIFEST, "a raffle has a seed"),
    );
}
