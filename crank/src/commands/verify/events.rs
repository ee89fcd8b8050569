//! Runs a bundle's queries again on the files that it was made from.

use std::num::NonZeroUsize;

use crate::{
    activity,
    bundle::{Bundle, Queries},
    commands::{activity_source::Gathered, measure},
    failure::Failure,
    measurement::Inquiry,
};

/// Compares what the queries return now with what the bundle says they returned. `gather` finds the bundle's inputs.
pub(super) fn run_queries_again(
    bundle: &Bundle,
    gather: impl FnOnce(&Queries, &Inquiry<'_>) -> Result<Gathered, Failure>,
    threads: NonZeroUsize,
) -> Result<(), Failure> {
    let statement = bundle.statement();
    let queries = statement.queries.as_ref().ok_or_else(|| {
        let text =
            "--events has no use here, nor has --store: the rows of a direct campaign are given and not measured";
        Failure::Input(text.to_owned())
    })?;
    let inquiry = Inquiry {
        actions: &queries.actions,
        filters: &statement.filters,
        kind: statement.terms.shape.kind(),
        period: statement.period,
        campaign_start: statement.campaign_start,
        has_milestone: statement.milestone.is_some(),
    };
    let measured = measure::measure(&gather(queries, &inquiry)?, &inquiry, threads)?;
    measure::with_threads(threads, || bundle.compare_measurement(measured))?.map_err(|difference| {
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
