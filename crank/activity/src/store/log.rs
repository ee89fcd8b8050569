//! The log: one object for each version, numbered without gaps, of which an object once written is never changed.
//!
//! A version is what its entry says on top of the version before it, and every 64th entry lists everything, so that a
//! state is read from at most 64 small objects however many versions there are. Separate checkpoints would be a second
//! kind of object that may be missing or disagree; listing everything every time would make the log grow with the
//! square of the number of versions. Entries are never deleted: a writer that slept could otherwise create one anew.
//!
//! Creating an entry is the one step at which anything becomes visible, and of several writers the object store lets
//! one create it. Files that no entry names are waste and nothing else.

use std::hash::{BuildHasher, Hasher, RandomState};

use serde::{Deserialize, Serialize};

use super::{
    StoreError,
    objects::Objects,
    state::{Change, Standing, State},
};

/// Every so many versions, an entry lists all files.
const COMPLETE_EVERY: u64 = 64;

/// One version, as it is written.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    version: u64,
    /// Whether the change is from nothing, not from the version before.
    is_complete: bool,
    /// A number of the attempt to write it, by which a writer knows its own entry from that of another who wanted the
    /// same.
    attempt: u64,
    standing: Standing,
    change: Change,
}

fn path(version: u64) -> String {
    format!("_log/{version:020}.json")
}

/// The newest version; 0 is a store in which nothing was ever written.
pub(super) fn newest_version(objects: &Objects, known: u64) -> Result<u64, StoreError> {
    // The numbers have no gaps, so the last one is found by doubling and halving.
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

/// Hands every state of these versions, which exist, to `visit`, in order.
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

/// Makes the next version of a state, unless another writer has made it; then `None`.
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
    // Chance enough for that, and it decides nothing else.
    let attempt = RandomState::new().build_hasher().finish();
    let entry = Entry { version, is_complete, attempt, standing: next.standing.clone(), change };
    let bytes = serde_json::to_vec(&entry).map_err(|error| altered(error.to_string()))?;
    let created = objects.create(&name, bytes.clone());
    if matches!(created, Ok(true)) {
        return Ok(Some(next));
    }
    // A request that is sent again after its answer was lost finds its own object.
    match (objects.get(&name), created) {
        (Ok(Some(found)), _) if found == bytes => Ok(Some(next)),
        (Ok(Some(_)), _) => Ok(None),
        (_, Err(error)) | (Err(error), _) => Err(error),
        (Ok(None), Ok(_)) => Err(StoreError::Overtaken),
    }
}
