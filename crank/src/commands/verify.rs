//! `crank verify`: recomputes a bundle, and with the events at hand runs its query again.

use std::{io::Write, num::NonZeroUsize, path::Path};

use super::{measure, report};
use crate::{
    activity,
    bundle::{self, Bundle, RESULTS},
    cli::VerifyArguments,
    evaluation::sort_by_rank,
    failure::Failure,
};

/// Runs the command.
pub(super) fn run(arguments: &VerifyArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let threads = measure::threads_or_default(arguments.threads);
    let bundle = verified_bundle(&arguments.bundle, threads)?;
    if let Some(events) = &arguments.events {
        run_query_again(&bundle, events, threads)?;
    }
    report(out, &summary(&bundle, arguments.events.is_some()))
}

/// Reads a bundle and recomputes it.
///
/// # Errors
/// `Failure::Check` with the first difference; `Failure::Input` when there is no bundle.
pub fn verified_bundle(path: &Path, threads: NonZeroUsize) -> Result<Bundle, Failure> {
    let files = bundle::read_directory(path)?;
    let verified = measure::with_threads(threads, || bundle::verify(&files))?;
    verified.map_err(|difference| Failure::Check(difference.to_string()))
}

/// Compares what the query returns now with what the bundle says it returned.
fn run_query_again(bundle: &Bundle, events: &Path, threads: NonZeroUsize) -> Result<(), Failure> {
    let statement = bundle.statement();
    let query = statement.query.as_ref().ok_or_else(|| {
        Failure::Input("--events has no use here: the rows of a direct campaign are given and not measured".to_owned())
    })?;
    let hash = measure::hash_file(events)?;
    if hash != query.events {
        let (expected, found) = (hex::encode(query.events), hex::encode(hash));
        let path = events.display();
        return Err(Failure::Check(format!(
            "{path}: expected the SHA-256 {expected}, found {found}: the bundle was made from other events"
        )));
    }
    let (mut rows, _) = measure::measure(events, &query.sql, statement.period, statement.period.start, threads)?;
    measure::with_threads(threads, || sort_by_rank(&mut rows))?;
    let expected = bundle::results_table(rows.iter());
    bundle::compare(RESULTS, &expected, bundle.file(RESULTS)).map_err(|difference| {
        Failure::Check(format!("the query returns something else: {difference}{}", engine_note(&query.engine_version)))
    })
}

/// Says so where another version of the query engine may be the reason.
fn engine_note(version: &str) -> String {
    if version == activity::ENGINE_VERSION {
        return String::new();
    }
    format!(
        "; note that the bundle was made with another version of the query engine than {}",
        activity::ENGINE_VERSION
    )
}

/// What the command says when everything is right.
fn summary(bundle: &Bundle, is_query_checked: bool) -> String {
    let checked = match (is_query_checked, bundle.statement().query.is_some()) {
        (true, _) => "every file, and the query's results from the events",
        (false, true) => "every file; the query's results only with --events",
        (false, false) => "every file",
    };
    format!(
        "verified     {checked}\nepoch        {}\nleaves       {}\ntotal        {} base units\nroot         {}\nmanifest     {}\n",
        bundle.statement().epoch,
        bundle.tree().leaf_count(),
        bundle.evaluation().total(),
        hex::encode(bundle.tree().root()),
        hex::encode(bundle.manifest_hash()),
    )
}
