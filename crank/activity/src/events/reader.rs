//! Reads newline-delimited events batch by batch, so that a file may be larger than the memory.
//!
//! Several threads parse the lines of a block, and one adds them in their order. So the error always names the first
//! bad line, and the number of threads changes nothing.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

use rayon::prelude::*;

use super::builder::{FieldTypes, TableBuilder};
use super::column::ColumnType;
use super::error::{EventsError, LineProblem};
use super::limits::MAX_LINE_BYTES;
use super::line::EventLine;
use super::{Events, TableName};

/// The most lines that are parsed together: enough to keep the threads busy, and small in memory.
const BLOCK_LINES: usize = 16_384;
/// A block that has so many bytes takes no further line.
const BLOCK_BYTES: usize = 8 << 20;

/// Reads events in batches; a field must keep its type over all batches.
#[derive(Debug)]
pub struct EventBatches<R> {
    reader: R,
    types: BTreeMap<String, FieldTypes>,
    lines: u64,
}

impl<R: BufRead> EventBatches<R> {
    /// Reads events from a reader.
    pub const fn new(reader: R) -> Self {
        Self { reader, types: BTreeMap::new(), lines: 0 }
    }

    /// Reads events for tables whose fields already have types.
    pub fn with_types(reader: R, tables: &BTreeMap<TableName, BTreeMap<String, ColumnType>>) -> Self {
        let types = tables.iter().map(|(name, columns)| (name.event_name(), FieldTypes::stored(columns))).collect();
        Self { reader, types, lines: 0 }
    }

    /// The next batch, of about that many lines at most; `None` at the end.
    ///
    /// A line that repeats the `id` and the body of an earlier line of this batch and event name is skipped.
    ///
    /// # Errors
    /// [`EventsError`] with the first line that is not a valid event or gives a field another type. If there is none,
    /// then with the first line that repeats the `id` of an earlier line of this batch with another body.
    pub fn next_batch(&mut self, max_lines: usize) -> Result<Option<Events>, EventsError> {
        let mut builders = BTreeMap::new();
        let mut block = Block::default();
        let (mut count, mut was_read) = (0_usize, false);
        while count < max_lines && block.read(&mut self.reader, max_lines.saturating_sub(count), self.lines)? {
            was_read = true;
            count = count.saturating_add(block.ends.len());
            for (parsed, number) in block.parse().into_iter().zip(self.lines.saturating_add(1)..) {
                let at_line = |problem| EventsError { line: number, problem };
                if let Some(event) = parsed.map_err(at_line)? {
                    self.add(&mut builders, event, number).map_err(at_line)?;
                }
            }
            self.lines = self.lines.saturating_add(u64::try_from(block.ends.len()).unwrap_or(u64::MAX));
        }
        if was_read { self.finish(builders).map(Some) } else { Ok(None) }
    }

    fn add(
        &mut self,
        builders: &mut BTreeMap<String, TableBuilder>,
        event: EventLine<'_>,
        line: u64,
    ) -> Result<(), LineProblem> {
        if let Some(builder) = builders.get_mut(event.name.as_ref()) {
            return builder.push(event, line);
        }
        let types = self.types.get(event.name.as_ref()).cloned().unwrap_or_default();
        let builder = builders.entry(event.name.to_string()).or_insert(TableBuilder::with_types(types));
        builder.push(event, line)
    }

    fn finish(&mut self, builders: BTreeMap<String, TableBuilder>) -> Result<Events, EventsError> {
        let mut events = Events::default();
        for (event, builder) in builders {
            let (table, identities, types) = builder.finish(&event)?;
            // The names were checked with their lines, so each names a table.
            if let Ok(name) = TableName::of_event(&event) {
                events.identities.insert(name.clone(), identities);
                events.tables.insert(name, table);
            }
            self.types.insert(event, types);
        }
        Ok(events)
    }
}

/// Consecutive lines.
#[derive(Default)]
struct Block {
    bytes: Vec<u8>,
    /// The end of each line, after its line end.
    ends: Vec<usize>,
}

impl Block {
    /// Replaces the block's lines by the next ones; `false` at the end of the input.
    fn read(&mut self, reader: &mut impl BufRead, max_lines: usize, lines: u64) -> Result<bool, EventsError> {
        self.bytes.clear();
        self.ends.clear();
        while self.ends.len() < max_lines.min(BLOCK_LINES) && self.bytes.len() < BLOCK_BYTES {
            let start = self.bytes.len();
            // One byte more for the line end, and one to see that the line is too long.
            let limit = MAX_LINE_BYTES.saturating_add(2);
            let read = reader.by_ref().take(limit).read_until(b'\n', &mut self.bytes);
            let number =
                u64::try_from(self.ends.len()).ok().and_then(|before| lines.checked_add(before)?.checked_add(1));
            let at_line = |problem| EventsError { line: number.unwrap_or(u64::MAX), problem };
            if read.map_err(|error| at_line(error.into()))? == 0 {
                break;
            }
            let line = self.bytes.get(start..).unwrap_or_default();
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            if u64::try_from(text.len()).is_ok_and(|length| length > MAX_LINE_BYTES) {
                // An error in an earlier line of the block is reported first.
                self.refuse_earlier(start, lines)?;
                return Err(at_line(LineProblem::TooLong));
            }
            self.ends.push(self.bytes.len());
        }
        Ok(!self.ends.is_empty())
    }

    /// Refuses the first bad line of those before `end`.
    fn refuse_earlier(&mut self, end: usize, lines: u64) -> Result<(), EventsError> {
        self.bytes.truncate(end);
        for (parsed, number) in self.parse().into_iter().zip(lines.saturating_add(1)..) {
            parsed.map_err(|problem| EventsError { line: number, problem })?;
        }
        Ok(())
    }

    /// Every line's event; `None` for a blank line.
    fn parse(&self) -> Vec<Result<Option<EventLine<'_>>, LineProblem>> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        let lines: Vec<&[u8]> =
            starts.zip(&self.ends).map(|(start, end)| self.bytes.get(start..*end).unwrap_or_default()).collect();
        lines.into_par_iter().with_min_len(256).map(parse_line).collect()
    }
}

fn parse_line(line: &[u8]) -> Result<Option<EventLine<'_>>, LineProblem> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    if line.trim_ascii().is_empty() { Ok(None) } else { EventLine::parse(line).map(Some) }
}
