//! `crank verify`: recomputes a bundle, and compares it with whatever else is at hand: the events that its queries ran on,
//! the publisher's key, the epoch's account, and the bundles that it builds on.

mod account;
mod events;

use std::{io::Write, num::NonZeroUsize, path::Path};

use solana_pubkey::Pubkey;

use super::{activity_source::Gathered, evaluate::root_text, measure, report};
use crate::{
    bundle::{self, Bundle, Correction, Previous, Queries},
    cli::VerifyArguments,
    failure::Failure,
    measurement::Inquiry,
};

/// Runs the command.
pub(super) fn run(arguments: &VerifyArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let threads = measure::threads_or_default(arguments.threads);
    let bundle = verified_bundle(&arguments.bundle, threads)?;
    let mut checked = vec!["every file".to_owned()];
    if let Some(publisher) = &arguments.publisher {
        check_publisher(&bundle, publisher)?;
    }
    if let Some(publisher) = bundle.publisher() {
        checked.push(format!("the signature of {publisher}"));
    }
    if let Some(previous) = &arguments.previous {
        check_previous(&bundle, &verified_bundle(previous, threads)?)?;
        checked.push("the conversions before".to_owned());
    }
    if let Some(corrected) = &arguments.corrects {
        check_corrected(&bundle, &verified_bundle(corrected, threads)?)?;
        checked.push("what was allotted before".to_owned());
    }
    if let Some(file) = &arguments.events {
        events::run_queries_again(&bundle, |queries, _| Gathered::lines_of(queries, file), threads)?;
        checked.push("the queries' results from the events".to_owned());
    } else if let Some(place) = &arguments.store {
        let gather = |queries: &Queries, inquiry: &Inquiry<'_>| {
            Gathered::stored_of(queries, place, |table| inquiry.may_read(table))
        };
        events::run_queries_again(&bundle, gather, threads)?;
        checked.push("the queries' results from the store".to_owned());
    } else if bundle.statement().queries.is_some() {
        checked.push("the queries' results only with --events or --store".to_owned());
    }
    checked.extend(account::check(&bundle, arguments)?);
    report(out, &summary(&bundle, &checked))
}

/// Reads a bundle and recomputes it.
///
/// # Errors
/// `Failure::Check` with the first difference; `Failure::Input` when there is no bundle.
pub fn verified_bundle(path: &Path, threads: NonZeroUsize) -> Result<Bundle, Failure> {
    measure::with_threads(threads, || {
        let files = bundle::read_directory(path)?;
        bundle::verify(&files).map_err(|difference| Failure::Check(difference.to_string()))
    })?
}

/// Refuses a bundle that somebody else has signed, or nobody.
fn check_publisher(bundle: &Bundle, publisher: &Pubkey) -> Result<(), Failure> {
    let found = match bundle.publisher() {
        Some(signer) if signer == *publisher => return Ok(()),
        Some(signer) => format!("that of {signer}"),
        None => "none".to_owned(),
    };
    Err(Failure::Check(format!("{}: expected the signature of {publisher}, found {found}", bundle::SIGNATURE)))
}

/// Refuses a curve that counts on from something else than `previous`.
fn check_previous(bundle: &Bundle, previous: &Bundle) -> Result<(), Failure> {
    let stated = bundle.statement().previous.ok_or_else(|| {
        Failure::Input("--previous has no use here: this bundle does not count on from another".to_owned())
    })?;
    let expected = Previous::of(previous);
    check_hash("previous", &expected.manifest_hash, &stated.manifest_hash)?;
    if expected.conversions == stated.conversions {
        return Ok(());
    }
    let (expected, found) = (expected.conversions, stated.conversions);
    Err(Failure::Check(format!("manifest.json `firstConversion`: expected {expected}, found {found}")))
}

/// Refuses a correction of something else than `corrected`, or of another epoch's.
fn check_corrected(bundle: &Bundle, corrected: &Bundle) -> Result<(), Failure> {
    let stated = bundle
        .statement()
        .correction
        .as_ref()
        .ok_or_else(|| Failure::Input("--corrects has no use here: this bundle is not a correction".to_owned()))?;
    let expected = Correction::of(corrected);
    check_hash("corrects", &expected.manifest_hash, &stated.manifest_hash)?;
    if corrected.statement().period != bundle.statement().period {
        return Err(Failure::Check(
            "manifest.json `periodStart`: expected the period of the corrected bundle".to_owned(),
        ));
    }
    if expected.allotted == stated.allotted {
        return Ok(());
    }
    Err(Failure::Check(format!(
        "{}: expected what the corrected bundles allotted, found something else",
        bundle::ALLOTTED
    )))
}

fn check_hash(field: &str, expected: &[u8], found: &[u8]) -> Result<(), Failure> {
    if expected == found {
        return Ok(());
    }
    let (expected, found) = (hex::encode(expected), hex::encode(found));
    Err(Failure::Check(format!("manifest.json `{field}`: expected {expected}, found {found}")))
}

/// What the command says when everything is right.
fn summary(bundle: &Bundle, checked: &[String]) -> String {
    let lines = [
        ("verified", checked.join(", ")),
        ("epoch", bundle.statement().epoch.to_string()),
        ("leaves", bundle.leaf_count().to_string()),
        ("total", format!("{} base units", bundle.evaluation().total())),
        ("root", root_text(bundle)),
        ("manifest", hex::encode(bundle.manifest_hash())),
    ];
    lines.map(|(label, value)| format!("{label:<13}{value}\n")).concat()
}
