//! `crank claim`: what it refuses before anything is sent. That a claim pays is in `tests/rpc`.

use crank_rules::campaign::Campaign;
use solana_keypair::write_keypair_file;
use solana_signer::Signer as _;
use torque::state::{Distributor, Epoch, Mode};

use crate::node;
use crate::posted::{Posted, keypair};
use crate::working_directory::{Answer, fixture_text};

/// The number of the wallet that has the first leaf.
const WALLET: u8 = 50;

/// An epoch that gives the wallet something.
fn posted() -> Posted {
    let wallet = keypair(WALLET).pubkey().to_string();
    let text = fixture_text("thank-you/campaign.json");
    let text = text.replace("CyaE1VxvBrahnPWkqm5VsdCvyS2QmNht2UFrKJHga54o", &wallet);
    Posted::of(&Campaign::parse(text.as_bytes()).unwrap())
}

fn claim(posted: &Posted, number: u8) -> Answer {
    write_keypair_file(&keypair(number), posted.work.path("wallet.json")).unwrap();
    let url = node::start(posted.accounts.clone());
    posted.work.crank(&["claim", "@bundle", "--keypair", "@wallet.json", "--cluster", &url])
}

#[test]
fn a_leaf_that_cannot_be_claimed_is_refused_with_the_reason_before_anything_is_sent() {
    type Edit = fn(&mut Epoch);
    let edits: [(Edit, &str); 3] = [
        (|epoch| (epoch.opens_at, epoch.closes_at) = (0, 0), "payments ended at 1970-01-01T00:00:00Z, or all is paid"),
        (|epoch| (epoch.opens_at, epoch.paid_count) = (0, epoch.leaf_count), "or all is paid"),
        (|epoch| epoch.root[0] ^= 1, "has another root than the bundle"),
    ];
    claim(&posted(), WALLET).expect_failure(1, &["the leaf cannot be claimed: payments open at 2026-01-28T00:00:00Z"]);
    for (edit, expected) in edits {
        let mut posted = posted();
        posted.edit_epoch(edit);
        claim(&posted, WALLET).expect_failure(1, &["the leaf cannot be claimed: ", expected]);
    }
    let mut posted = posted();
    posted.edit_distributor(|distributor: &mut Distributor| distributor.mode = Mode::Push);
    claim(&posted, WALLET).expect_failure(1, &["the distributor pays by push; the payment comes by itself"]);
}

#[test]
fn a_closed_epoch_and_a_closed_distributor_pay_nothing() {
    let mut posted = posted();
    posted.accounts.remove(&posted.epoch);
    claim(&posted, WALLET).expect_failure(1, &["it is not posted yet, or it is closed"]);
    posted.accounts.get_mut(&posted.distributor).unwrap().1.truncate(8);
    claim(&posted, WALLET).expect_failure(1, &["is closed and cannot be opened again"]);
    posted.accounts.remove(&posted.distributor);
    claim(&posted, WALLET).expect_failure(2, &["there is no account at"]);
}

#[test]
fn a_wallet_without_a_leaf_and_a_key_that_is_none_are_refused() {
    let posted = posted();
    let nobody = keypair(51).pubkey();
    claim(&posted, 51).expect_failure(2, &[&format!("the bundle gives {nobody} nothing")]);
    posted.work.write("text.json", "a secret");
    let answer = posted.work.crank(&["claim", "@bundle", "--keypair", "@text.json", "--cluster", "localnet"]);
    assert!(!answer.error.contains("a secret"), "{}", answer.error);
    answer.expect_failure(2, &["expected a keypair, a JSON array of 64 numbers"]);
    write_keypair_file(&keypair(WALLET), posted.work.path("wallet.json")).unwrap();
    let answer = posted.work.crank(&["claim", "@bundle", "--keypair", "@wallet.json", "--cluster", "moon"]);
    answer.expect_failure(2, &["localnet, devnet, mainnet"]);
}
