//! Reads activity: newline-delimited JSON, one event a line, into typed columns that a query can run over.
//!
//! Strict: whatever is not exactly an event is refused with its line, so that no activity is dropped silently. Blank
//! lines are skipped. This knows nothing about SQL or Arrow: `activity` turns the columns into tables.
//!
//! Design note: the rows of an event are kept in one canonical order (`table`), not in the file's, so that neither a
//! shuffled file nor the number of threads can change what a query returns.

mod column_type;
mod error;
mod line;
mod name;
mod table;

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

pub use column_type::ColumnType;
pub use error::{EventsError, LineProblem};
pub(crate) use name::is_word;
pub use name::{TableName, TableNameError, TableSchema};
pub use table::{Column, EventTable, NUMBER_PRECISION, NUMBER_SCALE, Rows};

use line::EventLine;
use table::TableBuilder;

/// The longest line, in bytes, without its line end.
pub const MAX_LINE_BYTES: u64 = 1 << 20;

/// Activity, as one table for each event name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Events {
    tables: BTreeMap<String, EventTable>,
}

impl Events {
    /// Reads newline-delimited events to the end.
    ///
    /// A line whose `id` was already seen for its event name counts once if it says the same.
    ///
    /// # Errors
    ///
    /// [`EventsError`] with the number of the first line that is not a valid event, or that contradicts an earlier
    /// one: the same `id` with another body, or a field of another type.
    pub fn read(mut reader: impl BufRead) -> Result<Self, EventsError> {
        let mut builders = BTreeMap::<String, TableBuilder>::new();
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            let at_line = |problem| EventsError { line: number, problem };
            if !read_line(&mut reader, &mut line).map_err(at_line)? {
                break;
            }
            if !line.trim_ascii().is_empty() {
                let event = EventLine::parse(&line).map_err(at_line)?;
                add(&mut builders, event, number).map_err(at_line)?;
            }
        }
        let tables = builders.into_iter().map(|(name, builder)| (name, builder.finish())).collect();
        Ok(Self { tables })
    }

    /// The number of events, those of all names together; repeated ids count once.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tables.values().map(EventTable::len).sum()
    }

    /// Whether there is no event at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// The event names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// The events of one name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&EventTable> {
        self.tables.get(name)
    }
}

/// Fills `line` with the next line; `false` at the end of the input.
fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, LineProblem> {
    reader.take(MAX_LINE_BYTES.saturating_add(1)).read_until(b'\n', line)?;
    let was_read = !line.is_empty();
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    match u64::try_from(line.len()) {
        Ok(length) if length <= MAX_LINE_BYTES => Ok(was_read),
        _ => Err(LineProblem::TooLong),
    }
}

fn add(builders: &mut BTreeMap<String, TableBuilder>, event: EventLine, line: u64) -> Result<(), LineProblem> {
    match builders.get_mut(&event.name) {
        Some(builder) => builder.push(event, line),
        None => builders.entry(event.name.clone()).or_default().push(event, line),
    }
}

#[cfg(test)]
mod tests;
