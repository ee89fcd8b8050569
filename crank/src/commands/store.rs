//! `crank store`: adds events to a store, shows it, compacts it and deletes what is no longer needed.

use std::{
    fmt::Write as _,
    fs::File,
    io::{BufReader, Write},
};

use comfy_table::{CellAlignment, Table, presets};

use super::report;
use crate::{
    cli::{StoreAction, StoreArguments},
    failure::Failure,
    message_text::millisecond,
    store::{Report, Snapshot, Store, StoreError},
};

/// What is read of a file at a time.
const BUFFER_BYTES: usize = 1 << 20;

/// Runs the command.
pub(super) fn run(arguments: &StoreArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let place = &arguments.store;
    let text = match &arguments.action {
        StoreAction::Ingest { events, complete_until } => {
            let open = || Ok(BufReader::with_capacity(BUFFER_BYTES, File::open(events)?));
            let done = Store::create(place)?.ingest_lines(open, *complete_until);
            ingested(&done.map_err(|error| failure(&error, &format!("{}: ", events.display())))?)
        }
        StoreAction::Status { version } => {
            let store = Store::open(place)?;
            status(&version.map_or_else(|| store.snapshot(), |version| store.snapshot_at(version))?)
        }
        StoreAction::Compact { target_mib } => {
            let done = Store::open(place)?.compact(target_mib.saturating_mul(1 << 20))?;
            format!(
                "version      {}\nevent files  {} became {}\nid files     {} became {}\n",
                done.version, done.files_before, done.files_after, done.id_files_before, done.id_files_after
            )
        }
        StoreAction::Vacuum { keep_versions, sweep } => {
            let store = Store::open(place)?;
            let done = store.vacuum(*keep_versions)?;
            let swept = if *sweep { store.sweep()? } else { 0 };
            format!(
                "version      {}\noldest kept  {}\ndeleted      {}\nswept        {swept}\n",
                done.version, done.oldest, done.deleted
            )
        }
    };
    report(out, &text)
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        failure(&error, "")
    }
}

/// Whose fault it is. `input` names the events file, for the errors that are about its lines.
fn failure(error: &StoreError, input: &str) -> Failure {
    match error {
        StoreError::Events(_) | StoreError::IdReused { .. } | StoreError::Input(_) => {
            Failure::Input(format!("{input}{error}"))
        }
        StoreError::Place(..)
        | StoreError::TypeChanged { .. }
        | StoreError::TooManyColumns { .. }
        | StoreError::Repeated { .. }
        | StoreError::WatermarkBackwards { .. }
        | StoreError::UnknownVersion { .. }
        | StoreError::Vacuumed { .. } => Failure::Input(error.to_string()),
        StoreError::Altered { .. } | StoreError::Missing(_) => Failure::Check(error.to_string()),
        StoreError::Objects { .. }
        | StoreError::Disk { .. }
        | StoreError::Parquet { .. }
        | StoreError::BeingDeleted(_)
        | StoreError::Overtaken => Failure::Outside(error.to_string()),
    }
}

fn ingested(done: &Report) -> String {
    let mut table = table(&["table", "added", "repeated", "late"], 1);
    for (name, counts) in &done.tables {
        table.add_row([
            name.to_string(),
            counts.added.to_string(),
            counts.repeated.to_string(),
            counts.late.to_string(),
        ]);
    }
    format!("version      {}\nwritten      {} bytes\n\n{}\n", done.version, done.bytes, table.trim_fmt())
}

fn status(snapshot: &Snapshot) -> String {
    let mut text = format!(
        "version      {}\noldest kept  {}\nwatermark    {}\n",
        snapshot.version,
        snapshot.oldest,
        shown(snapshot.watermark)
    );
    let mut table = table(&["table", "rows", "bytes", "files", "days", "first", "last", "late", "since version"], 1);
    for (name, status) in snapshot.status() {
        let since = if status.late.events > 0 { status.late.first_version.to_string() } else { "-".to_owned() };
        table.add_row([
            name.to_string(),
            status.rows.to_string(),
            status.bytes.to_string(),
            status.files.to_string(),
            status.days.to_string(),
            shown(status.first_timestamp),
            shown(status.last_timestamp),
            status.late.events.to_string(),
            since,
        ]);
    }
    // A string takes everything.
    let _ = writeln!(text, "\n{}", table.trim_fmt());
    text
}

/// A table whose columns from `first_number` on stand to the right.
fn table(header: &[&str], first_number: usize) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header.to_vec());
    for index in first_number..header.len() {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn shown(milliseconds: Option<i64>) -> String {
    milliseconds.map_or_else(|| "-".to_owned(), millisecond)
}
