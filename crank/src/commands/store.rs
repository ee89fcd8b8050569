//! `crank store`: adds events to a store, shows it, compacts it and deletes what is no longer needed.

use std::{
    fs::File,
    io::{BufReader, Write},
    path::Path,
};

use super::{report, text};
use crate::{
    cli::{StoreAction, StoreArguments},
    failure::Failure,
    operations::OperationError,
};
use crank_activity::store::{Report, Snapshot, Store, StoreError};
use crank_rules::wording::millisecond;

/// The bytes of a file that are read at a time.
const BUFFER_BYTES: usize = 1 << 20;

/// Runs the command.
pub(super) fn run(arguments: &StoreArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let place = &arguments.store;
    let text = match &arguments.action {
        StoreAction::Ingest { events, complete_until } => {
            let open = || Ok(BufReader::with_capacity(BUFFER_BYTES, File::open(events)?));
            let done = Store::create(place)?.ingest_lines(open, *complete_until);
            ingested(&done.map_err(|error| failure(error, events))?)
        }
        StoreAction::Status { version } => {
            let store = Store::open(place)?;
            status(&version.map_or_else(|| store.snapshot(), |version| store.snapshot_at(version))?)
        }
        StoreAction::Compact { target_mib } => {
            let done = Store::open(place)?.compact(target_mib.saturating_mul(1 << 20))?;
            text::pairs(&[
                ("version", done.version.to_string()),
                ("event files", format!("{} became {}", done.files_before, done.files_after)),
                ("id files", format!("{} became {}", done.id_files_before, done.id_files_after)),
            ])
        }
        StoreAction::Vacuum { keep_versions, sweep } => {
            let store = Store::open(place)?;
            let done = store.vacuum(*keep_versions)?;
            let swept = if *sweep { store.sweep()? } else { 0 };
            text::pairs(&[
                ("version", done.version.to_string()),
                ("oldest kept", done.oldest.to_string()),
                ("deleted", done.deleted.to_string()),
                ("swept", swept.to_string()),
            ])
        }
    };
    report(out, &text)
}

/// The error of the store, with the file of events in front if a line of it is wrong.
fn failure(error: StoreError, events: &Path) -> OperationError {
    let is_about_events = matches!(error, StoreError::Events(_) | StoreError::IdReused { .. } | StoreError::Input(_));
    let error = OperationError::from(error);
    if is_about_events { error.about(events.display()) } else { error }
}

fn ingested(done: &Report) -> String {
    let rows = done.tables.iter().map(|(name, counts)| {
        [name.to_string(), counts.added.to_string(), counts.repeated.to_string(), counts.late.to_string()]
    });
    let table = text::table(["table", "added", "repeated", "late"], &[1, 2, 3], rows);
    let head = [("version", done.version.to_string()), ("written", format!("{} bytes", done.bytes))];
    format!("{}\n{}\n", text::pairs(&head), table.trim_fmt())
}

fn status(snapshot: &Snapshot) -> String {
    let header = ["table", "rows", "bytes", "files", "days", "first", "last", "late", "since version"];
    let rows = snapshot.status().into_iter().map(|(name, status)| {
        let since = if status.late.events > 0 { status.late.first_version.to_string() } else { "-".to_owned() };
        [
            name.to_string(),
            status.rows.to_string(),
            status.bytes.to_string(),
            status.files.to_string(),
            status.days.to_string(),
            shown(status.first_timestamp),
            shown(status.last_timestamp),
            status.late.events.to_string(),
            since,
        ]
    });
    let table = text::table(header, &[1, 2, 3, 4, 5, 6, 7, 8], rows);
    let head = [
        ("version", snapshot.version.to_string()),
        ("oldest kept", snapshot.oldest.to_string()),
        ("watermark", shown(snapshot.watermark)),
    ];
    format!("{}\n{}\n", text::pairs(&head), table.trim_fmt())
}

fn shown(milliseconds: Option<i64>) -> String {
    milliseconds.map_or_else(|| "-".to_owned(), millisecond)
}
