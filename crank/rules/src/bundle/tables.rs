//! The tables that every bundle has: CSV without quotes, because no cell needs any; a line feed ends each line.
//!
//! A table has exactly one form, and all threads write it. Reading takes only the values that are needed to write the
//! table again: a difference in form shows when the two are compared. The tables that only some bundles have are in
//! `evidence`.

use std::fmt::Display;

use rayon::prelude::*;

use super::{Difference, RESULTS, cells::push_whole};
use crate::{
    campaign::Filter,
    evaluation::{Allocation, Rejection, Row, sort_by_rank},
    values::base58,
    values::decimal::Decimal,
};

const RESULTS_HEADER: &str = "address,value";
const ALLOCATIONS_HEADER: &str = "index,address,value,rank,amount";
const REJECTED_HEADER: &str = "address,value,reason";

/// How many rows one thread writes at a time.
const ROWS_PER_TASK: usize = 1_024;
/// How many rows are written before their pieces are joined, so that a table is not in memory twice.
const ROWS_AT_ONCE: usize = 1 << 16;
/// The usual length of a row; a buffer of this size per row hardly ever has to grow.
const USUAL_ROW_BYTES: usize = 96;
/// How many bytes one thread reads at a time.
const BYTES_PER_TASK: usize = 1 << 19;

/// The bytes of `results.csv` for rows in their order.
pub(super) fn results_table<T: Sync>(rows: &[T], row_of: impl Fn(&T) -> &Row + Sync) -> Vec<u8> {
    table(RESULTS_HEADER, rows, |out, row| push_row(out, row_of(row)))
}

/// The bytes of `allocations.csv`.
pub(super) fn allocations_table(allocations: &[Allocation]) -> Vec<u8> {
    table(ALLOCATIONS_HEADER, allocations, |out, allocation| {
        push_whole(out, u64::from(allocation.index));
        out.push(b',');
        push_row(out, &Row { address: allocation.address, value: allocation.value });
        out.push(b',');
        push_whole(out, allocation.rank);
        out.push(b',');
        push_whole(out, allocation.amount);
    })
}

/// The bytes of `rejected.csv`. A row that a filter excludes also says why the campaign has that filter.
pub(super) fn rejected_table(rejected: &[(&Row, Rejection)], filters: &[Filter]) -> Vec<u8> {
    table(REJECTED_HEADER, rejected, |out, (row, reason)| {
        push_row(out, row);
        out.push(b',');
        out.extend_from_slice(reason_text(*reason, filters).as_bytes());
    })
}

/// Why a row is not paid, in words.
pub(super) fn reason_text(reason: Rejection, filters: &[Filter]) -> String {
    match reason {
        Rejection::Filtered(place) => match filters.get(usize::from(place)) {
            Some(filter) => format!("{reason}: {}", filter.reason()),
            None => reason.to_string(),
        },
        _ => reason.to_string(),
    }
}

pub(super) fn push_row(out: &mut Vec<u8>, row: &Row) {
    base58::encode(out, row.address.as_array());
    out.push(b',');
    row.value.write(out);
}

/// A table with a line for each of `rows`, written in pieces on all threads.
pub(super) fn table<T: Sync>(header: &str, rows: &[T], push: impl Fn(&mut Vec<u8>, &T) + Sync) -> Vec<u8> {
    // Reserving too much costs nothing: the system allocates a page only when it is first written.
    let mut bytes = Vec::with_capacity(rows.len().saturating_mul(USUAL_ROW_BYTES).saturating_add(header.len()));
    bytes.extend_from_slice(header.as_bytes());
    bytes.push(b'\n');
    for rows in rows.chunks(ROWS_AT_ONCE) {
        let pieces: Vec<Vec<u8>> = rows.par_chunks(ROWS_PER_TASK).map(|rows| piece(rows, &push)).collect();
        for piece in pieces {
            bytes.extend_from_slice(&piece);
        }
    }
    bytes
}

fn piece<T>(rows: &[T], push: &impl Fn(&mut Vec<u8>, &T)) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len().saturating_mul(USUAL_ROW_BYTES));
    for row in rows {
        push(&mut out, row);
        out.push(b'\n');
    }
    out
}

/// Reads every line below the header, without its line feed, on all threads. The results are in the file's order.
pub(super) fn parse_table<T: Send>(
    name: &str,
    (header, expected_line): (&str, &str),
    bytes: &[u8],
    parse: impl Fn(&[u8]) -> Option<T> + Sync,
) -> Result<Vec<T>, Difference> {
    let wrong = |line: usize, expected: &dyn Display, found: &[u8]| {
        Difference::new(name, Some(line), expected, String::from_utf8_lossy(found).trim_end())
    };
    let first = bytes.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
    if first.strip_suffix(b"\n") != Some(header.as_bytes()) {
        return Err(wrong(1, &header, first));
    }
    let body = bytes.get(first.len()..).unwrap_or_default();
    let pieces: Result<Vec<Vec<T>>, &[u8]> =
        pieces_of_lines(body).into_par_iter().map(|piece| parse_piece(piece, &parse)).collect();
    match pieces {
        Ok(pieces) => Ok(pieces.into_iter().flatten().collect()),
        // The line's number is counted only now. Threads may have found several wrong lines; the first is reported.
        Err(_) => {
            let mut lines = body.split_inclusive(|byte| *byte == b'\n').zip(2..);
            let wrong_line = lines.find(|(line, _)| parse_line(line, &parse).is_none());
            let (line, number) = wrong_line.unwrap_or_default();
            Err(wrong(number, &expected_line, line))
        }
    }
}

fn parse_piece<'a, T>(piece: &'a [u8], parse: &impl Fn(&[u8]) -> Option<T>) -> Result<Vec<T>, &'a [u8]> {
    piece.split_inclusive(|byte| *byte == b'\n').map(|line| parse_line(line, parse).ok_or(line)).collect()
}

fn parse_line<T>(line: &[u8], parse: &impl Fn(&[u8]) -> Option<T>) -> Option<T> {
    parse(line.strip_suffix(b"\n")?)
}

/// Cuts bytes into pieces of about equal length, each of whole lines.
fn pieces_of_lines(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let rest = bytes.get(BYTES_PER_TASK..).unwrap_or_default();
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(bytes.len(), |feed| BYTES_PER_TASK.saturating_add(feed).saturating_add(1));
        let (piece, later) = bytes.split_at(end);
        pieces.push(piece);
        bytes = later;
    }
    pieces
}

/// The rows of `results.csv`, in the order of the file.
pub(super) fn parse_results(bytes: &[u8]) -> Result<Vec<Row>, Difference> {
    let form = (RESULTS_HEADER, "a public key, a comma, a number and a line feed");
    parse_table(RESULTS, form, bytes, |line| row_of(line, 0))
}

/// The original `results.csv`, restored from the tables that were made of it; `None` if they cannot be read.
///
/// If a bundle's allocations are not its rows, as for a curve, the table cannot be restored: then the result has
/// another hash than the one in the manifest.
pub(super) fn restore_results(allocations: &[u8], rejected: &[u8]) -> Option<Vec<u8>> {
    let rows_of = |table: &[u8], address_column: usize| -> Option<Vec<Row>> {
        let lines = table.split_inclusive(|byte| *byte == b'\n').skip(1);
        lines.map(|line| row_of(line.strip_suffix(b"\n")?, address_column)).collect()
    };
    let mut rows = rows_of(allocations, 1)?;
    rows.extend(rows_of(rejected, 0)?);
    sort_by_rank(&mut rows);
    Some(results_table(&rows, |row| row))
}

/// The row of a line, with the address in column `address_column` and the value in the next one.
fn row_of(line: &[u8], address_column: usize) -> Option<Row> {
    let mut columns = line.split(|byte| *byte == b',').skip(address_column);
    Some(Row { address: base58::decode(columns.next()?)?.into(), value: Decimal::read(columns.next()?)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_whole_lines_and_together_the_whole() {
        let line = b"0123456789\n";
        for count in [0, 1, 2, 50_000, 100_000] {
            let bytes = line.repeat(count);
            let pieces = pieces_of_lines(&bytes);
            assert_eq!(pieces.concat(), bytes);
            assert!(pieces.iter().all(|piece| piece.ends_with(b"\n")));
            let cut = bytes.get(1..).unwrap_or_default();
            assert_eq!(
                pieces_of_lines(&cut[..cut.len().saturating_sub(1)]).concat().len(),
                cut.len().saturating_sub(1)
            );
        }
    }

    #[test]
    fn the_first_wrong_line_is_named_wherever_it_stands() {
        let mut text = String::from("n\n");
        for number in 0..300_000 {
            text.push_str(&format!("{number}\n"));
        }
        let parse = |text: &str| parse_table("t.csv", ("n", "a number"), text.as_bytes(), crate::bundle::cells::whole);
        assert_eq!(parse(&text).unwrap().len(), 300_000);
        for (from, to, line) in
            [("\n0\n", "\nx\n", 2), ("\n299999\n", "\n299999", 300_001), ("\n150000\n", "\n\n", 150_002)]
        {
            assert_eq!(parse(&text.replace(from, to)).unwrap_err().line, Some(line));
        }
        let twice = text.replace("\n250000\n", "\ny\n").replace("\n7\n", "\nx\n");
        assert_eq!(parse(&twice).unwrap_err().to_string(), "t.csv line 9: expected a number, found x");
        assert_eq!(parse("m\n1\n").unwrap_err().line, Some(1));
        assert_eq!(parse("").unwrap_err().line, Some(1));
    }
}
