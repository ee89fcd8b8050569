//! `crank demo`: it tells the whole epoch with amounts that add up, and refuses wrong input before it begins.

use std::fs;

use crate::working_directory::{WorkingDirectory, fixture_text};

#[test]
fn the_demonstration_tells_a_whole_epoch_to_its_end() {
    let story = WorkingDirectory::new().crank(&["demo"]).expect_success();
    let milestones = [
        "competition: funded with 50000 tokens, and 2500 tokens fee on top",
        "competition: 187 wallets qualify, 48570.927672 tokens is allotted of 50000 tokens",
        "posting before the week is over: refused: The epoch's period has not ended",
        "187 leaves, 48570.927672 tokens reserved",
        "187 wallets paid by 12 transactions",
        "pushed again: 0 transactions",
        "18 wallets signed and received 2.07 SOL",
        "the last of them claims a second time: refused: The leaf is already paid",
        "2 wallets do not claim",
        "competition: distributor closed, 2428.546384 tokens fee earned, 1500.525944 tokens back to the owner; rent back",
        "thanks: epoch closed, 18 of 20 leaves paid, 0.03 SOL back in the pool",
        "recomputed as posted",
        "Every base unit is accounted for",
    ];
    let mut rest = story.as_str();
    for milestone in milestones {
        let found =
            rest.find(milestone).unwrap_or_else(|| panic!("{milestone:?} is missing or out of order in\n{story}"));
        rest = &rest[found..];
    }
}

#[test]
fn the_first_ten_of_the_competition_are_shown() {
    let story = WorkingDirectory::new().crank(&["demo"]).expect_success();
    assert!(story.contains("1  BBPKQwYLyiPjAX2KTFxanR7vxwa7majAF7c7yoaRX8oR  91352.26       10000"), "{story}");
    assert!(story.contains("10  PMJA8UQDyWTFw2Smhyp9jGA6aTaP7jKHR7BPudrgyYN   64129.31  348.181592"), "{story}");
}

#[test]
fn its_bundles_are_kept_where_asked_and_can_be_verified() {
    let work = WorkingDirectory::new();
    work.crank(&["demo", "--out", "@kept"]).expect_success();
    let events = "@kept/events.ndjson";
    let report = work.crank(&["verify", "@kept/competition", "--events", events]).expect_success();
    assert!(report.contains("the queries' results from the events"), "{report}");
    work.crank(&["verify", "@kept/thanks"]).expect_success();
}

#[test]
fn a_mint_that_does_not_exist_is_named() {
    let work = WorkingDirectory::new();
    let mint = "CyaE1VxvBrahnPWkqm5VsdCvyS2QmNht2UFrKJHga54o";
    let ours = "RbsL7CBWUJ78U8LAv385pyFyTfaBaEFTgNW22S8eSZq";
    work.write("campaign.json", &fixture_text("competition/campaign.json").replace(ours, mint));
    let arguments = ["demo", "--campaign", "@campaign.json", "--events", "%competition/events.ndjson"];
    let texts = ["tokenAddress: there is no mint at CyaE1VxvBrahnPWkqm5VsdCvyS2QmNht2UFrKJHga54o on this cluster"];
    work.crank(&arguments).expect_failure(2, &texts);
}

#[test]
fn a_balance_too_small_is_refused_with_what_is_missing() {
    let texts = ["balance: funding 50000 needs 52500 with the fee of 2500", "holds 52499.999999; add 0.000001"];
    WorkingDirectory::new().crank(&["demo", "--owner-balance", "52499.999999"]).expect_failure(2, &texts);
}

#[test]
fn a_balance_that_just_suffices_is_enough() {
    WorkingDirectory::new().crank(&["demo", "--owner-balance", "52500"]).expect_success();
}

#[test]
fn a_directory_with_something_in_it_is_left_alone() {
    let work = WorkingDirectory::new();
    fs::create_dir(work.path("kept")).unwrap();
    work.write("kept/file", "mine");
    work.crank(&["demo", "--out", "@kept"]).expect_failure(2, &["kept"]);
    assert_eq!(fs::read_to_string(work.path("kept/file")).unwrap(), "mine");
}
