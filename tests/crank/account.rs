//! `crank verify` against the accounts of an epoch that was posted on the embedded cluster.

use serde_json::json;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use torque::state::{Distributor, Epoch, Kind, Mode, Moment};

use crate::node;
use crate::posted::{PUBLISHER, Posted, campaign, keypair};
use crate::working_directory::WorkingDirectory;

impl Posted {
    /// The answer of `verify` if a node shows these accounts: exit code, output and error.
    fn verify(&self) -> (u8, String) {
        let url = node::start(self.accounts.clone());
        let answer = self.work.crank(&["verify", "@bundle", "--cluster", &url]);
        assert!(!answer.error.contains("secret"), "{}", answer.error);
        (answer.exit_code, answer.output + &answer.error)
    }

    /// The answer of `verify` for the epoch's account in a file.
    fn verify_file(&self) -> crate::working_directory::Answer {
        let (owner, data) = &self.accounts[&self.epoch];
        let file = json!({ "pubkey": self.epoch.to_string(), "account": node::account_json(owner, data) });
        self.work.write("epoch.json", &file.to_string());
        self.work.crank(&["verify", "@bundle", "--epoch-account", "@epoch.json"])
    }
}

#[test]
fn an_epoch_as_it_was_posted_is_verified() {
    let posted = Posted::new();
    let (exit_code, text) = posted.verify();
    assert_eq!(exit_code, 0, "{text}");
    assert!(text.contains("the accounts of its epoch and distributor"), "{text}");
    assert!(text.contains(&format!("the signature of {}", keypair(PUBLISHER).pubkey())), "{text}");
    assert!(posted.verify_file().expect_success().contains("its epoch's account"));
}

#[test]
fn every_field_of_an_epoch_that_differs_is_named() {
    type Edit = fn(&mut Epoch);
    let edits: [(Edit, &str); 11] = [
        (|epoch| epoch.root[0] ^= 1, "\nroot: on chain "),
        (|epoch| epoch.manifest_hash[31] ^= 1, "\nmanifest hash: on chain "),
        (|epoch| epoch.leaf_count = 4, "\nleaf count: on chain 4, in the bundle 3"),
        (|epoch| epoch.total = 1_750_000_001, "\ntotal: on chain 1750000001, in the bundle 1750000000"),
        (|epoch| epoch.raffle_seed[0] = 1, "\nraffle seed: on chain 01"),
        (|epoch| epoch.index = 1, "\nindex: on chain 1, in the bundle 0"),
        (|epoch| epoch.distributor = keypair(8).pubkey(), "\ndistributor: on chain "),
        (|epoch| epoch.posted_at = campaign().schedule.start, "\nposted at: on chain 1769385600, in the bundle an end"),
        (|epoch| epoch.closes_at = epoch.opens_at, "\nwindows: on chain "),
        (|epoch| epoch.paid_total = epoch.total + 1, "\npaid: on chain 1750000001 of 1750000000"),
        (
            |epoch| *epoch = Epoch::vacant(epoch.distributor, 0, 0, Pubkey::default(), epoch.terms, Moment::default()),
            "\nroot: on chain none",
        ),
    ];
    let mut posted = Posted::new();
    let right = posted.accounts.clone();
    for (edit, expected) in edits {
        posted.edit_epoch(edit);
        expect_difference(&posted.verify(), expected);
        let file = posted.verify_file();
        assert!(file.exit_code == 1 && file.error.contains(expected), "{expected}: {}", file.error);
        posted.accounts.clone_from(&right);
    }
}

fn expect_difference((exit_code, text): &(u8, String), expected: &str) {
    assert!(*exit_code == 1 && text.contains(expected), "{expected}: {text}");
}

#[test]
fn every_field_of_a_distributor_that_differs_is_named() {
    type Edit = fn(&mut Distributor);
    let edits: [(Edit, &str); 9] = [
        (|distributor| distributor.publisher = keypair(8).pubkey(), "\npublisher: on chain "),
        (|distributor| distributor.mint = keypair(8).pubkey(), "\nmint: on chain "),
        (|distributor| distributor.decimals = 6, "\ndecimals: on chain 6, in the bundle 9"),
        (|distributor| distributor.kind = Kind::Raffle, "\nkind: on chain raffle, in the bundle direct"),
        (|distributor| distributor.mode = Mode::Push, "\nmode: on chain PUSH, in the bundle CLAIM"),
        (|distributor| distributor.terms.epoch_budget = 1, "\nepoch budget: on chain 1, in the bundle a total of"),
        (|distributor| distributor.terms.activation_delay += 1, "\nwindows: on chain opens after "),
        (|distributor| distributor.terms.start += 1, "\nperiod end: on chain "),
        (|distributor| distributor.terms.epoch_duration += 1, "\nperiod end: on chain "),
    ];
    let mut posted = Posted::new();
    let right = posted.accounts.clone();
    for (edit, expected) in edits {
        posted.edit_distributor(edit);
        expect_difference(&posted.verify(), expected);
        posted.accounts.clone_from(&right);
    }
}

#[test]
fn all_differences_are_named_at_once() {
    let mut posted = Posted::new();
    posted.edit_epoch(|epoch| (epoch.root[0], epoch.total) = (1, 1));
    let (_, text) = posted.verify();
    assert!(text.contains("\nroot: ") && text.contains("\ntotal: "), "{text}");
}

#[test]
fn an_account_that_is_missing_or_another_program_s_is_refused() {
    let mut posted = Posted::new();
    let right = posted.accounts.clone();
    for address in [posted.epoch, posted.distributor] {
        posted.accounts.remove(&address);
        expect_difference(&posted.verify(), &format!("at {address}: it was never made, or it is closed"));
        posted.accounts.clone_from(&right);
        posted.accounts.get_mut(&address).unwrap().0 = keypair(8).pubkey();
        expect_difference(&posted.verify(), "it belongs to the program ");
        posted.accounts.clone_from(&right);
        posted.accounts.get_mut(&address).unwrap().1[0] ^= 1;
        expect_difference(&posted.verify(), "is not a valid ");
        posted.accounts.clone_from(&right);
        posted.accounts.get_mut(&address).unwrap().1.truncate(100);
        expect_difference(&posted.verify(), "is not a valid ");
        posted.accounts.clone_from(&right);
    }
}

#[test]
fn a_node_that_gives_no_sensible_answer_is_the_outside_s_fault() {
    let posted = Posted::new();
    let account = |data: &str, encoding: &str| {
        let account = json!({ "data": [data, encoding], "owner": "x", "lamports": 1 });
        json!({ "id": 1, "result": { "context": { "slot": 7 }, "value": account } }).to_string()
    };
    for (answer, expected) in [
        (r#"{"id": 1}"#.to_owned(), "the node's answer to getAccountInfo has no result"),
        (r#"{"id": 2, "result": null}"#.to_owned(), "the node's answer to getAccountInfo is to another question"),
        (r#"{"id": 1, "result": null}"#.to_owned(), "the node's answer to getAccountInfo has another form"),
        ("hello".to_owned(), "the node's answer to getAccountInfo is not JSON-RPC"),
        (
            r#"{"error": {"code": -32005, "message": "busy\u001b"}}"#.to_owned(),
            r"the node refuses getAccountInfo with -32005: busy\u001b",
        ),
        (account("", "base58"), "its bytes are in base58"),
        (account("?", "base64"), "account in base64"),
        (account("", "base64"), "its owner is not a public key"),
    ] {
        let url = node::start_with_answer(answer);
        posted.work.crank(&["verify", "@bundle", "--cluster", &url]).expect_failure(3, &[expected]);
    }
    let answer = posted.work.crank(&["verify", "@bundle", "--cluster", "http://127.0.0.1:1/?api-key=secret"]);
    assert!(!answer.error.contains("secret"), "{}", answer.error);
    answer.expect_failure(3, &["the cluster cannot be asked"]);
    posted.work.crank(&["verify", "@bundle", "--cluster", "moon"]).expect_failure(2, &["localnet, devnet, mainnet"]);
}

#[test]
fn a_file_about_another_account_is_refused() {
    let posted = Posted::new();
    let (owner, data) = &posted.accounts[&posted.epoch];
    let file = json!({ "pubkey": posted.distributor.to_string(), "account": node::account_json(owner, data) });
    posted.work.write("epoch.json", &file.to_string());
    let verify = |file: &str| posted.work.crank(&["verify", "@bundle", "--epoch-account", file]);
    verify("@epoch.json").expect_failure(2, &["epoch.json: ", "the file is about "]);
    posted.work.write("epoch.json", "{}");
    verify("@epoch.json").expect_failure(2, &["missing field"]);
    verify("@nothing").expect_failure(2, &["nothing: "]);
}

#[test]
fn a_bundle_without_a_distributor_has_no_account() {
    let work = WorkingDirectory::new();
    let direct = ["evaluate", "--campaign", "%thank-you/campaign.json", "--epoch", "0", "--out", "@bundle"];
    work.crank(&direct).expect_success();
    work.crank(&["verify", "@bundle", "--cluster", "devnet"]).expect_failure(2, &["names no distributor"]);
}
