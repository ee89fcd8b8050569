//! `crank sign`, `crank diff` and bundles by their hashes, as they are typed.

use std::fs;

use solana_keypair::{Keypair, write_keypair_file};
use solana_signer::Signer as _;

use crate::working_directory::{WorkingDirectory, fixture_text};

const DIRECT: [&str; 5] = ["evaluate", "--campaign", "%thank-you/campaign.json", "--epoch", "0"];

fn direct() -> WorkingDirectory {
    let work = WorkingDirectory::new();
    work.crank(&[&DIRECT[..], &["--out", "@bundle"]].concat()).expect_success();
    work
}

fn write_keypair(work: &WorkingDirectory, number: u8) -> String {
    let keypair = Keypair::new_from_array([number; 32]);
    write_keypair_file(&keypair, work.path("keypair.json")).unwrap();
    keypair.pubkey().to_string()
}

#[test]
fn a_signed_bundle_shows_its_publisher() {
    let work = direct();
    let key = write_keypair(&work, 1);
    let verify = |key: &str| work.crank(&["verify", "@bundle", "--publisher", key]);
    verify(&key).expect_failure(1, &["manifest.sig: expected the signature of ", "found none"]);
    let output = work.crank(&["sign", "@bundle", "--keypair", "@keypair.json"]).expect_success();
    assert!(output.contains("torque-bundle-v1:") && output.contains(&key), "{output}");
    assert!(verify(&key).expect_success().contains(&format!("the signature of {key}")));
    let other = Keypair::new_from_array([2; 32]).pubkey().to_string();
    verify(&other).expect_failure(1, &[&format!("found that of {key}")]);
    work.crank(&["sign", "@bundle", "--keypair", "@keypair.json"]).expect_success();
    write_keypair(&work, 2);
    work.crank(&["sign", "@bundle", "--keypair", "@keypair.json"]).expect_failure(2, &["is another signature"]);
}

#[test]
fn a_bad_signature_fails_without_being_asked_for() {
    let work = direct();
    write_keypair(&work, 1);
    work.crank(&["sign", "@bundle", "--keypair", "@keypair.json"]).expect_success();
    let competition = WorkingDirectory::new();
    competition.competition("@bundle").expect_success();
    fs::copy(work.path("bundle/manifest.sig"), competition.path("bundle/manifest.sig")).unwrap();
    competition.crank(&["verify", "@bundle"]).expect_failure(1, &["manifest.sig: expected a signature of "]);
}

#[test]
fn only_a_right_bundle_is_signed_and_only_by_a_keypair() {
    let work = direct();
    write_keypair(&work, 1);
    let sign = |keypair: &str| work.crank(&["sign", "@bundle", "--keypair", keypair]);
    sign("@nothing").expect_failure(2, &["nothing: "]);
    work.write("secret.json", "[1, 2, 3, 44444]");
    let answer = sign("@secret.json");
    assert!(!answer.error.contains("44444"), "{}", answer.error);
    answer.expect_failure(2, &["expected a keypair"]);
    fs::write(work.path("bundle/rejected.csv"), "").unwrap();
    sign("@keypair.json").expect_failure(1, &["rejected.csv line 1"]);
}

#[test]
fn a_bundle_is_named_by_its_hash() {
    let work = WorkingDirectory::new();
    let arguments = [&DIRECT[..], &["--out-root", "@bundles"]].concat();
    let first = work.crank(&arguments).expect_success();
    let name = fs::read_dir(work.path("bundles")).unwrap().next().unwrap().unwrap().file_name();
    let name = name.to_str().unwrap();
    assert!(first.contains(&format!("manifest     {name}")), "{first}");
    assert_eq!(work.crank(&arguments).expect_success(), first, "a second time changes nothing");
    work.crank(&["verify", &format!("@bundles/{name}")]).expect_success();
    let other = format!("{}{}", &name[1..], &name[..1]);
    fs::rename(work.path(&format!("bundles/{name}")), work.path(&format!("bundles/{other}"))).unwrap();
    let answer = work.crank(&["verify", &format!("@bundles/{other}")]);
    answer.expect_failure(1, &["manifest.json: expected the SHA-256 ", "by which the directory is named"]);
    work.crank(&DIRECT).expect_failure_of_usage("--out");
    work.crank(&[&arguments[..], &["--out", "@bundle"]].concat()).expect_failure_of_usage("--out-root");
}

#[test]
fn the_same_bundle_does_not_differ() {
    let work = direct();
    work.crank(&[&DIRECT[..], &["--out", "@again"]].concat()).expect_success();
    let output = work.crank(&["diff", "@bundle", "@again"]).expect_success();
    assert!(output.starts_with("the bundles are the same: "), "{output}");
}

#[test]
fn the_changes_between_bundles_are_explained() {
    let (work, other) = (WorkingDirectory::new(), WorkingDirectory::new());
    work.competition("@bundle").expect_success();
    let campaign = fixture_text("competition/campaign.json");
    let events = fixture_text("competition/events.ndjson");
    other.evaluate_texts(&campaign.replace("<= 500", "<= 400"), &events, "0").expect_success();
    let other = other.path("out");
    let answer = work.crank(&["diff", "@bundle", other.to_str().unwrap()]);
    assert_eq!((answer.exit_code, answer.error.as_str()), (1, "error: the bundles differ\n"), "{}", answer.output);
    for expected in [
        "stated and computed\n",
        "  root: ",
        "\nwallets removed: ",
        "\namounts changed: ",
        "  in all ",
        "\nfiles that differ: ",
    ] {
        assert!(answer.output.contains(expected), "{expected}: {}", answer.output);
    }
}

#[test]
fn a_wrong_bundle_is_not_compared() {
    let work = direct();
    work.crank(&[&DIRECT[..], &["--out", "@again"]].concat()).expect_success();
    fs::write(work.path("again/rejected.csv"), "").unwrap();
    work.crank(&["diff", "@bundle", "@again"]).expect_failure(1, &["rejected.csv line 1"]);
    work.crank(&["diff", "@bundle", "@nothing"]).expect_failure(2, &["nothing is not a directory"]);
}

#[test]
fn an_epoch_in_which_nobody_is_paid_has_a_bundle_that_says_to_skip_it() {
    let work = WorkingDirectory::new();
    let campaign = fixture_text("competition/campaign.json").replacen("RANK == 1 ? 10000", "RANK > 0 ? 0", 1);
    let output = work.evaluate_texts(&campaign, &fixture_text("competition/events.ndjson"), "0").expect_success();
    assert!(output.contains("root         none, skip the epoch: nobody qualified"), "{output}");
    let output = work.crank(&["verify", "@out", "--events", "@events.ndjson"]).expect_success();
    assert!(output.contains("leaves       0\n") && output.contains("skip the epoch"), "{output}");
}
