//! Checks a bundle by building it again from `manifest.json` and `results.csv`.
//!
//! The order of the checks is what makes the answer useful: first which file was changed, by the hashes, and then
//! whether what the maker wrote is right. Not here: reading the files (`directory`), running the query (`commands`).

use std::iter;

use solana_pubkey::Pubkey;

use super::{
    ALLOCATIONS, Bundle, Difference, FILE_NAMES, Files, MANIFEST, MANIFEST_HASHES, Manifest, REJECTED, RESULTS,
    Statement, compare, manifest::line_hashes, sha256, tables,
};
use crate::evaluation::{EvaluationError, Kind, Row, evaluate, sum_of_given};

/// Builds a bundle again and compares every byte of `files`.
///
/// # Errors
/// The first difference, with the file and the line.
pub fn verify(files: &Files) -> Result<Bundle, Difference> {
    let found = |name: &str| files.get(name).map_or(&[][..], Vec::as_slice);
    check_lines_of_manifest(found(MANIFEST), found(MANIFEST_HASHES))?;
    let manifest = parse_manifest(found(MANIFEST))?;
    check_results(&manifest, found)?;
    let rows = tables::parse_results(found(RESULTS))?;
    let statement = statement_about(&rows, &manifest, found(MANIFEST), found(RESULTS))?;
    let evaluation = evaluate(rows, &statement.terms, &statement.circumstances)
        .map_err(|error| evaluation_difference(found(RESULTS), &error))?;
    let rebuilt = Bundle::new(statement, evaluation)
        .map_err(|error| Difference::new(ALLOCATIONS, None, "at least one allocation", error))?;
    for name in FILE_NAMES {
        compare(name, rebuilt.file(name), found(name))?;
    }
    Ok(rebuilt)
}

/// Checks `manifest.json` against the hashes of its lines, and finds out which of the two files was changed.
fn check_lines_of_manifest(manifest: &[u8], hashes: &[u8]) -> Result<(), Difference> {
    let expected = line_hashes(manifest);
    if expected == hashes {
        return Ok(());
    }
    let expected_lines: Vec<&[u8]> = lines(&expected).collect();
    let (whole, expected_lines) = expected_lines.split_last().ok_or_else(|| missing_line(1))?;
    let line_count = expected_lines.len();
    // Where the hash of the whole manifest stands, the manifest is as it was, and another hash was changed.
    let is_manifest_whole = hashes.windows(whole.len().saturating_sub(1)).any(|window| whole.starts_with(window));
    let hash_lines = lines(hashes).chain(iter::repeat(&[][..]));
    let changed = lines(manifest).zip(expected_lines).zip(hash_lines).zip(1..);
    let changed = changed.into_iter().find(|(((_, expected), found), _)| *expected != found);
    let more_hashes = || lines(hashes).skip(line_count);
    let has_more_lines = more_hashes().count() > 1 && more_hashes().all(is_hash_line);
    match changed {
        _ if is_manifest_whole => compare(MANIFEST_HASHES, &expected, hashes),
        Some((((line, _), hash), number)) if is_hash_line(hash) => Err(changed_line(number, line, hash)),
        None if has_more_lines => Err(missing_line(line_count.saturating_add(1))),
        _ => compare(MANIFEST_HASHES, &expected, hashes),
    }
}

/// Whether this can be a line of `manifest.sha256` that nobody changed.
fn is_hash_line(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\n").unwrap_or_default();
    let hash = line.strip_suffix(format!("  {MANIFEST}").as_bytes()).unwrap_or(line);
    hash.len() == 64 && hash.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

fn changed_line(number: usize, line: &[u8], hash: &[u8]) -> Difference {
    let hash = String::from_utf8_lossy(hash);
    let expected = format!("the line whose SHA-256 is {}", hash.trim_end());
    Difference::new(MANIFEST, Some(number), expected, format!("`{}`", String::from_utf8_lossy(line).trim_end()))
}

fn missing_line(number: usize) -> Difference {
    Difference::new(
        MANIFEST,
        Some(number),
        format!("another line, whose SHA-256 {MANIFEST_HASHES} has"),
        "the end of the file",
    )
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n')
}

fn parse_manifest(bytes: &[u8]) -> Result<Manifest, Difference> {
    serde_json::from_slice(bytes)
        .map_err(|error| Difference::new(MANIFEST, Some(error.line()), "the manifest of a bundle", error))
}

/// Finds the changed line of `results.csv` where its hash says that there is one and the other tables tell what it was.
fn check_results<'a>(manifest: &Manifest, found: impl Fn(&str) -> &'a [u8]) -> Result<(), Difference> {
    let recorded = manifest.hash_of(RESULTS);
    if recorded == Some(sha256(found(RESULTS))) {
        return Ok(());
    }
    match tables::restore_results(found(ALLOCATIONS), found(REJECTED)) {
        Some(restored) if recorded == Some(sha256(&restored)) => compare(RESULTS, &restored, found(RESULTS)),
        _ => Ok(()),
    }
}

/// What the manifest states about `rows`, with the pool of a direct campaign taken from them.
fn statement_about(rows: &[Row], manifest: &Manifest, text: &[u8], results: &[u8]) -> Result<Statement, Difference> {
    let mut statement = manifest.statement().map_err(|(field, expected)| {
        let line = lines(text).position(|line| line.trim_ascii_start().starts_with(format!("\"{field}\":").as_bytes()));
        Difference::new(MANIFEST, line.map(|line| line.saturating_add(1)), expected, format!("another `{field}`"))
    })?;
    if statement.terms.shape.kind() == Kind::Direct {
        statement.terms.pool = sum_of_given(rows, statement.terms.decimals).map_err(|row| {
            let found = format!("{} for {}", row.value, row.address);
            Difference::new(
                RESULTS,
                line_of_address(results, &row.address),
                "amounts above 0 whose base units fit 64 bits",
                found,
            )
        })?;
    }
    Ok(statement)
}

/// An evaluation that stops, as a fault of the row at which it stops.
fn evaluation_difference(results: &[u8], error: &EvaluationError) -> Difference {
    let line = error.address().and_then(|address| line_of_address(results, address));
    Difference::new(RESULTS, line, "rows that can be evaluated", error)
}

/// The last line of `results.csv` with this address, counted from 1.
fn line_of_address(results: &[u8], address: &Pubkey) -> Option<usize> {
    let start = format!("{address},");
    let lines = lines(results).zip(1..).filter(|(line, _)| line.starts_with(start.as_bytes()));
    lines.last().map(|(_, number)| number)
}
