//! The three tables of a bundle: CSV without quotes, since nothing in them needs any, each line ended by a line feed.
//!
//! Writing has one form per table. Reading takes only what is needed to write them again: a difference in form shows
//! when that is compared with what was read.

use std::fmt::{Display, Write};

use super::{Difference, RESULTS};
use crate::evaluation::{Allocation, Rejection, Row, sort_by_rank};

const RESULTS_HEADER: &str = "address,value";
const ALLOCATIONS_HEADER: &str = "index,address,value,rank,amount";
const REJECTED_HEADER: &str = "address,value,reason";

/// The bytes of `results.csv` for rows in rank order.
pub fn results_table<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<u8> {
    table(RESULTS_HEADER, rows, |out, row| out.write_fmt(format_args!("{},{}", row.address, row.value)))
}

/// The bytes of `allocations.csv`.
pub(super) fn allocations_table(allocations: &[Allocation]) -> Vec<u8> {
    table(ALLOCATIONS_HEADER, allocations.iter(), |out, Allocation { index, address, value, rank, amount }| {
        out.write_fmt(format_args!("{index},{address},{value},{rank},{amount}"))
    })
}

/// The bytes of `rejected.csv`.
pub(super) fn rejected_table<'a>(rejected: impl Iterator<Item = (&'a Row, Rejection)>) -> Vec<u8> {
    table(REJECTED_HEADER, rejected, |out, (row, reason)| {
        out.write_fmt(format_args!("{},{},{reason}", row.address, row.value))
    })
}

fn table<T>(
    header: &str,
    rows: impl Iterator<Item = T>,
    write_row: impl Fn(&mut String, T) -> std::fmt::Result,
) -> Vec<u8> {
    let mut text = format!("{header}\n");
    for row in rows {
        // A string takes everything, so only a row that refuses to be displayed could fail, and none does.
        if write_row(&mut text, row).is_ok() {
            text.push('\n');
        }
    }
    text.into_bytes()
}

/// The rows of `results.csv`, in the order of the file.
pub(super) fn parse_results(bytes: &[u8]) -> Result<Vec<Row>, Difference> {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').zip(1..);
    let wrong = |line: usize, expected: &dyn Display, found: &[u8]| {
        Difference::new(RESULTS, Some(line), expected, String::from_utf8_lossy(found).trim_end())
    };
    let (header, _) = lines.next().unwrap_or_default();
    if header != format!("{RESULTS_HEADER}\n").as_bytes() {
        return Err(wrong(1, &RESULTS_HEADER, header));
    }
    lines
        .map(|(line, number)| {
            row_of(line, 0).ok_or_else(|| wrong(number, &"a public key, a comma, a number and a line feed", line))
        })
        .collect()
}

/// `results.csv` as it must have been, from the tables that were made of it; none if they cannot be read.
pub(super) fn restore_results(allocations: &[u8], rejected: &[u8]) -> Option<Vec<u8>> {
    let rows_of = |table: &[u8], address_column: usize| -> Option<Vec<Row>> {
        table.split_inclusive(|byte| *byte == b'\n').skip(1).map(|line| row_of(line, address_column)).collect()
    };
    let mut rows = rows_of(allocations, 1)?;
    rows.extend(rows_of(rejected, 0)?);
    sort_by_rank(&mut rows);
    Some(results_table(rows.iter()))
}

/// The row of a line that has an address in one column and its value in the next.
fn row_of(line: &[u8], address_column: usize) -> Option<Row> {
    let text = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let mut columns = text.split(',').skip(address_column);
    let row = Row { address: columns.next()?.parse().ok()?, value: columns.next()?.parse().ok()? };
    Some(row)
}
