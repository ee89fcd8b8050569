//! `crank verify`: recomputes a bundle and lists the checks that it passed.

use std::io::Write;

use solana_pubkey::Pubkey;

use super::{
    activity_place, report,
    text::{pairs, root_text},
};
use crate::{
    cli::VerifyArguments,
    failure::Failure,
    operations::verify::{AccountPlace, Check, Verified, VerifyRequest, verify},
};

/// Runs the command.
pub(super) fn run(arguments: &VerifyArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let file = || arguments.epoch_account.clone().map(AccountPlace::File);
    let request = VerifyRequest {
        bundle: arguments.bundle.clone(),
        publisher: arguments.publisher,
        previous: arguments.previous.clone(),
        corrects: arguments.corrects.clone(),
        activity: activity_place(&arguments.activity),
        account: arguments.cluster.clone().map(AccountPlace::Cluster).or_else(file),
        limits: arguments.limits.limits(),
    };
    report(out, &summary(&verify(&request)?))
}

/// The command's report if everything is right.
fn summary(Verified { bundle, checks }: &Verified) -> String {
    let mut checked: Vec<String> = checks.iter().map(|check| in_words(*check, bundle.publisher())).collect();
    let is_asked = |check: &Check| matches!(check, Check::QueriesOnEvents | Check::QueriesOnStore);
    if bundle.statement().queries.is_some() && !checks.iter().any(is_asked) {
        checked.push("the queries' results only with --events or --store".to_owned());
    }
    pairs(&[
        ("verified", checked.join(", ")),
        ("epoch", bundle.statement().epoch.to_string()),
        ("leaves", bundle.leaf_count().to_string()),
        ("total", format!("{} base units", bundle.evaluation().total())),
        ("root", root_text(bundle)),
        ("manifest", hex::encode(bundle.manifest_hash())),
    ])
}

fn in_words(check: Check, publisher: Option<Pubkey>) -> String {
    match check {
        Check::Files => "every file".to_owned(),
        Check::Signature => format!("the signature of {}", publisher.unwrap_or_default()),
        Check::ConversionsBefore => "the conversions before".to_owned(),
        Check::AllottedBefore => "what was allotted before".to_owned(),
        Check::QueriesOnEvents => "the queries' results from the events".to_owned(),
        Check::QueriesOnStore => "the queries' results from the store".to_owned(),
        Check::EpochAccount => "its epoch's account".to_owned(),
        Check::EpochAndDistributorAccounts => "the accounts of its epoch and distributor".to_owned(),
    }
}
