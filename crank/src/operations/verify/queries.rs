//! Runs a bundle's queries again on the files that it was made from.

use crate::operations::{
    OperationError,
    activity_source::{ActivityPlace, Gathered},
    measure::{measure, with_threads},
};
use crank_activity::{
    engine::{self, QueryLimits},
    measurement::Inquiry,
};
use crank_rules::bundle::{Bundle, Queries};

/// Compares the queries' results with those in the bundle.
pub(super) fn run_again(bundle: &Bundle, place: &ActivityPlace, limits: &QueryLimits) -> Result<(), OperationError> {
    let statement = bundle.statement();
    let queries = statement.queries.as_ref().ok_or_else(|| {
        let name = match place {
            ActivityPlace::Events(_) => "events",
            ActivityPlace::Store(_) => "store",
        };
        let problem = "has no use here: the rows of a direct campaign are given and not measured";
        OperationError::field(name, problem)
    })?;
    let inquiry = Inquiry {
        actions: &queries.actions,
        filters: &statement.filters,
        kind: statement.terms.shape.kind(),
        period: statement.period,
        campaign_start: statement.campaign_start,
        has_milestone: statement.milestone.is_some(),
    };
    let gathered = Gathered::of_bundle(queries, place, |table| inquiry.may_read(table))?;
    let measured = measure(&gathered, &inquiry, limits)?;
    with_threads(limits, || bundle.compare_measurement(measured))?.map_err(|difference| {
        OperationError::Check(format!("the queries return something else: {difference}{}", engine_note(queries)))
    })
}

/// A note for the error if the bundle was made by another version of the query engine.
fn engine_note(queries: &Queries) -> String {
    let version = engine::ENGINE_VERSION;
    if queries.engine_version == version {
        return String::new();
    }
    format!(
        "; note that the bundle was made with version {} of the query engine, and this is {version}",
        queries.engine_version
    )
}
