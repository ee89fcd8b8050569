//! Deletes files that belong to no kept version. First the log lists them, then they are deleted, then the log clears
//! the list.
//!
//! Only files that once belonged to a version are deleted, so the files of a writer that has not committed yet are
//! safe. While files are being deleted, no writer may commit one of them again. An interrupted vacuum is finished by
//! the next one. Only one vacuum may run at a time: a second one that sleeps in between could delete a file that was
//! stored again.

use std::collections::BTreeSet;

use super::{
    Store, StoreError, log,
    state::{Change, Standing, State},
};

/// What a vacuum did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Vacuum {
    /// The version afterwards.
    pub version: u64,
    /// The oldest version that can still be read.
    pub oldest: u64,
    /// The files that were deleted.
    pub deleted: usize,
}

/// Deletes the files that belong neither to the newest version nor to one of the `keep_versions` before it.
pub(super) fn vacuum(store: &Store, keep_versions: u64) -> Result<Vacuum, StoreError> {
    let mut state = store.state()?;
    let mut deleted = delete(store, &state.standing.deleting)?;
    loop {
        let oldest = state.version.saturating_sub(keep_versions).max(state.standing.oldest);
        let deleting = unneeded(store, &state, oldest)?;
        if deleting.is_empty() && state.standing.deleting.is_empty() {
            return Ok(Vacuum { version: state.version, oldest: state.standing.oldest, deleted });
        }
        let standing = Standing { oldest, deleting: deleting.clone(), ..state.standing.clone() };
        match log::append(&store.objects, &state, standing, &Change::default())? {
            Some(next) => {
                deleted = deleted.saturating_add(delete(store, &deleting)?);
                state = finished(store, next)?;
                return Ok(Vacuum { version: state.version, oldest, deleted });
            }
            None => state = store.state_after(state.version)?,
        }
    }
}

/// Clears the list of files that are being deleted in the log.
fn finished(store: &Store, mut state: State) -> Result<State, StoreError> {
    while !state.standing.deleting.is_empty() {
        let standing = Standing { deleting: Vec::new(), ..state.standing.clone() };
        state = match log::append(&store.objects, &state, standing, &Change::default())? {
            Some(next) => next,
            None => store.state_after(state.version)?,
        };
    }
    Ok(state)
}

fn delete(store: &Store, paths: &[String]) -> Result<usize, StoreError> {
    paths.iter().try_for_each(|path| store.objects.delete(path))?;
    Ok(paths.len())
}

/// The files of versions before `oldest` that belong to no version from `oldest` on.
fn unneeded(store: &Store, state: &State, oldest: u64) -> Result<Vec<String>, StoreError> {
    let mut paths = BTreeSet::new();
    if let Some(last) = oldest.checked_sub(1) {
        log::walk(&store.objects, state.standing.oldest.max(1), last, |before| paths.extend(paths_of(before)))?;
    }
    if !paths.is_empty() {
        log::walk(&store.objects, oldest.max(1), state.version, |kept| {
            for path in kept.files.keys().chain(kept.ids.keys()) {
                paths.remove(path);
            }
        })?;
    }
    Ok(paths.into_iter().collect())
}

fn paths_of(state: &State) -> Vec<String> {
    state.files.keys().chain(state.ids.keys()).cloned().collect()
}

/// Deletes every file that no version names. Writers that never committed leave such files.
pub(super) fn sweep(store: &Store) -> Result<usize, StoreError> {
    let listed = store.objects.list()?;
    let state = store.state()?;
    let mut needed: BTreeSet<String> = BTreeSet::new();
    log::walk(&store.objects, state.standing.oldest.max(1), state.version, |kept| needed.extend(paths_of(kept)))?;
    let is_data = |path: &str| path.ends_with(".parquet") || path.ends_with(".ids") || path.starts_with("_staged/");
    let left: Vec<String> =
        listed.into_iter().filter(|path| is_data(path) && !needed.contains(path.as_str())).collect();
    delete(store, &left)
}
