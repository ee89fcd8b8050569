//! The activity that a preview runs over: a file of events, or the tables of a store that its queries mention.
//!
//! A preview decides nothing, so it neither waits for late events nor remembers the files, as an evaluation does.

use crate::{activity::Activity, cli::ActivityArguments, failure::Failure, store::Store};

/// The activity that the arguments name, if they name one.
///
/// # Errors
/// When the store cannot be read. A file is read later, by the process of the query.
pub(super) fn activity(arguments: &ActivityArguments, queries: &[&str]) -> Result<Option<Activity>, Failure> {
    match (&arguments.events, &arguments.store) {
        (Some(path), _) => Ok(Some(Activity::Lines(path.clone()))),
        (None, Some(place)) => stored(place, queries).map(Some),
        (None, None) => Ok(None),
    }
}

/// All that a store has of the tables that a query mentions: it may look back as far as it likes.
fn stored(place: &str, queries: &[&str]) -> Result<Activity, Failure> {
    let store = Store::open(place)?;
    let snapshot = store.snapshot()?;
    let tables =
        store.fetch_period(&snapshot, |name| queries.iter().any(|sql| sql.contains(&name.name)), i64::MIN, i64::MAX)?;
    Ok(Activity::Stored(tables))
}
