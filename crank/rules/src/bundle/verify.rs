//! Checks a bundle by building it again from `manifest.json` and the tables of measured rows.
//!
//! The checks have an order that makes the answer useful: the hashes show first which file was changed, and then the
//! content is checked. Not here: reading the files (`directory`) and running queries (`measurement`).

use std::iter;

use solana_pubkey::Pubkey;

use super::{
    ACTIONS, ALLOCATIONS, ALLOTTED, Bundle, Correction, Difference, FILE_NAMES, FILTERS, Files, MANIFEST,
    MANIFEST_HASHES, Manifest, Measured, Queries, REJECTED, RESULTS, SIGNATURE, Statement, compare, evidence,
    manifest::line_hashes, signature, tables,
};
use crate::{
    evaluation::{EvaluationError, Kind, Row, sort_by_rank, sum_of_given, weighted_sum},
    values::hash::sha256,
};

/// Builds a bundle again and compares every byte of `files`, and checks the signature if there is one.
///
/// # Errors
/// The first difference, with the file and the line.
pub fn verify(files: &Files) -> Result<Bundle, Difference> {
    let found = |name: &str| files.get(name).map_or(&[][..], Vec::as_slice);
    check_lines_of_manifest(found(MANIFEST), found(MANIFEST_HASHES))?;
    let manifest = parse_manifest(found(MANIFEST))?;
    let mut statement = stated(&manifest, found(MANIFEST))?;
    check_presence(&manifest, &statement, files)?;
    check_results(&manifest, found)?;
    let measured = measured(&manifest, &mut statement, files)?;
    let mut rebuilt =
        Bundle::new(statement, measured).map_err(|error| evaluation_difference(found(RESULTS), &error))?;
    rebuilt.compare_files(files)?;
    rebuilt.publisher =
        files.get(SIGNATURE).map(|bytes| signature::check(bytes, &rebuilt.manifest_hash())).transpose()?;
    Ok(rebuilt)
}

impl Bundle {
    /// Builds the bundle again from a new measurement, and compares.
    ///
    /// # Errors
    /// The first difference: `expected` follows from the new measurement, `found` is in the bundle.
    pub fn compare_measurement(&self, measured: Measured) -> Result<(), Difference> {
        let again = Self::new(self.statement.clone(), measured)
            .map_err(|error| Difference::new(RESULTS, None, "rows that can be evaluated", error))?;
        again.compare_files(&self.files)
    }

    /// Compares every file except the signature with this bundle's.
    fn compare_files(&self, found: &Files) -> Result<(), Difference> {
        for name in FILE_NAMES.into_iter().filter(|name| self.files.contains_key(*name)) {
            compare(name, self.file(name), found.get(name).map_or(&[], Vec::as_slice))?;
        }
        Ok(())
    }
}

/// Refuses a bundle that lacks a file of its kind or has a surplus one.
fn check_presence(manifest: &Manifest, statement: &Statement, files: &Files) -> Result<(), Difference> {
    let are_weighted = statement.queries.as_ref().is_some_and(Queries::are_weighted);
    let optional =
        [(ACTIONS, are_weighted), (FILTERS, !statement.filters.is_empty()), (ALLOTTED, manifest.corrects().is_some())];
    for (name, is_needed) in optional {
        match (is_needed, files.contains_key(name)) {
            (true, false) => return Err(Difference::new(name, None, "a file", "none")),
            (false, true) => return Err(Difference::new(name, None, "no such file in this bundle", "one")),
            _ => {}
        }
    }
    Ok(())
}

/// The measurement that the tables contain. Two terms come from tables too and go to `statement`: the pool of a direct
/// campaign, and a correction's earlier allotments.
fn measured(manifest: &Manifest, statement: &mut Statement, files: &Files) -> Result<Measured, Difference> {
    let found = |name: &str| files.get(name).map_or(&[][..], Vec::as_slice);
    let kind = statement.terms.shape.kind();
    let rows = tables::parse_results(found(RESULTS))?;
    let mut measured = Measured::of_rows(rows);
    if let Some(queries) = statement.queries.as_ref().filter(|queries| queries.are_weighted()) {
        measured.per_action = evidence::parse_actions(&queries.actions, found(ACTIONS))?;
        check_sum(kind, queries, &measured)?;
    }
    if !statement.filters.is_empty() {
        measured.filtered = evidence::parse_filters(kind, &measured.rows, &statement.filters, found(FILTERS))?;
    }
    if let Some(manifest_hash) = manifest.corrects() {
        let allotted = evidence::parse_allotted(found(ALLOTTED))?;
        statement.correction = Some(Correction { manifest_hash, allotted });
    }
    if kind == Kind::Direct {
        statement.terms.pool = given_pool(&measured.rows, statement.terms.decimals, found(RESULTS))?;
    }
    measured.milestone_total = manifest.milestone_total();
    Ok(measured)
}

/// Refuses results that differ from the weighted sum of the actions, or for a curve from all conversions of the
/// actions.
fn check_sum(kind: Kind, queries: &Queries, measured: &Measured) -> Result<(), Difference> {
    let mut sum = if kind == Kind::Curve {
        measured.per_action.concat()
    } else {
        let weights = queries.actions.iter().map(|action| action.weight_basis_points);
        weighted_sum(weights.zip(measured.per_action.iter().cloned()).collect())
            .map_err(|error| Difference::new(ACTIONS, None, "rows that can be summed up", error))?
    };
    let mut rows = measured.rows.clone();
    sort_by_rank(&mut sum);
    sort_by_rank(&mut rows);
    if sum == rows {
        return Ok(());
    }
    compare(RESULTS, &tables::results_table(&sum, |row| row), &tables::results_table(&rows, |row| row))
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
    // If the hash of the whole manifest is among the hashes, the manifest is unchanged and another hash was changed.
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

/// Whether the line has the form of a line of `manifest.sha256`.
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

/// Refuses tables of measured rows whose hashes differ from the manifest's, and finds the changed line of `results.csv`
/// if it can be restored from the other tables.
fn check_results<'a>(manifest: &Manifest, found: impl Fn(&str) -> &'a [u8]) -> Result<(), Difference> {
    let is_changed = |name: &str| manifest.hash_of(name).is_some_and(|recorded| recorded != sha256(found(name)));
    if is_changed(RESULTS) {
        let restored = tables::restore_results(found(ALLOCATIONS), found(REJECTED));
        if let Some(restored) = restored.filter(|restored| manifest.hash_of(RESULTS) == Some(sha256(restored))) {
            compare(RESULTS, &restored, found(RESULTS))?;
        }
    }
    let hash = |hash| format!("the SHA-256 {}", hex::encode(hash));
    match [RESULTS, ACTIONS, FILTERS, ALLOTTED].into_iter().find(|name| is_changed(name)) {
        None => Ok(()),
        Some(name) => {
            let recorded = manifest.hash_of(name).unwrap_or_default();
            Err(Difference::new(name, None, hash(recorded), hash(sha256(found(name)))))
        }
    }
}

/// The manifest's statement, or the line of the field that is not valid.
fn stated(manifest: &Manifest, text: &[u8]) -> Result<Statement, Difference> {
    manifest.statement().map_err(|(field, expected)| {
        let line = lines(text).position(|line| line.trim_ascii_start().starts_with(format!("\"{field}\":").as_bytes()));
        Difference::new(MANIFEST, line.map(|line| line.saturating_add(1)), expected, format!("another `{field}`"))
    })
}

/// The pool of a direct campaign, which is the sum of its rows.
fn given_pool(rows: &[Row], decimals: u8, results: &[u8]) -> Result<u64, Difference> {
    sum_of_given(rows, decimals).map_err(|row| {
        let line = line_of_address(results, &row.address);
        let found = format!("{} for {}", row.value, row.address);
        Difference::new(RESULTS, line, "amounts above 0 whose base units fit 64 bits", found)
    })
}

/// An evaluation error as a difference in the row at which the evaluation stopped.
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
