//! The log: one object for each version, numbered without gaps. An entry never changes after it is written.
//!
//! An entry lists the changes since the version before it, and every 64th entry lists everything, so a state is read
//! from at most 64 small objects, however many versions there are. Separate checkpoints would be a second kind of
//! object that may be missing or disagree; listing everything in every entry would make the log grow with the square of
//! the number of versions. Entries are never deleted: otherwise a writer that slept could create an old one again.
//!
//! Changes become visible only when an entry is created, and the object store lets just one of several writers create
//! it. Files that no entry names are harmless waste.

use std::hash::{BuildHasher, Hasher, RandomState};

use serde::{Deserialize, Serialize};

use super::{
    StoreError,
    objects::Objects,
    state::{Change, Standing, State},
};

/// An entry whose number is a multiple of this lists all files.
const COMPLETE_EVERY: u64 = 64;

/// One version, as it is written.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    version: u64,
    /// Whether the change lists everything, instead of the differences from the version before.
    is_complete: bool,
    /// A random number, by which a writer tells its own entry from an equal one of another writer.
    attempt: u64,
    standing: Standing,
    change: Change,
}

fn path(version: u64) -> String {
    format!("_log/{version:020}.json")
}

/// The newest version; 0 if nothing was ever written to the store.
pub(super) fn newest_version(objects: &Objects, known: u64) -> Result<u64, StoreError> {
    // The numbers have no gaps, so the last one is found by doubling the step and then halving it.
    let mut step = 1_u64;
    let (mut there, mut missing) = (known, known.saturating_add(step));
    while objects.exists(&path(missing))? {
        there = missing;
        step = step.saturating_mul(2);
        missing = there.saturating_add(step);
    }
    while missing.saturating_sub(there) > 1 {
        let middle = there.midpoint(missing);
        if objects.exists(&path(middle))? { there = middle } else { missing = middle }
    }
    Ok(there)
}

/// The state at a version that exists.
pub(super) fn read(objects: &Objects, version: u64) -> Result<State, StoreError> {
    let first = version.saturating_sub(version.checked_rem(COMPLETE_EVERY).unwrap_or_default()).max(1);
    let names: Vec<String> = (first..=version).map(path).collect();
    let mut state = State::default();
    for ((number, name), bytes) in (first..=version).zip(&names).zip(objects.get_all(&names)?) {
        state = follow(state, number, name, &bytes.ok_or_else(|| StoreError::Missing(name.clone()))?)?;
    }
    Ok(state)
}

/// Calls `visit` with the state of each of these versions in order; all of them must exist.
pub(super) fn walk(objects: &Objects, first: u64, last: u64, mut visit: impl FnMut(&State)) -> Result<(), StoreError> {
    if first > last {
        return Ok(());
    }
    let mut state = read(objects, first)?;
    visit(&state);
    while state.version < last {
        let end = state.version.saturating_add(COMPLETE_EVERY).min(last);
        let versions = state.version.saturating_add(1)..=end;
        let names: Vec<String> = versions.clone().map(path).collect();
        for ((number, name), bytes) in versions.zip(&names).zip(objects.get_all(&names)?) {
            state = follow(state, number, name, &bytes.ok_or_else(|| StoreError::Missing(name.clone()))?)?;
            visit(&state);
        }
    }
    Ok(())
}

fn follow(before: State, version: u64, name: &str, bytes: &[u8]) -> Result<State, StoreError> {
    let altered = |problem: String| StoreError::Altered { name: name.to_owned(), problem };
    let entry: Entry = serde_json::from_slice(bytes).map_err(|error| altered(error.to_string()))?;
    if entry.version != version || entry.is_complete != is_complete(version) {
        return Err(altered(format!("it is of version {}", entry.version)));
    }
    let base = if entry.is_complete { State::default() } else { before };
    let changed = base.changed(&entry.change).map_err(|path| altered(format!("`{path}` is wrong in it")))?;
    Ok(State { version, standing: entry.standing, ..changed })
}

const fn is_complete(version: u64) -> bool {
    version.is_multiple_of(COMPLETE_EVERY)
}

/// Creates the next version after a state; `None` if another writer has created it already.
pub(super) fn append(
    objects: &Objects,
    state: &State,
    standing: Standing,
    change: &Change,
) -> Result<Option<State>, StoreError> {
    let version = state.version.saturating_add(1);
    let name = path(version);
    let altered = |problem: String| StoreError::Altered { name: name.clone(), problem };
    let next = state.clone().changed(change).map_err(|path| altered(format!("`{path}` would be wrong in it")))?;
    let next = State { version, standing, ..next };
    let is_complete = is_complete(version);
    let change = if is_complete { next.as_change() } else { change.clone() };
    // The hasher's random keys are random enough for this, and nothing else depends on the number.
    let attempt = RandomState::new().build_hasher().finish();
    let entry = Entry { version, is_complete, attempt, standing: next.standing.clone(), change };
    let bytes = serde_json::to_vec(&entry).map_err(|error| altered(error.to_string()))?;
    let created = objects.create(&name, bytes.clone());
    if matches!(created, Ok(true)) {
        return Ok(Some(next));
    }
    // If the answer to a request was lost and it is sent again, it finds its own object.
    match (objects.get(&name), created) {
        (Ok(Some(found)), _) if found == bytes => Ok(Some(next)),
        (Ok(Some(_)), _) => Ok(None),
        (_, Err(error)) | (Err(error), _) => Err(error),
        (Ok(None), Ok(_)) => Err(StoreError::Overtaken),
    }
}
