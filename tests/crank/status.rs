//! `crank status`: a distributor as a node shows it.

use serde_json::Value;
use torque::state::{Downtime, Epoch, Moment};

use crate::node;
use crate::posted::{Posted, campaign, keypair};
use crate::working_directory::Answer;

impl Posted {
    fn status(&self, options: &[&str]) -> Answer {
        let url = node::start(self.accounts.clone());
        let distributor = self.distributor.to_string();
        self.work.crank(&[&["status", &distributor, "--cluster", &url], options].concat())
    }

    fn status_json(&self) -> Value {
        serde_json::from_str(&self.status(&["--json"]).expect_success()).unwrap()
    }
}

#[test]
fn a_distributor_is_shown_with_its_money_its_schedule_and_its_open_epoch() {
    let posted = Posted::new();
    let text = posted.status(&[]).expect_success();
    for expected in [
        "state        RUNNING",
        "type         direct, paid by claim",
        "reward       SOL",
        "funded       1.75 SOL, of which sponsors brought 0",
        "paid         0 SOL by closed epochs",
        "reserved     1.75 SOL for open epochs; 1.75 may leave now",
        "free         0 SOL",
        "1 epoch of 1 day from 2026-01-26T00:00:00Z; none is left to post",
        "a root can be cancelled for 1 day, then its leaves are paid for 7 days",
        "POSTED",
    ] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
    let json = posted.status_json();
    assert_eq!(json["money"]["funded"]["amountBaseUnits"], "1750000000");
    assert_eq!(json["tokenAddress"], Value::Null);
    assert_eq!(json["openEpochs"][0]["leaves"], 3);
    assert_eq!(json["openEpochs"][0]["root"].as_str().unwrap().len(), 64);
    assert_eq!(json["genesisHash"], "genesis");
}

#[test]
fn every_state_of_an_epoch_has_its_word() {
    type Edit = fn(&mut Epoch);
    let edits: [(Edit, &str); 4] = [
        (|epoch| epoch.opens_at = 0, "CLAIMING"),
        (|epoch| (epoch.opens_at, epoch.closes_at) = (0, 0), "OVER"),
        (|epoch| epoch.paid_count = epoch.leaf_count, "OVER"),
        (
            |epoch| {
                let now = campaign().period(0).unwrap().end;
                let moment = Moment { now, ..Moment::default() };
                *epoch = Epoch::vacant(epoch.distributor, 0, 0, epoch.rent_payer, epoch.terms, moment);
            },
            "VACANT",
        ),
    ];
    for (edit, expected) in edits {
        let mut posted = Posted::new();
        posted.edit_epoch(edit);
        let json = posted.status_json();
        assert_eq!(json["openEpochs"][0]["state"], expected, "{json:#}");
        assert_eq!(json["openEpochs"][0]["until"].is_null(), expected == "OVER", "{json:#}");
    }
}

#[test]
fn a_distributor_that_is_paused_refunds_or_is_without_end_says_so() {
    let mut posted = Posted::new();
    posted.edit_distributor(|distributor| distributor.downtime = Downtime::paused(0, 5));
    assert_eq!(posted.status_json()["state"], "PAUSED");
    posted.edit_distributor(|distributor| distributor.is_refunding = true);
    assert_eq!(posted.status_json()["state"], "REFUNDING");
    let mut posted = Posted::new();
    posted.edit_distributor(|distributor| distributor.terms.epoch_count = u32::MAX);
    let json = posted.status_json();
    assert_eq!((&json["schedule"]["epochCount"], &json["schedule"]["nextEpoch"]), (&Value::Null, &Value::from(1)));
    assert!(posted.status(&[]).expect_success().contains("epochs without end of 1 day"));
}

#[test]
fn what_is_no_open_distributor_is_refused_by_its_own_name() {
    let mut posted = Posted::new();
    posted.accounts.get_mut(&posted.distributor).unwrap().1.truncate(8);
    posted.status(&[]).expect_failure(1, &["is closed and cannot be opened again"]);
    posted.distributor = posted.epoch;
    posted.status(&[]).expect_failure(2, &["is not a valid distributor"]);
    posted.distributor = solana_signer::Signer::pubkey(&keypair(77));
    posted.status(&[]).expect_failure(2, &["there is no account at"]);
    posted.work.crank(&["status", "moon", "--cluster", "devnet"]).expect_failure_of_usage("<DISTRIBUTOR>");
    let nobody =
        posted.work.crank(&["status", &posted.epoch.to_string(), "--cluster", "http://127.0.0.1:1/?key=secret"]);
    assert!(!nobody.error.contains("secret"), "{}", nobody.error);
    nobody.expect_failure(3, &["the cluster cannot be asked"]);
}
