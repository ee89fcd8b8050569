//! Runs a bundle's queries again on the files that it was made from.

use std::{num::NonZeroUsize, path::Path};

use crate::{
    activity,
    bundle::{Bundle, Input, Measured, Queries},
    commands::{evaluate::EVENTS_INPUT, measure},
    failure::Failure,
};

/// Compares what the queries return now with what the bundle says they returned.
pub(super) fn run_queries_again(bundle: &Bundle, path: &Path, threads: NonZeroUsize) -> Result<(), Failure> {
    let statement = bundle.statement();
    let queries = statement.queries.as_ref().ok_or_else(|| {
        Failure::Input("--events has no use here: the rows of a direct campaign are given and not measured".to_owned())
    })?;
    let [Input { name, sha256 }] = queries.inputs.as_slice() else {
        return Err(Failure::Input("--events has no use here: the bundle was made from a store".to_owned()));
    };
    let (events, hash) = measure::read_events(path)?;
    if name != EVENTS_INPUT || hash != *sha256 {
        let (expected, found) = (hex::encode(sha256), hex::encode(hash));
        let path = path.display();
        return Err(Failure::Check(format!(
            "{path}: expected the SHA-256 {expected}, found {found}: the bundle was made from other events"
        )));
    }
    let [action] = queries.actions.as_slice() else {
        return Err(Failure::Input("only a bundle of one action can be measured again".to_owned()));
    };
    let rows = measure::measure(&events, &action.sql, statement.period, threads)?;
    let compared = measure::with_threads(threads, || bundle.compare_measurement(Measured::of_rows(rows)))?;
    compared.map_err(|difference| {
        Failure::Check(format!("the queries return something else: {difference}{}", engine_note(queries)))
    })
}

/// Says so where another version of the query engine may be the reason.
fn engine_note(queries: &Queries) -> String {
    let version = activity::ENGINE_VERSION;
    if queries.engine_version == version {
        return String::new();
    }
    format!(
        "; note that the bundle was made with version {} of the query engine, and this is {version}",
        queries.engine_version
    )
}
