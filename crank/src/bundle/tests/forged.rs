//! Bundles whose hashes all fit and which are wrong all the same: what a dishonest or mistaken publisher would post.

use super::{direct, files, leaderboard};
use crate::bundle::{
    ALLOCATIONS, Bundle, Difference, Files, MANIFEST, MANIFEST_HASHES, REJECTED, RESULTS, manifest::line_hashes,
    sha256, verify,
};

/// Replaces a text in one file and makes every hash fit again.
fn forged(bundle: &Bundle, name: &str, from: &str, to: &str) -> Files {
    let mut files = files(bundle);
    let text = String::from_utf8(files[name].clone()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    files.insert(name.to_owned(), text.replace(from, to).into_bytes());
    let mut manifest = String::from_utf8(files[MANIFEST].clone()).unwrap();
    for table in [RESULTS, ALLOCATIONS, REJECTED] {
        manifest = manifest.replace(&hex::encode(sha256(bundle.file(table))), &hex::encode(sha256(&files[table])));
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
    let root = hex::encode(bundle.tree().root());
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
    check(&bundle, MANIFEST, "\"raffleSeed\": null", &format!("\"raffleSeed\": \"{root}\""), (MANIFEST, "raffleSeed"));
}

#[test]
fn a_manifest_that_makes_no_sense_is_refused() {
    let bundle = leaderboard();
    check(&bundle, MANIFEST, "\"version\": 1", "\"version\": 2", (MANIFEST, "line 2: expected this crank reads"));
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
fn what_only_the_chain_can_tell_changes_the_hash_that_is_on_the_chain() {
    let bundle = leaderboard();
    let other = verify(&forged(&bundle, MANIFEST, "events.swap", "events.sale")).unwrap();
    assert_eq!(other.tree().root(), bundle.tree().root());
    assert_ne!(other.manifest_hash(), bundle.manifest_hash());
}
